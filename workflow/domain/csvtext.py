"""Write rows as CSV that a spreadsheet shows as it is, and never runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the head and each row as a line of CSV (RFC 4180).

    A text that a spreadsheet could take for a formula gets an apostrophe before it; a number stays
    a number, also a negative one; what is absent is empty.
    """
    yield _line(head)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_RUNS):
        return f"'{value}"
    return value


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
