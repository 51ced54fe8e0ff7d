"""What was done in a grid"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("first_edit", sa.Integer(), nullable=False),
        sa.Column("last_edit", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('do', 'undo', 'redo', 'conflict')", name=op.f("ck_acts_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_acts_by_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_acts_exam_id")),
        sa.ForeignKeyConstraint(["of_id"], ["acts.id"], name=op.f("fk_acts_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        info={"frozen": True},
        sqlite_strict=True,
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_exam_id"), ["exam_id"], unique=False)

    op.freeze_table("acts", [["id"]])  # type: ignore[attr-defined]


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_exam_id"))

    op.drop_table("acts")
