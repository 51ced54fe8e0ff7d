"""Freeze all that a page or a PDF may say.

A document is a value. The page on screen and the bytes on paper are two settings of the same one,
so they cannot disagree. `as_json` is what a signature covers: its SHA-256 is the document's digest.
"""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from workflow.domain.anatomy import Leg
from workflow.domain.profile import Profile

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The clinic as it stood when the document was frozen; `site` is its address on the web.

    `logo` is a picture's SHA-256, or ''. `sample` marks what no clinic issued: the papers of a case
    file.
    """

    clinic: str
    physician: str
    address: str
    phone: str
    zone: str
    paper: str
    demo: bool
    sample: bool = False
    logo: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the document is about: name and two identifiers."""

    name: str
    called: str
    born: date
    sex: str
    record_number: str
    language: str


@dataclass(frozen=True, slots=True)
class Row:
    """One site as the report prints it; `mark` says in words what is beyond its cut-off."""

    leg: Leg
    segment: str
    site: str
    group: str
    reflux_ms: int | None
    diameter_mm: Decimal | None
    compressibility: str
    thrombus: str
    state: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class MapState:
    """One drawn segment: its state and the value that stands beside it on the clinical map.

    `height_cm` is set only where the height was measured from the floor; `location` is where a
    tributary runs, in the sonographer's words ("medial calf").
    """

    leg: Leg
    segment: str
    state: str
    label: str
    height_cm: Decimal | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class LegSummary:
    """What the report says of one leg."""

    leg: Leg
    impression: tuple[str, ...]
    ceap: str
    ceap_advanced: str
    vcss: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as printed, when, and what the signature means."""

    name: str
    credentials: str
    role: str
    at: datetime
    meaning: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the audit log when the document was frozen."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added to a signed report, by whom and when; the report itself stays as signed."""

    text: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class ReportImage:
    """A picture the report prints: where it was taken, its caption, and the digest of its bytes.

    `site` says leg and place in words; `width` and `height` are pixels.
    """

    leg: Leg
    segment: str
    site: str
    caption: str
    sha256: str
    kind: str
    width: int
    height: int

    @property
    def words(self) -> str:
        """Return what the picture shows, for whoever cannot see it."""
        return f"{self.site}. {self.caption}" if self.caption else f"{self.site}."


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The Wellness Ultrasound report, for the physician, the chart and the payer.

    `profile` holds every cut-off and limit it was read by; None in a report older than the choice.
    """

    letterhead: Letterhead
    patient: Identity
    version: int
    scanned_at: datetime
    ordered_by: str
    referred_by: str
    indication: str
    history: tuple[str, ...]
    technique: tuple[str, ...]
    limitations: tuple[str, ...]
    comparison: str
    rows: tuple[Row, ...]
    map: tuple[MapState, ...]
    legs: tuple[LegSummary, ...]
    thrombus_statement: str
    alerts: tuple[str, ...]
    critical_log: tuple[str, ...]
    profile_line: str
    sonographer: str
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""
    addenda: tuple[Addendum, ...] = ()
    images: tuple[ReportImage, ...] = ()
    profile: Profile | None = None

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that issued this version: its last addendum's, or its own."""
        return self.addenda[-1].signature if self.addenda else self.signature


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word of the patient's page and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PatientResult:
    """'Your result': the page a patient can read and keep."""

    letterhead: Letterhead
    patient: Identity
    version: int
    scanned_on: date
    main_message: tuple[str, ...]
    found: tuple[str, ...]
    means: tuple[str, ...]
    choices: tuple[str, ...]
    decided: tuple[str, ...]
    next_steps: tuple[str, ...]
    call_now: tuple[str, ...]
    glossary: tuple[GlossaryEntry, ...]
    map: tuple[MapState, ...]
    signature: Signature | None
    anchor: Anchor | None
    amends: str = ""

    @property
    def issued_by(self) -> Signature | None:
        """Return the signature that issued this version."""
        return self.signature


@dataclass(frozen=True, slots=True)
class SitePair:
    """One site of both legs, for a table that sets the legs side by side; None = not examined.

    `right_then` and `left_then` are the same sites in an earlier report.
    """

    site: str
    right: Row | None
    left: Row | None
    right_then: Row | None = None
    left_then: Row | None = None


Site = tuple[Leg, str, int]
"""What names a row of a report: the leg, the segment, and which reading of it this is."""


def by_site(rows: tuple[Row, ...]) -> dict[Site, Row]:
    """Return the rows by what names them; a second reading of a site is numbered 2."""
    named: dict[Site, Row] = {}
    for row in rows:
        again = 1
        while (row.leg, row.segment, again) in named:
            again += 1
        named[row.leg, row.segment, again] = row
    return named


def side_by_side(
    rows: tuple[Row, ...], before: tuple[Row, ...] = ()
) -> tuple[tuple[str, tuple[SitePair, ...]], ...]:
    """Return the rows by group, right and left in one line; a second reading of a site follows.

    With the rows of an earlier report, each line carries what stood there, and a site that only
    the earlier one holds has its line too.
    """
    now, then = by_site(rows), by_site(before)
    groups: dict[str, dict[tuple[str, int], str]] = {}
    for (_, code, again), row in (now | {k: r for k, r in then.items() if k not in now}).items():
        groups.setdefault(row.group, {}).setdefault((code, again), row.site)
    right, left = Leg.RIGHT, Leg.LEFT
    return tuple(
        (
            group,
            tuple(
                SitePair(
                    site,
                    now.get((right, *key)),
                    now.get((left, *key)),
                    then.get((right, *key)),
                    then.get((left, *key)),
                )
                for key, site in sites.items()
            ),
        )
        for group, sites in groups.items()
    )


def as_json(document: "DataclassInstance") -> str:
    """Return the document as canonical JSON: sorted keys, no spaces, dates as ISO text."""
    return json.dumps(
        document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def digest(document: "DataclassInstance") -> str:
    """Return the SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(as_json(document).encode()).hexdigest()


def _plain(value: Any) -> str | dict[str, Any]:
    if is_dataclass(value):  # asked for one by one: asdict() would copy the whole document first
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(type(value).__name__)


def scan_report(text: str) -> ScanReport:
    """Return the scan report whose canonical JSON this is; the way back from `as_json`."""
    report: ScanReport = read_back(ScanReport, json.loads(text))
    return report


def patient_result(text: str) -> PatientResult:
    """Return the patient's result whose canonical JSON this is; the way back from `as_json`."""
    result: PatientResult = read_back(PatientResult, json.loads(text))
    return result


def read_back(kind: Any, value: Any) -> Any:
    """Return a JSON value as the type asked for; a key not there takes its default."""
    if get_origin(kind) is tuple:
        return tuple(read_back(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is UnionType:
        inner = next(part for part in get_args(kind) if part is not type(None))
        return None if value is None else read_back(inner, value)
    if is_dataclass(kind):
        return _made(kind, value)
    if kind in {date, datetime}:
        return kind.fromisoformat(value)
    if kind is Decimal or issubclass(kind, StrEnum):
        return kind(value)
    return value


def _made(kind: Any, value: dict[str, Any]) -> Any:
    hints = _hints(kind)
    names = [f.name for f in fields(kind) if f.name in value]
    return kind(**{name: read_back(hints[name], value[name]) for name in names})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
