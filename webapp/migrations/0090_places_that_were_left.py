"""Since when somebody has not been in a place any more, a role or an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; what was told to those who left before is deleted."""
    op.add_column("account", sa.Column("place_left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("account", "place_left_at")
