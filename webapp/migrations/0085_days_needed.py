"""A request can say how many of its days are needed."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

TABLE = "expertise_request"
NAME = "ck_expertise_request_days_needed"


def upgrade() -> None:
    """Bring the tables to this revision; to the former code all days of a request are needed."""
    op.add_column(TABLE, sa.Column("days_needed", sa.Integer(), nullable=True))
    add_checks(TABLE, {NAME: "days_needed IS NULL OR days_needed BETWEEN 1 AND 730"})


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_checks(TABLE, [NAME])
    op.drop_column(TABLE, "days_needed")
