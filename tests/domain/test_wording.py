"""What clinicians read is complete, and never fills in what was not recorded."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.invented import (
    ACUTE,
    AXIAL_GSV,
    CLOSED,
    OLD,
    answer,
    case,
)
from workflow.domain.case import ExamPart, read_exam, read_intake
from workflow.domain.phrases import day_words, listed, partial_day_words, plain_number, site_words
from workflow.domain.wording import (
    history_lines,
    technique_lines,
    thrombus_statement,
)


def impression(**right: Any) -> str:
    return " ".join(answer(right=right).impression[0].sentences)


def test_the_impression_names_patency_times_pattern_and_width() -> None:
    said = impression(
        **AXIAL_GSV,
        PERF_PT1={"reflux_ms": 620, "diameter_mm": 4.2, "distance_cm": 13, "reference": "floor"},
    )
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
    )
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
    told = {"weeks": 13, "length": "tights", "wear_hours_per_day": 9.5, "prescribed_by": "nobody"}
    assert (
        "Compression trial: 13 weeks, dates not recorded, tights, prescribed by: nobody, "
        "9.5 hours a day."
    ) in history_lines(read_intake({"compression_trial": told}))
    open_end = {"compression_trial": {"start": "2026-01-19"}}
    assert "since 19 Jan 2026" in " ".join(history_lines(read_intake(open_end)))
    assert "no details recorded" in " ".join(history_lines(read_intake({"compression_trial": {}})))


def test_dates_numbers_and_lists_are_printed_one_way() -> None:
    known = case()
    assert day_words(known.patient.born) == "27 Mar 1974"
    assert partial_day_words("2021-05-03") == "3 May 2021"
    assert listed([]) == ""
    assert plain_number(Decimal("70.0")) == "70"
    assert site_words("GIAC") == "Giacomini vein"
    assert site_words("TRIB") == "tributary 1"
    assert site_words("nowhere") == "nowhere"
