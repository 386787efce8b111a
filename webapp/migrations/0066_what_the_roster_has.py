"""Indexes by which is counted what a list of experts can be narrowed to."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

COUNTED = (("expert", "institution"), ("expert", "jurisdiction"), ("language_skill", "language"))


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table, column in COUNTED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table, column in COUNTED:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
