"""What clinicians read is complete; what patients read is plain."""

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
from workflow.domain.case import Case, ExamPart, read_exam, read_intake
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.phrases import day_words, listed, partial_day_words, plain_number, site_words
from workflow.domain.wording import (
    GLOSSARY,
    call_now,
    history_lines,
    patient_choices,
    patient_found,
    patient_means,
    technique_lines,
    thrombus_statement,
)

_ENDS = {"'", "’"}


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


def test_the_choices_name_doing_nothing_and_what_may_go_wrong() -> None:
    known, said = told("main vein")
    choices = " ".join(patient_choices(said, known))
    assert "do nothing for now" in choices
    assert "may help" in choices
    assert "bruise" in choices
    assert patient_choices(*reversed(told("deep clot"))) == (
        "The doctor will tell you today what comes next.",
    )
    assert "tight socks" in " ".join(patient_choices(*reversed(told("ulcer"))))


def test_a_width_like_a_pencil_is_said_so() -> None:
    wide = {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": 7.2}}
    known = case(right=wide)
    found = " ".join(patient_found(interpret(known), known))
    assert "7.2 mm, about the width of a pencil" in found
    assert "pencil" not in " ".join(patient_found(*reversed(told("main vein"))))


def test_the_glossary_explains_each_word_once() -> None:
    words = [entry.word for entry in GLOSSARY]
    assert len(words) == len(set(words))
    assert all(entry.meaning.endswith(".") for entry in GLOSSARY)


def impression(**right: Any) -> str:
    return " ".join(answer(right=right).impression[0].sentences)


def test_the_impression_names_patency_times_pattern_and_width() -> None:
    said = impression(
        **AXIAL_GSV,
        PERF_PT1={"reflux_ms": 620, "diameter_mm": 4.2, "distance_cm": 13, "reference": "floor"},
    )  # noqa: E501
    for part in (
        "patent and compress fully",
        "refluxes along its length (axial), proximal thigh to proximal calf (5 sites), 2,000 ms",
        "diameter 6 mm",
        "13 cm from the floor, refluxes outward, 620 ms, diameter 4.2 mm; pathologic",
        "No thrombus was seen in the right leg at the sites examined.",
    ):
        assert part in said


def test_the_impression_never_calls_an_untimed_vein_normal() -> None:
    said = impression(SSV_PC={"reflux_ms": None}, SSV_MC={"reflux_ms": None}, SSV_DC=None)
    assert "The small saphenous vein was not timed; whether it refluxes is not known." in said
    assert "Not examined: small saphenous vein (distal calf)." in said.replace(
        "small saphenous, distal calf", "small saphenous vein (distal calf)"
    )  # noqa: E501
    assert "Deep reflux is not known where it was not timed: popliteal vein." in impression(
        POPV={"reflux_ms": None}
    )


@pytest.mark.parametrize(
    ("sites", "part"),
    [
        ({"POPV": ACUTE}, "Acute venous thrombosis: popliteal vein"),
        ({"POPV": OLD}, "Chronic post-thrombotic change: popliteal vein"),
        ({"POPV": {"thrombus": "indeterminate"}}, "Thrombus of uncertain age"),
        ({"POPV": {"compressibility": "none"}}, "Acute deep thrombosis is not excluded"),
        ({"SSV_MC": {"visualised": "not_seen", "limitation": "Cast."}}, "was not seen: Cast."),
        ({"GSV_MT": {"reflux_ms": 500}}, "Borderline, to be confirmed"),
        ({"CFV": {"phasicity": "continuous"}}, "a sign of obstruction above the groin"),
        ({"CFV": {"compressibility": "not_tested"}}, "Compression was not recorded at"),
        ({"TRIB1": {"reflux_ms": None}}, "Tributary 1 was not timed."),
        ({"PERF_TH1": {"reflux_ms": None}}, "not timed, diameter not recorded"),
        ({"AASV@3": {"reflux_ms": 900}}, "at 3 cm from the saphenofemoral junction"),
        ({"GSV_PT": CLOSED}, "is closed along its treated length"),
    ],
)
def test_the_impression_says_clots_limits_and_doubts(sites: dict[str, Any], part: str) -> None:
    assert part in impression(**sites)


def test_the_statement_on_clots_is_positive_or_negative_and_never_silent() -> None:
    assert thrombus_statement(case()).startswith("No acute thrombus")
    assert "right popliteal vein" in thrombus_statement(case(right={"POPV": ACUTE}))
    doubtful = case(left={"PTV": {"compressibility": "partial"}})
    assert "not excluded: left posterior tibial vein" in thrombus_statement(doubtful)
    unsaid = case(left={"PTV": {"thrombus": None}})
    assert "Not stated for: left posterior tibial vein." in thrombus_statement(unsaid)
    assert thrombus_statement(case(only="")) == "No site was examined for thrombus."
    silent = case(exam={"segments": [{"leg": "R", "segment": "CFV"}]})
    assert "not been recorded" in thrombus_statement(silent)
    own = case(right={"GSV_PT": {**CLOSED, "thrombus": "acute"}})
    assert "(after ablation)" in thrombus_statement(own)


def test_the_technique_says_what_was_recorded_and_what_was_not() -> None:
    exam = {
        "purpose": "reflux",
        "position": "standing",
        "manoeuvres": ["valsalva", "parana"],
        "segments": [{"leg": "R", "segment": "SFJ", "position": "supine"}],
    }
    said = technique_lines(read_exam(exam))
    assert "Position: standing." in said
    assert "Right saphenofemoral junction: supine." in said
    assert "Reflux was provoked by the Valsalva manoeuvre and the Paraná manoeuvre." in said
    bare = " ".join(technique_lines(ExamPart()))
    assert bare.count("not recorded") == 3


def test_the_history_tells_no_from_not_asked() -> None:
    asked = {
        "prior_vte": [],
        "prior_vein_procedures": [],
        "allergies": [],
        "medications": ["naproxen"],
        "symptoms": {"R": ["restless_legs"]},
        "cramps": {"present": False},
        "family_history_vv": False,
        "pregnant": True,
        "gestation_weeks": 12.5,
    }
    said = history_lines(read_intake(asked))
    assert "Earlier venous thrombosis: none." in said
    assert "Medicines: naproxen." in said
    assert "Symptoms of the right leg: restless legs." in said
    assert "Symptoms of the left leg: not asked." in said
    assert "Leg cramps: none." in said
    assert "Pregnant, 12.5 weeks." in said
    silent = " ".join(history_lines(read_intake({})))
    assert silent.count("not asked") == 6
    assert "none" not in silent


def test_the_history_tells_clots_procedures_and_the_compression_trial() -> None:
    asked = {
        "prior_vte": [{"leg": "L", "date": "2019-03"}, {}],
        "prior_vein_procedures": [
            {"leg": "R", "vein": "GSV", "technique": "RFA", "year": 2021, "result": "closed"},
            {"technique": "stripping"},
        ],
        "compression_trial": {"start": "2026-01-19", "end": "2026-04-27", "class_mmhg": "20-30"},
        "cramps": {"present": True, "side": "R", "site": "calf", "nrs_0_10": 7, "timing": "night"},
        "anticoagulant": "apixaban 5 mg",
        "pregnant": True,
    }
    said = history_lines(read_intake(asked))
    assert "Earlier venous thrombosis: left leg (Mar 2019) and leg not stated." in said
    assert (
        "Earlier vein procedures: right great saphenous vein, RFA, 2021, closed; "
        "vein not stated, stripping." in said
    )
    assert "Compression trial: 19 Jan 2026 to 27 Apr 2026 (14 weeks), 20-30 mmHg." in said
    assert "Leg cramps: right calf, at night, pain 7 of 10." in said
    assert "Anticoagulant: apixaban 5 mg." in said
    assert "Pregnant." in said
    open_end = {"compression_trial": {"start": "2026-01-19"}}
    assert "since 19 Jan 2026" in " ".join(history_lines(read_intake(open_end)))
    assert "no details recorded" in " ".join(history_lines(read_intake({"compression_trial": {}})))


def test_dates_numbers_and_lists_are_printed_one_way() -> None:
    known = case()
    assert day_words(known.patient.born) == "27 Mar 1974"
    assert partial_day_words("2021-05-03") == "3 May 2021"
    assert listed([]) == ""
    assert plain_number(known.intake.weight_kg or known.intake.weight_kg.__class__(0)) == "70"
    assert site_words("GIAC") == "Giacomini vein"
    assert site_words("TRIB") == "tributary 1"
    assert site_words("nowhere") == "nowhere"
