"""Accounts that are closed are found without all accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(
        "ix_account_closed", "account", ["id"],
        sqlite_where=sa.text("active = 0"), postgresql_where=sa.text("NOT active"),
    )  # fmt: skip


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index("ix_account_closed", "account")
