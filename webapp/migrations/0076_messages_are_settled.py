"""A requester's message is a task of SEESAC until somebody settles it.

Those of before were told by a notice and a mail; which of them wait for an answer nobody noted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    """Bring the table to this revision."""
    op.add_column(
        "request_message", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE request_message SET settled_at = written_at")
    op.create_index(
        "ix_request_message_open",
        "request_message",
        ["request_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Bring the table back to the revision before."""
    op.drop_index("ix_request_message_open", "request_message")
    op.drop_column("request_message", "settled_at")
