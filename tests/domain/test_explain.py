"""A physician reads every rule that fired, its source, and what would change the answer."""

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.domain.invented import ACUTE, AXIAL_GSV, CLOSED, answer, case, clinic
from workflow.domain.alarm import LIST, is_critical
from workflow.domain.case import read
from workflow.domain.decisionrows import ROWS
from workflow.domain.diagrams import states_page
from workflow.domain.explain import explain
from workflow.domain.interpret import interpret
from workflow.domain.limits import ABOUT
from workflow.domain.rulespage import rules_page

DOMAIN = Path(sys.modules["workflow.domain.explain"].__file__ or "").parent


def told(**changes: Any) -> str:
    return explain(answer(**changes), case(**changes))


def lines(text: str, start: str) -> list[str]:
    """Return the line that starts so, and the indented ones beneath it."""
    every = text.splitlines()
    at = next(i for i, line in enumerate(every) if line.startswith(start))
    end = next((i for i in range(at + 1, len(every)) if not every[i].startswith(" ")), len(every))
    return every[at:end]


def test_an_alert_is_told_with_its_rule_its_source_and_its_end() -> None:
    found = lines(told(right={"POPV": ACUTE}), "STOP RF1_ACUTE_DVT (right leg)")
    rule = LIST["RF1_ACUTE_DVT"]
    assert found[1:] == [
        f"    Fires when {rule.when}.",
        f"    Source: {rule.source}.",
        f"    It would end with {rule.ended_by}.",
    ]


def test_an_option_is_told_with_its_row_its_source_and_what_would_change_it() -> None:
    found = lines(told(right=AXIAL_GSV), "Right leg, rank 3: Ultrasound-guided foam")
    assert found[0] == (
        "Right leg, rank 3: Ultrasound-guided foam sclerotherapy (UGFS) of GSV, off its US label. "
        "Agents left: polidocanol, STS."
    )
    assert found[1].startswith("    Because: The right great saphenous vein refluxes along")
    assert found[2].startswith("    Rule: §4.8, row 9. Source: Clinic decision rules; SVS")
    assert found[3] == f"    It would change with {ROWS[9].changed_by}."


@pytest.mark.parametrize(
    ("sites", "line"),
    [
        (
            {"GSV_MT": {"reflux_ms": 501}},
            (
                "Right great saphenous vein (mid thigh): 501 ms, reflux (over 500 ms). It would be "
                "none at 500 ms or less. Borderline: the physician confirms it."
            ),
        ),
        (
            {"GSV_MT": {"reflux_ms": 200}},
            (
                "Right great saphenous vein (mid thigh): 200 ms, no reflux (over 500 ms). It "
                "would be reflux at 501 ms or more."
            ),
        ),
        (
            {"PERF_PT1": {"reflux_ms": 700}},
            (
                "Right posterior tibial perforator (Cockett) 1: 700 ms, reflux (at least 500 ms). "
                "It would be none at 499 ms or less."
            ),
        ),
        (
            {"PERF_PT1": {"reflux_ms": 0}},
            (
                "Right posterior tibial perforator (Cockett) 1: 0 ms, no reflux (at least 500 ms). "
                "It would be reflux at 500 ms or more."
            ),
        ),
        (
            {"POPV": {"reflux_ms": None}},
            "Right popliteal vein: not timed, so not known; a time over 1,000 ms would be reflux.",
        ),
        ({"EIV": {}}, "Right external iliac vein: the protocol does not time it."),
    ],
)
def test_a_site_is_told_with_the_time_at_which_its_answer_turns(
    sites: dict[str, Any], line: str
) -> None:
    assert line in told(right=sites).splitlines()


def test_a_vein_is_told_whole() -> None:
    text = told(
        right={
            **AXIAL_GSV,
            "SSV_PC": {**CLOSED},
            "PERF_PT1": {"reflux_ms": 700, "diameter_mm": 3.5},
            "POPV": {"thrombus": "chronic_postthrombotic", "compressibility": "partial"},
            "PTV": {"reflux_ms": None},
        }
    ).splitlines()
    assert (
        "Right leg. The great saphenous vein: reflux, pattern axial, longest 2,000 ms, widest 6 mm."
    ) in text
    assert any(
        "small saphenous vein: reflux not known" in t and "closure complete" in t for t in text
    )
    assert any("pathologic by 2022: yes, by 2011: not known." in t for t in text)
    assert any("The popliteal vein: " in t and "thrombus chronic postthrombotic" in t for t in text)
    assert any("posterior tibial vein: reflux not known, only a part was timed." in t for t in text)


