"""Decide what each member of staff may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the clinic; each holds one role."""

    FRONT_DESK = "front desk"
    SONOGRAPHER = "sonographer"
    PHYSICIAN = "physician"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What may be done, worded so that 'Only a physician may …' reads as a sentence."""

    SEE_BOARD = "see the board"
    REGISTER_PATIENTS = "register patients"
    TAKE_INTAKE = "take a patient's history"
    BOOK_SCANS = "book scans"
    RECORD_EXAMS = "record an exam"
    READ_FINDINGS = "read findings"
    SIGN_REPORTS = "sign reports"
    DRAFT_PLANS = "draft treatment plans"
    APPROVE_PLANS = "approve treatment plans"
    CARRY_OUT_PLANS = "carry out treatment plans"
    TREAT = "treat patients"
    READ_PAPERS = "read a patient's documents"
    SEND_PAPERS = "send patients their documents"
    READ_CHART = "read a patient's whole chart"
    MERGE_RECORDS = "merge two records of one patient"
    EXPORT_RECORDS = "hand out a patient's whole record"
    SEE_TURNAROUND = "see how long patients wait"
    MANAGE_STAFF = "manage staff"
    MANAGE_SETTINGS = "change the clinic's settings"
    SET_CRITERIA = "change the limits and threshold profiles"
    READ_AUDIT = "read the audit log"


_P = Permission
_EVERY_CLINICAL_ROLE = frozenset(
    {_P.SEE_BOARD, _P.REGISTER_PATIENTS, _P.TAKE_INTAKE, _P.BOOK_SCANS}
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FRONT_DESK: _EVERY_CLINICAL_ROLE | {_P.CARRY_OUT_PLANS, _P.READ_PAPERS, _P.SEND_PAPERS},
    Role.SONOGRAPHER: _EVERY_CLINICAL_ROLE
    | {_P.RECORD_EXAMS, _P.READ_FINDINGS, _P.READ_PAPERS, _P.READ_CHART},
    Role.PHYSICIAN: _EVERY_CLINICAL_ROLE
    | {
        _P.READ_FINDINGS,
        _P.SIGN_REPORTS,
        _P.DRAFT_PLANS,
        _P.APPROVE_PLANS,
        _P.CARRY_OUT_PLANS,
        _P.TREAT,
        _P.READ_PAPERS,
        _P.SEND_PAPERS,
        _P.READ_CHART,
        _P.MERGE_RECORDS,
        _P.EXPORT_RECORDS,
        _P.SEE_TURNAROUND,
        _P.SET_CRITERIA,
    },
    Role.ADMINISTRATOR: frozenset(
        {
            _P.SEE_BOARD,
            _P.MANAGE_STAFF,
            _P.MANAGE_SETTINGS,
            _P.SET_CRITERIA,
            _P.READ_AUDIT,
            _P.MERGE_RECORDS,
            _P.SEE_TURNAROUND,
        }
    ),
}

NEEDS_SECOND_FACTOR = frozenset({Role.PHYSICIAN, Role.ADMINISTRATOR})
"""Who signs, and who decides about others' access, proves more than a password."""

_NAMED = {
    Role.FRONT_DESK: "the front desk",
    Role.SONOGRAPHER: "a sonographer",
    Role.PHYSICIAN: "a physician",
    Role.ADMINISTRATOR: "an administrator",
}


def may(role: Role, permission: Permission) -> bool:
    """Say whether this role holds this permission."""
    return permission in PERMISSIONS[role]


def who_may(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that hold this permission, in the order of the patient's path."""
    return tuple(role for role in Role if may(role, permission))


def only(permission: Permission) -> str:
    """Return the sentence that tells a person who may do this."""
    named = [_NAMED[role] for role in who_may(permission)]
    people = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    return f"Only {people} may {permission}."
