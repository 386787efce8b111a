"""Which coordinator sees to a request."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("expertise_request", sa.Column("handled_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("expertise_request", "handled_by")
