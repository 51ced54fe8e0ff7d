"""Apply every rule of the clinic to one case, once, in one answer."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.coding import icd10
from workflow.domain.coverage import coverage
from workflow.domain.dosing import lidocaine, sclerosant
from workflow.domain.flags import intake_flags
from workflow.domain.impression import impression
from workflow.domain.interpretation import (
    Alert,
    DoseLevel,
    Ehit,
    Interpretation,
    Option,
    PayerView,
    SegmentResult,
    Severity,
    Svt,
    VeinResult,
)
from workflow.domain.laterality import laterality_flags
from workflow.domain.legstate import LegState, leg_state
from workflow.domain.patient_facts import patient_facts
from workflow.domain.patientmessage import patient_message
from workflow.domain.procedurecodes import cpt
from workflow.domain.profile import ESVS_2022, PROFILES, SVS_2022, Profile
from workflow.domain.scanflags import (
    compression_flags,
    dose_flags,
    leg_flags,
    option_flags,
    reading_flags,
    thrombosis_flags,
)
from workflow.domain.severity import ceap, vcss_total, villalta, wells
from workflow.domain.treatment import decide

__all__ = ["ESVS_2022", "PROFILES", "SVS_2022", "as_result", "interpret"]

_SEVERITIES = list(Severity)  # STOP first
_CLOSURES = ("recanalised", "partial", "complete")
_EXTENTS = ("<=3cm_of_SFJ", ">=5cm", None, "short")
_EHIT_LEVELS = ("IV", "III", None, "II", "I")


def interpret(case: Case, profile: Profile = SVS_2022) -> Interpretation:
    """Return all that the rules say of a case: a draft for the physician.

    Times in ms, diameters in mm, doses in mg, mg/kg and mL. Never raises on a case that `read`
    took. Sources: §2–4.8 of the clinical reference; each alert and option names its own.
    """
    legs = tuple(leg_state(case, leg, profile) for leg in Leg)
    patient = patient_facts(case, legs, profile.limits)
    options, excluded = decide(legs, patient)
    procedures = case.intake.prior_vein_procedures or ()
    numbing = lidocaine(procedures, case.intake.weight_kg, profile.limits)
    dose = sclerosant(case.doses, case.intake.weight_kg, profile.limits)
    alerts = [
        *thrombosis_flags(case, legs),
        *intake_flags(
            case.intake,
            case.clinical,
            as_of=case.as_of,
            sex=case.patient.sex,
            born=case.patient.born,
            limits=profile.limits,
        ),
        *compression_flags(case, legs),
        *leg_flags(legs),
        *reading_flags(case, legs, profile),
        *option_flags(case, legs, options, patient),
        *dose_flags(numbing, dose),
        *laterality_flags(case, legs),
    ]
    return Interpretation(
        profile=profile,
        segments=_in_order(case, legs),
        veins=tuple(vein for leg in legs for vein in leg.veins.values()),
        ceap=tuple(ceap(leg, case.as_of) for leg in legs),
        vcss=tuple(vcss_total(leg) for leg in legs),
        alerts=_ordered(alerts),
        options=options,
        excluded=excluded,
        drafts=_drafts(case, legs, options),
        wells=wells(case.intake.wells),
        villalta=villalta(case.intake.villalta),
        svt=_worst_clot(legs),
        ehit=_worst_extension(legs),
        closure=_worst_closure(legs),
        lidocaine=numbing,
        dose=dose,
    )


def _drafts(
    case: Case, legs: tuple[LegState, ...], options: tuple[Option, ...]
) -> Mapping[str, Callable[[], tuple[Any, ...]]]:
    """Return what words, bills and pays, each to be worked out when it is asked for."""
    return {
        "impression": lambda: tuple(impression(leg) for leg in legs if leg.readings),
        "patient_message": lambda: patient_message(case, legs, options),
        "patient_message_es": lambda: patient_message(case, legs, options, "es"),
        "icd10": lambda: icd10(case, legs),
        "cpt": lambda: cpt(case, legs, options),
        "payer": lambda: coverage(case, legs),
    }


def _in_order(case: Case, legs: Iterable[LegState]) -> tuple[SegmentResult, ...]:
    """Return the judged readings in the order they were given."""
    judged = {id(r): s for leg in legs for r, s in zip(leg.readings, leg.segments, strict=True)}
    return tuple(judged[id(reading)] for reading in case.exam.segments)


def _ordered(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return the alerts, the most severe first, each said once."""
    return tuple(sorted(dict.fromkeys(alerts), key=lambda a: _SEVERITIES.index(a.severity)))


def _worst_clot(legs: Iterable[LegState]) -> Svt | None:
    clots = [clot for leg in legs for clot in leg.svt]
    return min(clots, key=lambda clot: _EXTENTS.index(clot.extent), default=None)


