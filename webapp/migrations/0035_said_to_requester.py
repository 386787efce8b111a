"""A coordinator says to the requester why an expert is proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; of those proposed before, nothing was said."""
    op.add_column(
        "match",
        sa.Column("said_to_requester", sa.Text(), server_default=sa.text("''"), nullable=False),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("match", "said_to_requester")
