"""Decide what a payer asks for, and whether the record shows it (clinical reference §6.2).

Kept apart from what the clinic offers: a payer can refuse what a guideline treats. Each policy is
a data file in `payers/`: its id, its date, its source, and its predicates.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.interpretation import PayerAnswer, PayerView, Policy, Predicate
from workflow.domain.legstate import LegState
from workflow.domain.payerfacts import Facts, leg_facts, missing_field

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, asked: bool(value == asked),
    ">=": lambda value, asked: bool(value >= asked),
    ">": lambda value, asked: bool(value > asked),
    "<=": lambda value, asked: bool(value <= asked),
    "<": lambda value, asked: bool(value < asked),
    "none_of": lambda planned, barred: not set(planned) & set(barred),
}
"""How a fact is held against a predicate's value."""


@cache
def policies() -> tuple[Policy, ...]:
    """Return every policy of the data files, by id."""
    files = sorted((Path(__file__).parent / "payers").glob("*.json"))
    return tuple(read_policy(json.loads(file.read_text("utf-8"))) for file in files)


def read_policy(data: Mapping[str, Any]) -> Policy:
    """Return the policy a data file holds; a key that is missing or unknown is an error."""
    predicates = tuple(
        Predicate(**{**each, "unless": tuple(each.get("unless", ()))})
        for each in data["predicates"]
    )
    effective = date.fromisoformat(data["effective"]) if data["effective"] else None
    return Policy(**{**data, "effective": effective, "predicates": predicates})


def coverage(case: Case, legs: tuple[LegState, ...]) -> tuple[PayerView, ...]:
    """Return what each policy in force on the case's date says, leg by leg.

    A policy is held against the legs that the plan names, or else those that reflux, or else those
    that were scanned. Source: §6.2; each policy names its own.
    """
    asked = _legs_asked(case, legs)
    facts = {state.leg: leg_facts(case, state) for state in asked}
    return tuple(
        PayerView(policy, tuple(_answers(policy, facts, case)))
        for policy in policies()
        if policy.effective is None or policy.effective <= case.as_of
    )


def _legs_asked(case: Case, legs: tuple[LegState, ...]) -> list[LegState]:
    planned = {item.leg for item in (case.plan.items or ())} if case.plan else set()
    for asked in (
        [state for state in legs if state.leg in planned],
        [state for state in legs if state.any_reflux],
        [state for state in legs if state.examined],
    ):
        if asked:
            return asked
    return []


def _answers(policy: Policy, facts: Mapping[Leg, Facts], case: Case) -> Iterator[PayerAnswer]:
    for leg, known in facts.items():
        for predicate in policy.predicates:
            if _is_asked(predicate, known):
                yield _answer(leg, predicate, known, case)


def _is_asked(predicate: Predicate, known: Facts) -> bool:
    if not predicate.when or known[predicate.when]:
        return True
    return bool(predicate.before and known["planned"] is None and known[predicate.before])


def _answer(leg: Leg, predicate: Predicate, known: Facts, case: Case) -> PayerAnswer:
    if any(known[name] for name in predicate.unless):
        return PayerAnswer(leg, predicate, "met")
    value = known.get(predicate.fact)
    if value is None:
        return PayerAnswer(leg, predicate, "unknown", missing_field(predicate.fact, case))
    holds = _OPERATORS[predicate.op](value, predicate.value)
    return PayerAnswer(leg, predicate, "met" if holds else "not_met")
