"""Say what stands in a scan report, block by block, so that every engine sets the same document.

Words, cells and drawn map are those of our own report; a test compares them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports import scan
from reports.when import day, moment
from workflow.domain.anatomy import Leg
from workflow.domain.documents import Row, ScanReport
from workflow.domain.legmap import Drawing, place

COLUMNS = (
    "Site",
    "Reflux",
    "Diameter",
    "Compressible",
    "Thrombus",
    "Beyond its cut-off, and notes",
)
_SHARES = (156, 47, 64, 57, 50, 142)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level from 1, with a note on its line."""

    level: int
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, or an item of a list; `strong` sets it in weight."""

    words: str
    strong: bool = False
    item: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """A table: its first row heads it, `shares` are the widths, `numbers` the columns of numbers.

    `strong` are the cells set in weight, as (row, column).
    """

    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    strong: frozenset[tuple[int, int]] = frozenset()


Block = Heading | Prose | Cells | Drawing


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report: what stands on every page, and the blocks in their order."""

    title: str
    head: str
    foot: str
    blocks: tuple[Block, ...]

    @property
    def cells(self) -> int:
        """Return how many cells the tables have."""
        return sum(len(row) for each in self.blocks if isinstance(each, Cells) for row in each.rows)


def content(document: ScanReport) -> Content:
    """Return what stands in a report; the map is placed."""
    patient = document.patient
    return Content(
        title=scan.NAME,
        head=f"{patient.name}, born {day(patient.born)}, record {patient.record_number}",
        foot=f"Version {document.version}",
        blocks=tuple(_blocks(document)),
    )


def _blocks(document: ScanReport) -> Iterator[Block]:
    zone = document.letterhead.zone
    yield Heading(1, scan.NAME)
    yield _facts(document)
    yield Heading(2, "Indication")
    yield Prose(document.indication)
    yield Heading(2, "Impression")
    for leg in document.legs:
        yield Heading(
            3, f"{leg.leg.word.capitalize()} leg", f"CEAP {leg.ceap}  ·  rVCSS {leg.vcss}"
        )
        yield from (Prose(words, item=True) for words in leg.impression)
    yield Prose(document.thrombus_statement, strong=True)
    yield Heading(2, "How the study was done")
    yield Heading(3, "History")
    yield Prose(" ".join(document.history))
    yield Heading(3, "Technique")
    yield Prose(" ".join(document.technique))
    yield Heading(2, "Vein map")
    yield place(document.map)
    for side in Leg:
        yield Heading(2, f"{side.word.capitalize()} leg: findings by site")
        yield _findings(tuple(row for row in document.rows if row.leg is side))
    yield Prose(document.profile_line)
    yield Heading(2, "Limits and comparison")
    yield from map(Prose, document.limitations)
    yield Prose(document.comparison)
    yield Heading(2, "Classification")
    legs = ((each.leg.word.capitalize(), each.ceap, each.ceap_advanced, each.vcss)
            for each in document.legs)  # fmt: skip
    yield Cells((("Leg", "CEAP 2020", "CEAP, advanced", "rVCSS"), *legs), (10, 24, 40, 26))
    yield Heading(2, "Signature")
    signed = document.signature
    yield Prose(f"Signed {moment(signed.at, zone)}" if signed else scan.PRELIMINARY, strong=True)


def _facts(document: ScanReport) -> Cells:
    patient = document.patient
    return Cells(
        (
            ("Patient", "Born", "Sex", "Record number"),
            (patient.name, day(patient.born), patient.sex, patient.record_number),
            ("Scanned", "Sonographer", "Ordered by", "Referred by"),
            (
                moment(document.scanned_at, document.letterhead.zone),
                document.sonographer or "Not recorded",
                document.ordered_by,
                document.referred_by or "No referral",
            ),
        ),
        (188, 85, 120, 119),
    )


def _findings(rows: tuple[Row, ...]) -> Cells:
    strong = {
        (at, column) for at, row in enumerate(rows, start=1) if row.mark for column in (0, 1, 5)
    }
    cells = (COLUMNS, *map(_finding, rows))
    return Cells(cells, _SHARES, frozenset({1, 2}), frozenset(strong))


def _finding(row: Row) -> tuple[str, ...]:
    words = (each[0].upper() + each[1:] for each in (row.mark, row.note) if each)
    return (
        f"{row.leg.word.capitalize()} {row.site[:1].lower()}{row.site[1:]}",
        "not timed" if row.reflux_ms is None else f"{row.reflux_ms:,} ms",
        "not measured" if row.diameter_mm is None else f"{row.diameter_mm:.1f} mm",
        row.compressibility or "not recorded",
        row.thrombus or "not recorded",
        ". ".join(words),
    )
