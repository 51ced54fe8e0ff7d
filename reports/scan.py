"""Set the Wellness Ultrasound report, for the physician, the chart and the payer.

Page one answers at a glance: who, what was concluded, where. The tables and the record of how it
was done follow. The elements are those of the clinical reference §1.7.
"""

from collections.abc import Iterator
from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether

from reports.clinical import clinical_sheet
from reports.facts import Fact, Facts, SignatureBlock, signed_by
from reports.flow import Fork
from reports.legs import Legs
from reports.logo import NO_PICTURES, Pictures
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

_BEGINNING = 40.0  # three lines beside their heading
_MAP_TALL, _MAP_LEAST = 348.0, 300.0
_MAP_NEEDS = _MAP_LEAST + 66  # with its title and its legend
_HOLE = 150.0  # what may stay empty above a map that goes to the next page

_COLUMNS = (
    Column("Site", 156),
    Column("Reflux", 47, number=True),
    Column("Diameter", 64, number=True),
    Column("Compressible", 57),
    Column("Thrombus", 50),
    Column("Beyond its cut-off, and notes", 142),
)


def build(document: ScanReport, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the report as a PDF: the same document gives the same bytes.

    `pictures` holds the JPEG or PNG bytes of the document's images, and of the logo, by their
    SHA-256. Raises
    Unprintable where a text holds a character that paper cannot show.
    """
    page = clinical_sheet(document, NAME, pictures=pictures, preliminary=PRELIMINARY)
    return sheet(page, list(_story(document, pictures)))


def _story(document: ScanReport, pictures: Pictures) -> Iterator[Flowable]:
    yield text(NAME, TITLE)
    who, what = _facts(document)
    yield Facts(who, (255, 85, 57, 115), more=True)
    yield Facts(what, (121, 86, 136, 169))
    yield from _notices(document)

    yield from told("Indication", (document.indication,))

    yield text("Impression", SECTION)
    for leg in document.legs:
        yield from _impression(leg)
    yield from paragraphs(document.thrombus_statement, STRONG)
    if document.alerts:
        yield part("To note")
        yield from bullets(document.alerts, BULLET)
    yield Fork(lambda _, room: _body(document, pictures, room))


def _body(
    document: ScanReport, pictures: Pictures, room: float
) -> Iterator[Flowable]:  # fmt: skip
    """Set the map at once where it fits; else how the study was done goes before it."""
    right, left = (list(_table(side, document.rows)) for side in Leg)
    if room >= _MAP_NEEDS:
        yield from (*_map(document), *right, *left, *_after_tables(document, pictures))
        yield from (*_study(document), *_closing(document))
        return
    yield from _study(document)
    yield Fork(lambda _, rest: [
        *([*right, *_map(document)] if _HOLE < rest < _MAP_NEEDS else [*_map(document), *right]),
        *left,
    ])  # fmt: skip
    yield from (*_after_tables(document, pictures), *_closing(document))


def _map(document: ScanReport) -> Iterator[Flowable]:
    drawing = place(document.map)
    yield Legs(drawing, _MAP_TALL, at_least=_MAP_LEAST, title=text("Vein map", SECTION))
    if drawing.omitted:
        yield text(_omitted(drawing.omitted), SMALL)


def _after_tables(document: ScanReport, pictures: Pictures) -> Iterator[Flowable]:
    yield text(document.profile_line, SMALL)
    yield from plates(document.images, pictures)


def _study(document: ScanReport) -> Iterator[Flowable]:
    yield CondPageBreak(_BEGINNING + 31)
    yield text("How the study was done", SECTION)
    yield from told("History", (" ".join(document.history) or "None recorded.",))
    yield CondPageBreak(_BEGINNING)
    yield from told("Technique", (" ".join(document.technique),))


def _closing(document: ScanReport) -> Iterator[Flowable]:
    """Set what ends the report; the signature takes what it stands under along to its page."""
    yield KeepTogether([
        text("Limits and comparison", SECTION),
        *told("Limitations", document.limitations or ("None recorded.",)),
        *told("Comparison", (document.comparison,)),
        *_classes(document.legs),
        *_signature(document),
    ])  # fmt: skip
    for addendum in document.addenda:
        yield from _addendum(addendum, document.letterhead.zone)


def _facts(document: ScanReport) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return who the report is about, and when and by whom the scan was done."""
    patient = document.patient
    called = f"{patient.name} ({patient.called})" if patient.called else patient.name
    who = (
        Fact("Patient", called),
        Fact("Born", day(patient.born)),
        Fact("Sex", patient.sex),
        Fact("Record number", patient.record_number),
    )
    what = (
        Fact("Scanned", moment(document.scanned_at, document.letterhead.zone)),
        Fact("Sonographer", document.sonographer or "Not recorded"),
        Fact("Ordered by", document.ordered_by),
        Fact("Referred by", document.referred_by or "No referral"),
    )
    return who, what


def _impression(leg: LegSummary) -> Iterator[Flowable]:
    classes = (f"CEAP {leg.ceap}" if leg.ceap else "", f"rVCSS {leg.vcss}" if leg.vcss else "")
    note = "  ·  ".join(words for words in classes if words)
    yield part(f"{leg.leg.word.capitalize()} leg", note)
    yield from bullets(leg.impression or ("Not examined.",), BULLET)


def _table(side: Leg, all_rows: tuple[Row, ...]) -> Iterator[Flowable]:
    rows = tuple(row for row in all_rows if row.leg is side)
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
