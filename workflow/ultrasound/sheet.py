"""Lay an exam out as the grid a person sees: groups, rows, and for each leg its cells."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.anatomy import (
    CATALOGUE,
    REQUIRED,
    Group,
    Leg,
    Segment,
    number_of,
    segment,
    segment_name,
)
from workflow.domain.errors import Refused
from workflow.domain.findings import Purpose
from workflow.domain.interpretation import SegmentResult
from workflow.models.exam import Exam
from workflow.ultrasound import cell
from workflow.ultrasound.field import COLUMNS, EXAM_FIELDS, Field, Kind, columns, drawer
from workflow.ultrasound.recording import texts

GROUPS = {
    Group.DEEP: "Deep",
    Group.GSV: "Great saphenous",
    Group.SSV: "Small saphenous",
    Group.ACCESSORY: "Accessory veins and tributaries",
    Group.PERFORATOR: "Perforators",
}
_RANK = {row.code: at for at, row in enumerate(CATALOGUE)}


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: what it shows, what is wrong with it, and what its value means."""

    name: str
    label: str
    field: Field
    text: str
    error: str = ""
    tone: str = ""
    needed: bool = False

    @property
    def look(self) -> str:
        """Return the class of its cell."""
        return "refused" if self.error else self.tone or ("need" if self.needed else "")

    @property
    def word(self) -> str:
        """Return what the colour of the cell says, in a word, where its text does not say it."""
        return "" if self.error or self.tone == "acute" else self.tone.replace("-", " ")

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Return what can be chosen; a stored answer that is not listed stays among it."""
        listed = (
            (("yes", "yes"), ("no", "no")) if self.field.kind is Kind.FLAG else self.field.choices
        )
        known = {word for word, _ in listed}
        return listed if self.text in known or not self.text else (*listed, (self.text, self.text))


@dataclass(frozen=True, slots=True)
class Half:
    """One site of one leg: its boxes in the order of the columns, and its drawer."""

    key: str
    leg: Leg
    boxes: tuple[Box | None, ...]
    drawer: tuple[Box, ...]
    in_scope: bool
    recorded: bool
    open: bool

    @property
    def told(self) -> str:
        """Return in a few words what the drawer holds."""
        return "; ".join(f"{b.field.label.lower()} {b.text}" for b in self.drawer if b.text)

    @property
    def errors(self) -> tuple[Box, ...]:
        """Return the boxes that could not be understood."""
        return tuple(b for b in (*self.boxes, *self.drawer) if b is not None and b.error)


@dataclass(frozen=True, slots=True)
class Row:
    """One site, both legs. `key` names it among the rows: 'TRIB1', or 'AASV-2'."""

    key: str
    code: str
    name: str
    short: str
    required: bool
    measured: bool
    halves: tuple[Half, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole grid: the exam's own boxes, and the rows under their groups."""

    exam: Mapping[str, Box]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]

    @property
    def errors(self) -> tuple[Box, ...]:
        """Return every box that could not be understood, in the order of the page."""
        return tuple(_wrong(self))

    def row(self, key: str) -> Row | None:
        """Return the row with this key, or None."""
        return next((row for _, rows in self.groups for row in rows if row.key == key), None)

    @property
    def held(self) -> str:
        """Return the names of those boxes, as the page sends them back."""
        return " ".join(box.name for box in self.errors)


def _wrong(sheet: Sheet) -> Iterator[Box]:
    yield from (box for box in sheet.exam.values() if box.error)
    for _, rows in sheet.groups:
        for row in rows:
            for half in row.halves:
                yield from half.errors


