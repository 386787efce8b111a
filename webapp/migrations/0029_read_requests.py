"""When SEESAC began to read each request."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; what was sent in counts as read, for nobody noted it."""
    op.add_column(
        "expertise_request", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE expertise_request SET read_at = submitted_at")


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("expertise_request", "read_at")
