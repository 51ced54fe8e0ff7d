"""Every sentence the rules can say to a patient is easy to read, in English and in Spanish.

English by Flesch–Kincaid: at most 6.0 over the whole, at most 8.0 in a sentence. Spanish by
Fernández-Huerta: at least 70, over the whole and in each sentence.
"""

import string
from datetime import date
from itertools import product

import pytest

from tests.domain.readability import (
    english_syllables,
    fernandez_huerta,
    flesch_kincaid,
    spanish_syllables,
    split,
)
from workflow.domain.plainwords import LANGUAGES, day, part, say

FRAGMENTS = ("leg.", "Leg.", "calf.", "thigh.", "vein.", "way.", "plan.", "word.")
PLANS = [
    key
    for key in LANGUAGES["en"]
    if key.startswith("plan.") and not key.startswith(("plan.vein", "plan.line", "plan.visit"))
]
language = pytest.mark.parametrize("language", sorted(LANGUAGES))


def places(text: str) -> set[str]:
    """Return the names of the places a phrase leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def veins(language: str, side: str) -> list[str]:
    """Return every vein of a leg as the rules name it to a patient."""
    named = {name: part(language, f"{name}.{side}") for name in ("leg", "calf", "thigh")}
    keys = [key for key in LANGUAGES[language] if key.startswith("vein.")]
    return [part(language, key, **named) for key in keys]


def every_sentence(language: str) -> list[str]:
    """Return each sentence the rules can make of their phrases, with every filling."""
    phrases = LANGUAGES[language]
    ways = [part(language, key) for key in phrases if key.startswith("way.")]
    said = [say(language, key) + "." for key in phrases if key.startswith("way.")]
    for key, text in phrases.items():
        if key.startswith(FRAGMENTS):
            continue
        for side in ("right", "left", "both"):
            leg = part(language, f"leg.{side}")
            fillings = product(
                veins(language, side) if "{vein}" in text and side != "both" else [""],
                ways if "{way}" in text else [""],
            )
            for vein, way in fillings:
                if "{vein}" in text and not vein:
                    continue
                said.append(
                    say(language, key, leg=leg, vein=vein, way=way, year="2021", mm="7.2",
                        day=day(language, date(2026, 9, 4)), phone="555 0100")
                )  # fmt: skip
    named = [key for key in phrases if key.startswith("plan.vein")]
    for key, vein in product(PLANS, named):
        done = part(language, key, vein=part(language, vein))
        said.append(say(language, "plan.visit", Leg=part(language, "Leg.left"), done=done, visit=2))
        said.append(say(language, "plan.line", Leg=part(language, "Leg.right"), done=done))
    return list(dict.fromkeys(said))


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    english, spanish = LANGUAGES["en"], LANGUAGES["es"]
    assert english.keys() == spanish.keys()
    assert {key for key in english if places(english[key]) != places(spanish[key])} == set()


def test_a_sixth_grader_can_read_every_english_sentence() -> None:
    sentences = split(every_sentence("en"))
    assert len(sentences) > 300
    assert flesch_kincaid(sentences) <= 6.0
    assert {s: round(flesch_kincaid([s]), 1) for s in sentences if flesch_kincaid([s]) > 8.0} == {}


def test_every_spanish_sentence_is_fairly_easy_or_easier() -> None:
    sentences = split([line.replace(": ", " ") for line in every_sentence("es")])
    assert len(sentences) > 300
    assert fernandez_huerta(sentences) >= 70
    assert {s: round(fernandez_huerta([s])) for s in sentences if fernandez_huerta([s]) < 70} == {}


@language
def test_no_sentence_promises_frightens_or_speaks_jargon(language: str) -> None:
    barred = ("cure", "guarantee", "!", " ms", "curar", "garantiz", "siempre ", "always")
    for sentence in every_sentence(language):
        assert not [word for word in barred if word in f" {sentence.lower()} "], sentence
        assert sentence[0].isupper() or sentence[0] == "¿"
        assert sentence.endswith((".", ":")), sentence
        assert "{" not in sentence
        assert "  " not in sentence


@language
def test_what_may_help_is_never_said_to_help(language: str) -> None:
    help_words = {"en": ("help", "may help"), "es": ("ayud", "puede ayudar")}[language]
    for key in ("one_way", "these_ways"):
        text = LANGUAGES[language][key]
        assert help_words[0] in text
        assert help_words[1] in text


@pytest.mark.parametrize(
    ("word", "count"),
    [("vein", 1), ("closed", 1), ("treated", 2), ("middle", 2), ("leaks", 1), ("again", 2)],
)
def test_english_syllables_are_counted(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("pierna", 2), ("sangre", 2), ("coágulo", 4), ("vía", 2), ("que", 1), ("muy", 1),
     ("derecha", 3), ("cuida", 2), ("día", 2), ("corazón", 3), ("ahora", 3)],
)  # fmt: skip
def test_spanish_syllables_are_counted(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_the_formulas_are_the_published_ones() -> None:
    assert flesch_kincaid(["The vein leaks."]) == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert fernandez_huerta(["La vena"]) == pytest.approx(206.84 - 60 * 1.5 - 1.02 * 2)


def test_an_unknown_language_is_spoken_to_in_english_and_an_unknown_key_is_an_error() -> None:
    assert say("fr", "care_today") == "You need care today."
    assert say("es-MX", "care_today") == LANGUAGES["es"]["care_today"]
    assert part("fr", "way.glue") == "closing the vein with a glue"
    with pytest.raises(KeyError):
        say("en", "no such thing")


def test_a_day_is_written_as_each_language_writes_it() -> None:
    assert day("en", date(2026, 5, 4)) == "4 May 2026"
    assert day("es", date(2026, 5, 4)) == "4 de mayo de 2026"
    assert day("es", date(2026, 12, 31)) == "31 de diciembre de 2026"
    assert day("es", date(2026, 1, 1)) == "1 de enero de 2026"
