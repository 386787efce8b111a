"""What happens after a mission, as a text of its own in each request."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; requests that exist have said nothing of it."""
    op.add_column(
        "expertise_request",
        sa.Column("follow_up", sa.Text(), server_default=sa.text("''"), nullable=False),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("expertise_request", "follow_up")
