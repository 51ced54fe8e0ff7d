"""Make the four papers of a case file as samples, for whoever tries the rules on a case.

No clinic issues them and nobody signs: each is marked as a sample and as preliminary. The plan
shows the options the rules put first, as a draft; a rule decides nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from workflow.domain.anatomy import Leg, vein_name, vein_of
from workflow.domain.appropriateness import finding
from workflow.domain.case import Case
from workflow.domain.clinic import Clinic
from workflow.domain.composing import Issue, Study, drafted, patient_result, scan_report
from workflow.domain.decision import after_signing
from workflow.domain.documents import (
    Identity,
    LegSummary,
    Letterhead,
    PatientResult,
    Row,
    ScanReport,
)
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Exclusion, Interpretation, Option
from workflow.domain.modality import PROCEDURES, modality_name
from workflow.domain.phrases import capital, listed, mm_words, ms_words, the_vein
from workflow.domain.plainwords import say
from workflow.domain.plandocuments import (
    KeyValue,
    PlanLine,
    ReferrerLetter,
    RuledOut,
    TreatmentPlan,
)

DRAFT = (
    "DRAFT. These are the options that the clinic's rules put first. Nothing is decided by a rule: "
    "a physician decides, with the patient."
)
"""What the plan and the letter of a sample say of their treatments."""

_MANY = 3  # from so many treatments on, their short names are easier to read
_MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """The papers of one case."""

    scan: ScanReport
    patient: PatientResult
    plan: TreatmentPlan
    letter: ReferrerLetter


def sample(case: Case, *, language: str = "en", paper: str = "letter") -> Sample:
    """Return the papers of a case; `language` is the patient's ('en' or 'es')."""
    clinic, read = Clinic(), interpret(case)
    issue = Issue(letterhead=_letterhead(clinic, paper), patient=_identity(case, language))
    scan = scan_report(case, read, issue, _study(case, read, clinic))
    return Sample(
        scan=scan,
        patient=patient_result(
            case,
            read,
            issue,
            scanned_on=case.as_of,
            decided=(),
            next_steps=after_signing(clinic.phone, None, language),
        ),
        plan=_plan(case, read, issue),
        letter=_letter(case, read, issue, scan),
    )


def _letterhead(clinic: Clinic, paper: str) -> Letterhead:
    return Letterhead(
        clinic=clinic.name,
        physician=clinic.physician,
        address=clinic.address,
        phone=clinic.phone,
        zone=clinic.zone,
        paper=paper,
        demo=False,
        sample=True,
    )


def _identity(case: Case, language: str) -> Identity:
    patient = case.patient
    return Identity(
        name=patient.name,
        called="",
        born=patient.born,
        sex=patient.sex,
        record_number=case.id,
        language=language,
    )


def _study(case: Case, read: Interpretation, clinic: Clinic) -> Study:
    scanned = {reading.leg for reading in case.exam.segments}
    return Study(
        scanned_at=datetime.combine(case.as_of, time(12), ZoneInfo(clinic.zone)),
        legs=tuple(leg for leg in Leg if leg in scanned) or tuple(Leg),
        indication=case.title or "Not recorded",
        impression=drafted(read),
    )


def _plan(case: Case, read: Interpretation, issue: Issue) -> TreatmentPlan:
    procedures = any(option.modality in PROCEDURES for option in read.options)
    return TreatmentPlan(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        planned_on=case.as_of,
        rests_on=DRAFT,
        lines=tuple(_line(read, options) for options in _first(read)),
        ruled_out=tuple(_ruled_out(read.excluded)),
        risks=(say("en", "risks"), say("en", "more_visits")) if procedures else (),
        alternatives=(*_others(read), *((say("en", "wait"),) if procedures else ())),
        note="",
        signature=None,
        anchor=None,
    )


def _first(read: Interpretation) -> Iterator[list[Option]]:
    """Yield, for each vein of each leg, the options that no other goes before."""
    for options in _by_vein(read):
        yield [option for option in options if option.rank == options[0].rank]


def _others(read: Interpretation) -> Iterator[str]:
    """Yield, for each vein, what the rules offer behind the first."""
    for options in _by_vein(read):
        later = [option for option in options if option.rank > options[0].rank]
        if later:
            yield f"{_where(later[0].leg, later[0].vein)}: {_either(later)}."


