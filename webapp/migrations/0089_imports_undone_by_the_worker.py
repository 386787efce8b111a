"""Imports are taken back by the job worker: since when they wait for it, and who has asked."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; the former code takes imports back by itself as before."""
    op.add_column(
        "roster_import", sa.Column("undo_asked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("roster_import", sa.Column("undone_by", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_roster_import_undone_by"), "roster_import", ["undone_by"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_roster_import_undone_by"), "roster_import")
    op.drop_column("roster_import", "undone_by")
    op.drop_column("roster_import", "undo_asked_at")
