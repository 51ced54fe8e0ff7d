"""The rules know no favourite side, never fail on a case of the right shape, and never guess."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.invented import data
from workflow.domain.anatomy import CATALOGUE
from workflow.domain.case import read, write
from workflow.domain.clinical import CLASSES, VCSS_ITEMS
from workflow.domain.interpret import as_result, interpret
from workflow.domain.protocol import missing
from workflow.domain.wording import (
    history_lines,
    patient_choices,
    patient_found,
    patient_means,
    technique_lines,
    thrombus_statement,
)

CODES = [f"{row.code}{'1' if row.numbered else ''}" for row in CATALOGUE]
SWAP = {"R": "L", "L": "R"}


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def readings(draw: st.DrawFn) -> dict[str, Any]:
    times = st.sampled_from([0, 200, 350, 450, 499, 500, 501, 550, 551, 1000, 1001, 4000])
    return {
        "leg": draw(st.sampled_from("RL")),
        "segment": draw(st.sampled_from(CODES)),
        "reflux_ms": draw(maybe(times)),
        "diameter_mm": draw(maybe(st.sampled_from([2.9, 3.0, 3.5, 6.0, 12.0, 12.1]))),
        "compressibility": draw(maybe(st.sampled_from(["full", "partial", "none", "not_tested"]))),
        "thrombus": draw(
            maybe(st.sampled_from(["none", "none", "acute", "chronic_postthrombotic"]))
        ),
        "closure": draw(maybe(st.sampled_from(["closed_after_ablation", "recanalised"]))),
        "ehit": draw(maybe(st.booleans())),
        "extends_into": draw(maybe(st.sampled_from(["CFV", "POPV", "somewhere deep", "none"]))),
        "percent_deep_lumen": draw(maybe(st.sampled_from([0, 20, 50, 51, 100]))),
        "tip_to_junction_cm": draw(maybe(st.sampled_from([0, 3, 3.1, 20]))),
        "thrombus_length_cm": draw(maybe(st.sampled_from([1, 4.9, 5]))),
        "cm_from_sfj": draw(maybe(st.sampled_from([3, 8, 20]))),
        "phasicity": draw(maybe(st.sampled_from(["phasic", "continuous"]))),
        "near_ulcer": draw(maybe(st.sampled_from(["none", "active"]))),
    }


@st.composite
def clinics(draw: st.DrawFn) -> dict[str, Any]:
    vcss = st.fixed_dictionaries({name: st.integers(0, 3) for name in VCSS_ITEMS})
    return {
        "c": draw(maybe(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3))),
        "symptomatic": draw(maybe(st.booleans())),
        "vcss": draw(maybe(vcss)),
        "ulcer": draw(maybe(st.just({"months": 2}))),
    }


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    base = data(
        right=draw(st.sampled_from([{}, {"GSV_MT": {"reflux_ms": 2000}}])),
        only=draw(st.sampled_from(["RL", "R", "L", ""])),
    )
    base["exam"]["segments"] += draw(st.lists(readings(), max_size=8))
    base["exam"]["purpose"] = draw(st.sampled_from(["reflux", "post_ablation_surveillance"]))
    base["clinical"] = {"R": draw(clinics()), "L": draw(clinics())}
    base["intake"].update(
        pregnant=draw(maybe(st.booleans())),
        abi=draw(maybe(st.fixed_dictionaries({s: st.sampled_from([0.4, 0.9, 1.1]) for s in "RL"}))),
        allergies=draw(
            maybe(st.lists(st.sampled_from(["glue", "STS", "polidocanol"]), max_size=2))
        ),
        red_flags=draw(maybe(st.lists(st.sampled_from(["syncope", "dark_urine"]), max_size=1))),
        prior_vte=draw(maybe(st.just([{"leg": "R", "date": "2019"}]))),
    )
    return base


lightly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def mirrored(value: Any, key: str = "") -> Any:
    """Return a JSON value with its right and left sides exchanged."""
    if isinstance(value, dict):
        return {SWAP.get(name, name): mirrored(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [mirrored(item) for item in value]
    return SWAP.get(value, value) if key == "leg" else value


def canonical(result: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a result that name a leg, free of order and of worded reasons."""
    wordless = ("text", "reasons", "reason", "sources", "source")

    def bare(rows: list[dict[str, Any]]) -> list[str]:
        return sorted(str({k: v for k, v in row.items() if k not in wordless}) for row in rows)

    lists = {
        key: bare(result[key]) for key in ("segments", "veins", "alerts", "options", "excluded")
    }
    return {**lists, "ceap": result["ceap"], "rvcss": result["rvcss"]}


@lightly
@given(cases())
def test_exchanging_the_legs_exchanges_the_answer(given_case: dict[str, Any]) -> None:
    here = canonical(mirrored(as_result(interpret(read(given_case)))))
    there = canonical(as_result(interpret(read(mirrored(given_case)))))
    assert here == there


@lightly
@given(cases())
def test_every_case_of_the_right_shape_gets_an_answer_and_comes_back_as_it_was(
    given_case: dict[str, Any],
) -> None:
    known = read(given_case)
    said = interpret(known)
    assert write(known) == given_case
    assert said.patient_message
    assert patient_found(said, known)
    assert patient_choices(said, known)
    assert all(isinstance(line, str) for line in patient_means(said, known))
    assert history_lines(known.intake)
    assert technique_lines(known.exam)
    assert thrombus_statement(known)
    assert isinstance(missing(known.exam), tuple)


@lightly
@given(cases())
def test_nothing_untimed_is_normal_and_nothing_quiet_is_ablated(
    given_case: dict[str, Any],
) -> None:
    known = read(given_case)
    said = interpret(known)
    untimed = {
        (row.leg, row.vein)
        for row in known.exam.segments
        if all(
            other.reflux_ms is None
            for other in known.exam.segments
            if (other.leg, other.vein) == (row.leg, row.vein)
        )
    }
    for vein in said.veins:
        if (vein.leg, vein.vein) in untimed:
            assert vein.reflux is None
    leaking = {(vein.leg, vein.vein) for vein in said.veins if vein.reflux}
    for option in said.options:
        if option.modality in {"RFA", "EVLA", "CAC", "MOCA", "PEM", "PHLEB", "PERF_RFA"}:
            assert (option.leg, option.vein) in leaking
