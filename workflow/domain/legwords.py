"""Say in words what the drawn legs show.

Clinical words for staff; plain ones, in English or Spanish, for the patient, who never reads a
number on the map.
"""

from collections.abc import Mapping
from types import MappingProxyType

from workflow.domain.anatomy import Leg, segment_name, vein_of
from workflow.domain.documents import MapState

_CLINICAL = MappingProxyType({
    "normal": "normal", "reflux": "reflux", "borderline": "borderline",
    "acute": "thrombus, acute or of uncertain age",
    "chronic": "chronic post-thrombotic change", "closed": "closed after treatment",
    "none": "not examined",
})  # fmt: skip
_CLINICAL_LEGEND = MappingProxyType({
    **_CLINICAL, "normal": "normal (deep veins paler)",
    "reflux": "reflux, the way the arrow points",
})  # fmt: skip
_PLAIN: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "normal": "Works well (deep veins paler)",
        "closed": "Works well, or closed by treatment", "reflux": "Leaks",
        "borderline": "Needs a closer look", "none": "Not checked",
        "merged": "Needs a closer look, or not checked",
        "right": "Right leg", "left": "Left leg", "front": "front", "back": "back",
        "GSV": "main vein on the inside of the leg", "SSV": "main vein at the back of the calf",
        "deep": "deep vein", "vein": "vein",
        "leaks": "leaks", "none leak": "None of the veins drawn here leak.",
        "both": "Both legs, from the front and from behind.",
    }),
    "es": MappingProxyType({
        "normal": "Funciona bien (las profundas, más claras)",
        "closed": "Funciona bien, o cerrada por el tratamiento",
        "reflux": "Tiene una fuga", "borderline": "Hay que mirarla mejor", "none": "No se miró",
        "merged": "Hay que mirarla mejor, o no se miró",
        "right": "Derecha", "left": "Izquierda", "front": "delante",
        "back": "detrás", "GSV": "vena principal por dentro de la pierna",
        "SSV": "vena principal detrás de la pantorrilla", "deep": "vena profunda", "vein": "vena",
        "leaks": "tiene una fuga", "none leak": "Ninguna de las venas dibujadas tiene una fuga.",
        "both": "Las dos piernas, de frente y por detrás.",
    }),
})  # fmt: skip
_DEEP = frozenset({"CFV", "DFV", "FV", "POPV", "GASV", "SOLV", "PTV", "PERO", "ATV",
                   "IVC", "CIV", "EIV", "IIV"})  # fmt: skip
_TRUNK = MappingProxyType({"GSV": "GSV", "SFJ": "GSV", "SSV": "SSV", "SPJ": "SSV"})


def title(state: MapState, *, clinical: bool, language: str) -> str:
    """Say what one drawn site shows: 'Right popliteal: reflux, 1,600 ms'."""
    if not clinical:
        words = _words(language)
        vein = _plain_vein(state.segment, words)
        return f"{words[state.leg.word]}, {vein}: {_first(words[state.state])}"
    name = segment_name(state.segment)
    value = f", {state.label.replace(' · ', ', ')}" if state.label else ""
    side = state.leg.word.capitalize()
    return f"{side} {name[0].lower()}{name[1:]}: {_CLINICAL[state.state]}{value}"


def legend_words(
    state: str, original: frozenset[str], *, merged: bool, clinical: bool, language: str
) -> str:
    """Say what one ink means; on the patient's map the words follow what was folded into it."""
    if clinical:
        words = _CLINICAL_LEGEND[state]
        return words[0].upper() + words[1:]
    plain = _words(language)
    if state == "borderline" and merged:
        return plain["merged"]
    if state == "normal" and "closed" in original:
        return plain["closed"]
    return plain[state]


def view_name(leg: Leg, view: str, language: str) -> tuple[str, str]:
    """Return the name over a drawn leg and the side it is seen from: ('Right leg', 'front')."""
    words = _words(language)
    return words[leg.word], words[view]


def summary(
    strokes: tuple[tuple[Leg, str, str], ...], *, language: str, clinical: bool
) -> str:  # fmt: skip
    """Describe the whole map in a few sentences, for a person who cannot see it."""
    words = _words(language)
    said = ["Both legs, from the front and from behind."] if clinical else [words["both"]]
    for leg in Leg:
        said += _of_leg(leg, strokes, words, clinical=clinical)
    if len(said) == 1 and not clinical:
        said.append(words["none leak"])
    return " ".join(said)


def _of_leg(
    leg: Leg,
    strokes: tuple[tuple[Leg, str, str], ...],
    words: Mapping[str, str],
    *,
    clinical: bool,
) -> list[str]:
    found = []
    if clinical:
        for state in ("acute", "reflux", "borderline", "chronic", "closed"):
            names = [
                segment_name(code) for side, code, is_ in strokes if side is leg and is_ == state
            ]
            if names:
                found.append(
                    f"{leg.word.capitalize()} leg, {_CLINICAL[state]}: {'; '.join(names)}."
                )
        if not found:
            found.append(f"{leg.word.capitalize()} leg: nothing abnormal drawn.")
        return found
    veins = [
        _plain_vein(code, words) for side, code, is_ in strokes if side is leg and is_ == "reflux"
    ]
    return [f"{words[leg.word]}: {vein} {words['leaks']}." for vein in dict.fromkeys(veins)]


def _plain_vein(code: str, words: Mapping[str, str]) -> str:
    vein = vein_of(code)
    if vein in _TRUNK:
        return words[_TRUNK[vein]]
    return words["deep"] if vein in _DEEP else words["vein"]


def _first(words: str) -> str:
    return words.split(" (", maxsplit=1)[0].lower()


def _words(language: str) -> Mapping[str, str]:
    return _PLAIN.get(language[:2], _PLAIN["en"])
