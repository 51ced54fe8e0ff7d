"""Gather what a report says: the rows of a scan become one value, for the page and for paper."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow import critical, issuing, progress
from workflow.domain import composing
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import changes
from workflow.domain.case import Case
from workflow.domain.composing import NOTHING_EARLIER, Issue, Study
from workflow.domain.documents import Anchor, ReportImage, ScanReport, Signature
from workflow.domain.documents import scan_report as frozen_report
from workflow.domain.interpretation import Interpretation
from workflow.domain.required import Lack, report_lacks
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.image import KeyImage, images_of
from workflow.models.notice import CriticalNotice, notices_of
from workflow.standing import amendment_of, still_counts


def legs_of(exam: Exam) -> tuple[Leg, ...]:
    """Return the legs a scan was ordered for, right before left."""
    return tuple(Leg) if exam.legs == "both" else (Leg(exam.legs),)


def scan_report(
    session: Session,
    exam: Exam,
    case: Case,
    read: Interpretation,
    *,
    impression: Mapping[str, str],
    signed: Signature | None,
    head: Anchor | None,
) -> ScanReport:
    """Freeze the Wellness Ultrasound report; unsigned, it prints as preliminary."""
    episode = exam.episode
    issue = Issue(
        letterhead=issuing.letterhead(session),
        patient=issuing.identity(episode.patient),
        version=issuing.next_version(session, episode, issuing.SCAN),
        signature=signed,
        anchor=head,
    )
    study = Study(
        scanned_at=exam.scanned_at or exam.starts_at or exam.ordered_at,
        legs=legs_of(exam),
        indication=exam.indication,
        impression=impression,
        ordered_by=exam.ordered_by.printed,
        referred_by=episode.referred_by,
        sonographer=exam.sonographer.printed if exam.sonographer else "",
        limitations=_limitations(exam),
        comparison=exam.comparison or _compared(session, exam),
        critical_log=critical_log(session, exam),
        images=tuple(_printed(image) for image in images_of(session, exam) if image.in_report),
    )
    report = composing.scan_report(case, read, issue, study)
    return replace(report, amends=amends(session, exam, report))


def lacks_of(session: Session, exam: Exam, report: ScanReport) -> tuple[Lack, ...]:
    """Return the required elements that the report of a scan does not hold (§1.7)."""
    untold = _raised_and_untold(session, exam)
    missing, reason = progress.missing(session, exam), exam.incomplete_reason
    return report_lacks(report, missing, reason=reason, untold=untold)


def _raised_and_untold(session: Session, exam: Exam) -> bool:
    scans = _with_what_it_amends(session, exam)
    steps = [step for scan in scans for step in critical.steps_of(session, scan)]
    told = any(notices_of(session, scan) for scan in scans)
    return any(step.step == critical.RAISED for step in steps) and not told


def _printed(image: KeyImage) -> ReportImage:
    return ReportImage(
        leg=image.leg,
        segment=image.segment,
        site=image.site,
        caption=image.caption,
        sha256=image.file_sha256,
        kind=image.kind,
        width=image.width,
        height=image.height,
    )


def amended_report(session: Session, exam: Exam) -> IssuedDocument | None:
    """Return the signed report this scan amends, or None where it amends none."""
    amendment = amendment_of(session, exam.id)
    return issuing.newest_of_scan(session, amendment.amends_id) if amendment else None


def amends(session: Session, exam: Exam, report: ScanReport) -> str:
    """Say which report this one amends, why, and every value it says otherwise; '' for none."""
    amendment, before = amendment_of(session, exam.id), amended_report(session, exam)
    if amendment is None or before is None:
        return ""
    on = before.issued_at.astimezone(ZoneInfo(before.zone))
    changed = changes(frozen_report(before.snapshot), report)
    what = (
        f"This report amends version {before.version}, signed {on.day} {on:%b %Y} by "
        f"{before.signer_name}, and takes its place."
    )
    values = f"Changed: {'; '.join(changed)}." if changed else "No value changed."
    return f"{what} Reason: {_sentence(amendment.reason)} {values}"


def _sentence(text: str) -> str:
    bare = " ".join(text.split())
    return bare if bare.endswith((".", "!", "?")) else f"{bare}."


def _limitations(exam: Exam) -> tuple[str, ...]:
    handed_over = (
        f"Handed over incomplete: {exam.incomplete_reason}" if exam.incomplete_reason else ""
    )
    return tuple(filter(None, [*exam.limitations.splitlines(), handed_over]))


def _compared(session: Session, exam: Exam) -> str:
    before = previous_report(session, exam)
    if before is None:
        return NOTHING_EARLIER
    on = before.issued_at.astimezone(ZoneInfo(before.zone))
    return f"Compared with the report of {on.day} {on:%b %Y}, version {before.version}."


def critical_log(session: Session, exam: Exam) -> tuple[str, ...]:
    """Return who was told of this scan's critical findings and what was decided, one a line."""
    zone = ZoneInfo(issuing.letterhead(session).zone)
    return tuple(
        f"{here.day} {here:%b %Y, %H:%M %Z}: {words}"
        for at, words in critical_entries(session, exam)
        for here in [at.astimezone(zone)]
    )


