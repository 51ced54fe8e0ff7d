"""Say what differs between two reports of one patient, site by site: plain facts, no judgement."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.anatomy import Leg
from workflow.domain.documents import Row, ScanReport, by_site

LARGER_BY_MM = Decimal(1)
"""The least difference of two diameters that is said, in mm; smaller ones lie within measuring."""

_CLOTS = {"acute": "acute clot", "chronic": "old clot"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One site that differs: what is said of it, and its values then and now, in words."""

    leg: Leg
    site: str
    says: tuple[str, ...]
    then: str
    now: str


def differences(before: ScanReport, after: ScanReport) -> tuple[Difference, ...]:
    """Return the sites that leak, hold a clot, are closed or measure otherwise than before.

    A site that was examined only once is not compared. A reflux is what each signed report called
    one; diameters differ from 1 mm on.
    """
    old, new = by_site(before.rows), by_site(after.rows)
    found = []
    for site, now in new.items():
        then = old.get(site)
        if then is None:
            continue
        if says := tuple(_said(then, now)):
            found.append(Difference(now.leg, now.site, says, values(then), values(now)))
    return tuple(found)


def _said(then: Row, now: Row) -> Iterator[str]:
    yield from _flow(then, now)
    yield from _clot(then, now)
    if now.state == "closed" and then.state != "closed":
        yield "now closed"
    if then.state == "closed" and now.state != "closed":
        yield "no longer closed"
    yield from _calibre(then, now)


def _flow(then: Row, now: Row) -> Iterator[str]:
    if refluxes(now) and then.reflux_ms is not None and not refluxes(then):
        yield "newly refluxing"
    if refluxes(then) and now.reflux_ms is not None and not refluxes(now):
        yield "no longer refluxing"


def refluxes(row: Row) -> bool:
    """Say whether the report called this site refluxing, borderline or not."""
    return "reflux" in row.mark.split(", ")


def _clot(then: Row, now: Row) -> Iterator[str]:
    was, is_now = _CLOTS.get(then.state, ""), _CLOTS.get(now.state, "")
    if is_now and is_now != was:
        yield f"{is_now}, not seen before" if not was else f"{was} before, {is_now} now"
    if was and not is_now:
        yield f"{was} no longer seen"


def _calibre(then: Row, now: Row) -> Iterator[str]:
    if then.diameter_mm is None or now.diameter_mm is None:
        return
    more = now.diameter_mm - then.diameter_mm
    if abs(more) >= LARGER_BY_MM:
        yield f"{'larger' if more > 0 else 'smaller'} by {abs(more).normalize():f} mm"


def values(row: Row | None) -> str:
    """Return a site's values as they are set beside each other: '2,600 ms, 6.8 mm'."""
    if row is None:
        return "not examined"
    parts = [
        f"{row.reflux_ms:,} ms" if row.reflux_ms is not None else "not timed",
        f"{row.diameter_mm.normalize():f} mm" if row.diameter_mm is not None else "",
        row.thrombus if row.thrombus not in {"", "none"} else "",
        row.compressibility if row.compressibility not in {"", "full"} else "",
    ]
    return ", ".join(filter(None, parts))
