"""When what an ended request says of people was taken out of it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column(
        "expertise_request",
        sa.Column("people_forgotten_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("expertise_request", "people_forgotten_at")
