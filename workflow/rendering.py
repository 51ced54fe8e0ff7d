"""Draw frozen documents, keep their bytes, and read back the value of one that was issued."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reports import letter as letter_pdf
from reports import patient as patient_pdf
from reports import plan as plan_pdf
from reports import scan as scan_pdf
from workflow import files
from workflow.domain.documents import (
    Letterhead,
    PatientResult,
    ScanReport,
    patient_result,
    scan_report,
)
from workflow.domain.errors import Refused
from workflow.domain.plandocuments import (
    Document,
    ReferrerLetter,
    TreatmentPlan,
    referrer_letter,
    treatment_plan,
)
from workflow.issuing import KINDS, LETTER, PATIENT, PLAN, SCAN, Frozen, Rendered
from workflow.models.document import IssuedDocument

_READ_BACK: Mapping[str, Callable[[str], Document]] = {
    SCAN: scan_report,
    PATIENT: patient_result,
    PLAN: treatment_plan,
    LETTER: referrer_letter,
}


def value(paper: IssuedDocument) -> Document:
    """Return the frozen value of an issued document, as it was signed."""
    return _READ_BACK[paper.kind](paper.snapshot)


def pdf(document: Document, folder: Path) -> bytes:
    """Draw a document; raises Refused where its text or one of its images cannot be printed.

    `folder` is where stored files are kept.
    """
    logo = logo_of(document.letterhead, folder)
    match document:
        case ScanReport():
            return scan_pdf.build(document, logo | _images(document, folder))
        case TreatmentPlan():
            return plan_pdf.build(document, logo)
        case ReferrerLetter():
            return letter_pdf.build(document, logo)
        case PatientResult():
            return patient_pdf.build(document, logo)


def logo_of(letterhead: Letterhead, folder: Path) -> dict[str, bytes]:
    """Return the bytes of the logo a letterhead names, by their SHA-256; empty where it has none.

    Raises Refused where they are damaged.
    """
    try:
        return {letterhead.logo: files.get(folder, letterhead.logo)} if letterhead.logo else {}
    except files.Damaged:
        raise Refused(
            "The stored bytes of the clinic's logo are damaged. Choose the logo again in the "
            "settings, or restore it from a backup, before a paper is drawn."
        ) from None


def _images(document: ScanReport, folder: Path) -> dict[str, bytes]:
    try:
        return {image.sha256: files.get(folder, image.sha256) for image in document.images}
    except files.Damaged:
        raise Refused(
            "The stored bytes of an image in the report are damaged. Remove that image from the "
            "scan, or restore it from a backup, before the report is drawn."
        ) from None


def render(frozen: Frozen, folder: Path) -> Rendered:
    """Draw a frozen document and put its bytes on the disk; call it outside any transaction."""
    return render_all((frozen,), folder)[0]


def render_all(papers: Sequence[Frozen], folder: Path) -> tuple[Rendered, ...]:
    """Draw what is issued together, then put the bytes on the disk; where one fails, none is kept.

    Call it outside any transaction. Raises Refused naming the paper that cannot be printed.
    """
    drawn = [(frozen, _drawn(frozen, folder)) for frozen in papers]
    return tuple(
        Rendered(frozen, files.put(folder, content), len(content)) for frozen, content in drawn
    )


def _drawn(frozen: Frozen, folder: Path) -> bytes:
    try:
        return pdf(frozen.document, folder)
    except Refused as refusal:
        raise Refused(f"{KINDS[frozen.kind]}: {refusal}") from None
