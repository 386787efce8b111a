"""Job workers and their jobs host by host, and when a change last found no room on the disk."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; those in which the former code notes the same stay."""
    op.create_table(
        "job_worker",
        sa.Column("host", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_job_worker")),
    )
    op.create_table(
        "host_job_run",
        sa.Column("host", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("last_good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(80), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "failing_since IS NULL OR failed_at IS NOT NULL", name=op.f("ck_host_job_run_failed")
        ),
        sa.CheckConstraint(
            "(failed_at IS NULL) = (error = '')", name=op.f("ck_host_job_run_error")
        ),
        sa.CheckConstraint(
            "last_good_at IS NOT NULL OR failing_since IS NOT NULL",
            name=op.f("ck_host_job_run_ran"),
        ),
        sa.PrimaryKeyConstraint("host", "name", name=op.f("pk_host_job_run")),
    )
    op.create_table(
        "room_refusal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_room_refusal_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_refusal")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("room_refusal")
    op.drop_table("host_job_run")
    op.drop_table("job_worker")
