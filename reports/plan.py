"""Set the treatment plan: what is planned and why, what may go wrong, and what else could be done.

It is the patient's own, in their language and in plain words, twelve points where it has the room.
How the record names each treatment stands under it, small and in English: the chart holds the same
paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from reportlab.platypus import Flowable, KeepTogether

from reports.columns import Columns
from reports.facts import SignatureBlock, signed_by
from reports.forpatient import language_of, patient_sheet
from reports.logo import NO_PICTURES, Pictures
from reports.page import fitted
from reports.type import (
    PLAIN,
    PLAIN_BULLET,
    PLAIN_NAME,
    PLAIN_PART,
    PLAIN_QUIET,
    PLAIN_SECTION,
    PLAIN_STRONG,
    PLAIN_TITLE,
    RECORD,
    WARNING,
    bullets,
    paragraphs,
    sized,
    text,
)
from reports.when import moment
from workflow.domain.plainwords import leg_name
from workflow.domain.plandocuments import PlanLine, RuledOut, TreatmentPlan

PAGES = 2
_VISIT = (0.13, 0.87)

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "title": "Your treatment plan",
        "planned": "What we plan", "visit": "Visit {number}", "care": "Care",
        "sample": "Draft",
        "none": "No treatment is planned.",
        "risks": "What may go wrong", "alternatives": "What else you can do",
        "next": "What happens next", "out": "What does not fit now",
        "notes": "From your doctor, for the record",
        "approved": "Approved {at}",
        "preliminary": "PRELIMINARY. No doctor has approved this plan yet.",
    }),
    "es": MappingProxyType({
        "title": "Su plan de tratamiento",
        "planned": "Lo que vamos a hacer", "visit": "Cita {number}", "care": "Cuidados",
        "sample": "Borrador",
        "none": "No se planea nada.",
        "risks": "Lo que puede salir mal", "alternatives": "Qué más puede hacer",
        "next": "Lo que sigue", "out": "Lo que no va por ahora",
        "notes": "De su médico, para el expediente",
        "approved": "Aprobado el {at}",
        "preliminary": "PRELIMINAR. Ningún médico ha aprobado aún este plan.",
    }),
})  # fmt: skip


def words_in(language: str) -> Mapping[str, str]:
    """Return the words around a plan in a language; English for one that the clinic has not."""
    return WORDS[language_of(language)]


def build(document: TreatmentPlan, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the plan as a PDF, in the patient's language (English or Spanish).

    The same document gives the same bytes. `pictures` holds the logo's bytes by their SHA-256.
    Raises Unprintable where a text holds a character that paper cannot show.
    """
    language = language_of(document.patient.language)
    words = WORDS[language]
    page, named = patient_sheet(
        document,
        title=words["title"],
        pictures=pictures,
        preliminary=words["preliminary"],
        small=9,
    )
    return fitted(page, lambda scale: _story(document, named, words, language, scale), pages=PAGES)


def _story(
    document: TreatmentPlan,
    named: str,
    words: Mapping[str, str],
    language: str,
    scale: float,
) -> Iterator[Flowable]:
    plain, section = sized(PLAIN, scale), sized(PLAIN_SECTION, scale)
    yield text(words["title"], sized(PLAIN_TITLE, scale))
    yield text(named, sized(PLAIN_NAME, scale))
    yield text(document.rests_on, sized(PLAIN_QUIET, scale))
    if document.amends:
        yield from paragraphs(document.amends, sized(PLAIN_STRONG, scale))
    yield text(words["planned"], section)
    if not document.lines:
        yield text(words["none"], plain)
    for session, lines in groupby(document.lines, key=lambda line: line.session):
        unplanned = words["sample" if document.letterhead.sample else "care"]
        name = words["visit"].format(number=session) if session else unplanned
        yield from _visit(name, list(lines), scale)
    risks = list(_listed(words["risks"], document.risks, scale))
    instead = list(_listed(words["alternatives"], document.alternatives, scale))
    following = list(_listed(words["next"], document.next_steps, scale))
    if scale == 1.0:
        yield Columns(risks, instead)
        yield from following
    else:  # the right column has the room that the page lacks
        yield Columns(risks, [*instead, *following])
    yield from _out(words["out"], document.ruled_out, language, scale)
    if document.notes:
        yield text(words["notes"], section)
        for note in document.notes:
            yield from paragraphs(note, sized(RECORD, scale))
    yield KeepTogether(list(_approval(document, words, language, scale)))


def _visit(name: str, lines: Sequence[PlanLine], scale: float) -> Iterator[Flowable]:
    """Set one visit: its name in the margin, beside the first of its treatments."""
    plain, strong, record = (sized(each, scale) for each in (PLAIN, PLAIN_STRONG, RECORD))
    for at, line in enumerate(lines):
        margin = [text(name, sized(PLAIN_PART, scale))] if at == 0 else []
        said: list[Flowable] = [text(line.what, strong)]
        if line.why:
            said.append(text(" ".join(line.why), plain))
        said.append(text(line.record, record))
        yield KeepTogether([Columns(margin, said, _VISIT, gutter=0)])


def _listed(name: str, lines: tuple[str, ...], scale: float) -> Iterator[Flowable]:
    if lines:
        yield text(name, sized(PLAIN_SECTION, scale))
        yield from bullets(lines, sized(PLAIN_BULLET, scale))


def _out(
    name: str, lines: tuple[RuledOut, ...], language: str, scale: float
) -> Iterator[Flowable]:  # fmt: skip
    heading = [text(name, sized(PLAIN_SECTION, scale))]
    for line in lines:
        said = f"{leg_name(language, line.leg)}: {line.what[0].lower()}{line.what[1:]}"
        what = text(said, sized(PLAIN, scale * 0.94))
        yield KeepTogether([*heading, what, text(line.record, sized(RECORD, scale))])
        heading = []


def _approval(
    document: TreatmentPlan, words: Mapping[str, str], language: str, scale: float
) -> Iterator[Flowable]:
    signature = document.signature
    if signature is None:
        yield text(words["preliminary"], sized(WARNING, scale))
        return
    at = moment(signature.at, document.letterhead.zone, language)
    yield SignatureBlock(
        (signed_by(signature), words["approved"].format(at=at)), size=round(11 * scale, 2)
    )
