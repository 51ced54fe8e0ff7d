"""The Latin spelling that stands on paper in place of a name no embedded font can set.

The record keeps the name as the patient writes it. Nothing here commits; the caller does.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from reports.face import Unprintable, clean
from workflow import progress
from workflow.domain import entry
from workflow.domain.errors import Refused
from workflow.models.patient import Patient
from workflow.models.staff import Staff

LONGEST = 100
"""As long as a name may be."""


def spelling(text: str) -> str:
    """Read a spelling for paper, which paper must be able to set. Raises Refused."""
    read = entry.line(text, longest=LONGEST, name="The spelling")
    if read and not any(character.isalpha() for character in read):
        raise Refused("A spelling holds at least one letter.")
    try:
        return clean(read)
    except Unprintable as refusal:
        signs = ", ".join(f"“{character}”" for character in refusal.characters[:5])
        raise Refused(
            f"Paper cannot set {signs}. Write the name in Latin letters, as a passport does."
        ) from None


def on_paper(patient: Patient) -> tuple[str, str]:
    """Return the name that papers print, and what the patient is called, where both can be set.

    Where there is a spelling, what they are called is left out if paper cannot set it: the spelling
    says who they are. Without one it stays, so that issuing refuses it by name.
    """
    if not patient.paper_name:
        return patient.name, patient.called
    return patient.paper_name, "" if _refusal(patient.called) else patient.called


def lacking(patient: Patient) -> str:
    """Say why papers cannot print this patient's name, or "" where they can."""
    return next(filter(None, map(_refusal, on_paper(patient))), "")


def spell(session: Session, patient: Patient, text: str, *, by: Staff, at: datetime) -> None:
    """Give the spelling for paper where there is none yet; what stood before is kept.

    Raises Refused where somebody else gave another one meanwhile.
    """
    session.refresh(patient, with_for_update=True)
    if patient.paper_name and patient.paper_name != text:
        raise Refused(
            f"Somebody else gave the spelling “{patient.paper_name}” meanwhile. "
            "It is changed on the patient's page."
        )
    changes = {"paper_name": (patient.paper_name, text)} if text != patient.paper_name else {}
    patient.paper_name = text
    progress.edited(session, "patient", patient.id, changes, patient_id=patient.id, by=by, at=at)


def _refusal(text: str) -> str:
    try:
        clean(text)
    except Unprintable as refusal:
        return str(refusal)
    return ""
