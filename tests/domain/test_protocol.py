"""What a scan still lacks is said site by site, with its leg and the field it goes into."""

from typing import Any

import pytest

from tests.domain.invented import case
from workflow.domain.anatomy import Leg
from workflow.domain.protocol import Missing, missing

GSV = "great saphenous vein (mid thigh)"
R, L = Leg.RIGHT, Leg.LEFT


def _lacks(**changes: Any) -> tuple[Missing, ...]:
    return missing(case(**changes).exam)


def test_what_belongs_to_the_whole_scan_names_no_leg_and_no_site() -> None:
    assert _lacks(exam={"position": None, "manoeuvres": []}) == (
        Missing(None, "", "position", "State the position the patient was scanned in."),
        Missing(None, "", "manoeuvres", "State how reflux was provoked."),
    )


@pytest.mark.parametrize(
    ("code", "changes", "field", "says"),
    [
        ("GSV_MT", {"reflux_ms": None}, "reflux_ms", ": no reflux time."),
        ("POPV", {"compressibility": None}, "compressibility", ": compression not recorded."),
        ("POPV", {"compressibility": "not_tested"}, "limitation",
         ": say why compression was not tested."),
        ("SSV_MC", {"thrombus": None}, "thrombus", ": say whether a thrombus was seen."),
        ("SSV_MC", {"visualised": "not_seen"}, "limitation", ": say why it was not seen."),
        ("GSV_MT", {"reflux_ms": 900, "diameter_mm": None}, "diameter_mm", ": no diameter."),
        ("TRIB1", {"reflux_ms": 900, "diameter_mm": 4}, "location", ": say where it lies."),
        ("TRIB1", {"diameter_mm": 4, "location": "calf"}, "reflux_ms", ": no reflux time."),
        ("TRIB1", {"reflux_ms": 900, "location": "calf"}, "diameter_mm", ": no diameter."),
        ("PERF_PT1", {"reflux_ms": 900, "diameter_mm": 4, "reference": "floor"}, "distance_cm",
         ": no height."),
        ("PERF_PT1", {"reflux_ms": 900, "diameter_mm": 4, "distance_cm": 12}, "reference",
         ": say what the height is measured from."),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("leg", "side"), [(R, "right"), (L, "left")])
def test_a_value_that_is_missing_is_said_of_its_own_leg(
    leg: Leg, side: str, code: str, changes: dict[str, Any], field: str, says: str
) -> None:
    (found,) = _lacks(**{side: {code: changes}})
    assert (found.leg, found.segment, found.field) == (leg, code, field)
    assert found.sentence.startswith(f"{side.capitalize()} ")
    assert found.sentence.endswith(says)
    assert len(found.sentence) > len(says) + len(side) + 3


def test_a_site_is_named_in_words() -> None:
    (found,) = _lacks(right={"GSV_MT": {"reflux_ms": None}})
    assert found.sentence == f"Right {GSV}: no reflux time."


def test_a_row_in_which_nothing_is_written_was_not_examined() -> None:
    blank = dict.fromkeys(("reflux_ms", "diameter_mm", "compressibility", "thrombus"))
    assert _lacks(right={"GSV_MT": blank}) == (
        Missing(R, "GSV_MT", "reflux_ms", f"Right {GSV}: not examined."),
    )
    seen = {**blank, "limitation": "A cast"}
    assert {each.field for each in _lacks(right={"GSV_MT": seen})} == {"reflux_ms", "thrombus"}


def test_the_other_groin_counts_only_where_something_is_written_of_it() -> None:
    blank = dict.fromkeys(("reflux_ms", "diameter_mm", "compressibility", "thrombus"))
    one = case(left={"CFV": blank}).exam
    (found,) = missing(one, (R,))
    assert (found.leg, found.segment, found.field) == (L, "CFV", "compressibility")
    assert missing(case().exam, (R,)) == ()
