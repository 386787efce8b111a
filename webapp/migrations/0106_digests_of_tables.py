"""A table that was sent is known again by a digest of its cells."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; what waits already, a day at most, is known by none."""
    op.add_column("imported_table", sa.Column("digest", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before, which compares the cells."""
    op.drop_column("imported_table", "digest")
