"""What is typed into a cell becomes the one value it means, or a sentence; and what follows."""

import pytest

from workflow.domain.anatomy import REQUIRED, Leg, segment
from workflow.domain.errors import Refused
from workflow.ultrasound import cell
from workflow.ultrasound.cell import NOT_SEEN
from workflow.ultrasound.field import COLUMNS, DRAWER, Field, drawer
from workflow.ultrasound.settle import settled


def _read(key: str, typed: str) -> str:
    field = cell.field_of(key)
    assert field is not None
    return cell.read(field, typed)


@pytest.mark.parametrize(
    ("key", "typed", "text"),
    [
        ("reflux_ms", "2400", "2400"),
        ("reflux_ms", "2.4s", "2400"),
        ("reflux_ms", " 2,4 s ", "2400"),
        ("reflux_ms", "0", "0"),
        ("reflux_ms", "n", "0"),
        ("reflux_ms", "X", NOT_SEEN),
        ("reflux_ms", "-", ""),
        ("reflux_ms", "", ""),
        ("diameter_mm", "6.2", "6.2"),
        ("diameter_mm", "6,2 mm", "6.2"),
        ("diameter_mm", "0.62cm", "6.2"),
        ("diameter_mm", "8", "8.0"),
        ("compressibility", "partial", "partial"),
        ("tip_to_junction_cm", "-2.5", "-2.5"),
        ("tip_to_junction_cm", "−2,5", "-2.5"),
        ("tip_to_junction_cm", "3", "3"),
        ("cm_from_sfj", "11", "11"),
        ("tortuous", "no", "no"),
        ("limitation", "  a  dressing ", "a  dressing"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(key: str, typed: str, text: str) -> None:
    assert _read(key, typed) == text
    assert _read(key, text) == text


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("reflux_ms", "2.4"),
        ("reflux_ms", "2400 mm"),
        ("reflux_ms", "<500"),
        ("reflux_ms", "20001"),
        ("reflux_ms", "-5"),
        ("reflux_ms", "1e3"),
        ("reflux_ms", "２４００"),
        ("reflux_ms", "٣"),
        ("reflux_ms", "NaN"),
        ("reflux_ms", "9" * 10_000),
        ("diameter_mm", "0.4"),
        ("diameter_mm", "40.1"),
        ("diameter_mm", "6.25"),
        ("diameter_mm", "4-5"),
        ("compressibility", "yes"),
        ("thrombus", "acute; drop"),
        ("tip_to_junction_cm", "-51"),
        ("cm_from_sfj", "-1"),
        ("percent_deep_lumen", "12.5"),
        ("tortuous", "maybe"),
        ("limitation", "two\nlines"),
        ("comment", "x" * 501),
        ("comment", "\u202ereversed"),
    ],
)
def test_what_could_mean_something_else_is_refused_with_a_sentence(key: str, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        _read(key, typed)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("field", [*COLUMNS, *DRAWER], ids=lambda field: field.key)
def test_every_choice_can_be_read_back(field: Field) -> None:
    for word, _ in field.choices:
        assert cell.shown(field, cell.value(field, cell.read(field, word))) == word


@pytest.mark.parametrize(
    "name",
    [
        "R.NOWHERE.reflux_ms",
        "R.SFJ.status",
        "R.SFJ-2.reflux_ms",
        "X.SFJ.reflux_ms",
        "exam_id",
        "R.SFJ",
        "R.SFJ.reflux_ms.more",
        "R.TRIB0.reflux_ms",
    ],
)
def test_a_name_that_is_no_cell_of_the_grid_is_nothing(name: str) -> None:
    assert cell.parse(name) is None


def test_a_cell_name_keeps_its_leg_site_and_repeat() -> None:
    name = cell.parse("L.AASV-2.cm_from_sfj")
    assert name is not None
    assert (name.leg, name.segment, name.repeat, name.key) == (Leg.LEFT, "AASV", 2, "cm_from_sfj")
    assert name.site_key == "L.AASV-2"


def test_a_perforator_asks_where_it_was_measured_from_and_a_trunk_does_not() -> None:
    perforator, trunk = segment("PERF_PT1"), segment("GSV_MT")
    assert perforator is not None
    assert trunk is not None
    asked = {field.key for field in drawer(perforator, {}, surveillance=False)}
    assert {"distance_cm", "reference", "near_ulcer"} <= asked
    assert not {"distance_cm", "reference"} & {
        field.key for field in drawer(trunk, {}, surveillance=False)
    }


def test_the_length_of_a_clot_is_asked_only_where_a_clot_is_recorded() -> None:
    trunk = segment("SSV_PC")
    assert trunk is not None
    without = {field.key for field in drawer(trunk, {"thrombus": "none"}, surveillance=False)}
    with_clot = {field.key for field in drawer(trunk, {"thrombus": "acute"}, surveillance=False)}
    assert "thrombus_length_cm" not in without
    assert "thrombus_length_cm" in with_clot


def test_a_field_that_holds_something_is_always_shown() -> None:
    deep = segment("PTV")
    assert deep is not None
    held = drawer(deep, {"closure": "partly_open"}, surveillance=False)
    assert "closure" in {field.key for field in held}


@pytest.mark.parametrize("code", REQUIRED)
def test_every_required_site_can_be_said_not_to_be_seen(code: str) -> None:
    site = segment(code)
    assert site is not None
    asked = {field.key for field in drawer(site, {}, surveillance=False)}
    assert {"visualised", "limitation"} <= asked


REFLUX, SEEN = "R.SFJ.reflux_ms", "R.SFJ.visualised"


@pytest.mark.parametrize(
    ("typed", "held", "agreed"),
    [
        ({REFLUX: NOT_SEEN}, {}, {REFLUX: NOT_SEEN, SEEN: "not_seen"}),
        ({SEEN: "not_seen"}, {}, {SEEN: "not_seen", REFLUX: NOT_SEEN}),
        ({REFLUX: "300"}, {REFLUX: NOT_SEEN, SEEN: "not_seen"}, {REFLUX: "300", SEEN: ""}),
        ({REFLUX: ""}, {REFLUX: NOT_SEEN, SEEN: "not_seen"}, {REFLUX: "", SEEN: ""}),
        ({SEEN: "full"}, {REFLUX: NOT_SEEN, SEEN: "not_seen"}, {SEEN: "full", REFLUX: ""}),
        ({SEEN: "partial"}, {REFLUX: "300"}, {SEEN: "partial"}),
    ],
)
def test_a_time_and_whether_the_site_was_seen_agree(
    typed: dict[str, str], held: dict[str, str], agreed: dict[str, str]
) -> None:
    assert settled(typed, held) == (agreed, {})


@pytest.mark.parametrize(
    ("typed", "held", "wrong"),
    [
        ({SEEN: "not_seen"}, {REFLUX: "300"}, SEEN),
        ({REFLUX: "300", SEEN: "not_seen"}, {}, SEEN),
        ({REFLUX: NOT_SEEN, SEEN: "full"}, {}, REFLUX),
    ],
)
def test_a_site_that_was_not_seen_never_has_a_reflux_time(
    typed: dict[str, str], held: dict[str, str], wrong: str
) -> None:
    agreed, refused = settled(typed, held)
    assert list(refused) == [wrong]
    assert wrong not in agreed
