"""Whether the people and things in the database are those of the demo."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; a database of the demo is known by its administrator.

    Nobody has such an address: the domain is reserved for examples.
    """
    op.add_column(
        "platform_settings",
        sa.Column("demonstration", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE platform_settings SET demonstration = TRUE"
        " WHERE EXISTS (SELECT 1 FROM account WHERE email = 'administrator@example.org')"
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("platform_settings", "demonstration")
