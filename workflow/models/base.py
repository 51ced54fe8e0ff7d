"""Decide what every table shares: names of constraints, stored types, the revision.

SQLite's STRICT tables take TEXT and INTEGER only, and PostgreSQL is given the same two, so that a
value is stored one way everywhere and nothing is coerced in silence.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Dialect,
    Integer,
    MetaData,
    Table,
    Text,
    literal,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def canonical(value: object) -> str:
    """Write a value as JSON in the one form that is hashed: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


class Utc(TypeDecorator[datetime]):
    """An aware time, kept as `2026-11-22T12:26:29.000000Z`, which sorts as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time needs its zone.")
        text = value.astimezone(UTC).isoformat(timespec="microseconds")
        return text.replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A date without a zone, kept as `1961-03-12`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        if isinstance(value, datetime):
            raise TypeError("A day is a date, not a time.")
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as its canonical text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Word(TypeDecorator[Any]):
    """One word of a closed list (a StrEnum), kept as that word; the table refuses any other."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        if any("'" in word for word in words):
            raise ValueError("A stored word has no quote.")
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Flag(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0; the table refuses any other number."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is not None and not isinstance(value, bool):
            raise TypeError("A flag is True or False.")
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


def yes(column: Any) -> ColumnElement[bool]:
    """Return the condition that a Flag column says yes; a bare column is no condition."""
    return cast("ColumnElement[bool]", column == literal(value=True, type_=Flag()))


class Hundredths(TypeDecorator[Decimal]):
    """A number with at most two decimals, kept as whole hundredths: 7.25 is 725."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if not hundredths.is_finite() or hundredths != hundredths.to_integral_value():
            raise ValueError("A stored number has at most two decimals.")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def _check_stored_values(table: Table) -> None:
    """Give the columns of a closed list their CHECK, in the table that holds them."""
    for column in table.columns:
        if isinstance(column.type, Word):
            words = ", ".join(f"'{word.value}'" for word in column.type.words)
        elif isinstance(column.type, Flag):
            words = "0, 1"
        else:
            continue
        table.append_constraint(CheckConstraint(f"{column.name} IN ({words})", name=column.name))


class Base(DeclarativeBase):
    """What every table is made from.

    `__frozen__ = True` on a class forbids UPDATE, DELETE and REPLACE of its rows in the database
    itself (see `frozen.py`).
    """

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, datetime: Utc, date: Day, bool: Flag, Decimal: Hundredths}
    __frozen__ = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        table = cls.__dict__.get("__table__")
        if isinstance(table, Table):
            _check_stored_values(table)
            table.kwargs["sqlite_strict"] = True
            table.info["frozen"] = cls.__frozen__

    def __repr__(self) -> str:
        """Return class and id only: names and record numbers never reach a log."""
        return f"<{type(self).__name__} {getattr(self, 'id', '?')}>"


class Numbered:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-10)


class Versioned:
    """A row that knows how often it was changed; a change to what was not read is refused."""

    revision: Mapped[int] = mapped_column(Integer, sort_order=-9)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("revision", cls.revision)}
