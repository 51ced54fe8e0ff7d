"""Make the sheet of a paper for a patient: in their language, and the patient named in its text."""

from collections.abc import Mapping
from types import MappingProxyType

from reports.foot import foot_of
from reports.furniture import Sheet
from reports.logo import Pictures, logo_in
from reports.when import day
from workflow.domain.documents import PatientResult
from workflow.domain.plandocuments import TreatmentPlan

_AROUND: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "born": "born", "record": "record", "page": "Page", "of": "of",
        "demo": "Demo clinic: this patient is invented",
    }),
    "es": MappingProxyType({
        "born": "nac.", "record": "expediente", "page": "Página", "of": "de",
        "demo": "Clínica de prueba: este paciente es inventado",
    }),
})  # fmt: skip


def language_of(language: str) -> str:
    """Return the language a paper is set in for who speaks this one; English unless Spanish."""
    return language[:2] if language[:2] in _AROUND else "en"


def patient_sheet(
    document: PatientResult | TreatmentPlan,
    *,
    title: str,
    pictures: Pictures,
    preliminary: str,
    small: float,
) -> tuple[Sheet, str]:
    """Return what stands on every page, and the line that names the patient under the title.

    `preliminary` is printed until a physician has signed.
    """
    patient, language = document.patient, language_of(document.patient.language)
    around = _AROUND[language]
    born = day(patient.born, language)
    who = f"{around['born']} {born}, {around['record']} {patient.record_number}"
    page = Sheet(
        title=title,
        letterhead=document.letterhead,
        logo=logo_in(pictures, document.letterhead),
        patient=patient.name,
        identifiers=who,
        preliminary="" if document.signature else preliminary,
        demo=around["demo"] if document.letterhead.demo else "",
        foot=foot_of(document, language),
        page_words=(around["page"], around["of"]),
        language=language,
        small=small,
        named_in_text=True,
    )
    return page, f"{patient.name}, {who}"
