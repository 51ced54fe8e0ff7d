"""Teach migrations to freeze a table, and to do so whenever a new frozen table is drafted."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import CreateTableOp, MigrationScript

from workflow.models.base import Base
from workflow.models.frozen import frozen_keys, statements

Keys = Sequence[Sequence[str]]


@Operations.register_operation("freeze_table")
class FreezeTableOp(MigrateOperation):
    """Forbid UPDATE, DELETE and REPLACE of a table's rows; `unique` are the keys of a row."""

    def __init__(self, table: str, unique: Keys) -> None:
        self.table, self.unique = table, unique

    @classmethod
    def freeze_table(cls, operations: Operations, table: str, unique: Keys) -> Any:
        """Freeze one table from within a migration: `op.freeze_table("documents", [["id"]])`."""
        return operations.invoke(cls(table, unique))


@Operations.implementation_for(FreezeTableOp)
def _freeze(operations: Operations, operation: FreezeTableOp) -> None:
    dialect = operations.get_bind().dialect.name
    for statement in statements(dialect, operation.table, operation.unique):
        operations.execute(statement)


@renderers.dispatch_for(FreezeTableOp)
def _render(_context: AutogenContext, operation: FreezeTableOp) -> str:
    unique = [list(columns) for columns in operation.unique]
    return f"op.freeze_table({operation.table!r}, {unique!r})  # type: ignore[attr-defined]"


def freeze_new_tables(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    """Add the freezing to a drafted migration, after the tables it creates."""
    frozen = frozen_keys(Base.metadata)
    for script in scripts:
        upgrades = script.upgrade_ops
        if upgrades is None:
            continue
        created = [item.table_name for item in upgrades.ops if isinstance(item, CreateTableOp)]
        upgrades.ops.extend(
            FreezeTableOp(table, frozen[table]) for table in created if table in frozen
        )
