"""Of an answer that somebody else notes it is kept who gave it, on which day and by which letter."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

SOURCE = "said_on IS NOT NULL OR (said_by = '' AND letter = '' AND letter_day IS NULL)"


def upgrade() -> None:
    """Bring the tables to this revision; the former code notes answers without their source."""
    for name, length in (("said_by", 200), ("letter", 100)):
        op.add_column(
            "reason",
            sa.Column(name, sa.String(length), nullable=False, server_default=sa.text("''")),
        )
    for name in ("said_on", "letter_day"):
        op.add_column("reason", sa.Column(name, sa.Date(), nullable=True))
    add_checks("reason", {"ck_reason_source": SOURCE})


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_checks("reason", ["ck_reason_source"])
    for name in ("letter_day", "letter", "said_on", "said_by"):
        op.drop_column("reason", name)
