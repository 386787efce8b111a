"""How the jobs of the job worker went."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("last_good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(80), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "failing_since IS NULL OR failed_at IS NOT NULL", name=op.f("ck_job_run_failed")
        ),
        sa.CheckConstraint("(failed_at IS NULL) = (error = '')", name=op.f("ck_job_run_error")),
        sa.CheckConstraint(
            "last_good_at IS NOT NULL OR failing_since IS NOT NULL", name=op.f("ck_job_run_ran")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("job_run")
