"""Second factors, one-time password links, referrers, and what the log is read by"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.Text(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.Text(), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_second_factors_failures")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_second_factors_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_factors")),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_codes_staff_id"), "recovery_codes", ["staff_id"])
    op.create_table(
        "password_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("spent_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_password_links_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["staff.id"], name=op.f("fk_password_links_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_links_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_password_links_staff_id"), "password_links", ["staff_id"])
    op.create_table(
        "referrers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_referrers_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrers")),
        sqlite_strict=True,
    )
    op.create_index("ix_referrers_name_key", "referrers", ["name_key"])
    op.add_column("staff", sa.Column("suspended_at", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("suspended_because", sa.Text(), nullable=True))
    op.add_column("sign_ins", sa.Column("passed_at", sa.Text(), nullable=True))
    # Whoever was signed in before there was a second factor stays so until the sign-in ends.
    op.execute("UPDATE sign_ins SET passed_at = started_at")
    op.create_index("ix_audit_log_actor_id_seq", "audit_log", ["actor_id", "seq"])
    op.create_index("ix_audit_log_action_seq", "audit_log", ["action", "seq"])
    op.create_index("ix_audit_log_at_seq", "audit_log", ["at", "seq"])


def downgrade() -> None:
    """Change them back."""
    op.drop_index("ix_audit_log_at_seq", table_name="audit_log")
    op.drop_index("ix_audit_log_action_seq", table_name="audit_log")
    op.drop_index("ix_audit_log_actor_id_seq", table_name="audit_log")
    op.drop_column("sign_ins", "passed_at")
    op.drop_column("staff", "suspended_because")
    op.drop_column("staff", "suspended_at")
    op.drop_table("referrers")
    op.drop_table("password_links")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
