"""Decide how care moves on after a plan is approved, and what closes an episode (§8.1)."""

from enum import StrEnum

from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Care, EpisodeFacts
from workflow.domain.plan import PlanStatus
from workflow.domain.staff import Permission
from workflow.domain.steps import Rule, Table


class CareStep(StrEnum):
    """A dated move after the plan, or one that closes the episode."""

    CONSENT = "consent"
    ASK_PAYER = "ask_payer"
    AUTHORISE = "authorise"
    NOT_REQUIRED = "not_required"
    DENY = "deny"
    APPEAL = "appeal"
    BOOK_SESSION = "book_session"
    SESSION_DONE = "session_done"
    ABANDON = "abandon"
    FOLLOW_UP = "follow_up"
    PLAN_AGAIN = "plan_again"
    DISCHARGE = "discharge"
    CANCEL = "cancel"
    TRANSFER = "transfer"
    DECEASED = "deceased"
    REOPEN = "reopen"


_BEFORE_CARE = frozenset({Care.NONE})
_OPEN_CARE = frozenset({Care.NONE, Care.CONSENTED, Care.AUTHORISED, Care.SESSIONS, Care.FOLLOW_UP})


def _if_barred(episode: EpisodeFacts) -> str | None:
    if episode.critical:
        return "A critical finding is open. A physician records what was done about it first."
    return episode.plan_problem or None


def _if_not_approved(episode: EpisodeFacts) -> str | None:
    if episode.plan is not PlanStatus.APPROVED:
        return "Consent follows an approved plan; there is none."
    return _if_barred(episode)


def _if_nothing_booked(episode: EpisodeFacts) -> str | None:
    return None if episode.session_booked else "No session is booked. Book one first."


def _if_undecided(episode: EpisodeFacts) -> str | None:
    if episode.status is not Care.NONE:
        return None
    if episode.exam is ExamStatus.FINAL:
        return None
    return "A patient is discharged after the report is signed."


CARE: Table[CareStep, Care, EpisodeFacts] = Table(
    noun="care",
    rules={
        CareStep.CONSENT: Rule(
            _BEFORE_CARE,
            Care.CONSENTED,
            Permission.CARRY_OUT_PLANS,
            "Record consent",
            _if_not_approved,
        ),
        CareStep.ASK_PAYER: Rule(
            frozenset({Care.CONSENTED}),
            None,
            Permission.CARRY_OUT_PLANS,
            "Ask the payer for authorisation",
            _if_barred,
        ),
        CareStep.AUTHORISE: Rule(
            frozenset({Care.CONSENTED}),
            Care.AUTHORISED,
            Permission.CARRY_OUT_PLANS,
            "Record authorisation",
            _if_barred,
        ),
        CareStep.NOT_REQUIRED: Rule(
            frozenset({Care.CONSENTED}),
            Care.AUTHORISED,
            Permission.CARRY_OUT_PLANS,
            "Record that no authorisation is needed",
            _if_barred,
            note_required=True,
        ),
        CareStep.DENY: Rule(
            frozenset({Care.CONSENTED}),
            None,
            Permission.CARRY_OUT_PLANS,
            "Record a denial",
            note_required=True,
        ),
        CareStep.APPEAL: Rule(
            frozenset({Care.CONSENTED}),
            None,
            Permission.CARRY_OUT_PLANS,
            "Appeal against a denial",
            _if_barred,
            note_required=True,
        ),
        CareStep.BOOK_SESSION: Rule(
            frozenset({Care.AUTHORISED, Care.SESSIONS}),
            Care.SESSIONS,
            Permission.CARRY_OUT_PLANS,
            "Book a session",
            _if_barred,
        ),
        CareStep.SESSION_DONE: Rule(
            frozenset({Care.SESSIONS}),
            None,
            Permission.TREAT,
            "Record the session",
            _if_nothing_booked,
            note_required=True,
        ),
        CareStep.ABANDON: Rule(
            frozenset({Care.SESSIONS}),
            None,
            Permission.TREAT,
            "Record that the session was abandoned",
            _if_nothing_booked,
            note_required=True,
        ),
        CareStep.FOLLOW_UP: Rule(
            frozenset({Care.SESSIONS}),
            Care.FOLLOW_UP,
            Permission.CARRY_OUT_PLANS,
            "Move to follow-up",
        ),
        CareStep.PLAN_AGAIN: Rule(
            frozenset({Care.SESSIONS, Care.FOLLOW_UP}),
            Care.NONE,
            Permission.DRAFT_PLANS,
            "Plan again, after a complication or a new finding",
            note_required=True,
        ),
        CareStep.DISCHARGE: Rule(
            frozenset({Care.NONE, Care.FOLLOW_UP}),
            Care.DISCHARGED,
            Permission.TREAT,
            "Discharge",
            _if_undecided,
            note_required=True,
        ),
        CareStep.CANCEL: Rule(
            _OPEN_CARE,
            Care.CANCELLED,
            Permission.CARRY_OUT_PLANS,
            "Cancel the episode",
            note_required=True,
        ),
        CareStep.TRANSFER: Rule(
            _OPEN_CARE,
            Care.TRANSFERRED,
            Permission.CARRY_OUT_PLANS,
            "Transfer to another clinic",
            note_required=True,
        ),
        CareStep.DECEASED: Rule(
            _OPEN_CARE,
            Care.CANCELLED,
            Permission.CARRY_OUT_PLANS,
            "Record that the patient died",
            note_required=True,
        ),
        CareStep.REOPEN: Rule(
            frozenset({Care.DISCHARGED, Care.CANCELLED, Care.TRANSFERRED}),
            Care.NONE,
            Permission.CARRY_OUT_PLANS,
            "Reopen the episode",
            note_required=True,
        ),
    },
    words={
        Care.NONE: "before consent",
        Care.CONSENTED: "consented",
        Care.AUTHORISED: "authorised",
        Care.SESSIONS: "in sessions",
        Care.FOLLOW_UP: "in follow-up",
        Care.DISCHARGED: "discharged",
        Care.CANCELLED: "cancelled",
        Care.TRANSFERRED: "transferred",
    },
)