def test_scores_doses_payers_and_codes_are_told() -> None:
    text = told(
        right={**AXIAL_GSV, "TRIB1": {"reflux_ms": 900, "diameter_mm": 4}},
        seen={"L": {**clinic("C1"), "vcss": None}},
        intake={
            "wells": {"active_cancer": 1},
            "villalta": {"leg": "R", "pain": 3, "cramps": 3},
            "prior_vein_procedures": [
                {"leg": "L", "date": "2026-05-01", "tumescent_ml": 500, "lidocaine_percent": 0.1}
            ],
        },
        planned_dose={"agent": "polidocanol foam", "percent": 1, "leg": "R"},
    )
    for said in (
        "Case T1, as of 2026-05-04.",
        "Limits of the clinic, version 1.",
        "CEAP 2020, right leg: C2,s Ep As Pr (GSVa,GSVb,NSV) 2026-05-04 LII",
        "rVCSS, right leg: 0; 0 without compression.",
        "rVCSS, left leg: deferred, or an item is missing.",
        "Wells: 1, unlikely.",
        "Villalta (right leg): 6, mild.",
        "Lidocaine: warn. Lidocaine 7.1 mg/kg; over 7 asks, over 15 stops.",
        "Sclerosant: not known. The volume is not recorded.",
        "Highmark, S-55, archived: not ready. Source: S72.",
        "    Compression trial missing (right leg).",
        "CPT 37765 or 37766 or 37799-RT: phlebectomy, 10 to 20 incisions of a leg or",
        "Needs the incision count.",
        "ICD-10-CM: I83.891",
    ):
        assert said in text, said


def test_an_extension_is_told_with_its_class_or_its_question() -> None:
    sfj = {**ACUTE, "ehit": True, "percent_deep_lumen": 30}
    assert "Extension after ablation, right leg: II." in told(right={"SFJ": sfj})
    half = {**sfj, "percent_deep_lumen": 50}
    assert "exactly 50 % of the lumen. Is it class II or class III?" in told(right={"SFJ": half})
    assert "CEAP 2020, right leg: deferred. The leg has an acute thrombosis." in told(
        right={"SFJ": sfj}
    )


def test_nothing_is_said_where_there_is_nothing() -> None:
    empty = told(only="", c=None)
    assert "What fired\n----------\nNothing." in empty
    assert "Each site\n---------\nNothing." in empty
    assert "off its US label of" not in empty


def test_a_policy_that_is_ready_says_so_and_a_barred_vein_says_its_name() -> None:
    tortuous = {**AXIAL_GSV, "GSV_PT": {"reflux_ms": 2000, "diameter_mm": 6, "tortuous": True}}
    ssv = {code: {"reflux_ms": 1500, "diameter_mm": 5} for code in ("SSV_PC", "SSV_MC", "SSV_DC")}
    text = told(
        right={**tortuous, **ssv},
        intake={"compression_trial": {"start": "2026-01-01", "end": "2026-04-13"}},
    )
    assert "ConnectiCare, Varicose vein policy: ready. Source: S73, in part." in text
    assert (
        "Radiofrequency ablation (RFA) of GSV (right leg): The great saphenous vein is tortuous."
    ) in text


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent / "cases").glob("*.json")), ids=lambda file: file.stem
)
def test_every_case_is_explained_whole(file: Path) -> None:
    known = read(json.loads(file.read_text("utf-8")))
    said = interpret(known)
    text = explain(said, known)
    assert all(alert.text in text for alert in said.alerts)
    assert all(each.reason in text for each in said.excluded)
    assert "None" not in text
    assert all(option.row in ROWS for option in said.options)


def test_each_row_and_each_alert_says_what_would_change_it() -> None:
    assert list(ROWS) == list(range(13))
    assert all(row.says and row.changed_by and row.source for row in ROWS.values())


def test_what_must_reach_the_physician_at_once_is_critical() -> None:
    clot = answer(right={"POPV": ACUTE})
    near = answer(right={"GSV_PT": ACUTE})
    severe = answer(right={"SFJ": {**ACUTE, "ehit": True, "percent_deep_lumen": 60}})
    held = answer(right={"SFJ": {**ACUTE, "ehit": True, "percent_deep_lumen": 40}})
    critical = [
        {a.id for a in said.alerts if is_critical(a)} for said in (clot, near, severe, held)
    ]
    assert critical == [{"RF1_ACUTE_DVT"}, {"RF4_SVT_NEAR_SFJ"}, {"URGENT_EHIT"}, set()]


def test_the_page_of_rules_names_every_alert_limit_row_and_policy() -> None:
    page = rules_page()
    assert all(f"| `{name}` |" in page for name in (*LIST, *ABOUT))
    assert all(f"| {number} | {row.says} |" in page for number, row in ROWS.items())
    assert page.count("### ") == 8
    assert "`uhc-2026t0447rr`, in force from 2026-01-01." in page


@pytest.mark.parametrize(
    ("module", "page"), [("rulespage.py", rules_page), ("diagrams.py", states_page)]
)
def test_a_page_is_printed_as_it_is_written(
    module: str, page: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(DOMAIN / module), run_name="__main__")
    assert capsys.readouterr().out == page()
