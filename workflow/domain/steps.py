"""Let a thing move only along its own table of steps.

A table holds one row a step: where it starts, where it ends, who may take it, and its own
objection. The greyed button and its reason, the refusal page, the history, the diagram and the
exhaustive test all read that one table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from workflow.domain.errors import Refused
from workflow.domain.staff import Permission, Role, may, only, who_may

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)
S_co = TypeVar("S_co", bound=StrEnum, covariant=True)


class HasStatus(Protocol[S_co]):
    """The facts of a thing that has a status."""

    @property
    def status(self) -> S_co: ...


F = TypeVar("F", bound=HasStatus[StrEnum])


def _never(_: object) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Rule(Generic[S, F]):
    """One step: its starts, its end (None = stays where it is), who may, and its objection."""

    starts: frozenset[S]
    ends: S | None
    needs: Permission
    label: str
    objection: Callable[[F], str | None] = _never
    note_required: bool = False


@dataclass(frozen=True, slots=True)
class Table(Generic[T, S, F]):
    """Every step of one kind of thing, and the words people see for its states."""

    noun: str
    rules: Mapping[T, Rule[S, F]]
    words: Mapping[S, str]

    def refusal(self, step: T, facts: F, role: Role) -> str | None:
        """Say why this step may not be taken now by this role, or None if it may."""
        rule = self.rules[step]
        if not may(role, rule.needs):
            return only(rule.needs)
        if facts.status not in rule.starts:
            here = self.words[facts.status]  # type: ignore[index]
            return f"{rule.label} is not possible while the {self.noun} is “{here}”."
        return rule.objection(facts)

    def take(self, step: T, facts: F, role: Role, note: str = "") -> S:
        """Return the status this step leads to, or raise Refused with the reason."""
        if reason := self.refusal(step, facts, role):
            raise Refused(reason)
        rule = self.rules[step]
        if rule.note_required and not note.strip():
            raise Refused(f"{rule.label}: write why, in a sentence.")
        return rule.ends if rule.ends is not None else facts.status  # type: ignore[return-value]

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        for status, words in self.words.items():
            lines.append(f"    {status.name} : {words}")
        for rule in self.rules.values():
            who = ", ".join(role.value for role in who_may(rule.needs))
            for start in sorted(rule.starts, key=list(self.words).index):
                end = rule.ends if rule.ends is not None else start
                lines.append(f"    {start.name} --> {end.name} : {rule.label} ({who})")
        return "\n".join(lines)
