"""What patients read is plain, calm, and promises nothing."""

import re
from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    AXIAL_SSV,
    CLOSED,
    OLD,
    answer,
    case,
    clinic,
)
from workflow.domain.case import Case
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.wording import (
    GLOSSARY,
    call_now,
    patient_choices,
    patient_found,
    patient_means,
)


def syllables(word: str) -> int:
    """Count the syllables of an English word: its vowel groups, without a silent e at its end."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", bare))
    silent = bare.endswith("e") and not bare.endswith(("le", "ee")) and groups > 1
    silent = silent or (bare.endswith("ed") and not bare.endswith(("ted", "ded")) and groups > 1)
    return max(1, groups - silent)


def grade(sentences: list[str]) -> float:
    """Return the Flesch–Kincaid grade: 0.39 words a sentence + 11.8 syllables a word − 15.59."""
    words = [word for each in sentences for word in re.findall(r"[A-Za-z']+", each)]
    count = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * count / len(words) - 15.59


LEAK = {"reflux_ms": 900, "diameter_mm": 5}
FOOT = {"cramps": {"timing": "exercise", "relief": "rest_from_walking"}, "abi": {"R": 0.8}}
STORIES: dict[str, dict[str, Any]] = {
    "well": {"c": "C0"},
    "spider veins": {"c": "C1", "seen": {"R": clinic("C1", symptomatic=False)}},
    "spider veins that hurt": {"c": "C1"},
    "signs without a leak": {"c": "C4a"},
    "main vein": {"right": AXIAL_GSV, "intake": {"cramps": {"present": True}}},
    "calf vein": {"left": AXIAL_SSV, "seen": {"L": clinic("C3")}},
    "both legs": {"right": AXIAL_GSV, "left": AXIAL_GSV, "seen": {"L": clinic("C2")}},
    "all veins": {"right": {**AXIAL_GSV, **AXIAL_SSV, "AASV": LEAK, "POPV": {"reflux_ms": 3000}}},
    "side branch": {"right": {"TRIB1": LEAK}},
    "junction": {"right": {"SFJ": LEAK}},
    "linking vein": {"right": {"PERF_PT1": LEAK}},
    "deep vein": {"right": {"POPV": {"reflux_ms": 3000}}},
    "on the line": {"right": {"GSV_MT": {"reflux_ms": 510}}},
    "deep clot": {"right": {"POPV": ACUTE}},
    "perhaps a deep clot": {"right": {"POPV": {"compressibility": "none"}}},
    "clot near the skin": {"right": {"GSV_MT": ACUTE}},
    "extension": {"right": {"SFJ": {**ACUTE, "ehit": True, "extends_into": "CFV"}}},
    "severe extension": {
        "right": {"SFJ": {**ACUTE, "ehit": True, "percent_deep_lumen": 100}},
    },
    "old clot": {"c": "C3", "right": {"POPV": OLD}},
    "old clot and a leak": {"c": "C3", "right": {**AXIAL_GSV, "POPV": OLD}},
    "narrow above": {"right": {**AXIAL_GSV, "CFV": {"phasicity": "absent"}}},
    "pregnant": {"right": AXIAL_GSV, "intake": {"pregnant": True}},
    "arteries": {"right": AXIAL_GSV, "intake": FOOT},
    "emergency": {"right": AXIAL_GSV, "intake": {"red_flags": ["chest_pain"]}},
    "bleeding": {"right": AXIAL_GSV, "intake": {"red_flags": ["bleeding_varix"]}},
    "closed": {"right": {"GSV_PT": CLOSED, "GSV_MT": CLOSED}, "c": "C0"},
    "partly open": {"right": {"GSV_PT": {**CLOSED, "closure": "partly_open"}}},
    "open again": {"right": {"GSV_PT": {"reflux_ms": 900, "closure": "recanalised"}}},
    "ulcer": {"right": AXIAL_GSV, "c": "C6", "intake": {"abi": {"R": 0.55}}},
    "not timed": {"right": {code: {"reflux_ms": None} for code in (*AXIAL_GSV, "GSV_MC")}},
    "not scanned": {"only": ""},
    "one leg": {"right": AXIAL_GSV, "only": "R"},
}
story = pytest.mark.parametrize("name", list(STORIES))


def told(name: str) -> tuple[Case, Interpretation]:
    known = case(**STORIES[name])
    return known, interpret(known)


def sentences(known: Case, said: Interpretation) -> list[str]:
    """Return every sentence a patient reads, split where two stand in one line."""
    lines = [
        *said.patient_message,
        *patient_found(said, known),
        *patient_means(said, known),
        *patient_choices(said, known),
        *call_now(),
    ]
    return [s for line in lines for s in re.split(r"(?<=[.:])\s+", line)]


@story
def test_a_sixth_grader_can_read_the_patients_page(name: str) -> None:
    known, said = told(name)
    lines = sentences(known, said)
    assert grade(lines) <= 6.0
    assert {line: round(grade([line]), 1) for line in lines if grade([line]) > 8.0} == {}


@story
def test_the_patients_page_is_plain_calm_and_promises_nothing(name: str) -> None:
    known, said = told(name)
    lines = sentences(known, said)
    whole = " ".join(lines)
    assert 1 <= len(said.patient_message) <= 3
    assert all(line.endswith((".", ":")) for line in lines)
    assert all(line[0].isupper() for line in lines)
    assert not re.search(r"!| ms\b|reflux|thrombo|saphenous|cure|guarantee", whole)
    assert len(set(said.patient_message)) == len(said.patient_message)


@story
def test_the_clinical_impression_speaks_in_whole_sentences(name: str) -> None:
    _, said = told(name)
    for each in said.impression:
        assert each.sentences
        assert all(s[0].isupper() and s.endswith((".", "?")) for s in each.sentences)
        assert not any("  " in s or " None" in s or "!" in s for s in each.sentences)


MESSAGES = {
    "well": "Your leg veins work well.",
    "spider veins": "Your leg veins work well. You have spider veins. Care for them is cosmetic.",
    "main vein": ("The main vein on the inside of your right leg leaks. Your left leg is normal."),
    "both legs": "The main veins on the inside of both legs leak.",
    "calf vein": "The vein at the back of your left calf leaks.",
    "on the line": "Your test is right on the line. We want to check it again.",
    "deep clot": "We found a blood clot in your right leg. You need care today.",
    "perhaps a deep clot": "There may be a blood clot in your right leg. You need care today.",
    "not timed": "We did not find a leak in the veins we could measure.",
    "not scanned": "We have not scanned your legs yet.",
    "emergency": "What you told us needs care right now.",
}


@pytest.mark.parametrize(("name", "message"), MESSAGES.items())
def test_the_main_message_says_the_most_urgent_thing_first(name: str, message: str) -> None:
    assert " ".join(told(name)[1].patient_message).startswith(message)


def test_a_leg_that_was_not_examined_is_never_called_normal() -> None:
    assert "normal" not in " ".join(told("one leg")[1].patient_message)
    gap = answer(right=AXIAL_GSV, left={"SSV_MC": {"reflux_ms": None}})
    assert "normal" not in " ".join(gap.patient_message)


def choices_of(name: str) -> tuple[str, ...]:
    known, said = told(name)
    return patient_choices(said, known)


def test_the_choices_name_doing_nothing_and_what_may_go_wrong() -> None:
    known, said = told("main vein")
    choices = " ".join(patient_choices(said, known))
    assert "do nothing for now" in choices
    assert "may help" in choices
    assert "bruise" in choices
    assert choices_of("deep clot") == ("The doctor will tell you today what comes next.",)
    assert "tight socks" in " ".join(choices_of("ulcer"))


@pytest.mark.parametrize(
    "name",
    ["deep clot", "clot near the skin", "extension", "severe extension", "emergency", "bleeding"],
)
def test_nobody_is_told_to_wait_where_the_day_matters(name: str) -> None:
    assert choices_of(name) == ("The doctor will tell you today what comes next.",)


def test_a_width_like_a_pencil_is_said_so() -> None:
    wide = {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": 7.2}}
    known = case(right=wide)
    found = " ".join(patient_found(interpret(known), known))
    assert "7.2 mm, about the width of a pencil" in found
    narrow = case(right=AXIAL_GSV)
    assert "pencil" not in " ".join(patient_found(interpret(narrow), narrow))


def test_the_glossary_explains_each_word_once() -> None:
    words = [entry.word for entry in GLOSSARY]
    assert len(words) == len(set(words))
    assert all(entry.meaning.endswith(".") for entry in GLOSSARY)
