"""Decide which medicine classes and allergies a free text names.

Texts are matched case-folded, by generic name; §3.5 for the cramp-related classes, §3.6 for the
allergies.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

TRIGGER_DRUGS = {
    "DIURETIC": (
        "diuretic", "thiazid", "hctz", "chlorthalidon", "chlortalidon", "clortalidon",
        "indapamide", "metolazone", "furosemid", "frusemide", "torsemide", "torasemid",
        "bumetanide", "piretanide", "ethacrynic", "etacrynic", "spironolacton", "eplerenone",
        "amiloride", "triamterene", "xipamide", "azosemide", "canrenoate",
    ),
    "LABA": (
        "salmeterol", "formoterol", "indacaterol", "olodaterol", "vilanterol", "bambuterol",
    ),
    "OESTROGEN": (
        "oestrogen", "estrogen", "estradiol", "estriol", "oestriol", "estrone", "estropipate",
        "mestranol", "estetrol",
    ),
    "RALOXIFENE": ("raloxifene",),
    "NAPROXEN": ("naproxen",),
    "IV_IRON": (
        "iron sucrose", "ferric carboxymaltose", "ferric derisomaltose", "iron isomaltoside",
        "iron dextran", "ferumoxytol", "ferric gluconate", "iv iron", "intravenous iron",
        "iron infusion", "parenteral iron",
    ),
    "TERIPARATIDE": ("teriparatide",),
    "NIFEDIPINE": ("nifedipine",),
}  # fmt: skip
"""Medicine classes that are linked with leg cramps, and the generic names that tell them (§3.5)."""

STATINS = ("vastatin",)
"""Every statin's generic name ends so: atorvastatin, simvastatin, rosuvastatin and the others."""

ANTICOAGULANTS = (
    "warfarin", "apixaban", "rivaroxaban", "dabigatran", "edoxaban", "betrixaban", "heparin",
    "enoxaparin", "dalteparin", "tinzaparin", "nadroparin", "bemiparin", "certoparin", "reviparin",
    "fondaparinux", "danaparoid", "argatroban", "bivalirudin", "acenocoumarol", "phenprocoumon",
    "fluindione", "anticoagulant", "eliquis", "xarelto", "pradaxa", "savaysa", "lixiana",
    "coumadin", "jantoven", "marcumar", "lovenox", "clexane", "fragmin", "arixtra",
)  # fmt: skip
ACRYLATE = (
    "acryl", "glue", "dermabond", "venaseal", "tissue adhesive", "gel nail", "artificial nail",
    "false nail",
)  # fmt: skip
POLIDOCANOL = (
    "polidocanol", "asclera", "varithena", "xysklerol", "xysclerol", "oxisclerol", "lauromacrogol",
    "laureth",
)  # fmt: skip
STS = ("tetradecyl", "sotradecol", "fibrovein", "fibro-vein", "fibro vein", "thrombovar",
       "trombovar", "tromboject")  # fmt: skip
SCLEROSANT = ("sclerosant", "sclerosing", "sclerotherap")
LIDOCAINE = ("lidocain", "lignocain", "xylocain")

_NEGATION = re.compile(r"(?:no|not|none|nil|nkda|denies|never|without)\b")
_EXCEPTION = re.compile(r"\b(?:except|but|apart from|other than)\b")
_PAST = re.compile(r"\b(?:stopped|discontinued|ceased|completed|finished|formerly)\b")
_UNSAID = frozenset({"", "n/a", "na", "-", "unknown", "?"})
_NOT_ONE = ("heparinoid",)  # a cream for bruises, no anticoagulant


@lru_cache(maxsize=2048)
def _said(raw: str) -> str:
    """Return what a text affirms, case-folded: nothing where it begins by saying no.

    'No known allergies' affirms nothing; 'no allergies except glue' affirms what follows.
    """
    text = " ".join(raw.casefold().split())
    if not _NEGATION.match(text):
        return text
    return _EXCEPTION.split(text, maxsplit=1)[1] if _EXCEPTION.search(text) else ""


def names(texts: Iterable[str] | None, words: Iterable[str]) -> bool:
    """Say whether any text names one of the words; 'no known allergies' names nothing."""
    wanted = tuple(words)
    return any(word in said for said in map(_said, texts or ()) for word in wanted)


def names_word(texts: Iterable[str] | None, words: Iterable[str]) -> bool:
    """Say whether any text holds one of the words as a word of its own: 'STS', not 'tests'."""
    wanted = set(words)
    return any(wanted & set(re.findall(r"[a-z0-9]+", _said(text))) for text in texts or ())


def allergic_agents(allergies: Iterable[str] | None) -> frozenset[str]:
    """Return the sclerosants an allergy bars: `polidocanol`, `STS`, or both."""
    texts = tuple(allergies or ())
    barred = set()
    if names(texts, POLIDOCANOL):
        barred.add("polidocanol")
    if names(texts, STS) or names_word(texts, ("sts",)):
        barred.add("STS")
    if names(texts, SCLEROSANT) and not barred:  # which one is not known: both
        barred = {"polidocanol", "STS"}
    return frozenset(barred)


def trigger_drugs(medications: Iterable[str] | None) -> tuple[str, ...]:
    """Return the classes of medicines linked with leg cramps that a list names (§3.5)."""
    texts = tuple(medications or ())
    found = [group for group, words in TRIGGER_DRUGS.items() if names(texts, words)]
    if "IV_IRON" not in found and any(_iron_by_vein(text) for text in texts):
        found.append("IV_IRON")
    return tuple(found)


def _iron_by_vein(text: str) -> bool:
    route = ("iv", "intravenous", "infusion", "parenteral")
    return names_word([text], ("iron",)) and names_word([text], route)


def takes_statin(medications: Iterable[str] | None) -> bool:
    """Say whether a statin is taken; nystatin and cilastatin are none."""
    return names(medications, STATINS) or names_word(medications, ("statin", "statins"))


def anticoagulant(stated: str | None, medications: Iterable[str] | None) -> str | None:
    """Return the anticoagulant a patient takes, or None where none is named, or it was stopped."""
    for text in (stated or "", *(medications or ())):
        said = _said(text)
        if said in _UNSAID or _PAST.search(said) or any(word in said for word in _NOT_ONE):
            continue
        if text == stated or any(word in said for word in ANTICOAGULANTS):
            return text.strip()
    return None
