"""Calls that wait, and who has a role, are found without all calls and all accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

WAITS = sa.text("done_at IS NULL")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(
        "ix_phone_call_waiting", "phone_call", ["since", "id"],
        sqlite_where=WAITS, postgresql_where=WAITS,
    )  # fmt: skip
    op.create_index("ix_account_role_role_id", "account_role", ["role_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index("ix_account_role_role_id", "account_role")
    op.drop_index("ix_phone_call_waiting", "phone_call")
