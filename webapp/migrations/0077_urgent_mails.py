"""Mails of passwords and the sign-in leave before others."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table to this revision."""
    op.add_column(
        "outbox_message",
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Bring the table back to the revision before."""
    op.drop_column("outbox_message", "urgent")
