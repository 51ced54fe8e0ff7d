"""Read the one line in which a site that was found is added: 'pt 13 floor 620 4.2'."""

import re
from collections.abc import Mapping

from workflow.domain.anatomy import Leg, Segment, segment
from workflow.domain.errors import Refused
from workflow.ultrasound import cell
from workflow.ultrasound.sites import ADDABLE, Described

SHORT: Mapping[str, str] = {
    "t": "TRIB",
    "trib": "TRIB",
    "pt": "PERF_PT",
    "cockett": "PERF_PT",
    "th": "PERF_TH",
    "boyd": "PERF_BOYD",
    "lat": "PERF_LAT",
    "gas": "PERF_GAS",
    "a": "AASV",
    "p": "PASV",
    "dc": "GSV_DC",
}
"""Short names of sites, besides their codes."""

REFERENCES: Mapping[str, str] = {
    "f": "floor",
    "floor": "floor",
    "m": "medial_malleolus",
    "malleolus": "medial_malleolus",
    "heel": "heel",
    "h": "heel",
    "k": "knee_crease",
    "knee": "knee_crease",
    "sfj": "SFJ",
}
"""What a perforator's height may be measured from."""

_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,3})?"
_HEIGHT = re.compile(rf"\b({_NUMBER})\s*(?:cm)?\s*({'|'.join(REFERENCES)})\b", re.ASCII)
_DISTANCE = re.compile(rf"\b({_NUMBER})\s*cm\b", re.ASCII)
_VALUE = re.compile(rf"({_NUMBER})\s*(ms|s|mm)?|n", re.ASCII)
_PLACED = frozenset({"TRIB", "PAV", "TEL", "RET"})

HOW = (
    "Type the site, then what was measured: “pt 13 floor 620 4.2”, “t medial calf 1200 5” or "
    "“aasv 900 6.1”."
)


def described(text: str, leg: Leg) -> Described:
    """Return the site a line describes, on this leg unless it begins with 'r ' or 'l '.

    The site comes first; a height with what it is measured from; then the reflux time and the
    diameter, in this order. Raises Refused where anything could mean two things.
    """
    words = text.casefold().split()
    if words and words[0] in {"r", "l"}:
        leg = Leg(words.pop(0).upper())
    if not words:
        raise Refused(HOW)
    site = _site(words.pop(0))
    cells, rest = _height(site, " ".join(words))
    values, place = _values(rest)
    cells |= values
    if place and site.code not in _PLACED:
        raise Refused(f"“{place}” is not understood. {HOW}")
    if place:
        cells["location"] = place
    return Described(leg, site.code, {key: _read(key, typed) for key, typed in cells.items()})


def _site(word: str) -> Segment:
    code = SHORT.get(word, word.upper())
    found = segment(code)
    if found is None or found not in ADDABLE or found.code != code:
        raise Refused(f"“{word[:20]}” is not a site that can be added. {HOW}")
    return found


def _height(site: Segment, rest: str) -> tuple[dict[str, str], str]:
    """Return where along the leg the site lies, and what remains of the line."""
    if site.perforator and (match := _HEIGHT.search(rest)):
        cells = {"distance_cm": match[1], "reference": REFERENCES[match[2]]}
    elif site.code in {"AASV", "PASV"} and (match := _DISTANCE.search(rest)):
        cells = {"cm_from_sfj": match[1]}
    else:
        return {}, rest
    return cells, f"{rest[: match.start()]} {rest[match.end() :]}"


def _values(rest: str) -> tuple[dict[str, str], str]:
    """Return the reflux time and the diameter, and the words beside them."""
    numbers = [word for word in rest.split() if _VALUE.fullmatch(word)]
    place = " ".join(word for word in rest.split() if not _VALUE.fullmatch(word))
    if len(numbers) > 2:
        raise Refused(
            f"“{' '.join(numbers)}” is more than a time and a diameter. For a height, say what it "
            "is measured from: floor, malleolus, heel, knee or SFJ."
        )
    return dict(zip(("reflux_ms", "diameter_mm"), numbers, strict=False)), place


def _read(key: str, typed: str) -> str:
    field = cell.field_of(key)
    if field is None:
        raise ValueError(key)
    return cell.read(field, typed)