def _by_vein(read: Interpretation) -> Iterator[list[Option]]:
    order = {(o.leg, o.vein): at for at, o in reversed(list(enumerate(read.options)))}
    ranked = sorted(read.options, key=lambda o: (order[o.leg, o.vein], o.rank))
    for _, options in groupby(ranked, key=lambda o: (o.leg, o.vein)):
        yield list(options)


def _line(read: Interpretation, options: list[Option]) -> PlanLine:
    first = options[0]
    reasons = [reason for option in options for reason in option.reasons]
    return PlanLine(
        leg=first.leg,
        vein=vein_name(first.vein) if first.vein else "",
        finding=finding(read, first.leg, first.vein) if first.vein else "",
        treatment=_either(options),
        session=0,
        reason=" ".join(dict.fromkeys(reasons)),
    )


def _either(options: Iterable[Option]) -> str:
    """Return treatments to choose from: 'A, B (outside its label) or C'."""
    *names, last = (
        modality_name(o.modality) + (" (outside its label)" if o.off_label else "") for o in options
    )
    return f"{', '.join(names)} or {last}" if names else last


def _where(leg: Leg, vein: str | None) -> str:
    return f"{leg.word.capitalize()} {vein_name(vein) if vein else 'leg'}"


def _ruled_out(excluded: tuple[Exclusion, ...]) -> Iterator[RuledOut]:
    """Yield what is ruled out, the treatments of one reason together."""
    together: dict[tuple[str, str], list[str]] = {}
    for each in excluded:
        where = _where(each.leg, each.vein) if each.leg else ""
        together.setdefault((where, each.reason), []).append(each.modality)
    for (where, reason), ids in together.items():
        names = map(modality_name, ids) if len(ids) < _MANY else ids
        yield RuledOut(where, listed(names), reason)


def _letter(
    case: Case, read: Interpretation, issue: Issue, scan: ScanReport
) -> ReferrerLetter:  # fmt: skip
    return ReferrerLetter(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        to="the referring doctor",
        written_on=case.as_of,
        scanned_on=case.as_of,
        summary=_summary(read, scan),
        map=scan.map,
        values=_key_values(scan.rows),
        plan=(
            DRAFT,
            *(f"{_where(each[0].leg, each[0].vein)}: {_either(each)}." for each in _first(read)),
        ),
        signature=None,
        anchor=None,
    )


def _summary(read: Interpretation, scan: ScanReport) -> tuple[str, ...]:
    """Return a sentence for each leg and the one on clots, which goes first where one is acute."""
    legs = [_in_one_sentence(read, leg) for leg in scan.legs]
    acute = any(row.state == "acute" for row in scan.rows)
    return (scan.thrombus_statement, *legs) if acute else (*legs, scan.thrombus_statement)


def _in_one_sentence(read: Interpretation, leg: LegSummary) -> str:
    leaking = [the_vein(vein.vein) for vein in read.veins if vein.leg is leg.leg and vein.reflux]
    timed = any(vein.leg is leg.leg and vein.reflux is not None for vein in read.veins)
    found = "no vein that was timed refluxes" if timed else "no vein was timed"
    if leaking:
        names = listed(f"{name[:1].lower()}{name[1:]}" for name in leaking)
        found = f"{names} {'reflux' if len(leaking) > 1 else 'refluxes'}"
    ceap = f" (CEAP {leg.ceap})" if leg.ceap_advanced else ""
    return f"{leg.leg.word.capitalize()} leg{ceap}: {found}."


def _key_values(rows: tuple[Row, ...]) -> tuple[KeyValue, ...]:
    """Return the site of each vein that is furthest beyond its cut-off: clots, then reflux.

    They are as many as one page takes; the report holds them all.
    """
    marked = sorted(
        (row for row in rows if row.mark),
        key=lambda row: (row.state != "acute", row.state != "chronic", -(row.reflux_ms or 0)),
    )
    worst: dict[tuple[Leg, str], Row] = {}
    for row in marked:
        worst.setdefault((row.leg, vein_of(row.segment)), row)
    return tuple(
        KeyValue(row.leg, row.site[:1].lower() + row.site[1:], _value(row))
        for row in list(worst.values())[:_MOST_VALUES]
    )


def _value(row: Row) -> str:
    parts = [
        ms_words(row.reflux_ms) if row.reflux_ms is not None else "",
        mm_words(row.diameter_mm) if row.diameter_mm is not None else "",
        row.mark,
    ]
    return capital(", ".join(filter(None, parts)))
