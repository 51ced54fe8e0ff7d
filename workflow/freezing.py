"""Teach migrations to freeze a table whole, or to seal those of its rows that are signed."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import CreateTableOp, MigrationScript

from workflow.models import sealed
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


@Operations.register_operation("seal_table")
class SealTableOp(MigrateOperation):
    """Forbid changing the signed rows of a table, as `workflow.models.sealed` describes it."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def seal_table(cls, operations: Operations, table: str) -> Any:
        """Seal one table from within a migration: `op.seal_table("exams")`."""
        return operations.invoke(cls(table))


@Operations.register_operation("unseal_table")
class UnsealTableOp(MigrateOperation):
    """Take the seal off a table again: what a migration back, or a table made anew, needs."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def unseal_table(cls, operations: Operations, table: str) -> Any:
        """Take the seal off one table from within a migration."""
        return operations.invoke(cls(table))


@Operations.implementation_for(SealTableOp)
def _seal(operations: Operations, operation: SealTableOp) -> None:
    dialect = operations.get_bind().dialect.name
    for statement in sealed.statements(dialect, operation.table):
        operations.execute(statement)


@Operations.implementation_for(UnsealTableOp)
def _unseal(operations: Operations, operation: UnsealTableOp) -> None:
    dialect = operations.get_bind().dialect.name
    on_table = "" if dialect == "sqlite" else f" ON {operation.table}"
    for name in sealed.names(dialect, operation.table):
        operations.execute(f"DROP TRIGGER {name}{on_table}")


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
