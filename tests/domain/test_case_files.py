"""A case file is read strictly, and handed back as it came."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.domain.invented import data
from workflow.domain.case import Case, loads, read, read_intake, read_reading, write, write_reading
from workflow.domain.errors import CaseRefused

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return an invented case with one value set at a path such as 'exam.segments[7].leg'."""
    whole: dict[str, Any] = json.loads(json.dumps(data()))
    place: Any = whole
    keys = [
        int(k) if k.isdigit() else k for k in path.replace("]", "").replace("[", ".").split(".")
    ]
    for key in keys[:-1]:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[keys[-1]] = value
    return whole


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_that_is_read_is_written_back_as_it_came(path: Path) -> None:
    given = loads(path.read_text("utf-8"))
    assert isinstance(given, dict)
    back = write(read(given))
    given.pop("expect")
    assert back == given
    assert json.loads(json.dumps(back)) == back


def test_unknown_keys_and_nulls_are_kept_at_every_level() -> None:
    whole = changed("exam.segments[3].operator_note", {"deep": [1, 2.5, None, "x"]})
    whole["exam"]["segments"][3]["depth_mm"] = None
    whole["intake"]["abi"] = {"R": 1.0, "L": None, "how": "Doppler"}
    whole["intake"]["cramps"] = {"present": True, "shoe_size": 39}
    whole["clinical"]["note"] = "seen twice"
    whole["house"] = [{"a": 1}]
    assert write(read(whole)) == whole


def test_a_dose_stays_single_and_a_list_of_doses_stays_a_list() -> None:
    dose = {"agent": "STS foam", "percent": 1, "ml": 4, "gas_ratio": "1:4"}
    for given in (dose, [dose], [dose, dose]):
        whole = {**data(), "planned_dose": given}
        assert write(read(whole)) == whole
        assert len(read(whole).doses) == (1 if isinstance(given, dict) else len(given))


def test_absent_and_null_both_mean_not_asked() -> None:
    absent, null = read(data()), read(changed("intake.migraine_aura", None))
    assert absent.intake.migraine_aura is None
    assert null.intake.migraine_aura is None


def test_parts_of_a_case_that_were_never_given_are_not_invented() -> None:
    bare = {key: data()[key] for key in ("format", "id", "as_of", "patient")}
    assert write(read(bare)) == bare
    nulls = {**bare, "intake": None, "exam": None, "clinical": None}
    assert write(read(nulls)) == nulls
    assert isinstance(read(nulls), Case)


REFUSED: list[tuple[str, Any]] = [
    ("format", "case/2"),
    ("id", ""),
    ("id", "   "),
    ("as_of", "2026-02-30"),
    ("as_of", "２０２６-05-04"),
    ("as_of", "2026-5-4"),
    ("as_of", 20260504),
    ("patient.name", "\ud800"),
    ("patient.name", "a\x00b"),
    ("patient.name", "A\u202eB"),
    ("patient.name", "x" * 501),
    ("patient.sex", "f"),
    ("patient.born", "2026-05-05"),
    ("patient.born", "0001-01-01"),
    ("intake", []),
    ("intake.weight_kg", True),
    ("intake.weight_kg", "70"),
    ("intake.weight_kg", float("nan")),
    ("intake.weight_kg", float("inf")),
    ("intake.weight_kg", 0),
    ("intake.weight_kg", 10**400),
    ("intake.pregnant", 1),
    ("intake.allergies", "none"),
    ("intake.allergies[0]", 5),
    ("intake.mobility", "walking"),
    ("intake.pfo", "large"),
    ("intake.red_flags[0]", "headache"),
    ("intake.abi.R", -0.1),
    ("intake.ankle_mmhg.L", 351),
    ("intake.cramps.side", "B"),
    ("intake.cramps.frequency", "weekly"),
    ("intake.cramps.nrs_0_10", 11),
    ("intake.cramps.nrs_0_10", 5.0),
    ("intake.cramps.nights_per_week", 8),
    ("intake.wells.version", "2010"),
    ("intake.wells.active_cancer", 2),
    ("intake.wells.active_cancer", True),
    ("intake.villalta.pain", 4),
    ("intake.villalta.ulcer", "yes"),
    ("intake.prior_vte[0].date", "2021-13"),
    ("intake.prior_vein_procedures[0].year", 21),
    ("intake.compression_trial.start", "2026-01"),
    ("clinical.R.c[0]", "C7"),
    ("clinical.R.vcss.pain", 4),
    ("clinical.R.vcss.pain", 1.5),
    ("clinical.L.symptomatic", "no"),
    ("exam.purpose", "look"),
    ("exam.position", "lying"),
    ("exam.manoeuvres[0]", "squeeze"),
    ("exam.segments", {}),
    ("exam.segments[7].leg", "both"),
    ("exam.segments[7].leg", None),
    ("exam.segments[7].segment", "SFV"),
    ("exam.segments[7].segment", "TRIB0"),
    ("exam.segments[7].segment", "GSV_PT1"),
    ("exam.segments[7].reflux_ms", -1),
    ("exam.segments[7].reflux_ms", 20_001),
    ("exam.segments[7].reflux_ms", 500.5),
    ("exam.segments[7].reflux_ms", "500"),
    ("exam.segments[7].reflux_ms", False),
    ("exam.segments[7].diameter_mm", 0.4),
    ("exam.segments[7].diameter_mm", 40.1),
    ("exam.segments[7].compressibility", "yes"),
    ("exam.segments[7].thrombus", "old"),
    ("exam.segments[7].closure", "closed"),
    ("exam.segments[7].limitation", "tab\there"),
    ("exam.segments[7].percent_deep_lumen", 101),
    ("exam.segments[7].ehit", 2),
    ("planned_dose.agent", "glue"),
    ("planned_dose.ml", -1),
    ("plan.items[0]", "RFA"),
]


