"""What a treatment plan says to the patient, and what the referring doctor is told."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.domain.readability import fernandez_huerta, flesch_kincaid, split
from tests.reports.samples import SCAN, sixty_sites
from workflow.domain import letterwords, planwords
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen, of_option
from workflow.domain.case import Case, read
from workflow.domain.documents import LegSummary, ScanReport
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Interpretation
from workflow.domain.mapstate import map_states, report_rows
from workflow.domain.modality import MODALITIES, PROCEDURES
from workflow.domain.plainwords import LANGUAGES, say
from workflow.domain.wording import thrombus_statement

CASES = Path(__file__).parent / "cases"
EVERY = sorted(path.stem for path in CASES.glob("C*.json"))
language = pytest.mark.parametrize("language", sorted(LANGUAGES))


def _data(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text())


def _case(name: str = "C01") -> tuple[Case, Interpretation]:
    case = read(_data(name))
    return case, interpret(case)


def _items(*keys: str) -> list[Chosen]:
    parts = (key.split(".") for key in keys)
    return [Chosen(Leg(leg), vein or None, way, int(at)) for leg, vein, way, at in parts]


def _report(case: Case, found: Interpretation, **impression: tuple[str, ...]) -> ScanReport:
    drafted = {part.leg: part.sentences for part in found.impression}
    legs = tuple(
        LegSummary(leg, impression.get(leg.value, drafted[leg]), "C2s Ep As Pr", "", "")
        for leg in Leg
    )
    return replace(
        SCAN,
        rows=report_rows(found, case.exam.segments),
        map=map_states(found, case.exam.segments),
        legs=legs,
        thrombus_statement=thrombus_statement(case),
    )


def _many() -> tuple[Case, Interpretation]:
    case = sixty_sites()
    return case, interpret(case)


def _everything_said(found: Interpretation, language: str) -> list[str]:
    items = [of_option(option) for option in found.options]
    lines = planwords.plan_lines(items, found, language)
    return [
        *(sentence for line in lines for sentence in (line.what, *line.why)),
        *(line.what for line in planwords.ruled_out(items, found, language)),
        *planwords.risks(items, found, language),
        *planwords.alternatives(items[:1], found, language),
    ]


@pytest.mark.parametrize("name", EVERY)
def test_a_sixth_grader_can_read_a_whole_plan(name: str) -> None:
    sentences = split(_everything_said(_case(name)[1], "en"))
    assert flesch_kincaid(sentences) <= 6.0


@pytest.mark.parametrize("name", EVERY)
def test_a_whole_plan_in_spanish_is_easy(name: str) -> None:
    sentences = split([s.replace(": ", " ") for s in _everything_said(_case(name)[1], "es")])
    assert fernandez_huerta(sentences) >= 70


@language
def test_each_line_says_what_is_done_what_was_found_and_why(language: str) -> None:
    (line,) = planwords.plan_lines(_items("R.GSV.RFA.1"), _case()[1], language)
    assert (line.leg, line.session, len(line.why)) == (Leg.RIGHT, 1, 2)
    assert "7.2 mm" in line.why[0]
    assert line.record.startswith(
        "Radiofrequency ablation (RFA), right leg: great saphenous vein "
        "(axial reflux, 2,600 ms, 7.2 mm)."
    )


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ("R.TEL.LIQ.1", "These small veins show on the skin."),
        ("R.PERF_PT1.PERF_RFA.1", "Blood leaks backward in this link vein."),
        ("R.TRIB1.PHLEB.1", "Blood leaks backward in this side branch."),
        ("R..CONS.1", "A vein in your right leg leaks."),
    ],
)
def test_what_was_found_is_said_of_the_vein_that_is_treated(item: str, found: str) -> None:
    (line,) = planwords.plan_lines(_items(item), _many()[1])
    assert line.why[0] == found


def test_nothing_is_said_to_leak_that_was_not_seen_to() -> None:
    for item in ("L.GSV.RFA.1", "R.PASV.RFA.1", "L..CONS.1"):
        (line,) = planwords.plan_lines(_items(item), _case()[1])
        assert len(line.why) == 1
        assert "leak" not in line.why[0]


def test_a_vein_without_a_width_is_said_to_leak_without_one() -> None:
    data = _data("C01")
    for site in data["exam"]["segments"]:
        site["diameter_mm"] = None
    (line,) = planwords.plan_lines(_items("R.GSV.RFA.1"), interpret(read(data)))
    assert line.why[0] == "Blood leaks backward in this vein."


def test_one_other_way_is_said_in_one_sentence() -> None:
    found = _case()[1]
    only = tuple(option for option in found.options if option.modality in {"RFA", "PHLEB"})
    said = planwords.alternatives(_items("R.GSV.RFA.1"), replace(found, options=only))
    way = "Another way that may help is taking out the bulging vein through tiny cuts."
    assert way in said


def test_waiting_has_its_own_risk_where_a_vein_leaks_and_none_where_nothing_does() -> None:
    care = _items("R..CONS.1")
    assert planwords.risks(care, _case()[1]) == (LANGUAGES["en"]["risk.wait"],)
    assert planwords.risks(care, _case("C08")[1]) == ()


def test_treatments_that_sound_alike_to_a_patient_stand_in_one_line() -> None:
    items = _items("R.TRIB1.PHLEB.2", "R.TRIB2.PHLEB.2", "R.TRIB3.PHLEB.3", "L.TRIB1.PHLEB.2")
    lines = planwords.plan_lines(items, _many()[1])
    assert [(line.leg, line.session) for line in lines] == [
        (Leg.RIGHT, 2),
        (Leg.LEFT, 2),
        (Leg.RIGHT, 3),
    ]
    assert "tributary 1 (" in lines[0].record
    assert "tributary 2 (" in lines[0].record


def test_care_without_a_procedure_stands_last_and_has_no_session() -> None:
    lines = planwords.plan_lines(_items("L..CONS.1", "R.GSV.RFA.2"), _case()[1])
    assert [line.session for line in lines] == [2, 0]


def test_what_the_rules_do_not_offer_is_marked_for_the_record() -> None:
    against = replace(_items("R.GSV.PHLEB.1")[0], offered=False)
    (line,) = planwords.plan_lines([against], _case()[1])
    assert "Not offered by the rules." in line.record


@pytest.mark.parametrize("modality", PROCEDURES)
@language
def test_every_procedure_says_that_a_clot_is_rare_and_that_it_may_take_more_visits(
    modality: str, language: str
) -> None:
    said = planwords.risks(_items(f"R.GSV.{modality}.1"), _case()[1], language)
    assert LANGUAGES[language]["risk.clot"] in said
    assert LANGUAGES[language]["risk.visits"] in said


@pytest.mark.parametrize(
    ("modality", "risk"),
    [("RFA", "burn"), ("CAC", "glue"), ("UGFS", "eyes"), ("LIQ", "brown"), ("PHLEB", "scars"),
     ("MOCA", "allergy"), ("UGFS", "label")],
)  # fmt: skip
def test_each_procedure_says_its_own_risks_and_no_others(modality: str, risk: str) -> None:
    found = _case()[1]
    phrase = LANGUAGES["en"][f"risk.{risk}"]
    assert phrase in planwords.risks(_items(f"R.GSV.{modality}.1"), found)
    assert phrase not in planwords.risks(_items("L..CONS.1"), found)


def test_waiting_and_saying_no_are_always_among_the_alternatives_of_a_procedure() -> None:
    said = planwords.alternatives(_items("R.GSV.RFA.1"), _case()[1])
    for key in ("wait", "risk.wait", "socks", "instead.no"):
        assert LANGUAGES["en"][key] in said
    assert "Closing the vein with a glue." in said
    assert "Closing the vein from the inside with heat." not in said


def test_no_alternative_is_laid_out_where_care_cannot_wait() -> None:
    assert planwords.alternatives(_items("L..PHYSICIAN_REVIEW.1"), _case("C03")[1]) == ()


def test_a_leg_that_no_procedure_fits_is_said_so_once_with_every_reason() -> None:
    out = planwords.ruled_out(_items("R.GSV.RFA.1"), _case()[1])
    (left,) = [line for line in out if line.leg is Leg.LEFT]
    assert left.what == "No procedure fits now."
    assert "No superficial vein of this leg refluxes." in left.record


def test_what_is_planned_is_never_said_to_be_ruled_out() -> None:
    found = _case()[1]
    everything = [of_option(option) for option in found.options]
    said = " ".join(line.record for line in planwords.ruled_out(everything, found))
    assert "(RFA)" not in said


# ------------------------------------------------------------------ the letter


def test_the_letter_tells_each_leg_in_a_sentence_and_whether_a_clot_was_seen() -> None:
    case, found = _case()
    right, left, clots = letterwords.summary(_report(case, found), found)
    assert "great saphenous vein (axial reflux, 2,600 ms, 7.2 mm)" in right
    assert right.endswith("CEAP C2s Ep As Pr.")
    assert left.startswith("Left leg: no reflux in the veins that were timed.")
    assert clots == thrombus_statement(case)


def test_the_physicians_own_words_go_before_the_rules() -> None:
    case, found = _case()
    report = _report(case, found, R=("Mild reflux, in my judgement.",))
    assert letterwords.summary(report, found)[0] == "Right leg: Mild reflux, in my judgement."


def test_a_long_impression_is_cut_at_a_sentence_and_says_where_the_rest_stands() -> None:
    case, found = _case()
    report = _report(case, found, R=("Mild reflux of the great saphenous vein.",) * 30)
    right = letterwords.summary(report, found)[0]
    assert right.endswith("vein. The report says more.")
    assert len(right) < 400


def test_the_letter_chooses_the_most_telling_value_of_each_vein_and_counts_the_rest() -> None:
    case, found = _many()
    values, more = letterwords.key_values(report_rows(found, case.exam.segments))
    assert len(values) == letterwords.MOST_VALUES
    assert ("great saphenous, mid thigh", "2,600 ms, 6.8 mm") in [
        (value.site.lower(), value.value) for value in values if value.leg is Leg.RIGHT
    ]
    assert len({(value.leg, value.site) for value in values}) == len(values)
    assert more.startswith("The report holds 52 further sites, ")
    assert more.endswith("of them beyond the cut-off.")


def test_a_width_stands_in_the_letter_as_in_the_report() -> None:
    case, found = _case()
    values, _ = letterwords.key_values(report_rows(found, case.exam.segments))
    assert [value.value for value in values if value.site.lower() == "tributary 1"] == [
        "1,200 ms, 5.0 mm"
    ]


def test_every_site_is_either_shown_or_counted() -> None:
    for name in EVERY:
        case, found = _case(name)
        rows = report_rows(found, case.exam.segments)
        values, more = letterwords.key_values(rows)
        rest = len(rows) - len(values)
        assert not rest or f"{rest} further site" in more


def test_a_scan_within_its_cut_offs_has_no_key_value() -> None:
    case, found = _case()
    rows = [r for r in report_rows(found, case.exam.segments) if r.leg is Leg.LEFT]
    values, more = letterwords.key_values(rows)
    assert values == ()
    assert more == (
        "No value lies beyond its cut-off. "
        "The report holds 18 further sites, none of them beyond the cut-off."
    )


def _changed(**cells: Any) -> tuple[Case, Interpretation]:
    """Worked case C01 with these cells in every row of the left leg, None to take one out."""
    data = _data("C01")
    for row in data["exam"]["segments"]:
        if row["leg"] == "L":
            row.update(cells)
    case = read(data)
    return case, interpret(case)


def test_a_deep_vein_that_does_not_compress_is_no_leg_without_a_clot_and_leads_the_letter() -> None:
    case, found = _changed(compressibility="none", thrombus="none", reflux_ms=100)
    clots, _, left = letterwords.summary(
        replace(_report(case, found), thrombus_statement=thrombus_statement(case)), found
    )
    assert "thrombosis is not excluded" in clots
    assert "no thrombus" not in left
    assert "No acute thrombus" not in clots


def test_a_long_statement_on_clots_is_counted_and_no_sentence_of_it_is_left_out() -> None:
    case, found = _changed(thrombus=None)
    said = thrombus_statement(case)
    assert len(said) > letterwords.LONGEST
    report = replace(_report(case, found), thrombus_statement=said)
    clots = letterwords.summary(report, found)[-1]
    assert clots.startswith("No acute thrombus and no post-thrombotic change was seen")
    assert clots.endswith("Not stated for: 18 sites, named in the report.")


def test_borderline_values_are_not_beyond_the_cut_off() -> None:
    case, found = _case()
    rows = [
        replace(r, state="borderline")
        for r in report_rows(found, case.exam.segments)
        if r.leg is Leg.LEFT
    ]
    _, more = letterwords.key_values(rows)
    assert more.endswith("none of them beyond the cut-off.")


def test_a_scan_in_which_nothing_was_timed_says_so_and_not_that_all_is_within() -> None:
    case, found = _changed(reflux_ms=None)
    rows = [r for r in report_rows(found, case.exam.segments) if r.leg is Leg.LEFT]
    assert letterwords.key_values(rows) == ((), "No reflux time was recorded.")
    left = letterwords.summary(_report(case, found), found)[1]
    assert left.startswith("Left leg: no vein was timed.")


def test_a_patient_without_a_leak_is_not_told_that_a_leak_may_grow() -> None:
    data = _data("C01")
    for row in data["exam"]["segments"]:
        row["reflux_ms"] = 100 if row["reflux_ms"] is not None else None
    found = interpret(read(data))
    told = planwords.alternatives(_items("R.TEL.LIQ.1"), found)
    assert say("en", "wait") in told
    assert say("en", "risk.wait") not in told


def test_the_letter_lists_six_treatments_and_points_to_the_plan_for_the_rest() -> None:
    keys = [f"R.TRIB{n}.PHLEB.{n}" for n in range(1, 10)]
    lines = letterwords.plan_lines(_items(*keys))
    assert len(lines) == 7
    assert lines[0] == "Right leg: tributary 1. Ambulatory phlebectomy (PHLEB), session 1."
    assert lines[-1] == "3 more; the treatment plan holds them all."


def test_many_veins_of_one_session_are_named_and_counted() -> None:
    keys = [f"R.TRIB{n}.PHLEB.2" for n in range(1, 10)]
    (line,) = letterwords.plan_lines(_items(*keys))
    assert "tributary 4 and 5 more. Ambulatory phlebectomy (PHLEB), session 2." in line


@language
@pytest.mark.parametrize("modality", MODALITIES)
def test_whatever_may_be_planned_is_told_with_its_why(modality: str, language: str) -> None:
    _, found = _case()
    (line,) = planwords.plan_lines(_items(f"R.GSV.{modality}.1"), found, language)
    assert line.why[-1].endswith(".")


@language
def test_a_plan_of_care_alone_tells_no_risk_of_waiting_for_a_procedure(language: str) -> None:
    _, found = _case()
    told = planwords.alternatives(_items("R..CONS.1"), found, language)
    assert say(language, "wait") not in told
    assert told[-1] == say(language, "instead.no")


def test_a_letter_that_holds_every_value_counts_no_further_ones() -> None:
    rows = SCAN.rows[:1]
    values, more = letterwords.key_values([replace(rows[0], state="reflux")])
    assert (len(values), more) == (1, "")


def test_a_letter_names_the_one_it_takes_the_place_of_and_a_first_one_names_none() -> None:
    said = letterwords.takes_the_place(date(2026, 5, 4))
    assert said == "This letter takes the place of the one of 4 May 2026."
    assert letterwords.takes_the_place(None) == ""
