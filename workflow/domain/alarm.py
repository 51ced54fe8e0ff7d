"""Name every alert of the closed list: how much it stops, and where it comes from (§3.10)."""

from workflow.domain.anatomy import Leg
from workflow.domain.interpretation import Alert, Severity

_STOP, _URGENT, _WARN, _INFO = Severity.STOP, Severity.URGENT, Severity.WARN, Severity.INFO
_TRIGGERS = "Allen & Kirby, Am Fam Physician 2012"
_STS_LABEL = "Sotradecol label"
_CLINIC = "Clinic rule"

LIST: dict[str, tuple[Severity, str]] = {
    "RF1_ACUTE_DVT": (_STOP, "SRU consensus 2018; clinic rule on critical findings"),
    "RF2_WELLS": (_URGENT, "Wells 1997 and 2003"),
    "RF3_EMERGENCY": (_STOP, _CLINIC),
    "RF4_SVT_NEAR_SFJ": (_URGENT, "CHEST guideline on superficial vein thrombosis"),
    "RF5_SVT_LONG": (_URGENT, "CHEST guideline on superficial vein thrombosis"),
    "RF6_ABI": (_WARN, "Ankle-brachial index bands"),
    "RF7_ABI_COMPRESSION": (_STOP, "International compression consensus"),
    "RF8_BLEEDING_VARIX": (_URGENT, "NICE CG168"),
    "RF9_PREGNANCY": (_STOP, "NICE CG168"),
    "RF10_NEURO_ISCHAEMIA": (_STOP, _CLINIC),
    "RF11_DARK_URINE": (_URGENT, _CLINIC),
    "RF12_ULCER_PRIORITY": (_WARN, "NICE CG168"),
    "STOP_ACRYLATE_ALLERGY": (_STOP, "Parsi et al., ACP consensus 2019"),
    "STOP_SCLEROSANT_ALLERGY": (_STOP, "Asclera, Varithena and Sotradecol labels"),
    "STOP_STS_LABEL": (_STOP, _STS_LABEL),
    "STOP_DOAC_PREGNANCY": (_STOP, _CLINIC),
    "STOP_FOAM_SHUNT": (_STOP, "European guideline on sclerotherapy"),
    "URGENT_EHIT": (_URGENT, "AVF/SVS EHIT classification 2020"),
    "WARN_NOT_STANDING": (_WARN, "SVS/AVF/AVLS 2022, 1.2.1"),
    "WARN_BORDERLINE": (_WARN, _CLINIC),
    "WARN_CLINICAL_VS_PAYER": (_WARN, "Aetna CPB 0050; Medicare L39121"),
    "WARN_DEEP_REFLUX": (_WARN, _CLINIC),
    "WARN_PROXIMAL_OBSTRUCTION": (_WARN, _CLINIC),
    "WARN_PTS": (_WARN, "Villalta score"),
    "WARN_ANTICOAG": (_WARN, _CLINIC),
    "WARN_FOAM_MIGRAINE_AURA": (_WARN, "European guideline on sclerotherapy"),
    "WARN_SURAL_NERVE": (_WARN, _CLINIC),
    "WARN_SAPHENOUS_NERVE": (_WARN, _CLINIC),
    "WARN_UNKNOWN": (_WARN, _CLINIC),
    "WARN_THERMAL_DEPTH": (_WARN, _CLINIC),
    "WARN_OFF_LABEL": (_WARN, "Asclera, Varithena and Sotradecol labels"),
    "WARN_CLAUDICATION_PATTERN": (_WARN, _CLINIC),
    "WARN_TRIGGER_DRUG_DIURETIC": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_LABA": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_OESTROGEN": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_RALOXIFENE": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_NAPROXEN": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_IV_IRON": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_TERIPARATIDE": (_WARN, _TRIGGERS),
    "WARN_TRIGGER_DRUG_NIFEDIPINE": (_WARN, _TRIGGERS),
    "INFO_STATIN": (_INFO, _CLINIC),
    "INFO_DEEP_BELOW_CUTOFF": (_INFO, "SVS/AVF/AVLS 2022"),
    "INFO_COSMETIC": (_INFO, _CLINIC),
    "INFO_CLOSURE_COMPLETE": (_INFO, "SIR/AVF reporting standards"),
    "WARN_RECANALISED": (_WARN, "SIR/AVF reporting standards"),
    "WARN_DOSE": (_WARN, "Product labels; Phlebology 2019 (lidocaine)"),
    "STOP_DOSE": (_STOP, "Product labels; Phlebology 2019 (lidocaine)"),
    "WARN_LATERALITY": (_WARN, _CLINIC),
}
"""The closed list: severity and source by id; of two severities, the milder stands here."""


def alarm(
    name: str, text: str, leg: Leg | None = None, *, severity: Severity | None = None
) -> Alert:
    """Return an alert of the closed list with its reason; a name outside the list is a KeyError."""
    usual, source = LIST[name]
    return Alert(name, severity or usual, text, source, leg)


_CRITICAL = frozenset({"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ"})


def is_critical(alert: Alert) -> bool:
    """Say whether an alert must reach the physician at once, by voice (§8.4)."""
    blocked = alert.id == "URGENT_EHIT" and alert.severity is Severity.STOP
    return blocked or alert.id in _CRITICAL
