"""Write many rows at once, past the ORM: as the driver takes them, in the order of their tables."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from workflow.models.base import Base, Utc

_UTC, _DIALECT = Utc(), sqlite.dialect()


def stored(at: datetime) -> str:
    """Return a moment as its column stores it."""
    return str(_UTC.process_bind_param(at, _DIALECT))


class Rows:
    """Rows that wait to be written, by table; every value is one the driver stores as it is."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._columns: dict[str, tuple[str, ...]] = {}

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
                columns = self._columns[table.name]
                self._write(table, columns, rows, or_ignore=table.name in or_ignore)

    def _write(
        self,
        table: Table,
        columns: tuple[str, ...],
        rows: list[tuple[Any, ...]],
        *,
        or_ignore: bool,
    ) -> None:
        dialect = self.connection.dialect
        if dialect.name == "postgresql" and not or_ignore:
            self._copy(table, columns, rows)
            return
        insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
        statement = insert(table)
        if or_ignore:
            statement = statement.on_conflict_do_nothing()
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        values: Any = rows
        if compiled.positional:
            order = [columns.index(name) for name in compiled.positiontup or ()]
            if order != list(range(len(columns))):
                values = [tuple(row[at] for at in order) for row in rows]
        else:
            values = [dict(zip(columns, row, strict=True)) for row in rows]
        self.connection.exec_driver_sql(str(compiled), values)

    def _copy(self, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Send rows the way PostgreSQL takes many."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        driver: Any = self.connection.connection
        with driver.cursor() as cursor, cursor.copy(statement) as copying:
            for row in rows:
                copying.write_row(row)


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
