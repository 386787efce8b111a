"""Administrators set the address at which people reach SEESAC."""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; where nothing is set, pages and mails name no address."""
    op.add_column(
        "platform_settings",
        sa.Column("contact_address", sa.String(254), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("platform_settings", "contact_address")
