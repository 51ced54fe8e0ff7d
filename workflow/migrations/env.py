"""Run the migrations on one engine, in one transaction, on SQLite and PostgreSQL alike."""

from typing import Any

from alembic import context
from sqlalchemy.types import TypeDecorator

from workflow import freezing, home
from workflow.models.base import Base
from workflow.settings import Settings


def _stored_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own types as what they are stored as: a migration outlives the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


engine = context.config.attributes.get("engine") or home.maintenance_engine(Settings.read())
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
        render_item=_stored_type,
        process_revision_directives=freezing.freeze_new_tables,
    )
    with context.begin_transaction():
        context.run_migrations()
