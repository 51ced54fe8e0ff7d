"""Set the Wellness Ultrasound report, for the physician, the chart and the payer.

Page one answers at a glance: who, what was concluded, where. The tables and the record of how it
was done follow. The elements are those of the clinical reference §1.7.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether

from reports.clinical import clinical_sheet
from reports.facts import Fact, Facts, SignatureBlock, signed_by
from reports.legs import Legs
from reports.page import sheet
from reports.plates import plates
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
    paragraphs,
    part,
    text,
    told,
)
from reports.when import day, moment
from workflow.domain.anatomy import Leg
from workflow.domain.documents import Addendum, LegSummary, Row, ScanReport, Signature
from workflow.domain.legmap import State, place

NAME = "Wellness Ultrasound report"
PRELIMINARY = "PRELIMINARY. No physician has signed this report."

_COLUMNS = (
    Column("Site", 35),
    Column("Reflux", 11, number=True),
    Column("Diameter", 13, number=True),
    Column("Compressible", 13),
    Column("Thrombus", 12),
    Column("Beyond its cut-off, and notes", 30),
)


def build(document: ScanReport, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return the report as a PDF: the same document gives the same bytes.

    `pictures` holds the JPEG or PNG bytes of the document's images by their SHA-256. Raises
    Unprintable where a text holds a character that paper cannot show.
    """
    page = clinical_sheet(document, NAME, preliminary=PRELIMINARY)
    return sheet(page, list(_story(document, pictures or {})))


def _story(document: ScanReport, pictures: Mapping[str, bytes]) -> Iterator[Flowable]:
    yield text(NAME, TITLE)
    yield Facts(_facts(document), (1.25, 0.95, 0.95, 1.55))
    yield from _notices(document)

    yield from told("Indication", (document.indication,))

    yield text("Impression", SECTION)
    for leg in document.legs:
        yield from _impression(leg)
    yield from paragraphs(document.thrombus_statement, STRONG)
    if document.alerts:
        yield part("To note")
        yield from bullets(document.alerts, BULLET)

    drawing = place(document.map)
    yield Legs(drawing, 372, at_least=280, title=text("Vein map", SECTION))
    if drawing.omitted:
        yield text(_omitted(drawing.omitted), SMALL)

    for side in Leg:
        yield from _table(side, tuple(row for row in document.rows if row.leg is side))
    yield text(document.profile_line, SMALL)
    yield from plates(document.images, pictures)

    yield CondPageBreak(130)
    yield text("How the study was done", SECTION)
    yield from told("History", document.history or ("None recorded.",))
    yield from told("Technique", document.technique)
    yield from told("Limitations", document.limitations or ("None recorded.",))
    yield from told("Comparison", (document.comparison,))
    yield KeepTogether(list(_classes(document.legs)))
    yield KeepTogether(list(_signature(document)))
    for addendum in document.addenda:
        yield from _addendum(addendum, document.letterhead.zone)


def _facts(document: ScanReport) -> tuple[Fact, ...]:
    patient = document.patient
    called = f"{patient.name} ({patient.called})" if patient.called else patient.name
    return (
        Fact("Patient", called),
        Fact("Born", day(patient.born)),
        Fact("Sex", patient.sex),
        Fact("Record number", patient.record_number),
        Fact("Scanned", moment(document.scanned_at, document.letterhead.zone)),
        Fact("Sonographer", document.sonographer or "Not recorded"),
        Fact("Ordered by", document.ordered_by),
        Fact("Referred by", document.referred_by or "No referral"),
    )


def _impression(leg: LegSummary) -> Iterator[Flowable]:
    classes = (f"CEAP {leg.ceap}" if leg.ceap else "", f"rVCSS {leg.vcss}" if leg.vcss else "")
    note = "  ·  ".join(words for words in classes if words)
    yield part(f"{leg.leg.word.capitalize()} leg", note)
    yield from bullets(leg.impression or ("Not examined.",), BULLET)


def _table(side: Leg, rows: tuple[Row, ...]) -> Iterator[Flowable]:
    head = text(f"{side.word.capitalize()} leg: findings by site", SECTION)
    if not rows:
        yield head
        yield text("Not examined.", BODY)
        return
    yield Grid(_COLUMNS, tuple(_lines(rows)), title=head)


def _lines(rows: tuple[Row, ...]) -> Iterator[Line]:
    before = rows[0].group
    for row in rows:
        yield Line(
            (
                f"{row.leg.word.capitalize()} {row.site[:1].lower()}{row.site[1:]}",
                "not timed" if row.reflux_ms is None else f"{row.reflux_ms:,} ms",
                "not measured" if row.diameter_mm is None else f"{_mm(row.diameter_mm)} mm",
                row.compressibility or "not recorded",
                row.thrombus or "not recorded",
                ". ".join(_sentence(words) for words in (row.mark, row.note) if words),
            ),
            loud=_loud(row),
            faint=_faint(row),
            opens=row.group != before,
        )
        before = row.group


def _loud(row: Row) -> frozenset[int]:
    """Return the cells to set in weight: what is beyond its cut-off, and the words that say so."""
    if not row.mark or row.state in {State.NORMAL, State.NONE, State.CLOSED}:
        return frozenset()
    clot = row.state in {State.ACUTE, State.CHRONIC}
    return frozenset({0, 3, 4, 5} if clot else {0, 1, 5})


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _faint(row: Row) -> frozenset[int]:
    absent = (row.reflux_ms, row.diameter_mm, row.compressibility or None, row.thrombus or None)
    return frozenset(at for at, value in enumerate(absent, start=1) if value is None)


def _mm(value: Decimal) -> str:
    return format(value.normalize(), "f") if value % 1 else f"{value:.1f}"


def _omitted(count: int) -> str:
    return f"The map had no room for {count} more values. The tables hold them all."


def _classes(legs: tuple[LegSummary, ...]) -> Iterator[Flowable]:
    yield text("Classification", SECTION)
    yield Grid(
        (
            Column("Leg", 10),
            Column("CEAP 2020", 24),
            Column("CEAP, advanced", 40),
            Column("rVCSS", 26),
        ),
        tuple(
            Line((leg.leg.word.capitalize(), leg.ceap, leg.ceap_advanced, leg.vcss)) for leg in legs
        ),
    )


def _signature(document: ScanReport) -> Iterator[Flowable]:
    yield text("Signature", SECTION)
    signature = document.signature
    if signature is None:
        yield text(PRELIMINARY, WARNING)
        return
    yield _signed(signature, document.letterhead.zone)


def _signed(signature: Signature, zone: str) -> SignatureBlock:
    return SignatureBlock((
        signed_by(signature),
        signature.role,
        f"Signed {moment(signature.at, zone)}",
        signature.meaning,
    ))  # fmt: skip


def _notices(document: ScanReport) -> Iterator[Flowable]:
    """Set what must be read before the rest: what this replaces, what was added, what was told."""
    if document.amends:
        yield from paragraphs(document.amends, STRONG)
    if document.addenda:
        yield text(_added(document), STRONG)
    for line in document.critical_log:
        yield text(line, WARNING)


def _added(document: ScanReport) -> str:
    """Point from the first page to what was added after the signature."""
    dates = ", ".join(
        moment(addendum.signature.at, document.letterhead.zone) for addendum in document.addenda
    )
    return f"Addendum of {dates}: see after the signature."


def _addendum(addendum: Addendum, zone: str) -> Iterator[Flowable]:
    head, *lines = [text("Addendum", SECTION), *paragraphs(addendum.text, BODY)]
    yield KeepTogether([head, *lines[:1]])
    yield from lines[1:]
    yield _signed(addendum.signature, zone)
