"""What patients are found by, and records that are merged"""

import sqlalchemy as sa
from alembic import op

from workflow.domain.lookup import NAME, keys_of
from workflow.models.lookup import add_slips

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_A_BATCH = 1000


def upgrade() -> None:
    """Change the tables."""
    keys = op.create_table(
        "patient_keys",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("key", _SORTED, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_patient_keys_patient_id")
        ),
        sa.PrimaryKeyConstraint("patient_id", "key", name=op.f("pk_patient_keys")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_keys_key", "patient_keys", ["key", "patient_id"])
    op.create_table(
        "name_slips",
        sa.Column("slip", _SORTED, nullable=False),
        sa.Column("word", _SORTED, nullable=False),
        sa.PrimaryKeyConstraint("slip", "word", name=op.f("pk_name_slips")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_merges_two_records")),
        sa.CheckConstraint(
            "status IN ('asked', 'merged', 'refused', 'withdrawn', 'separated')",
            name=op.f("ck_merges_status"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_merges_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_merges_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["patients.id"], name=op.f("fk_merges_kept_id")),
        sa.ForeignKeyConstraint(["merged_id"], ["patients.id"], name=op.f("fk_merges_merged_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"])
    in_force = sa.text("status IN ('asked', 'merged')")
    op.create_index(
        "uq_merges_in_force",
        "merges",
        ["merged_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.add_column("steps_taken", sa.Column("stood_at", sa.Text(), nullable=True))
    op.add_column("steps_taken", sa.Column("stood_since", sa.Text(), nullable=True))
    changes = sa.text("action <> 'read'")
    op.create_index(
        "ix_audit_log_changes",
        "audit_log",
        ["seq"],
        sqlite_where=changes,
        postgresql_where=changes,
    )
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_patients_merged_into_id"), "patients", ["merged_into_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_patients_merged_into_id"), ["merged_into_id"])
    _write_keys(keys)


def _write_keys(keys: sa.Table) -> None:
    """Write the keys of everyone who is here already."""
    connection = op.get_bind()
    last = 0
    while batch := _patients_after(connection, last):
        rows = [
            {"patient_id": row.id, "key": key}
            for row in batch
            for key in keys_of(
                name=row.name,
                called=row.called,
                phone=row.phone,
                record_number=row.record_number,
            )
        ]
        connection.execute(keys.insert(), rows)
        add_slips(connection, sorted({r["key"][1:] for r in rows if r["key"].startswith(NAME)}))
        last = batch[-1].id


def _patients_after(connection: sa.Connection, last: int) -> list[sa.Row]:
    statement = sa.text(
        "SELECT id, name, called, phone, record_number FROM patients "
        "WHERE id > :last ORDER BY id LIMIT :most"
    )
    return list(connection.execute(statement, {"last": last, "most": _A_BATCH}))


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_patients_merged_into_id"))
        batch_op.drop_constraint(op.f("fk_patients_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
    op.drop_index("ix_audit_log_changes", table_name="audit_log")
    op.drop_column("steps_taken", "stood_since")
    op.drop_column("steps_taken", "stood_at")
    op.drop_table("merges")
    op.drop_table("name_slips")
    op.drop_table("patient_keys")
