"""The consent to the risk of a mission keeps the text as it was signed, and in which language."""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; of what was signed before the version alone is known."""
    op.add_column("mission_item", sa.Column("signed_language", sa.String(length=8), nullable=True))
    op.add_column("mission_item", sa.Column("signed_text", sa.Text(), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before, which has no place for a signed text.

    What was signed is lost by it for good, and with it the only proof of its words once the text
    has changed: the version, which stays, tells that it was another and not what it said. Keep a
    backup of before.
    """
    op.drop_column("mission_item", "signed_text")
    op.drop_column("mission_item", "signed_language")
