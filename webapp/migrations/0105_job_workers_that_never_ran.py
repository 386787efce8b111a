"""A host that serves pages and has never had a job worker is known to the others."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; so far only job workers that ran have a row."""
    op.add_column(
        "job_worker", sa.Column("has_run", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    """Bring the tables back to the revision before, which knows only job workers that ran."""
    op.execute(sa.text("DELETE FROM job_worker WHERE NOT has_run"))
    op.drop_column("job_worker", "has_run")
