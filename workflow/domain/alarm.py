"""Name every alert of the closed list: how much it stops, and where it comes from (§3.10)."""

from dataclasses import dataclass

from workflow.domain.anatomy import Leg
from workflow.domain.interpretation import Alert, Severity

_STOP, _URGENT, _WARN, _INFO = Severity.STOP, Severity.URGENT, Severity.WARN, Severity.INFO
_TRIGGERS = "Allen & Kirby, Am Fam Physician 2012"
_STS_LABEL = "Sotradecol label"
_CLINIC = "Clinic rule"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One alert of the closed list: its milder severity, its source, when it fires, what ends it."""

    severity: Severity
    source: str
    when: str
    ended_by: str


LIST: dict[str, AlertRule] = {
    "RF1_ACUTE_DVT": AlertRule(
        _STOP, "SRU consensus 2018; clinic rule on critical findings",
        "a deep site holds acute or uncertain thrombus, or does not compress and no old change explains it, or a superficial clot extends into a deep vein; not an ablation's own extension",
        "a full compression, or an old change seen as the cause",
    ),
    "RF2_WELLS": AlertRule(
        _URGENT, "Wells 1997 and 2003",
        "the Wells total is 2 or more, in either version",
        "a total below 2",
    ),
    "RF3_EMERGENCY": AlertRule(
        _STOP, _CLINIC,
        "chest pain, breathlessness or fainting is told at intake",
        "none of the three told",
    ),
    "RF4_SVT_NEAR_SFJ": AlertRule(
        _URGENT, "CHEST guideline on superficial vein thrombosis",
        "an acute clot lies in a superficial trunk, not an ablation's own, its tip 3 cm or less from the junction or not measured",
        "a tip measured more than 3 cm away",
    ),
    "RF5_SVT_LONG": AlertRule(
        _URGENT, "CHEST guideline on superficial vein thrombosis",
        "such a clot is 5 cm or longer, its tip more than 3 cm from the junction",
        "a length below 5 cm",
    ),
    "RF6_ABI": AlertRule(
        _WARN, "Ankle-brachial index bands",
        "the ankle-brachial index of a leg is 0.90 or less, or over 1.40; below 0.50 it stops",
        "an index from 0.91 to 1.40",
    ),
    "RF7_ABI_COMPRESSION": AlertRule(
        _STOP, "International compression consensus",
        "a plan chooses compression for a leg with an index below 0.60 or an ankle pressure below 60 mmHg",
        "a plan without compression, or a higher index",
    ),
    "RF8_BLEEDING_VARIX": AlertRule(
        _URGENT, "NICE CG168",
        "a bleeding varicose vein is told at intake",
        "no bleeding",
    ),
    "RF9_PREGNANCY": AlertRule(
        _STOP, "NICE CG168",
        "the patient is pregnant",
        "the end of the pregnancy",
    ),
    "RF10_NEURO_ISCHAEMIA": AlertRule(
        _STOP, _CLINIC,
        "leg weakness, a numb foot, pain at rest or gangrene is told at intake",
        "none of the four told",
    ),
    "RF11_DARK_URINE": AlertRule(
        _URGENT, _CLINIC,
        "dark urine is told, and muscle pain with it or not asked",
        "no muscle pain, asked and denied",
    ),
    "RF12_ULCER_PRIORITY": AlertRule(
        _WARN, "NICE CG168",
        "an open ulcer is two weeks old or older",
        "an ulcer that has healed, or is younger",
    ),
    "STOP_ACRYLATE_ALLERGY": AlertRule(
        _STOP, "Parsi et al., ACP consensus 2019",
        "an allergy names acrylate or glue",
        "the allergy ruled out",
    ),
    "STOP_SCLEROSANT_ALLERGY": AlertRule(
        _STOP, "Asclera, Varithena and Sotradecol labels",
        "an allergy names polidocanol or STS, by any of their names",
        "the allergy ruled out",
    ),
    "STOP_STS_LABEL": AlertRule(
        _STOP, _STS_LABEL,
        "a deep vein refluxes or carries post-thrombotic change, or the patient is bedridden",
        "deep veins that hold, and a patient who gets about",
    ),
    "STOP_DOAC_PREGNANCY": AlertRule(
        _STOP, _CLINIC,
        "the patient is pregnant and a leg has an acute thrombosis",
        "no pregnancy, or no thrombosis",
    ),
    "STOP_FOAM_SHUNT": AlertRule(
        _STOP, "European guideline on sclerotherapy",
        "a right-to-left shunt with symptoms, or a nerve event after earlier sclerotherapy",
        "a shunt ruled out, and no such event",
    ),
    "URGENT_EHIT": AlertRule(
        _URGENT, "AVF/SVS EHIT classification 2020",
        "an ablation's clot extends into the deep vein: class II, or no class yet; class III and IV stop",
        "an extension up to the junction only",
    ),
    "WARN_NOT_STANDING": AlertRule(
        _WARN, "SVS/AVF/AVLS 2022, 1.2.1",
        "a reflux time was taken in any position but standing",
        "the same site timed standing",
    ),
    "WARN_BORDERLINE": AlertRule(
        _WARN, _CLINIC,
        "a reflux time lies at 90 to 110 % of its cut-off, or a perforator's at 350 to 499 ms",
        "a second measurement away from the cut-off",
    ),
    "WARN_CLINICAL_VS_PAYER": AlertRule(
        _WARN, "Aetna CPB 0050; Medicare L39121",
        "a site is reflux by the clinic's profile and not by a payer's comparison, or the reverse",
        "a time on which both agree",
    ),
    "WARN_DEEP_REFLUX": AlertRule(
        _WARN, _CLINIC,
        "a deep and a superficial vein of the same leg reflux",
        "deep times within their cut-offs",
    ),
    "WARN_PROXIMAL_OBSTRUCTION": AlertRule(
        _WARN, _CLINIC,
        "flow in a common femoral vein is continuous or absent",
        "phasic flow",
    ),
    "WARN_PTS": AlertRule(
        _WARN, "Villalta score",
        "Villalta is 5 or more, or an ulcer is scored in it",
        "a total below 5 without an ulcer",
    ),
    "WARN_ANTICOAG": AlertRule(
        _WARN, _CLINIC,
        "an anticoagulant is named",
        "the anticoagulant stopped",
    ),
    "WARN_FOAM_MIGRAINE_AURA": AlertRule(
        _WARN, "European guideline on sclerotherapy",
        "migraine with aura, or a known PFO without symptoms",
        "neither of the two",
    ),
    "WARN_SURAL_NERVE": AlertRule(
        _WARN, _CLINIC,
        "heat is offered in the small saphenous vein",
        "a method without heat",
    ),
    "WARN_SAPHENOUS_NERVE": AlertRule(
        _WARN, _CLINIC,
        "heat is offered in the great saphenous vein, which refluxes below the knee",
        "no reflux below the knee",
    ),
    "WARN_UNKNOWN": AlertRule(
        _WARN, _CLINIC,
        "pregnancy, allergies or, in C5 and C6, the index was not asked, and an option depends on it",
        "the question asked",
    ),
    "WARN_THERMAL_DEPTH": AlertRule(
        _WARN, _CLINIC,
        "heat is offered in a trunk less than 10 mm below the skin",
        "a depth of 10 mm or more",
    ),
    "WARN_OFF_LABEL": AlertRule(
        _WARN, "Asclera, Varithena and Sotradecol labels",
        "an offered option lies outside its US label",
        "another method or agent",
    ),
    "WARN_CLAUDICATION_PATTERN": AlertRule(
        _WARN, _CLINIC,
        "pain on walking eases on standing still",
        "another pattern of pain",
    ),
    "WARN_TRIGGER_DRUG_DIURETIC": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name a diuretic",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_LABA": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name a long-acting beta-2 agonist",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_OESTROGEN": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name an oestrogen",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_RALOXIFENE": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name raloxifene",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_NAPROXEN": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name naproxen",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_IV_IRON": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name iron by the vein",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_TERIPARATIDE": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name teriparatide",
        "the medicine stopped",
    ),
    "WARN_TRIGGER_DRUG_NIFEDIPINE": AlertRule(
        _WARN, _TRIGGERS,
        "the medicines name nifedipine",
        "the medicine stopped",
    ),
    "INFO_STATIN": AlertRule(
        _INFO, _CLINIC,
        "a statin is taken",
        "no statin",
    ),
    "INFO_DEEP_BELOW_CUTOFF": AlertRule(
        _INFO, "SVS/AVF/AVLS 2022",
        "a femoral or popliteal time is over 500 ms and not over its cut-off",
        "a time of 500 ms or less",
    ),
    "INFO_COSMETIC": AlertRule(
        _INFO, _CLINIC,
        "C1 at most, without symptoms",
        "symptoms, or a higher class",
    ),
    "INFO_CLOSURE_COMPLETE": AlertRule(
        _INFO, "SIR/AVF reporting standards",
        "a treated trunk is shut along its treated length",
        "an open part",
    ),
    "WARN_RECANALISED": AlertRule(
        _WARN, "SIR/AVF reporting standards",
        "a treated trunk is open again, or refluxes",
        "a closed trunk",
    ),
    "WARN_DOSE": AlertRule(
        _WARN, "Product labels; Phlebology 2019 (lidocaine)",
        "a dose is beyond its soft limit",
        "a smaller dose",
    ),
    "STOP_DOSE": AlertRule(
        _STOP, "Product labels; Phlebology 2019 (lidocaine)",
        "a dose is beyond its hard limit",
        "a smaller dose, or the physician's written reason",
    ),
    "WARN_LATERALITY": AlertRule(
        _WARN, _CLINIC,
        "a plan names a leg its finding does not lie in",
        "the leg of the finding",
    ),
}  # fmt: skip
"""The closed list (§3.10); of two severities, the milder stands here."""


def alarm(
    name: str, text: str, leg: Leg | None = None, *, severity: Severity | None = None
) -> Alert:
    """Return an alert of the closed list with its reason; a name outside the list is a KeyError."""
    rule = LIST[name]
    return Alert(name, severity or rule.severity, text, rule.source, leg)


_CRITICAL = frozenset({"RF1_ACUTE_DVT", "RF4_SVT_NEAR_SFJ"})


def is_critical(alert: Alert) -> bool:
    """Say whether an alert must reach the physician at once, by voice (§8.4)."""
    blocked = alert.id == "URGENT_EHIT" and alert.severity is Severity.STOP
    return blocked or alert.id in _CRITICAL
