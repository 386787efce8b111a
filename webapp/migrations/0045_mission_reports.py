"""Both sides report on missions."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mission_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.Column("institutions", sa.Text(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("lacking", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("again", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            one_of("side", ("expert", "requester")), name=op.f("ck_mission_report_side")
        ),
        sa.CheckConstraint(
            one_of("again", ("yes", "otherwise", "no")), name=op.f("ck_mission_report_again")
        ),
        sa.CheckConstraint(
            "women IS NULL OR women BETWEEN 0 AND 10000", name=op.f("ck_mission_report_women")
        ),
        sa.CheckConstraint(
            "men IS NULL OR men BETWEEN 0 AND 10000", name=op.f("ck_mission_report_men")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_mission_report_rating")
        ),
        sa.CheckConstraint(
            "sent_at IS NULL OR (rating IS NOT NULL AND again IS NOT NULL)",
            name=op.f("ck_mission_report_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_report_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_report")),
        sa.UniqueConstraint(
            "deployment_id", "side", name=op.f("uq_mission_report_deployment_id_side")
        ),
    )
    op.create_index(op.f("ix_mission_report_written_by"), "mission_report", ["written_by"])
    op.create_table(
        "mission_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_entry_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_mission_entry_evidence_id_evidence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_entry")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_mission_entry_deployment_id")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_mission_entry_evidence_id")),
    )
    op.create_table(
        "mission_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_use", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_follow_up_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_follow_up")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_mission_follow_up_deployment_id")),
    )
    op.create_index(op.f("ix_mission_follow_up_written_by"), "mission_follow_up", ["written_by"])
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(16), nullable=True),
        sa.Column("jurisdiction", sa.String(3), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_lesson_request_id_expertise_request"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"],
            ["theme.code"],
            name=op.f("fk_lesson_theme_code_theme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    for column in ("request_id", "theme_code", "jurisdiction", "written_by"):
        op.create_index(op.f(f"ix_lesson_{column}"), "lesson", [column])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("lesson")
    op.drop_table("mission_follow_up")
    op.drop_table("mission_entry")
    op.drop_table("mission_report")
