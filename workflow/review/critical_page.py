"""Gather the panel of a critical finding: what it is, whom to tell by when, what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow import clock, critical, frame
from workflow.domain import entry
from workflow.domain.escalation import Escalation, Means
from workflow.domain.staff import Permission, may
from workflow.forms import Clean, CleanForm, Line, Paragraphs, Pick
from workflow.models.exam import Exam
from workflow.models.notice import notices_of
from workflow.models.staff import Staff
from workflow.review.critical_actions import Told
from workflow.review.documents import critical_entries

ANSWERS = (("yes", "Yes"), ("no", "No"))


class NoticeForm(CleanForm):
    """One call about a critical finding."""

    to = Line("Told to", required="Type who was told.")
    method = Pick(
        "How",
        [(m.value, m.word[0].upper() + m.word[1:]) for m in Means],
        required="Choose how they were told.",
    )
    when = Clean("At", entry.clock_time, required="Type when they were told.")
    read_back = Pick("They read it back", ANSWERS, required="Say whether they read it back.")
    patient = Pick("The patient was told", ANSWERS, required="Say whether the patient knows.")

    def told(self, now: datetime, zone: ZoneInfo) -> Told:
        """Return the call as typed; its time of day is today's, on the clinic's wall.

        One more than half a day ahead was the evening before: a call may be logged after midnight.
        """
        here = now.astimezone(zone)
        hour, minute = map(int, self.when.value.split(":"))
        wall = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        at = (wall - timedelta(days=wall - here > timedelta(hours=12))).astimezone(UTC)
        return Told(
            self.to.value,
            Means(self.method.value or ""),
            at,
            read_back=self.read_back.value == "yes",
            patient_told=self.patient.value == "yes",
        )


class ClearForm(CleanForm):
    """What a physician decided about a critical finding."""

    note = Paragraphs(
        "What was decided",
        longest=1000,
        required="Write what was decided for the patient.",
        hint="What happens to the patient now: treatment, referral, when they are seen again.",
    )


def notice_form(**fresh: Any) -> NoticeForm:
    """Return the form for a call."""
    return NoticeForm(prefix="told-", **fresh)


def clear_form(**fresh: Any) -> ClearForm:
    """Return the form for the decision."""
    return ClearForm(prefix="critical-", **fresh)


def panel(
    session: Session,
    exam: Exam,
    *,
    by: Staff,
    notice: NoticeForm | None = None,
    decision: ClearForm | None = None,
) -> dict[str, object]:
    """Return the names the panel's template uses."""
    now, found = clock.now(), critical.open_finding(session, exam)
    notices = notices_of(session, exam)
    far = (
        critical.progress_of(frame.clinic(), notices, since=found.since, now=now) if found else None
    )
    return {
        "finding": found,
        "far": far,
        "said": critical_entries(session, exam),
        "told": notice or notice_form(formdata=None, data=_usual(far, now)),
        "decision": decision or clear_form(formdata=None),
        "may_tell": may(by.role, Permission.RECORD_EXAMS) or may(by.role, Permission.SIGN_REPORTS),
        "may_clear": may(by.role, Permission.SIGN_REPORTS),
    }


def _usual(far: Escalation | None, now: datetime) -> dict[str, str]:
    """Return what the form starts with: whoever is to be told now, and the time it is."""
    here = now.astimezone(ZoneInfo(frame.clinic().zone))
    next_to = far.now.who if far and far.now else ""
    return {"to": next_to, "when": f"{here:%H:%M}"}
