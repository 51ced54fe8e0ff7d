"""Reading-level formulas for the patient's words: Flesch–Kincaid (English), Fernández-Huerta.

Syllables are counted by rule, not by a dictionary, so both formulas are computed the same way in
every run.
"""

import re
from collections.abc import Sequence

_SPANISH_STRONG = "aeoáéíóú"


def split(lines: Sequence[str]) -> list[str]:
    """Return the sentences of lines; a colon ends one as well."""
    parts = [s for line in lines for s in re.split(r"(?<=[.:?])\s+", line)]
    return [s for s in parts if re.search(r"[^\W\d_]", s)]


def english_syllables(word: str) -> int:
    """Count the syllables of an English word: its vowel groups, without a silent e at its end."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", bare))
    silent = bare.endswith("e") and not bare.endswith(("le", "ee")) and groups > 1
    silent = silent or (bare.endswith("ed") and not bare.endswith(("ted", "ded")) and groups > 1)
    return max(1, groups - silent)


def flesch_kincaid(sentences: Sequence[str]) -> float:
    """Return the grade: 0.39 words a sentence + 11.8 syllables a word − 15.59."""
    words = [word for each in sentences for word in re.findall(r"[A-Za-z']+", each)]
    count = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * count / len(words) - 15.59


def spanish_syllables(word: str) -> int:
    """Count the syllables of a Spanish word: strong vowels part, weak ones join their neighbour."""
    bare = re.sub(r"(?<=[qg])u(?=[eéií])", "", word.lower()).replace("ü", "u")
    bare = re.sub(r"y$", "i", bare)
    count = 0
    for group in re.findall(r"[aeiouáéíóú]+", bare):
        strong = sum(vowel in _SPANISH_STRONG for vowel in group)
        count += max(1, strong)
    return max(1, count)


def fernandez_huerta(sentences: Sequence[str]) -> float:
    """Return the ease: 206.84 − 60 syllables a word − 1.02 words a sentence."""
    words = [word for each in sentences for word in re.findall(r"[^\W\d_]+", each)]
    count = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * count / len(words) - 1.02 * len(words) / len(sentences)
