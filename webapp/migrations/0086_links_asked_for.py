"""What was asked for at the door is found in the log without reading all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

ASKED = sa.text("action = 'password link asked for'")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(
        op.f("ix_audit_event_password_links_asked"),
        "audit_event",
        ["at"],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_audit_event_password_links_asked"), table_name="audit_event")
