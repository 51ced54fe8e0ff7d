"""Set 'Your result': the pages a patient can read and keep.

Nothing is smaller than 12 points, and no number stands on the drawn legs (clinical reference §9).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reportlab.platypus import Flowable, KeepTogether

from reports.facts import SignatureBlock, signed_by
from reports.foot import foot_of
from reports.lead import Beside, Lead
from reports.legs import Legs
from reports.page import Sheet, sheet
from reports.type import (
    PLAIN,
    PLAIN_BULLET,
    PLAIN_QUIET,
    PLAIN_SECTION,
    PLAIN_TITLE,
    bullets,
    paragraphs,
    text,
)
from reports.when import day, moment
from workflow.domain.documents import PatientResult
from workflow.domain.legmap import place

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "title": "Your result", "born": "born", "record": "record",
        "scan": "Your ultrasound on {day}", "found": "What we found",
        "means": "What it means", "choices": "What can be done", "decided": "What was decided",
        "next": "What happens next", "call": "When to call at once", "words": "Words on this page",
        "legs": "Your legs",
        "page": "Page", "of": "of", "signed": "Signed {at}",
        "preliminary": "PRELIMINARY. Your doctor has not signed this yet.",
        "demo": "Demo clinic: this patient is invented",
    }),
    "es": MappingProxyType({
        "title": "Su resultado", "born": "nac.", "record": "expediente",
        "scan": "Su ultrasonido del {day}", "found": "Lo que vimos",
        "means": "Lo que significa", "choices": "Lo que se puede hacer",
        "decided": "Lo que se decidió",
        "next": "Lo que sigue", "call": "Cuándo llamar enseguida", "words": "Palabras de esta hoja",
        "legs": "Sus piernas",
        "page": "Página", "of": "de", "signed": "Firmado el {at}",
        "preliminary": "PRELIMINAR. Su médico aún no lo ha firmado.",
        "demo": "Clínica de prueba: este paciente es inventado",
    }),
})  # fmt: skip


def build(document: PatientResult) -> bytes:
    """Return the patient's pages as a PDF, in the patient's language (English or Spanish).

    Raises Unprintable where a text holds a character that paper cannot show.
    """
    language = document.patient.language[:2]
    words = _WORDS.get(language, _WORDS["en"])
    patient = document.patient
    page = Sheet(
        title=words["title"],
        letterhead=document.letterhead,
        patient=patient.name,
        identifiers=(
            f"{words['born']} {day(patient.born, language)}, "
            f"{words['record']} {patient.record_number}"
        ),
        preliminary="" if document.signature else words["preliminary"],
        demo=words["demo"] if document.letterhead.demo else "",
        foot=foot_of(document, language),
        page_words=(words["page"], words["of"]),
        language=language if language in _WORDS else "en",
        small=12,
    )
    return sheet(page, list(_story(document, words, language)))


def _story(
    document: PatientResult, words: Mapping[str, str], language: str
) -> Iterator[Flowable]:  # fmt: skip
    yield text(words["title"], PLAIN_TITLE)
    yield text(words["scan"].format(day=day(document.scanned_on, language)), PLAIN_QUIET)
    if document.amends:
        yield from paragraphs(document.amends, PLAIN)
    yield Lead(document.main_message)

    drawing = place(document.map, clinical=False, language=language)
    legs = Legs(drawing, 290, size=12, stacked=True, title=text(words["legs"], PLAIN_SECTION))
    yield Beside(legs, list(_section(words["found"], document.found, listed=False)))

    yield from _section(words["means"], document.means, listed=False)
    yield from _section(words["choices"], document.choices, listed=True)
    yield from _section(words["decided"], document.decided, listed=False)
    yield from _section(words["next"], document.next_steps, listed=True)
    if document.call_now:
        yield KeepTogether([Lead(document.call_now, title=words["call"], urgent=True)])
    if document.glossary:
        meanings = tuple(f"{entry.word}: {entry.meaning}" for entry in document.glossary)
        yield from _section(words["words"], meanings, listed=False)
    if document.signature:
        at = moment(document.signature.at, document.letterhead.zone, language)
        signed = words["signed"].format(at=at)
        yield SignatureBlock((signed_by(document.signature), signed), size=12)


def _section(name: str, lines: tuple[str, ...], *, listed: bool) -> Iterator[Flowable]:
    if not lines:
        return
    yield text(name, PLAIN_SECTION)
    if listed:
        yield from bullets(lines, PLAIN_BULLET)
    else:
        for line in lines:
            yield from paragraphs(line, PLAIN)