def sheet(
    exam: Exam,
    results: Sequence[SegmentResult] = (),
    missing: Collection[str] = (),
    *,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> Sheet:
    """Return the grid of an exam.

    `results` are the rules' answers, one for each finding in the exam's order; `missing` names
    the cells the protocol still asks for. `typed` and `refused` show a save that was not
    understood; without them, what was kept from an earlier one shows.
    """
    shown = {**exam.typed, **(typed or {})}
    page = _Page(exam, results, frozenset(missing), shown, dict(refused or {}))
    groups = tuple(
        (name, tuple(page.row(code, repeat) for code, repeat in _rows(exam, group)))
        for group, name in GROUPS.items()
    )
    return Sheet({f.key: page.exam_box(f) for f in EXAM_FIELDS}, groups)


def _rows(exam: Exam, group: Group) -> list[tuple[str, int]]:
    wanted = {(code, 1) for code in REQUIRED}
    wanted |= {(finding.segment, finding.repeat) for finding in exam.findings}
    here = [(_row(code), code, repeat) for code, repeat in wanted if _row(code).group is group]
    here.sort(key=lambda each: (_RANK[each[0].code], number_of(each[1]) or 0, each[2]))
    return [(code, repeat) for _, code, repeat in here]


def _row(code: str) -> Segment:
    row = segment(code)
    if row is None:
        raise ValueError(code)
    return row


def _short(name: str, code: str) -> str:
    """Return a site's name without its group's, which stands above it in the grid."""
    bare = name.removeprefix(f"{GROUPS[_row(code).group]}, ").removeprefix("Small saphenous ")
    return f"{bare[0].upper()}{bare[1:]}"


class _Page:
    """What every box of one rendering needs."""

    def __init__(
        self,
        exam: Exam,
        results: Sequence[SegmentResult],
        missing: frozenset[str],
        typed: Mapping[str, str],
        refused: dict[str, str],
    ) -> None:
        self.exam, self.missing, self.typed, self.refused = exam, missing, typed, refused
        self.texts = texts(exam)
        self.recorded = {finding.site_key for finding in exam.findings}
        self.by_site: dict[str, dict[str, str]] = defaultdict(dict)
        for name, text in {**self.texts, **typed}.items():
            at, _, key = name.rpartition(".")
            self.by_site[at][key] = text
        self.tones = {
            finding.site_key: _judged(result)
            for finding, result in zip(exam.findings, results, strict=False)
        }

    def exam_box(self, field: Field) -> Box:
        return self._box(f"exam.{field.key}", field.label, field)

    def row(self, code: str, repeat: int) -> Row:
        name = segment_name(code) + (f", site {repeat}" if repeat > 1 else "")
        needed = code in REQUIRED
        return Row(
            cell.site_key(Leg.RIGHT, code, repeat).removeprefix("R."),
            code,
            name,
            _short(name, code),
            needed,
            _row(code).measured,
            tuple(self._half(leg, code, repeat, name) for leg in Leg),
        )

    def _half(self, leg: Leg, code: str, repeat: int, name: str) -> Half:
        site, key = _row(code), cell.site_key(leg, code, repeat)
        held = self.by_site[key]
        in_scope = self.exam.legs in {"both", leg.value} or code == "CFV"
        shown = {f.key for f in columns(site)}
        sight = held.get("visualised", "")
        where = f"{leg.word.capitalize()}, {name[0].lower()}{name[1:]}"
        boxes = tuple(
            self._box(
                f"{key}.{f.key}",
                f"{where}, {f.label.lower()}",
                f,
                follows=f.key == "thrombus" or (f.key == "compressibility" and site.deep),
                tone=self._tone(key, f, held),
            )
            if f.key in shown
            else None
            for f in COLUMNS
        )
        surveillance = self.exam.purpose is Purpose.SURVEILLANCE
        inside = tuple(
            self._box(f"{key}.{f.key}", f.label, f)
            for f in drawer(site, held, surveillance=surveillance)
        )
        asks_why = sight in {"not_seen", "partial"} and not held.get("limitation")
        wrong = any(box.error for box in inside)
        return Half(key, leg, boxes, inside, in_scope, key in self.recorded, wrong or asks_why)

    def _tone(self, key: str, field: Field, held: Mapping[str, str]) -> str:
        if field.key == "reflux_ms":
            return "not-seen" if held.get(field.key) == cell.NOT_SEEN else self.tones.get(key, "")
        if field.key == "thrombus" and held.get(field.key) in {"acute", "indeterminate"}:
            return "acute"
        return ""

    def _box(
        self, name: str, label: str, field: Field, *, follows: bool = False, tone: str = ""
    ) -> Box:
        stored = self.texts.get(name, "")
        text = self.typed.get(name, stored)
        error = self._error(name, field, text, stored)
        return Box(
            name, label, field, text, error, tone, self._needed(name, follows=follows) and not text
        )

    def _needed(self, name: str, *, follows: bool) -> bool:
        """Say whether the protocol asks for this cell; `follows`: with any time of its site."""
        site = name.rpartition(".")[0]
        unexamined = follows and site not in self.recorded and f"{site}.reflux_ms" in self.missing
        return name in self.missing or unexamined

    def _error(self, name: str, field: Field, text: str, stored: str) -> str:
        if name in self.refused:
            return self.refused[name]
        if text.strip() == stored or name not in self.typed:
            return ""
        try:
            cell.read(field, text)
        except Refused as refusal:
            return str(refusal)
        return ""


def _judged(result: SegmentResult) -> str:
    if result.borderline:
        return "borderline"
    return "reflux" if result.reflux else ""
