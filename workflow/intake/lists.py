"""Decide what a question with several answers holds: ticks, lines, or rows of boxes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain import entry
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.intake.kinds import NONE, Choices, Kind

MOST_LINES = 60
MOST_ROWS = 30
LONGEST_BOX = 500
_NO_WORDS = frozenset({"none", "none known", "nkda", "nka", "no known allergies", "no medicines"})


class RowsRefused(Refused):
    """Some boxes of a group of rows are not understood; `at` maps each box to its sentence.

    `value` holds what was understood: the rows without the refused boxes.
    """

    def __init__(self, at: Mapping[str, str], value: Any) -> None:
        super().__init__(next(iter(at.values())))
        self.at = at
        self.value = value


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of a list, and lines of one's own; the box `none` says there is none.

    `own` is the label of the box for further answers, empty where there is none.
    """

    choices: Choices
    none: str = "None of these"
    own: str = ""
    alone: tuple[str, ...] = ()
    look: str = "several"

    def cell(self, sent: Sequence[str]) -> str:
        """Return one answer a line, in the order of the list, one's own after them."""
        said = [part.strip() for text in sent for part in text.splitlines() if part.strip()]
        said = [NONE if folded(part) in _NO_WORDS else part for part in dict.fromkeys(said)]
        known = [word for word, _ in self.choices if word in said]
        listed = {NONE, *known}
        rest = list(dict.fromkeys(part for part in said if part not in listed))
        return "\n".join([*([NONE] if NONE in said else []), *known, *rest])

    def read(self, cell: str) -> list[str] | None:
        """Return the answers; [] where there is none, None where nothing was asked."""
        said = cell.splitlines()
        if not said:
            return None
        if said == [NONE]:
            return []
        if NONE in said:
            raise Refused(f"Tick “{self.none}”, or the others, not both.")
        if len(said) > MOST_LINES:
            raise Refused(f"At most {MOST_LINES} lines fit here.")
        for word in self.alone:
            if word in said and len(said) > 1:
                raise Refused(f"{word} stands alone: untick it, or the others.")
        known = {word for word, _ in self.choices}
        if not self.own and (other := [word for word in said if word not in known]):
            raise Refused(f"“{other[0][:40]}” is not on the list.")
        return [part if part in known else entry.line(part, longest=200) for part in said]

    def write(self, value: Any) -> str:
        """Return one answer a line, in the order in which a form sends them."""
        if value is None:
            return ""
        return self.cell([str(item) for item in value]) if value else NONE

    def said(self, cell: str) -> str:
        """Return the answers in a sentence's form."""
        if not cell:
            return "not asked"
        words = dict(self.choices) | {NONE: self.none or "none"}
        return ", ".join(words.get(part, part) for part in cell.splitlines())

    def further(self, cell: str) -> list[str]:
        """Return the answers of a cell that are not on the list."""
        known = {NONE, *(word for word, _ in self.choices)}
        return [part for part in cell.splitlines() if part not in known]


