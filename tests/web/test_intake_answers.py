"""What a typed answer becomes, and what a stored answer looks like in its box."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workflow.domain.errors import Refused
from workflow.domain.exam import ExamStatus
from workflow.domain.limits import DEFAULT_LIMITS
from workflow.domain.staff import Role
from workflow.intake import warnings as intake_warnings
from workflow.intake import wording
from workflow.intake.asked import placed
from workflow.intake.kinds import NONE
from workflow.intake.lists import Rows
from workflow.intake.questions import QUESTIONS, asked_of
from workflow.intake.saving import Stored, errors_of, sent_cells, take
from workflow.intake.steps import INTAKE, IntakeFacts, IntakeStatus, IntakeStep, missing

CASES = sorted((Path(__file__).parents[1] / "domain" / "cases").glob("*.json"))


def _after(typed: Mapping[str, Any], before: Stored | None = None) -> Stored:
    return take(before or Stored(), sent_cells(typed)).stored


def _sorted(value: Any) -> Any:
    """Return a list of words in one order; the form has its own."""
    words = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return sorted(value) if words else value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_answer_of_a_case_reads_back_as_itself(path: Path) -> None:
    case = json.loads(path.read_text())
    stored = Stored(case["intake"], case["clinical"])
    for question in QUESTIONS.values():
        value = question.of(stored.answers, stored.clinical)
        assert _sorted(question.kind.read(question.kind.write(value))) == _sorted(value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_typed_anew_gives_the_same_answers(path: Path) -> None:
    case = json.loads(path.read_text())
    before = Stored(case["intake"], case["clinical"])
    cells = {name: cell for name, cell in before.cells().items() if cell}
    after = _after(cells)
    assert not after.typed
    for question in QUESTIONS.values():
        told = question.of(after.answers, after.clinical)
        assert _sorted(told) == _sorted(question.of(before.answers, before.clinical))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_sent_back_unchanged_changes_nothing(path: Path) -> None:
    case = json.loads(path.read_text())
    cells = Stored(case["intake"], case["clinical"]).cells()
    assert sent_cells(cells) == cells


def test_the_five_worked_cases_are_here() -> None:
    assert {path.stem for path in CASES} >= {"C01", "C03", "C06", "C08", "C10"}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("height_cm", "165", 165),
        ("height_cm", "165,5 cm", 165.5),
        ("height_cm", "5 ft 5", 165.1),
        ("height_cm", "5'5\"", 165.1),
        ("height_cm", "6 feet", 182.9),
        ("height_cm", "66 in", 167.6),
        ("weight_kg", "70", 70),
        ("weight_kg", "154 lb", 69.9),
        ("weight_kg", "154.5 pounds", 70.1),
        ("cramps__present", "yes", True),
        ("cramps__present", "no", False),
        ("cramps__nrs_0_10", "7", 7),
        ("cramps__relief", "rest_from_walking", "rest_from_walking"),
        ("wells__calf_swelling_gt3cm", "yes", 1),
        ("wells__calf_swelling_gt3cm", "no", 0),
        ("compression_trial__start", "19 Jan 2026", "2026-01-19"),
        ("compression_trial__start", "2026-01-19", "2026-01-19"),
        ("abi__R", "0,85", 0.85),
        ("clinical__R__c", ["", "C2", "C4a"], ["C2", "C4a"]),
        ("symptoms__L", ["", "none"], []),
        ("symptoms__R", ["", "ache", "pins and needles\n"], ["ache", "pins and needles"]),
        ("red_flags", ["", "none"], []),
        ("allergies", ["", "No known allergies"], []),
        ("allergies", ["", "latex", "penicillin\r\nstrawberries"],
         ["latex", "penicillin", "strawberries"]),
        ("medications", ["", "furosemide\natorvastatin 20 mg"],
         ["furosemide", "atorvastatin 20 mg"]),
    ],
)  # fmt: skip
def test_a_typed_answer_becomes_its_value(name: str, typed: Any, value: Any) -> None:
    question = QUESTIONS[name]
    stored = _after({name: typed})
    assert question.of(stored.answers, stored.clinical) == value
    assert not stored.typed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("height_cm", "5 ft 13"), ("height_cm", "1.65"), ("height_cm", "-165"),
        ("height_cm", "１６５"), ("height_cm", "1e2"), ("height_cm", "165.000"),
        ("weight_kg", "7o"), ("weight_kg", "1,000"), ("weight_kg", "NaN"), ("weight_kg", "700"),
        ("weight_kg", "٣"), ("cramps__side", "middle"), ("cramps__nrs_0_10", "11"),
        ("cramps__present", "maybe"), ("compression_trial__start", "Jan 2026"),
        ("compression_trial__start", "01/02/2026"), ("compression_trial__start", "30 Feb 2026"),
        ("symptoms__R", ["none", "ache"]), ("clinical__R__c", ["C0", "C2"]),
        ("clinical__R__c", ["C9"]), ("red_flags", ["headache"]), ("pfo", "perhaps"),
        ("anticoagulant", "a\u202eb"), ("anticoagulant", "x" * 201), ("abi__L", "4"),
        ("clinical__L__vcss__pain", "4"), ("medications", "x\x00y"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_kept_with_its_sentence(name: str, typed: Any) -> None:
    before = _after({"height_cm": "165", "cramps__present": "yes"})
    taken = take(before, sent_cells({name: typed}))
    question = QUESTIONS[name]
    assert taken.errors[name].endswith((".", "?"))
    assert taken.stored.typed[name] == question.kind.cell(
        [typed] if isinstance(typed, str) else typed
    )
    assert question.of(taken.stored.answers, taken.stored.clinical) is None
    assert errors_of(taken.stored) == dict(taken.errors)


def test_correcting_an_answer_forgets_the_text_that_was_not_understood() -> None:
    stored = _after({"weight_kg": "7o"})
    stored = _after({"weight_kg": "70"}, stored)
    assert stored.answers["weight_kg"] == 70
    assert stored.typed == {}


def test_only_the_paths_of_the_form_are_written() -> None:
    before = Stored(
        {"abi": None, "cramps": {"present": True, "own": 1}, "survey": {"x": [1]}},
        {"R": {"c": None, "note": "kept"}},
    )
    after = _after({"cramps__side": "R", "clinical__R__symptomatic": "yes"}, before)
    assert after.answers == {
        "abi": None,
        "cramps": {"present": True, "own": 1, "side": "R"},
        "survey": {"x": [1]},
    }
    assert after.clinical == {"R": {"c": None, "note": "kept", "symptomatic": True}}


def test_taking_an_answer_back_leaves_it_not_asked() -> None:
    before = Stored({"smoker": True, "abi": {"R": 0.9}})
    after = _after({"smoker": "", "abi__R": "", "diabetes": ""}, before)
    assert after.answers == {"smoker": None, "abi": {"R": None}}


def test_a_value_is_put_below_a_null() -> None:
    assert placed({"abi": None}, ("abi", "R"), 0.9) == {"abi": {"R": 0.9}}
    assert placed({"abi": None}, ("abi", "R"), None) == {"abi": None}


def _rows(name: str) -> Rows:
    kind = QUESTIONS[name].kind
    assert isinstance(kind, Rows)
    return kind


def test_rows_are_read_box_by_box() -> None:
    stored = _after(
        {
            "prior_vein_procedures__0__leg": "R",
            "prior_vein_procedures__0__vein": "GSV",
            "prior_vein_procedures__0__technique": "RFA",
            "prior_vein_procedures__0__date": "2021",
            "prior_vein_procedures__1__leg": "L",
            "prior_vein_procedures__1__date": "Mar 2019",
            "prior_vein_procedures__2__leg": "",
            "prior_vein_procedures__none": "",
        }
    )
    assert stored.answers["prior_vein_procedures"] == [
        {"leg": "R", "vein": "GSV", "technique": "RFA", "year": 2021},
        {"leg": "L", "date": "2019-03"},
    ]


def test_a_box_of_a_row_that_is_not_understood_keeps_the_rest_of_its_row() -> None:
    stored = _after({"prior_vte__0__leg": "L", "prior_vte__0__date": "198x", "prior_vte__none": ""})
    assert stored.answers["prior_vte"] == [{"leg": "L"}]
    assert list(errors_of(stored)) == ["prior_vte__0__date"]
    assert _rows("prior_vte").rows(stored.typed["prior_vte"])[0]["date"] == "198x"


def test_never_had_one_is_not_the_same_as_not_asked() -> None:
    assert _after({"prior_vte__none": ["", "yes"]}).answers == {"prior_vte": []}
    assert _after({"prior_vte__none": "", "prior_vte__0__leg": ""}).answers == {}
    both = _after({"prior_vte__none": "yes", "prior_vte__0__leg": "R"})
    assert "prior_vte__none" in errors_of(both)


def test_rows_keep_the_keys_the_form_does_not_know() -> None:
    before = Stored(
        {"prior_vte": [{"leg": "R", "date": "2019", "provoked": True}, {"leg": "L", "pe": 1}]}
    )
    kept = _after(
        {"prior_vte__0__leg": "R", "prior_vte__0__date": "2020", "prior_vte__1__leg": "L"}, before
    )
    assert kept.answers["prior_vte"] == [
        {"leg": "R", "date": "2020", "provoked": True},
        {"leg": "L", "pe": 1},
    ]
    removed = _after({"prior_vte__0__leg": "L"}, before)
    assert removed.answers["prior_vte"] == [{"leg": "L", "pe": 1}]


@pytest.mark.parametrize("text", ["[", "{}", '[["x"]]', "[" * 5000, '[{"leg": 1}]', '[{"x": "y"}]'])
def test_a_text_that_is_no_row_is_left_aside(text: str) -> None:
    assert "prior_vte" not in sent_cells({"prior_vte": text})


def test_a_hundred_rows_are_too_many() -> None:
    typed = {f"prior_vte__{row}__leg": "R" for row in range(99)}
    assert errors_of(_after(typed)) == {"prior_vte": "At most 30 rows fit here."}


def test_no_ulcer_scores_its_age_and_size_nought() -> None:
    from workflow.intake.saving import with_no_ulcer

    cells = Stored().cells()
    mine = with_no_ulcer({"clinical__R__vcss__ulcer_number": "0"}, cells)
    assert mine["clinical__R__vcss__ulcer_duration"] == "0"
    assert mine["clinical__R__vcss__ulcer_size"] == "0"
    assert "clinical__L__vcss__ulcer_size" not in mine


def test_a_value_the_rules_refuse_is_kept_as_text() -> None:
    stored = _after({"compression_trial__start": "19 Jan 2026"})
    stored = _after({"compression_trial__end": "18 Jan 2026"}, stored)
    assert stored.answers["compression_trial"] == {"start": "2026-01-19"}
    assert "before the start" in errors_of(stored)["compression_trial__end"]


def test_pregnancy_is_asked_of_women_of_twelve_to_fifty_five() -> None:
    def asked(sex: str, born: date) -> bool:
        return any(q.name == "pregnant" for q in asked_of(sex, born, date(2026, 5, 4)))

    assert asked("F", date(2014, 5, 4))
    assert not asked("F", date(2014, 5, 5))
    assert asked("F", date(1970, 5, 5))
    assert not asked("F", date(1970, 5, 4))
    assert asked("X", date(1990, 1, 1))
    assert not asked("M", date(1990, 1, 1))


NEEDED = {
    "cramps__present": "no",
    "symptoms__R": NONE,
    "symptoms__L": NONE,
    "red_flags": NONE,
    "allergies": NONE,
    "clinical__R__deferred": "yes",
    "clinical__L__deferred": "yes",
}


@pytest.mark.parametrize("left_out", sorted(NEEDED))
def test_each_needed_answer_is_needed(left_out: str) -> None:
    of = {"sex": "M", "born": date(1961, 3, 12), "on": date(2026, 5, 4)}
    assert missing(_after(NEEDED), **of) == ()  # type: ignore[arg-type]
    rest = {name: typed for name, typed in NEEDED.items() if name != left_out}
    assert missing(_after(rest), **of)  # type: ignore[arg-type]


def test_pregnancy_is_needed_where_it_is_asked() -> None:
    still = missing(_after(NEEDED), sex="F", born=date(1990, 1, 1), on=date(2026, 5, 4))
    assert [each.name for each in still] == ["pregnant"]


ALLOWED = {
    (IntakeStep.FINISH, IntakeStatus.OPEN): IntakeStatus.FINISHED,
    (IntakeStep.REOPEN, IntakeStatus.FINISHED): IntakeStatus.OPEN,
}


@pytest.mark.parametrize("step", IntakeStep)
@pytest.mark.parametrize("status", IntakeStatus)
@pytest.mark.parametrize("role", Role)
def test_a_step_of_an_intake_is_taken_only_if_the_table_allows_it(
    step: IntakeStep, status: IntakeStatus, role: Role
) -> None:
    expected = None if role is Role.ADMINISTRATOR else ALLOWED.get((step, status))
    if expected is not None:
        assert INTAKE.take(step, IntakeFacts(status), role) is expected
    else:
        with pytest.raises(Refused):
            INTAKE.take(step, IntakeFacts(status), role)


@pytest.mark.parametrize(
    "facts",
    [
        IntakeFacts(IntakeStatus.OPEN, not_understood=1),
        IntakeFacts(IntakeStatus.OPEN, missing=2),
        IntakeFacts(IntakeStatus.OPEN, to_confirm=1),
        IntakeFacts(IntakeStatus.OPEN, stop="Reported at intake: chest pain."),
    ],
)
def test_an_intake_that_is_not_ready_is_not_finished(facts: IntakeFacts) -> None:
    with pytest.raises(Refused):
        INTAKE.take(IntakeStep.FINISH, facts, Role.PHYSICIAN)


def test_a_physician_goes_on_against_a_warning_sign() -> None:
    facts = IntakeFacts(IntakeStatus.OPEN, stop="Reported at intake.", overruled=True)
    assert INTAKE.take(IntakeStep.FINISH, facts, Role.PHYSICIAN) is IntakeStatus.FINISHED


def test_an_intake_stays_closed_once_the_report_is_signed() -> None:
    facts = IntakeFacts(IntakeStatus.FINISHED, exam=ExamStatus.FINAL)
    with pytest.raises(Refused, match="signed"):
        INTAKE.take(IntakeStep.REOPEN, facts, Role.PHYSICIAN)


@pytest.mark.parametrize("medicine", [word for word, _ in wording.MEDICINES])
def test_each_listed_medicine_raises_its_alert(medicine: str) -> None:
    fired = intake_warnings.alerts(
        Stored({"medications": [medicine]}),
        sex="M",
        born=date(1961, 3, 12),
        on=date(2026, 5, 4),
        limits=DEFAULT_LIMITS,
    )
    assert [a.id for a in fired if "TRIGGER_DRUG" in a.id or a.id == "INFO_STATIN"], medicine
