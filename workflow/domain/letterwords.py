"""Say to the referring doctor what was found and what is planned, on one page.

The physician's own words go before the rules': where the signed impression is not the drafted one,
the letter quotes it. What has no room is counted, never dropped in silence.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from workflow.domain.anatomy import Leg, segment, vein_name
from workflow.domain.appropriateness import Chosen, finding
from workflow.domain.documents import LegSummary, Row, ScanReport
from workflow.domain.interpretation import Interpretation
from workflow.domain.modality import modality_name
from workflow.domain.phrases import listed, mm_words, ms_words
from workflow.domain.plainwords import day
from workflow.domain.plandocuments import KeyValue

MOST_VALUES = 8
MOST_VEINS = 4
MOST_LINES = 6
LONGEST = 320

_LOUDEST = {"acute": 0, "chronic": 1, "reflux": 2, "borderline": 3}


def summary(report: ScanReport, read: Interpretation) -> tuple[str, ...]:
    """Return the finding of each leg in a sentence, and whether a clot was seen.

    What is said of a clot goes first where one is acute, or not excluded.
    """
    legs = [_leg(leg, read) for leg in report.legs]
    said = report.thrombus_statement
    urgent = "not excluded" in said or any(row.state == "acute" for row in report.rows)
    return (_clots(said), *legs) if urgent else (*legs, _clots(said))


def _clots(statement: str) -> str:
    """Return the report's statement on clots; where it is long, its sites are counted, not named.

    No sentence of it is left out: what is not excluded and what was not stated are no 'no'.
    """
    if len(statement) <= LONGEST:
        return statement
    counted = []
    for sentence in statement.removesuffix(".").split(". "):
        label, named, sites = sentence.partition(": ")
        many = sites.count(",") + sites.count(" and ") + 1
        where = f"{many} sites, named in the report" if named and many > 1 else sites
        counted.append(f"{label}{named}{where}.")
    return " ".join(counted)


def _leg(said: LegSummary, read: Interpretation) -> str:
    side = f"{said.leg.word.capitalize()} leg"
    drafted = next((part.sentences for part in read.impression if part.leg is said.leg), ())
    if said.impression and said.impression != tuple(drafted):
        return f"{side}: {_within(' '.join(said.impression), 'The report says more.')}"
    classes = f" CEAP {said.ceap}." if said.ceap and "Deferred" not in said.ceap else ""
    return f"{side}: {_veins(said.leg, read)}.{classes}"


def _veins(leg: Leg, read: Interpretation) -> str:
    """Return what leaks, holds a clot or was closed, vein by vein; of clots `summary` tells."""
    found = [
        f"{vein_name(vein.vein)} ({finding(read, leg, vein.vein).removeprefix(f'{vein.vein} ')})"
        for vein in read.veins
        if vein.leg is leg
        and (vein.reflux or vein.closure or vein.thrombus not in {None, "", "none"})
    ]
    if not found:
        timed = any(vein.leg is leg and vein.reflux is not None for vein in read.veins)
        return "no reflux in the veins that were timed" if timed else "no vein was timed"
    shown, rest = found[:MOST_VEINS], len(found) - MOST_VEINS
    return listed([*shown, f"{rest} more in the report"] if rest > 0 else shown)


def _within(text: str, more: str) -> str:
    """Return a text, or its first whole sentences and where the rest stands."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST].rfind(". ") + 1
    return f"{text[:cut] or text[: text[:LONGEST].rfind(' ')] + ' …'} {more}"


def takes_the_place(given: date | None) -> str:
    """Say which letter this one takes the place of, by its day; '' where there is none."""
    return f"This letter takes the place of the one of {day('en', given)}." if given else ""


def key_values(rows: Sequence[Row]) -> tuple[tuple[KeyValue, ...], str]:
    """Return the most telling value of each vein, and how many others the report holds.

    Where there is none to tell, the sentence says why.
    """
    telling = sorted((row for row in rows if row.state in _LOUDEST), key=_order)
    chosen = list({(row.leg, _vein(row)): row for row in reversed(telling)}.values())
    chosen = sorted(chosen, key=_order)[:MOST_VALUES]
    side_by_side = sorted(chosen, key=lambda row: row.leg is not Leg.RIGHT)
    values = tuple(KeyValue(row.leg, row.site, _value(row)) for row in side_by_side)
    beyond = sum(row.state == "reflux" and row not in chosen for row in telling)
    if not any(row.reflux_ms is not None for row in rows):
        return values, "No reflux time was recorded."
    none = "" if values else "No value lies beyond its cut-off. "
    return values, f"{none}{_more(len(rows) - len(values), beyond)}".strip()


def _order(row: Row) -> tuple[int, int]:
    return _LOUDEST[row.state], -(row.reflux_ms or 0)


def _vein(row: Row) -> str:
    site = segment(row.segment)
    return row.segment if site is None or site.numbered else site.vein


def _value(row: Row) -> str:
    said = [row.mark.split(",")[0] if row.state in {"acute", "chronic"} else ""]
    said.append(ms_words(row.reflux_ms) if row.reflux_ms is not None else "")
    said.append(_mm(row.diameter_mm) if row.diameter_mm is not None else "")
    said.append("borderline" if row.state == "borderline" else "")
    return ", ".join(filter(None, said))


def _mm(width: Decimal) -> str:
    """Return a width as the report's table prints it: '5.0 mm'."""
    return mm_words(width) if width % 1 else f"{width:.1f} mm"


def _more(others: int, beyond: int) -> str:
    if not others:
        return ""
    sites = "1 further site" if others == 1 else f"{others} further sites"
    return f"The report holds {sites}, {beyond or 'none'} of them beyond the cut-off."


def plan_lines(items: Iterable[Chosen]) -> tuple[str, ...]:
    """Return what is planned, one treatment of one leg a line, in the order of the sessions."""
    groups: dict[tuple[Leg, int, str], list[str]] = {}
    for item in items:
        place = (item.leg, item.session if item.is_procedure else 0, item.modality)
        groups.setdefault(place, []).extend([item.vein] if item.vein else [])
    lines = [
        _line(leg, session, modality, veins)
        for (leg, session, modality), veins in sorted(groups.items(), key=lambda g: g[0][1] or 99)
    ]
    rest = len(lines) - MOST_LINES
    if rest <= 0:
        return tuple(lines)
    return (*lines[:MOST_LINES], f"{rest} more; the treatment plan holds them all.")


def _line(leg: Leg, session: int, modality: str, veins: Sequence[str]) -> str:
    names = [vein_name(vein) for vein in veins[:MOST_VEINS]]
    if len(veins) > MOST_VEINS:
        names.append(f"{len(veins) - MOST_VEINS} more")
    where = f": {listed(names)}" if names else ""
    when = f", session {session}" if session else ""
    return f"{leg.word.capitalize()} leg{where}. {modality_name(modality)}{when}."