@dataclass(frozen=True, slots=True)
class Column:
    """One box of a row: its key, label and kind. `year` names the key of a bare year instead."""

    key: str
    label: str
    kind: Kind
    year: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows of boxes; the box `none` says there is none."""

    columns: tuple[Column, ...]
    none: str
    noun: str
    look: str = "rows"
    first: str = field(default="")

    def cell(self, sent: Sequence[str]) -> str:
        """Return the cell a caller made already; forms send rows box by box."""
        return sent[-1] if sent else ""

    def cell_of(self, rows: Sequence[Mapping[str, str]], *, none: bool) -> str:
        """Return the cell of rows as they were typed, without the empty ones."""
        keys = [column.key for column in self.columns]
        filled = [
            {key: text[:LONGEST_BOX] for key in keys if (text := row.get(key, "").strip())}
            for row in rows[: MOST_ROWS + 1]
        ]
        filled = [row for row in filled if row]
        if none and not filled:
            return NONE
        marked = [{NONE: "yes"}] if none else []
        return json.dumps(marked + filled, ensure_ascii=False, sort_keys=True) if filled else ""

    def reads_back(self, cell: str) -> bool:
        """Say whether a text is a cell of such rows, and nothing else."""
        try:
            rows = json.loads(cell) if cell not in {"", NONE} else []
        except (ValueError, RecursionError):
            return False
        known = {NONE, *(column.key for column in self.columns)}
        return isinstance(rows, list) and all(
            isinstance(row, dict)
            and all(key in known and isinstance(text, str) for key, text in row.items())
            for row in rows
        )

    def rows(self, cell: str) -> list[dict[str, str]]:
        """Return the typed boxes of a cell, row by row."""
        if cell in {"", NONE}:
            return []
        return [row for row in json.loads(cell) if NONE not in row]

    def read(self, cell: str) -> list[dict[str, Any]] | None:
        """Return the rows; raise RowsRefused with a sentence for each box not understood."""
        if not cell:
            return None
        typed = self.rows(cell)
        if len(typed) > MOST_ROWS:
            raise Refused(f"At most {MOST_ROWS} rows fit here.")
        at: dict[str, str] = {}
        values = [self._value(index, row, at) for index, row in enumerate(typed)]
        if typed and NONE in json.loads(cell)[0]:
            at[NONE] = f"Untick “{self.none}”, or clear the rows."
        if at:
            raise RowsRefused(at, [value for value in values if value])
        return values

    def _value(self, index: int, row: Mapping[str, str], at: dict[str, str]) -> dict[str, Any]:
        """Return one row's value; a box not understood is left out, its sentence put into `at`."""
        value: dict[str, Any] = {}
        for column in self.columns:
            try:
                found = column.kind.read(row.get(column.key, ""))
            except Refused as refusal:
                at[f"{index}__{column.key}"] = str(refusal)
                continue
            if found is not None:
                _put(value, column, found)
        return value

    def write(self, value: Any) -> str:
        """Return the cell of stored rows."""
        if value is None:
            return ""
        rows = [{column.key: _text(column, row) for column in self.columns} for row in value]
        return self.cell_of(rows, none=not value)

    def said(self, cell: str) -> str:
        """Return the rows in words: 'R, GSV, RFA, 2021; …'."""
        if not cell:
            return "not asked"
        rows = [
            ", ".join(row[column.key] for column in self.columns if row.get(column.key))
            for row in self.rows(cell)
        ]
        return "; ".join(rows) or self.none

    def keeping(self, value: Any, before: Any) -> Any:
        """Return new rows with the keys that only the old ones know.

        An unchanged row keeps its own; where as many rows stand as before, a changed row keeps
        those of the row in its place. A removed row takes its keys with it.
        """
        if not value or not before:
            return value
        old, kept = list(before), []
        for index, row in enumerate(value):
            same = next((each for each in old if self._known(each) == row), None)
            if same is None and len(value) == len(before):
                same = before[index]
            kept.append({**self._unknown(same), **row} if same else row)
        return kept

    def _known(self, row: Mapping[str, Any]) -> dict[str, Any]:
        ours = self._keys()
        return {k: v for k, v in row.items() if k in ours and v is not None}

    def _unknown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        ours = self._keys()
        return {k: v for k, v in row.items() if k not in ours}

    def _keys(self) -> set[str]:
        return {key for column in self.columns for key in (column.key, column.year) if key}


def _put(value: dict[str, Any], column: Column, found: Any) -> None:
    if column.year and isinstance(found, str) and len(found) == len("2021"):
        value[column.year] = int(found)
    else:
        value[column.key] = found


def _text(column: Column, row: Mapping[str, Any]) -> str:
    stored = row.get(column.key)
    if stored is None and column.year:
        stored = row.get(column.year)
    return column.kind.write(stored)
