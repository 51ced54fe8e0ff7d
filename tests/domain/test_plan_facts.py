"""What bars a plan is said whole: the treatment, the leg, the reason, and what to do."""

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.invented import AXIAL_GSV, CLOSED, answer
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import (
    Chosen,
    excluded_for,
    finding,
    laterality,
    no_longer_offered,
    of_option,
    plan_facts,
    severity_missing,
    stale,
    stops,
)
from workflow.domain.interpretation import Exclusion, Interpretation
from workflow.domain.plan import PlanFacts, PlanStatus

RFA = Chosen(Leg.RIGHT, "GSV", "RFA")
CAC = Chosen(Leg.RIGHT, "GSV", "CAC")
CONS = Chosen(Leg.RIGHT, None, "CONS")


def _said(**changes: Any) -> Interpretation:
    return answer(right=AXIAL_GSV, **changes)


def test_an_option_is_chosen_for_the_session_it_is_asked_for() -> None:
    option = _said().options[0]
    assert (of_option(option).session, of_option(option, 3).session) == (1, 3)


@pytest.mark.parametrize(
    ("site", "words"),
    [
        (CLOSED, "GSV closed"),
        ({**CLOSED, "closure": "partly_open"}, "GSV partly open"),
        ({"reflux_ms": 100, "closure": "recanalised", "diameter_mm": None},
         "GSV open again, 100 ms"),
        ({"reflux_ms": None, "thrombus": "acute", "diameter_mm": None}, "GSV acute thrombus"),
    ],
)  # fmt: skip
def test_a_finding_without_reflux_says_what_the_vein_holds(
    site: dict[str, Any], words: str
) -> None:
    sites = dict.fromkeys((*AXIAL_GSV, "GSV_MC"), site)
    assert finding(answer(right=sites), Leg.RIGHT, "GSV") == words


def test_a_closure_in_words_the_list_does_not_know_is_said_as_it_stands() -> None:
    said = answer(right={"GSV_PT": CLOSED})
    veins = tuple(
        v._replace(closure="not_yet_read", reflux=None, max_ms=None, max_mm=None)
        if (v.leg, v.vein) == (Leg.RIGHT, "GSV") else v
        for v in said.veins
    )  # fmt: skip
    assert finding(replace(said, veins=veins), Leg.RIGHT, "GSV") == "GSV not yet read"


def test_the_exclusion_of_the_very_vein_is_closer_than_that_of_the_leg() -> None:
    whole = Exclusion("RFA", "The leg.", Leg.RIGHT)
    exact = Exclusion("RFA", "The vein.", Leg.RIGHT, "GSV")
    read = replace(_said(), excluded=(whole, exact))
    assert excluded_for(read, RFA) == exact
    assert excluded_for(read, replace(RFA, vein="SSV")) == whole
    assert excluded_for(replace(read, excluded=()), RFA) is None


def test_a_treatment_that_was_withdrawn_says_why_where_the_rules_say_it() -> None:
    said = _said(intake={"allergies": ["super glue"]})
    excluded = excluded_for(said, CAC)
    assert excluded is not None
    assert no_longer_offered([RFA, CAC], said) == (
        f"{CAC.words}: the rules no longer offer this. {excluded.reason} Revise the plan."
    )
    silent = replace(said, excluded=())
    assert no_longer_offered([CAC], silent) == (
        f"{CAC.words}: the rules no longer offer this. Revise the plan."
    )


def test_the_first_treatment_that_rests_on_its_finding_does_not_hide_the_next() -> None:
    left = Chosen(Leg.LEFT, "GSV", "RFA")
    for first in (RFA, CONS):
        assert laterality(_said(), [first, left]) == (
            f"{left.words}: the signed report holds no reflux in the left great saphenous vein. "
            "The signed report holds it in the right leg. Check the leg and the vein."
        )
    nowhere = Chosen(Leg.LEFT, "SSV", "RFA")
    assert laterality(_said(), [nowhere]) == (
        f"{nowhere.words}: the signed report holds no reflux in the left small saphenous vein. "
        "Check the leg and the vein."
    )


def test_a_stop_after_a_warning_still_bars() -> None:
    said = _said(intake={"pregnant": True, "anticoagulant": "apixaban"})
    (alert,) = [each for each in said.alerts if each.id == "RF9_PREGNANCY"]
    warnings_first = sorted(said.alerts, key=lambda each: each.id == "RF9_PREGNANCY")
    assert stops([RFA], warnings_first, critical=False) == (
        f"Elective procedures are barred. {alert.text}"
    )
    assert stops([RFA], (), critical=True) == (
        "A critical finding is open. Record what was done about it first."
    )


def test_a_procedure_on_a_leg_without_scores_says_which_score_and_why() -> None:
    said = _said()
    deferred = tuple(replace(each, deferred="Nobody saw the leg.") for each in said.ceap)
    assert severity_missing(replace(said, ceap=deferred), [RFA]) == (
        "CEAP of the right leg is deferred. Nobody saw the leg. A procedure there needs it."
    )
    assert severity_missing(replace(said, ceap=()), [RFA]) == (
        "CEAP of the right leg is deferred. A procedure there needs it."
    )
    right = tuple(
        replace(each, total=None) if each.leg is Leg.RIGHT else each for each in said.vcss
    )
    for unscored in (right, ()):
        assert severity_missing(replace(said, vcss=unscored), [RFA]) == (
            "rVCSS of the right leg is not recorded. A procedure there needs it."
        )
    left = tuple(replace(each, total=None) if each.leg is Leg.LEFT else each for each in said.vcss)
    assert severity_missing(replace(said, vcss=left), [RFA]) == ""


DRAFTED = "The findings changed after this plan was drafted"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("abc", f"{DRAFTED}: a; b; c. Revise the plan."),
        ("abcd", f"{DRAFTED}: a; b; c and 1 more. Revise the plan."),
        ("", "A newer report was signed after this plan was drafted. Revise the plan."),
    ],
)
def test_a_stale_plan_names_at_most_three_values(changed: str, words: str) -> None:
    assert stale(tuple(changed), newer=True) == words


def _facts(**changes: Any) -> PlanFacts:
    said = _said()
    given: dict[str, Any] = {
        "against": "", "signed": said, "now": said, "changed": (), "newer": False,
        "critical": False, **changes,
    }  # fmt: skip
    return plan_facts(PlanStatus.DRAFT, [RFA], **given)


def test_each_fact_of_a_plan_comes_from_its_own_source() -> None:
    assert _facts() == PlanFacts(PlanStatus.DRAFT, items=1)
    assert _facts(report="It is void.") == replace(_facts(), report="It is void.")
    assert _facts(unanswered="Why?") == replace(_facts(), unjustified="Why?")
    assert _facts(newer=True).stale.startswith("A newer report was signed")
    assert "Right knee: 1" in _facts(changed=("Right knee: 1",)).stale
    assert _facts(critical=True).stops.startswith("A critical finding is open.")
    withdrawn = replace(_said(), options=())
    assert "the rules no longer offer this" in _facts(now=withdrawn).stale
    first = _facts(changed=("Left a: 1", "Left b: 2", "Left c: 3", "Right great saphenous: 4"))
    assert "drafted: Right great saphenous: 4;" in first.stale
