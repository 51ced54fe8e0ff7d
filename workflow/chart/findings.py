"""Write the readings of a scan as a table, as they were recorded.

The table is most of a chart, so it is put together here and not in a template. What was typed by
somebody is escaped.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Row

from workflow.domain import jsontext
from workflow.domain.anatomy import segment_name
from workflow.domain.phrases import capital

_HEAD = (
    '<div class="table-wrap"><table class="table dense readings"><caption class="unseen">Readings'
    '</caption><thead><tr><th scope="col">Site</th><th scope="col">Leg</th>'
    '<th scope="col" class="number">Reflux, ms</th><th scope="col" class="number">Ø, mm</th>'
    '<th scope="col">Compresses</th><th scope="col">Clot</th><th scope="col">Further</th>'
    "</tr></thead><tbody>"
)
_FOOT = "</tbody></table></div>"
_LEGS = {"R": "Right", "L": "Left"}


def table(rows: Iterable[Row[Any]]) -> Markup:
    """Return the readings; each row is (…, leg, site, repeat, ms, mm, compress, clot, more)."""
    return Markup(_HEAD + "".join(map(_line, rows)) + _FOOT)  # noqa: S704 - escaped in _line


def _line(row: Row[Any]) -> str:
    _, leg, site, repeat, ms, mm, compress, clot, more = row
    again = f" ({repeat})" if repeat > 1 else ""
    return (
        f'<tr><th scope="row">{_name(site)}{again}</th><td>{_LEGS[leg]}</td>'
        f'<td class="number">{"–" if ms is None else f"{ms:,}"}</td>'
        f'<td class="number">{_millimetres(mm)}</td>'
        f"<td>{_word(compress)}</td><td>{_word(clot)}</td><td>{_further(more)}</td></tr>"
    )


@lru_cache(maxsize=512)
def _name(code: str) -> str:
    return str(escape(capital(segment_name(code))))


@lru_cache(maxsize=4096)
def _millimetres(hundredths: int | None) -> str:
    if hundredths is None:
        return "–"
    plain = format(Decimal(hundredths).scaleb(-2).normalize(), "f")
    return plain if "." in plain else plain + ".0"


@lru_cache(maxsize=64)
def _word(word: str | None) -> str:
    return "–" if word is None else str(escape(word.replace("_", " ")))


@lru_cache(maxsize=1024)
def _further(stored: str) -> str:
    """Return what else was recorded at a site: 'location: medial calf'."""
    if stored == "{}":
        return ""
    held = jsontext.loads(stored)
    if not isinstance(held, dict):
        return ""
    told = (f"{key.replace('_', ' ')}: {value}" for key, value in held.items())
    return str(escape("; ".join(told)))
