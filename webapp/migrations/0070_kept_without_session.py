"""Whether a kept text came without a session."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column(
        "kept_text",
        sa.Column("without_session", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("kept_text", "without_session")