def critical_entries(session: Session, exam: Exam) -> list[tuple[datetime, str]]:
    """Return each finding, call and decision in a sentence, in the order of their minutes (§8.4).

    A call is typed to the minute; within one, a finding comes before the calls about it.
    """
    said: list[tuple[datetime, int, str]] = []
    for scan in _with_what_it_amends(session, exam):
        said += [
            (step.at, 0 if step.step == critical.RAISED else 2, _step_words(step))
            for step in critical.steps_of(session, scan)
        ]
        said += [(each.told_at, 1, _notice_words(each)) for each in notices_of(session, scan)]
    said.sort(key=lambda each: (each[0].replace(second=0, microsecond=0), each[1]))
    return [(at, words) for at, _, words in said]


def _with_what_it_amends(session: Session, exam: Exam) -> list[Exam]:
    """Return the scan after those it amends: what was told of them was told of this one."""
    amendment = amendment_of(session, exam.id)
    return [*_with_what_it_amends(session, amendment.amends), exam] if amendment else [exam]


def _step_words(step: StepTaken) -> str:
    """Return in a sentence what was found, or what was decided."""
    if step.step == critical.RAISED:
        return f"Critical finding: {step.note}"
    return f"Decided: {step.note} ({step.by.printed})"


def _notice_words(notice: CriticalNotice) -> str:
    """Return one entry of the communication log in sentences."""
    read_back = "read back" if notice.read_back else "not read back"
    patient = "The patient was told." if notice.patient_told else "The patient was not told yet."
    return (
        f"{notice.told_by.printed} told {notice.told_to} {notice.method.word}; {read_back}. "
        f"{patient}"
    )


def previous_report(session: Session, exam: Exam) -> IssuedDocument | None:
    """Return the newest report of an earlier scan of the same patient that still counts, or None.

    An amendment looks at the same scan again, so the report it amends is no earlier one.
    """
    episodes = [episode.id for episode in exam.episode.patient.episodes]
    amendment = amendment_of(session, exam.id)
    scanned = func.coalesce(Exam.scanned_at, Exam.ordered_at)
    return session.scalars(
        select(IssuedDocument)
        .join(Exam, Exam.id == IssuedDocument.exam_id)
        .where(
            IssuedDocument.kind == issuing.SCAN,
            IssuedDocument.episode_id.in_(episodes),
            IssuedDocument.exam_id.not_in([exam.id, amendment.amends_id if amendment else 0]),
            scanned < (exam.scanned_at or exam.ordered_at),
            still_counts(),
        )
        .order_by(scanned.desc(), IssuedDocument.id.desc())
        .limit(1)
    ).first()
