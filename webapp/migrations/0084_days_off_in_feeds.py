"""The address for a calendar has the days on which its owner is not available, if they choose so."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; addresses that exist have missions alone, as before."""
    op.add_column(
        "calendar_feed",
        sa.Column("with_days_off", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("calendar_feed", "with_days_off")
