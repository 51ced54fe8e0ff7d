"""Hold one question of an intake: its name, words, kind, and its place in the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.intake.kinds import Kind

CLINICAL = "clinical"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `needed` is the sentence that asks for it where it is missing at the end.

    `after` names the yes/no question that it follows up. `childbearing` marks what is asked only
    of those who may be pregnant.
    """

    name: str
    label: str
    kind: Kind
    hint: str = ""
    optional: bool = False
    needed: str = ""
    after: str = ""
    childbearing: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys that lead to the answer, in `answers` or in `clinical`."""
        keys = tuple(self.name.split("__"))
        return keys[1:] if self.is_clinical else keys

    @property
    def is_clinical(self) -> bool:
        """Say whether the answer is what the clinician saw, not what was asked."""
        return self.name.startswith(f"{CLINICAL}__")

    def of(self, answers: Mapping[str, Any], clinical: Mapping[str, Any]) -> Any:
        """Return the stored value, None where it was not asked."""
        place: Any = clinical if self.is_clinical else answers
        for key in self.keys:
            place = place.get(key) if isinstance(place, Mapping) else None
        return place


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its title, and its questions as rows of one or two."""

    id: str
    title: str
    hint: str = ""
    questions: tuple[Question, ...] = field(default=())
    folded: bool = False


def placed(root: Mapping[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return a copy of nested answers with one value put at its keys; the rest stays as it is.

    None takes the answer back: a key that was there keeps its place as null, so that a case file
    comes out in the form it came in.
    """
    key, *rest = keys
    copy = dict(root)
    if rest:
        below = copy.get(key)
        inner = placed(below if isinstance(below, Mapping) else {}, tuple(rest), value)
        if inner or isinstance(below, Mapping):
            copy[key] = inner
    elif value is None:
        if key in copy:
            copy[key] = None
    else:
        copy[key] = value
    return copy
