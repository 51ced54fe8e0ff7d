"""Which alerts a plan may go against only with a reason."""

import pytest

from workflow.domain.against import AGAINST, objections, unanswered
from workflow.domain.alarm import LIST, alarm
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import BARS_EVERYTHING, Chosen
from workflow.domain.eligibility import clinical
from workflow.domain.modality import METHODS
from workflow.domain.plan import PlanFacts, PlanStatus
from workflow.domain.planchange import Held, beside

R, L = Leg.RIGHT, Leg.LEFT
RFA, PEM, CONS = Chosen(R, "GSV", "RFA"), Chosen(R, "GSV", "PEM"), Chosen(R, None, "CONS")


def test_every_alert_and_treatment_named_exists() -> None:
    assert set(AGAINST) <= set(LIST)
    assert {each for named in AGAINST.values() for each in named} <= set(METHODS)


def test_what_bars_everything_is_not_gone_against_with_a_reason() -> None:
    assert not set(AGAINST) & BARS_EVERYTHING


@pytest.mark.parametrize(
    ("alert", "item", "speaks"),
    [
        (alarm("WARN_FOAM_MIGRAINE_AURA", "Migraine."), PEM, True),
        (alarm("WARN_FOAM_MIGRAINE_AURA", "Migraine."), RFA, False),
        (alarm("WARN_PTS", "Villalta 9.", R), RFA, True),
        (alarm("WARN_PTS", "Villalta 9.", L), RFA, False),
        (alarm("WARN_PTS", "Villalta 9.", R), CONS, False),
        (alarm("RF7_ABI_COMPRESSION", "ABI 0.4.", R), CONS, True),
        (alarm("WARN_THERMAL_DEPTH", "3 mm deep.", R), RFA, True),
        (alarm("WARN_OFF_LABEL", "Off label.", R), PEM, False),
        (alarm("WARN_ANTICOAG", "On apixaban."), RFA, False),
    ],
)
def test_an_alert_speaks_against_its_own_treatments_on_its_own_leg(
    alert: object, item: Chosen, *, speaks: bool
) -> None:
    assert bool(objections([item], [alert])) is speaks  # type: ignore[list-item]


def test_alerts_of_one_kind_are_answered_by_one_reason() -> None:
    alerts = [alarm("WARN_UNKNOWN", "Pregnancy."), alarm("WARN_UNKNOWN", "Allergies.")]
    (one,) = objections([RFA, PEM], alerts)
    assert (one.key, one.says) == ("WARN_UNKNOWN", "Pregnancy. Allergies.")
    assert one.treatments == (RFA.words, PEM.words)


def test_a_missing_reason_is_said_with_the_alert_and_the_treatment() -> None:
    alerts = [alarm("WARN_PTS", "Villalta 9.", R)]
    said = unanswered([RFA], alerts, {})
    assert said == f"Villalta 9. The plan holds {RFA.words}. Write why it is chosen all the same."
    assert unanswered([RFA], alerts, {"WARN_PTS.R": "  "}) == said
    assert unanswered([RFA], alerts, {"WARN_PTS.R": "Discussed with a specialist."}) == ""


def test_the_clinic_lists_each_thing_that_stands_in_the_way() -> None:
    ready = clinical(PlanFacts(PlanStatus.SUBMITTED, items=1))
    assert all(each.met for each in ready)
    bare = clinical(PlanFacts(PlanStatus.DRAFT, stale="The findings changed."))
    assert [each.gap for each in bare if not each.met] == [
        "Nothing is chosen yet.",
        "The findings changed.",
    ]


def test_two_versions_say_what_was_added_taken_out_and_moved() -> None:
    later = Chosen(R, "TRIB1", "PHLEB", session=2)
    before = [Held(RFA, "GSV axial reflux, 2,600 ms"), Held(Chosen(R, "TRIB1", "PHLEB"), "TRIB1")]
    after = [Held(RFA, "GSV axial reflux, 1,900 ms"), Held(later, "TRIB1"), Held(CONS, "")]
    said = {row.words: row.says for row in beside(before, after)}
    assert said == {
        RFA.words: ("rests on other values",),
        later.words: ("moved from session 1 to session 2",),
        CONS.words: ("added",),
    }
    assert [row.says for row in beside(after, before)][-1] == ("taken out",)
    assert after[2].words == "In the plan."


def test_a_treatment_the_rules_came_to_offer_or_withdraw_says_so() -> None:
    own = Chosen(R, "GSV", "RFA", offered=False)
    (row,) = beside([Held(RFA, "")], [Held(own, "")])
    assert row.says == ("no longer offered by the rules",)
    (back,) = beside([Held(own, "")], [Held(RFA, "")])
    assert back.says == ("now offered by the rules",)
    assert Held(own, "GSV").words == "Session 1. GSV Against the rules."


def test_an_objection_names_its_source_once() -> None:
    alerts = [alarm("WARN_UNKNOWN", "Pregnancy."), alarm("WARN_UNKNOWN", "Allergies.")]
    (one,) = objections([RFA], alerts)
    assert one.sources == (alerts[0].source,)