def _worst_extension(legs: Iterable[LegState]) -> Ehit | None:
    found = [leg.ehit for leg in legs if leg.ehit is not None]
    return min(found, key=lambda each: _EHIT_LEVELS.index(each.level), default=None)


def _worst_closure(legs: Iterable[LegState]) -> str | None:
    found = {vein.closure for leg in legs for vein in leg.veins.values()}
    return next((closure for closure in _CLOSURES if closure in found), None)


# ---------------------------------------------------------------- the printed form


def as_result(read: Interpretation) -> dict[str, Any]:
    """Return an interpretation in the form that a case file's answer is printed in."""
    result: dict[str, Any] = {
        "profile": {"id": read.profile.id, "version": read.profile.version},
        "limits": {"id": read.profile.limits.id, "version": read.profile.limits.version},
        "segments": [_segment(each) for each in read.segments],
        "veins": [_vein(each) for each in read.veins],
        "ceap": {
            str(each.leg): "deferred"
            if each.deferred
            else {"basic": each.basic, "advanced": each.advanced}
            for each in read.ceap
        },
        "rvcss": {
            str(each.leg): "deferred"
            if each.total is None
            else {
                "total": each.total,
                "total_without_compression": each.total_without_compression,
            }
            for each in read.vcss
        },
        "alerts": [
            _known(id=a.id, severity=str(a.severity), leg=_leg(a.leg), text=a.text, source=a.source)
            for a in read.alerts
        ],
        "options": [
            {
                "modality": option.modality,
                "leg": str(option.leg),
                "vein": option.vein,
                "rank": option.rank,
                "off_label": option.off_label,
                "agents": list(option.agents),
                "reasons": list(option.reasons),
                "sources": list(option.sources),
            }
            for option in read.options
        ],
        "excluded": [
            _known(modality=e.modality, leg=_leg(e.leg), vein=e.vein, reason=e.reason)
            for e in read.excluded
        ],
        "payer": {view.policy.id: _payer(view) for view in read.payer},
        "icd10": list(read.icd10),
        "cpt": [str(code) for code in read.cpt],
        "impression": [
            {"leg": str(each.leg), "sentences": list(each.sentences)} for each in read.impression
        ],
        "patient_message": list(read.patient_message),
        "patient_message_es": list(read.patient_message_es),
    }
    result.update(_where_they_apply(read))
    return result


def _where_they_apply(read: Interpretation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if read.wells is not None:
        found.update(wells_total=read.wells.total, wells_level=read.wells.level)
    if read.villalta is not None:
        found.update(villalta_total=read.villalta.total, villalta_grade=read.villalta.level)
    if read.svt is not None:
        found["svt"] = {
            "length_cm": _number(read.svt.length_cm),
            "tip_cm": _number(read.svt.tip_cm),
            "class": read.svt.extent,
        }
    if read.ehit is not None:
        found["ehit_class"] = read.ehit.level
    if read.closure is not None:
        found["closure"] = read.closure
    if read.lidocaine is not None:
        found["lidocaine"] = _dose(read.lidocaine, "mg_per_kg", "level")
    if read.dose is not None:
        found["dose"] = _dose(read.dose, "mg", "mg_per_kg", "ml", "level")
    return found


def _dose(dose: DoseLevel, *keys: str) -> dict[str, Any]:
    return {
        key: _number(value) if isinstance(value := getattr(dose, key), Decimal) else value
        for key in keys
    }


def _segment(each: SegmentResult) -> dict[str, Any]:
    row: dict[str, Any] = {"leg": str(each.leg), "segment": each.segment}
    if each.cm_from_sfj is not None:
        row["cm_from_sfj"] = _number(each.cm_from_sfj)
    return {**row, "reflux": each.reflux, "borderline": each.borderline}


def _vein(each: VeinResult) -> dict[str, Any]:
    row: dict[str, Any] = {"leg": str(each.leg), "vein": each.vein, "reflux": each.reflux}
    row.update(
        _known(
            pattern=each.pattern,
            max_ms=each.max_ms,
            incomplete=each.incomplete or None,
            thrombus=each.thrombus,
            closure=each.closure,
        )
    )
    if each.vein.startswith("PERF_"):
        row["pathologic"] = each.pathologic
        row["pathologic_2011"] = each.pathologic_2011
    return row


def _payer(view: PayerView) -> dict[str, Any]:
    policy = view.policy
    return {
        "payer": policy.payer,
        "policy": policy.policy,
        "effective": policy.effective.isoformat() if policy.effective else None,
        "archived": policy.archived,
        "source": policy.source,
        "predicates": [
            {
                "id": each.predicate.id,
                "leg": str(each.leg),
                "says": each.predicate.says,
                "result": each.result,
                **_known(missing=each.missing),
            }
            for each in view.answers
        ],
        "ready": view.ready,
        "gaps": list(view.gaps),
    }


def _known(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _leg(leg: Leg | None) -> str | None:
    return None if leg is None else str(leg)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    rounded = round(value, 3)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
