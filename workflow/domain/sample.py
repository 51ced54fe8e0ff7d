"""Make the four papers of a case file as samples, for whoever tries the rules on a case.

No clinic issues them and nobody signs: each is marked as a sample and as preliminary. The plan
shows the options the rules put first, as a draft; a rule decides nothing.
"""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from workflow.domain import letterwords, planwords
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen, of_option
from workflow.domain.case import Case
from workflow.domain.clinic import Clinic
from workflow.domain.composing import (
    Issue,
    Study,
    drafted,
    letterhead_of,
    patient_result,
    scan_report,
)
from workflow.domain.decision import after_signing
from workflow.domain.documents import Identity, PatientResult, ScanReport
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation, Option
from workflow.domain.plainwords import say
from workflow.domain.plandocuments import ReferrerLetter, TreatmentPlan

DRAFT = say("en", "sample.draft")
"""What the plan and the letter of a sample say of their treatments."""


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
    issue = Issue(
        letterhead=letterhead_of(clinic, paper=paper, sample=True),
        patient=_identity(case, language),
    )
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
        plan=_plan(case, read, issue, language),
        letter=_letter(case, read, issue, scan),
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


def _plan(
    case: Case, read: Interpretation, issue: Issue, language: str
) -> TreatmentPlan:  # fmt: skip
    items = _put_first(read)
    return TreatmentPlan(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        planned_on=case.as_of,
        rests_on=say(language, "sample.draft"),
        lines=planwords.plan_lines(items, read, language),
        ruled_out=planwords.ruled_out(items, read, language),
        risks=planwords.risks(items, read, language),
        alternatives=planwords.alternatives(items, read, language),
        next_steps=(),
        notes=(),
        signature=None,
        anchor=None,
    )


def _put_first(read: Interpretation) -> tuple[Chosen, ...]:
    """Return, for each vein of each leg, the option the rules put first; of equals, one."""
    first: dict[tuple[Leg, str | None], Option] = {}
    for option in sorted(read.options, key=lambda option: option.rank):
        first.setdefault((option.leg, option.vein), option)
    return tuple(
        of_option(first[place], session=0)  # a draft sets no session
        for place in dict.fromkeys(map(_place, read.options))
    )


def _place(option: Option) -> tuple[Leg, str | None]:
    return option.leg, option.vein


def _letter(case: Case, read: Interpretation, issue: Issue, scan: ScanReport) -> ReferrerLetter:
    values, more = letterwords.key_values(scan.rows)
    return ReferrerLetter(
        letterhead=issue.letterhead,
        patient=issue.patient,
        version=issue.version,
        to="the referring doctor",
        written_on=case.as_of,
        scanned_on=case.as_of,
        summary=letterwords.summary(scan, read),
        map=scan.map,
        values=values,
        more=more,
        plan=(DRAFT, *letterwords.plan_lines(_put_first(read))),
        signature=None,
        anchor=None,
    )
