"""Missions have checklists, and their things files."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NEEDS = (
    "release", "consent", "invitation", "visa", "insurance", "medical", "tickets", "briefing",
    "host", "materials", "access", "connection",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision; nothing has been seen to on any mission."""
    op.create_table(
        "mission_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("text_version", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("kind", NEEDS), name=op.f("ck_mission_item_kind")),
        sa.CheckConstraint(
            one_of("state", ("open", "done", "not needed")), name=op.f("ck_mission_item_state")
        ),
        sa.CheckConstraint(
            "(state = 'not needed') = (reason_id IS NOT NULL)",
            name=op.f("ck_mission_item_reasoned"),
        ),
        sa.CheckConstraint(
            "text_version IS NULL OR (kind = 'consent' AND state = 'done')",
            name=op.f("ck_mission_item_signature"),
        ),
        sa.CheckConstraint(
            "kind <> 'consent' OR state <> 'done' OR by_office OR text_version IS NOT NULL",
            name=op.f("ck_mission_item_signed"),
        ),
        sa.CheckConstraint(
            "kind <> 'consent' OR state <> 'not needed'",
            name=op.f("ck_mission_item_consent_needed"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_item_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["reason.id"],
            name=op.f("fk_mission_item_reason_id_reason"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_item")),
        sa.UniqueConstraint(
            "deployment_id", "kind", name=op.f("uq_mission_item_deployment_id_kind")
        ),
    )
    op.create_index(op.f("ix_mission_item_changed_by"), "mission_item", ["changed_by"])
    op.create_index(op.f("ix_mission_item_reason_id"), "mission_item", ["reason_id"])
    op.create_table(
        "mission_item_file",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            one_of("kind", ("pdf", "docx", "odt", "jpg", "png")),
            name=op.f("ck_mission_item_file_kind"),
        ),
        sa.CheckConstraint(
            "length(content) = size AND size BETWEEN 1 AND 5000000",
            name=op.f("ck_mission_item_file_size"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["mission_item.id"],
            name=op.f("fk_mission_item_file_item_id_mission_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_mission_item_file")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before; what was seen to, and its files, are lost."""
    op.drop_table("mission_item_file")
    op.drop_table("mission_item")
