"""Make the sheet of a paper among clinicians: in English, its type small, the patient named."""

from reports.foot import foot_of
from reports.furniture import Sheet
from reports.logo import Pictures, logo_in
from reports.when import day
from workflow.domain.documents import ScanReport
from workflow.domain.plandocuments import ReferrerLetter

DEMO = "Demo clinic: this patient is invented"


def clinical_sheet(
    document: ScanReport | ReferrerLetter,
    title: str,
    *,
    pictures: Pictures,
    preliminary: str,
    named_in_text: bool = True,
) -> Sheet:
    """Return what stands on every page; `preliminary` is printed until a physician has signed."""
    patient = document.patient
    return Sheet(
        title=title,
        letterhead=document.letterhead,
        logo=logo_in(pictures, document.letterhead),
        patient=patient.name,
        identifiers=f"born {day(patient.born)}, record {patient.record_number}",
        preliminary="" if document.signature else preliminary,
        demo=DEMO if document.letterhead.demo else "",
        foot=foot_of(document),
        page_words=("Page", "of"),
        language="en",
        small=7.5,
        named_in_text=named_in_text,
    )
