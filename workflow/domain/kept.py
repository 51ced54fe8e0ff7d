"""Work a fact out once, when it is first asked for, and keep it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Fact = TypeVar("Fact")


class kept(Generic[Fact]):  # noqa: N801 - it is written where `property` would be
    """A property that is worked out once. A value that never changes needs no lock for it."""

    def __init__(self, work_out: Callable[[Any], Fact]) -> None:
        """Take the method that works the fact out."""
        self.work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name under which the fact is kept."""
        self.name = name

    def __get__(self, value: Any, owner: type) -> Fact:
        """Work the fact out and keep it; from then on it is a plain attribute."""
        fact = self.work_out(value)
        value.__dict__[self.name] = fact
        return fact