@pytest.mark.parametrize(("path", "value"), REFUSED, ids=lambda v: ascii(v)[:40].replace("\\", "~"))
def test_a_value_outside_its_list_range_or_type_is_refused_with_its_path(
    path: str, value: Any
) -> None:
    whole = (
        changed(path, value) if "[0]" not in path else changed(path[: path.index("[0]")], [None])
    )
    if "[0]" in path:
        tail = path[path.index("[0]") + 3 :].lstrip(".")
        item = {tail: value} if tail else value
        whole = changed(path[: path.index("[0]")], [item])
    with pytest.raises(CaseRefused) as refused:
        read(whole)
    assert refused.value.path == path
    assert refused.value.reason.endswith(".")


def test_a_trial_that_ends_before_it_starts_is_refused() -> None:
    trial = {"start": "2026-04-01", "end": "2026-03-01"}
    with pytest.raises(CaseRefused) as refused:
        read_intake({"compression_trial": trial})
    assert refused.value.path == "intake.compression_trial.end"


@pytest.mark.parametrize("missing", ["format", "id", "as_of", "patient"])
def test_a_case_without_what_it_must_hold_is_refused(missing: str) -> None:
    whole = data()
    del whole[missing]
    with pytest.raises(CaseRefused) as refused:
        read(whole)
    assert refused.value.path == missing


@pytest.mark.parametrize("whole", [None, [], "case", 7, True])
def test_what_is_no_object_is_no_case(whole: object) -> None:
    with pytest.raises(CaseRefused):
        read(whole)


@pytest.mark.parametrize(
    ("edge", "value"),
    [("reflux_ms", 0), ("reflux_ms", 20_000), ("diameter_mm", 0.5), ("diameter_mm", 40)],
)
def test_a_value_at_the_end_of_its_range_is_taken(edge: str, value: float) -> None:
    given = {"leg": "R", "segment": "GSV_PT", edge: value}
    assert write_reading(read_reading(given)) == given


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e400}',
        '{"a": 1e-400}',
        '{"a": ' + "9" * 41 + "}",
        "[" * 41 + "]" * 41,
        '{"a": ',
        "",
    ],
)
def test_json_that_a_lax_reader_would_change_is_refused(text: str) -> None:
    with pytest.raises(CaseRefused):
        loads(text)


def test_brackets_inside_a_text_are_no_nesting() -> None:
    assert loads('{"a": "' + "[{" * 100 + '\\""}') == {"a": "[{" * 100 + '"'}


def test_nesting_in_an_unknown_key_is_bounded() -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    with pytest.raises(CaseRefused):
        read({**data(), "unknown": deep})
    with pytest.raises(CaseRefused):
        read({**data(), "unknown": {"bad": "\udc00"}})
    with pytest.raises(CaseRefused):
        read({**data(), "unknown": float("nan")})
