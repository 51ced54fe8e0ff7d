"""Set the letter to the referring doctor: one page that says what was found and what is planned."""

from collections.abc import Iterator

from reportlab.platypus import Flowable, KeepTogether

from reports.clinical import clinical_sheet
from reports.facts import SignatureBlock, signed_by
from reports.lead import Beside
from reports.legs import Legs
from reports.logo import NO_PICTURES, Pictures
from reports.page import fitted
from reports.table import Column, Grid, Line
from reports.type import (
    BODY,
    BULLET,
    SECTION,
    SMALL,
    STRONG,
    TITLE,
    WARNING,
    bullets,
    gap,
    paragraphs,
    sized,
    text,
)
from reports.when import day, moment
from workflow.domain.legmap import Drawing, place
from workflow.domain.plandocuments import ReferrerLetter

NAME = "Letter to the referring doctor"
PRELIMINARY = "PRELIMINARY. No physician has signed this letter."

_COLUMNS = (Column("Site", 51), Column("Value", 49))
_MAP_WIDE = 330.0


def build(document: ReferrerLetter, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the letter as a PDF: the same document gives the same bytes.

    `pictures` holds the logo's bytes by their SHA-256. Raises Unprintable where a text holds a
    character that paper cannot show.
    """
    page = clinical_sheet(
        document, NAME, pictures=pictures, preliminary=PRELIMINARY, named_in_text=False
    )
    drawing = place(document.map)
    return fitted(page, lambda scale: _story(document, drawing, scale), pages=1)


def _story(document: ReferrerLetter, drawing: Drawing, scale: float) -> Iterator[Flowable]:
    body, strong = sized(BODY, scale), sized(STRONG, scale)
    yield text(f"About your patient {document.patient.name}", sized(TITLE, scale))
    yield text(f"{day(document.written_on)}  ·  To {document.to}", body)
    if document.amends:
        yield from paragraphs(document.amends, strong)
    scanned = day(document.scanned_on)
    yield text(f"Thank you for referring this patient, whom we scanned on {scanned}.", body)
    for line in document.summary:
        yield from paragraphs(line, strong)
    section = sized(SECTION, scale)
    title = text("Vein map", section)
    legs = Legs(drawing, 300 * scale, at_least=150 * scale, title=title)
    yield Beside(legs, _MAP_WIDE * scale, [list(_values(document, scale))])
    if drawing.omitted:
        said = f"The map had no room for {drawing.omitted} more values. The report holds them all."
        yield text(said, sized(SMALL, scale))
    yield text("Plan", section)
    yield from bullets(
        document.plan or ("No treatment plan has been approved yet.",), sized(BULLET, scale)
    )
    yield KeepTogether(list(_closing(document, scale)))


def _values(document: ReferrerLetter, scale: float) -> Iterator[Flowable]:
    yield text("Key values", sized(SECTION, scale))
    if document.values:
        yield Grid(
            _COLUMNS,
            tuple(
                Line((f"{value.leg.word.capitalize()} {value.site.lower()}", value.value))
                for value in document.values
            ),
            size=8 * scale,
        )
    if document.more:
        yield text(document.more, sized(SMALL if document.values else BODY, scale))


def _closing(document: ReferrerLetter, scale: float) -> Iterator[Flowable]:
    phone, body = document.letterhead.phone, sized(BODY, scale)
    yield gap(6 * scale)
    yield text(f"With thanks. Questions? Call {phone}." if phone else "With thanks.", body)
    signature = document.signature
    if signature is None:
        yield text(PRELIMINARY, sized(WARNING, scale))
        return
    yield SignatureBlock((
        signed_by(signature),
        signature.role,
        f"Signed {moment(signature.at, document.letterhead.zone)}",
    ), size=round(9 * scale, 2))  # fmt: skip
