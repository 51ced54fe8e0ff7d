"""Say below the drawn legs what each look means."""

from dataclasses import dataclass
from functools import lru_cache

from workflow.domain import legink
from workflow.domain.anatomy import Leg
from workflow.domain.documents import MapState
from workflow.domain.legink import State, Stroke
from workflow.domain.legpath import smooth
from workflow.domain.legwords import legend_words


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend: how it looks, drawn from 0 to 9 along y = 1.5, and its words."""

    state: State
    samples: tuple[Stroke, ...]
    words: str


def legend(
    found: set[State], states: tuple[MapState, ...], *, clinical: bool, language: str
) -> tuple[Key, ...]:
    """Return a line for each state that is drawn; on the patient's map, three at most.

    `states` are those found, before any were folded together for the patient.
    """
    original = frozenset(str(state.state) for state in states)
    keys = []
    merged = State.BORDERLINE in found and State.NONE in found and not clinical
    for state in State:
        if state not in found or (merged and state is State.NONE):
            continue
        words = legend_words(state, original, merged=merged, clinical=clinical, language=language)
        keys.append(Key(state, _samples(state, merged=merged), words))
    return tuple(keys)


@lru_cache(maxsize=16)
def _samples(state: State, *, merged: bool) -> tuple[Stroke, ...]:
    """Draw how a state looks; two looks side by side where one key stands for two."""
    if state is State.NORMAL:
        return _sample(state, 0.4, 4.1, deep=False), _sample(state, 5.1, 8.6, deep=True)
    if state is State.BORDERLINE and merged:
        return _sample(state, 0.4, 4.1, deep=False), _sample(State.NONE, 5.1, 8.6, deep=False)
    return (_sample(state, 0.4, 8.6, deep=False),)


def _sample(state: State, begin: float, end: float, *, deep: bool) -> Stroke:
    run = smooth(((begin, 1.5), ((begin + end) / 2, 1.5), (end, 1.5)))
    return legink.stroke(state, run, leg=Leg.RIGHT, code="", deep=deep, title="")
