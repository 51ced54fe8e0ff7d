"""The Latin spelling of a name that paper cannot set"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("patients", sa.Column("paper_name", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("patients", "paper_name")
