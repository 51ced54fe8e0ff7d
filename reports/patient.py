"""Set 'Your result': the pages a patient can read and keep.

Nothing is smaller than 12 points, and no number stands on the drawn legs (clinical reference §9).
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether

from reports.facts import SignatureBlock, signed_by
from reports.flow import Fork, kept
from reports.forpatient import language_of, patient_sheet
from reports.lead import Beside, Lead
from reports.legs import Legs
from reports.logo import NO_PICTURES, Pictures
from reports.page import sheet
from reports.type import (
    PLAIN,
    PLAIN_BULLET,
    PLAIN_ENTRY,
    PLAIN_NAME,
    PLAIN_QUIET,
    PLAIN_SECTION,
    PLAIN_TITLE,
    bullets,
    defined,
    paragraphs,
    text,
)
from reports.when import day, moment
from workflow.domain.documents import PatientResult
from workflow.domain.legmap import place

_SMALLEST = 12.05
_HEADING = 44.0  # a section's heading, and the space above a signature

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "title": "Your result",
        "scan": "Your ultrasound on {day}", "found": "What we found",
        "means": "What it means", "choices": "What can be done", "decided": "What was decided",
        "next": "What happens next", "call": "When to call at once", "words": "Words on this page",
        "legs": "Your legs",
        "signed": "Signed by {by}, {at}",
        "preliminary": "PRELIMINARY. Your doctor has not signed this yet.",
    }),
    "es": MappingProxyType({
        "title": "Su resultado",
        "scan": "Su ultrasonido del {day}", "found": "Lo que vimos",
        "means": "Lo que significa", "choices": "Lo que se puede hacer",
        "decided": "Lo que se decidió",
        "next": "Lo que sigue", "call": "Cuándo llamar enseguida", "words": "Palabras de esta hoja",
        "legs": "Sus piernas",
        "signed": "Firmado por {by}, {at}",
        "preliminary": "PRELIMINAR. Su médico aún no lo ha firmado.",
    }),
})  # fmt: skip


def build(document: PatientResult, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the patient's pages as a PDF, in the patient's language (English or Spanish).

    `pictures` holds the logo's bytes by their SHA-256. Raises Unprintable where a text holds a
    character that paper cannot show.
    """
    language = language_of(document.patient.language)
    words = _WORDS[language]
    page, named = patient_sheet(
        document,
        title=words["title"],
        pictures=pictures,
        preliminary=words["preliminary"],
        small=12,
    )
    title = [text(words["title"], PLAIN_TITLE), text(named, PLAIN_NAME)]
    return sheet(page, [*title, *_story(document, words, language)])


def _story(
    document: PatientResult, words: Mapping[str, str], language: str
) -> Iterator[Flowable]:  # fmt: skip
    yield text(words["scan"].format(day=day(document.scanned_on, language)), PLAIN_QUIET)
    if document.amends:
        yield from paragraphs(document.amends, PLAIN)
    yield Lead(document.main_message)

    drawing = place(document.map, clinical=False, language=language)
    scale = _SMALLEST / drawing.name_size  # the least at which the legs' names can be read
    legs = Legs(
        drawing, drawing.height * scale, size=12, stacked=True,
        title=text(words["legs"], PLAIN_SECTION),
    )  # fmt: skip
    told = ((words["found"], document.found), (words["means"], (" ".join(document.means),)))
    beside = [
        [text(name, PLAIN_SECTION), *prose] for name, lines in told if (prose := _prose(lines))
    ]
    yield Beside(legs, drawing.width * scale, beside)

    yield from _section(words["choices"], list(bullets(document.choices, PLAIN_BULLET)))
    yield from _section(words["decided"], _prose(document.decided))
    yield from _section(words["next"], list(bullets(document.next_steps, PLAIN_BULLET)))
    if document.call_now:
        yield KeepTogether([Lead(document.call_now, title=words["call"], urgent=True)])
    yield Fork(lambda wide, room: _words_and_signature(document, words, wide, room))


def _words_and_signature(
    document: PatientResult, words: Mapping[str, str], wide: float, room: float
) -> Iterator[Flowable]:
    """Set the words explained a line each, or run on where only that fits the page's rest."""
    entries = [(entry.word, entry.meaning) for entry in document.glossary]
    listed = [defined([entry], PLAIN_ENTRY) for entry in entries]
    close = _signed(document, words)
    if entries and room < _tall([*listed, *close], wide) + _HEADING:
        run_on = [defined(entries, PLAIN_ENTRY)]
        if room >= _tall([*run_on, *close], wide) + _HEADING:
            listed = run_on
    yield from _section(words["words"], listed, close)


def _tall(parts: Sequence[Flowable], wide: float) -> float:
    """Return how tall parts are together."""
    return float(sum(part.wrap(wide, 10_000)[1] + part.getSpaceAfter() for part in parts))


def _signed(document: PatientResult, words: Mapping[str, str]) -> list[Flowable]:
    """Return who signed the page and when; nothing while nobody did."""
    if document.signature is None:
        return []
    language = language_of(document.patient.language)
    at = moment(document.signature.at, document.letterhead.zone, language)
    signed = words["signed"].format(by=signed_by(document.signature), at=at)
    return [SignatureBlock((signed,), size=12)]


def _prose(lines: tuple[str, ...], style: ParagraphStyle = PLAIN) -> list[Flowable]:
    return [part for line in lines if line for part in paragraphs(line, style)]


def _section(
    name: str, items: list[Flowable], close: Sequence[Flowable] = ()
) -> Iterator[Flowable]:  # fmt: skip
    """Set a section, and after it what must not come to a page of its own."""
    if items:
        yield from kept([text(name, PLAIN_SECTION)], items, close)
    elif close:
        yield KeepTogether(list(close))
