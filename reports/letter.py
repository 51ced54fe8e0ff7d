"""Set the letter to the referring doctor: one page that says what was found and what is planned."""

from collections.abc import Iterator

from reportlab.platypus import Flowable, KeepTogether

from reports.clinical import clinical_sheet
from reports.facts import SignatureBlock, signed_by
from reports.foot import numbered
from reports.legs import Legs
from reports.logo import NO_PICTURES, Pictures
from reports.page import sheet
from reports.table import Column, Grid, Line
from reports.type import BODY, BULLET, SECTION, STRONG, TITLE, WARNING, bullets, paragraphs, text
from reports.when import day, moment
from workflow.domain.legmap import place
from workflow.domain.plandocuments import ReferrerLetter

NAME = "Letter to the referring doctor"
PRELIMINARY = "PRELIMINARY. No physician has signed this letter."

_COLUMNS = (Column("Site", 60), Column("Value", 40))


def build(document: ReferrerLetter, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the letter as a PDF: the same document gives the same bytes.

    `pictures` holds the logo's bytes by their SHA-256. Raises Unprintable where a text holds a
    character that paper cannot show.
    """
    page = clinical_sheet(
        document,
        NAME,
        numbered(document),
        pictures=pictures,
        preliminary=PRELIMINARY,
        named_in_text=False,
    )
    return sheet(page, list(_story(document)))


def _story(document: ReferrerLetter) -> Iterator[Flowable]:
    patient = document.patient
    yield text(f"About your patient {patient.name}", TITLE)
    yield text(f"To {document.to}  ·  {day(document.written_on)}", BODY)
    if document.amends:
        yield from paragraphs(document.amends, STRONG)
    scanned = day(document.scanned_on)
    yield text(f"Thank you for referring this patient, whom we scanned on {scanned}.", BODY)
    yield from paragraphs(" ".join(document.summary), STRONG)
    drawing = place(document.map)
    yield Legs(drawing, 230, at_least=180, title=text("Vein map", SECTION))
    if document.values:
        yield Grid(
            _COLUMNS,
            tuple(
                Line((f"{value.leg.word.capitalize()} {value.site}", value.value))
                for value in document.values
            ),
            title=text("Key values", SECTION),
        )
    yield text("Plan", SECTION)
    yield from bullets(document.plan or ("No treatment plan has been approved yet.",), BULLET)
    yield KeepTogether(list(_closing(document)))


def _closing(document: ReferrerLetter) -> Iterator[Flowable]:
    phone = document.letterhead.phone
    yield text(f"With thanks. Questions? Call {phone}." if phone else "With thanks.", BODY)
    signature = document.signature
    if signature is None:
        yield text(PRELIMINARY, WARNING)
        return
    yield SignatureBlock((
        signed_by(signature),
        signature.role,
        f"Signed {moment(signature.at, document.letterhead.zone)}",
    ))  # fmt: skip
