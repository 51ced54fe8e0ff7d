"""Write many rows at once, past the ORM: as the driver takes them, in the order of their tables."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.dialects import sqlite

from workflow.models.base import Base, Utc

_UTC, _DIALECT = Utc(), sqlite.dialect()
_PASSING = sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP")
_NEW_ONES = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT DO NOTHING")


def stored(at: datetime) -> str:
    """Return a moment as its column stores it."""
    return str(_UTC.process_bind_param(at, _DIALECT))


class Rows:
    """Rows that wait to be written, by table; every value is one the driver stores as it is."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._columns: dict[str, tuple[str, ...]] = {}
        self._put = self._copy if connection.dialect.name == "postgresql" else self._insert

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Keep a row until `write`; all rows of one table name the same columns."""
        self._columns.setdefault(table, tuple(row))
        self._waiting[table].append(tuple(row.values()))

    def extend(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Keep rows of these columns until `write`."""
        self._columns.setdefault(table, columns)
        self._waiting[table].extend(rows)

    def write(self, *, or_ignore: frozenset[str] = frozenset()) -> None:
        """Write what waits, a table before those that refer to it."""
        for table in Base.metadata.sorted_tables:
            if rows := self._waiting.pop(table.name, None):
                self._put(table, rows, or_ignore=table.name in or_ignore)

    def _insert(self, table: Table, rows: list[tuple[Any, ...]], *, or_ignore: bool) -> None:
        columns = self._columns[table.name]
        statement = sqlite.insert(table)
        if or_ignore:
            statement = statement.on_conflict_do_nothing()
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
        order = [columns.index(name) for name in compiled.positiontup or ()]
        values = rows
        if order != list(range(len(columns))):
            values = [tuple(row[at] for at in order) for row in rows]
        self.connection.exec_driver_sql(str(compiled), values)

    def _copy(self, table: Table, rows: list[tuple[Any, ...]], *, or_ignore: bool) -> None:
        """Send rows as PostgreSQL takes many; those it may hold already go by a passing table."""
        name = sql.Identifier(table.name)
        into = sql.Identifier(f"new_{table.name}") if or_ignore else name
        named = sql.SQL(", ").join(map(sql.Identifier, self._columns[table.name]))
        driver: Any = self.connection.connection
        with driver.cursor() as cursor:
            if or_ignore:
                cursor.execute(_PASSING.format(into, name))
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(into, named)) as copying:
                for row in rows:
                    copying.write_row(row)
            if or_ignore:
                cursor.execute(_NEW_ONES.format(name, named, named, into))


def first_free(connection: Connection, table: str, wanted: int) -> int:
    """Return the first of so many consecutive numbers of a table, and keep them from others."""
    column = Base.metadata.tables[table].c.id
    highest = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql" and wanted:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
            {"table": table, "last": highest + wanted},
        )
    return highest + 1
