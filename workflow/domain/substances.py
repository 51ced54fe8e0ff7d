"""Decide which medicine classes and allergies a free text names.

Texts are matched case-folded, by generic name; §3.5 for the cramp-related classes, §3.6 for the
allergies.
"""

from collections.abc import Iterable

TRIGGER_DRUGS = {
    "DIURETIC": (
        "diuretic", "thiazide", "hctz", "chlorthalidone", "chlortalidone", "indapamide",
        "metolazone", "furosemide", "frusemide", "torsemide", "torasemide", "bumetanide",
        "ethacrynic", "spironolactone", "eplerenone", "amiloride", "triamterene", "xipamide",
    ),
    "LABA": ("salmeterol", "formoterol", "indacaterol", "olodaterol", "vilanterol"),
    "OESTROGEN": ("oestrogen", "estrogen", "estradiol", "estriol", "oestriol", "estrone"),
    "RALOXIFENE": ("raloxifene",),
    "NAPROXEN": ("naproxen",),
    "IV_IRON": (
        "iron sucrose", "ferric carboxymaltose", "ferric derisomaltose", "iron isomaltoside",
        "iron dextran", "ferumoxytol", "ferric gluconate", "iv iron", "intravenous iron",
    ),
    "TERIPARATIDE": ("teriparatide",),
    "NIFEDIPINE": ("nifedipine",),
}  # fmt: skip
"""Medicine classes that are linked with leg cramps, and the generic names that tell them."""

STATINS = (
    "atorvastatin", "simvastatin", "rosuvastatin", "pravastatin", "fluvastatin", "lovastatin",
    "pitavastatin",
)  # fmt: skip
ANTICOAGULANTS = (
    "warfarin", "apixaban", "rivaroxaban", "dabigatran", "edoxaban", "heparin", "enoxaparin",
    "dalteparin", "tinzaparin", "nadroparin", "fondaparinux", "acenocoumarol", "phenprocoumon",
    "anticoagulant",
)  # fmt: skip
ACRYLATE = ("acryl", "glue", "dermabond")
POLIDOCANOL = ("polidocanol", "asclera", "varithena", "aethoxysklerol", "lauromacrogol")
STS = ("tetradecyl", "sotradecol", "fibrovein", "thrombovar", "trombovar")
LIDOCAINE = ("lidocaine", "lignocaine", "xylocaine")

_NEGATIONS = ("no ", "not ", "none", "nil", "denies", "never")
_UNSAID = frozenset({"", "none", "no", "nil", "n/a", "-"})


def names(texts: Iterable[str] | None, words: Iterable[str]) -> bool:
    """Say whether any text names one of the words; 'no known allergies' names nothing."""
    wanted = tuple(words)
    for raw in texts or ():
        text = raw.casefold().strip()
        if not text.startswith(_NEGATIONS) and any(word in text for word in wanted):
            return True
    return False


def allergic_agents(allergies: Iterable[str] | None) -> frozenset[str]:
    """Return the sclerosants an allergy bars: `polidocanol`, `STS`, or both."""
    texts = tuple(allergies or ())
    barred = set()
    if names(texts, POLIDOCANOL):
        barred.add("polidocanol")
    padded = [f" {_words(text)} " for text in texts]
    if names(texts, STS) or any(" sts " in text for text in padded):
        barred.add("STS")
    if names(texts, ("sclerosant",)) and not barred:  # which one is not known: both
        barred = {"polidocanol", "STS"}
    return frozenset(barred)


def _words(text: str) -> str:
    folded = text.casefold().strip()
    if folded.startswith(_NEGATIONS):
        return ""
    return "".join(c if c.isalnum() else " " for c in folded)


def anticoagulant(stated: str | None, medications: Iterable[str] | None) -> str | None:
    """Return the anticoagulant a patient takes, or None where none is named."""
    if stated is not None and stated.casefold().strip() not in _UNSAID:
        return stated.strip()
    return next((text for text in medications or () if names([text], ANTICOAGULANTS)), None)
