"""Write the triggers that keep a frozen table as it was first written.

Three are needed on SQLite: INSERT OR REPLACE removes the old row without firing a delete trigger,
so an insert whose key is already there is refused as well. On PostgreSQL a row trigger does not
see TRUNCATE, and a replica session skips triggers that are not ALWAYS.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import MetaData, Table, UniqueConstraint

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION keep_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def frozen_keys(metadata: MetaData) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each frozen table, the sets of columns that name a row once."""
    return {table.name: keys(table) for table in metadata.sorted_tables if table.info.get("frozen")}


def keys(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the table's primary key and its unique constraints, as column names."""
    unique = {
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    unique |= {
        tuple(column.name for column in index.columns) for index in table.indexes if index.unique
    }
    return (tuple(column.name for column in table.primary_key.columns), *sorted(unique))


def statements(dialect: str, table: str, unique: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the DDL that freezes one table on one engine (`sqlite` or `postgresql`)."""
    if dialect == "sqlite":
        yield from _sqlite(table, unique)
    else:
        yield from _postgresql(table)


def _sqlite(table: str, unique: Sequence[Sequence[str]]) -> Iterator[str]:
    raised = f"SELECT RAISE(ABORT, 'rows of {table} are kept as they were written')"
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN {raised}; END"
        )
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")"
        for columns in unique
    )
    yield (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN {raised}; END"
    )


def _postgresql(table: str) -> Iterator[str]:
    yield POSTGRESQL_FUNCTION
    for name, event, each in (
        ("no_change", "UPDATE OR DELETE", "ROW"),
        ("no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        yield (
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION keep_as_written()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}"
