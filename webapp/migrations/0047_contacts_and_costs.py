"""Missions have whom to call in an emergency, and what they cost."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ITEMS = ("travel", "allowance", "accommodation", "insurance", "interpretation", "other")
PAYERS = ("requester", "SEESAC", "UNDP office", "sending authority", "to be agreed")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mission_contact",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=100), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("diet", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_contact_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_mission_contact")),
    )
    op.create_table(
        "mission_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=True),
        sa.Column("actual", sa.BigInteger(), nullable=True),
        sa.Column("payer", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("item", ITEMS), name=op.f("ck_mission_cost_item")),
        sa.CheckConstraint(one_of("payer", PAYERS), name=op.f("ck_mission_cost_payer")),
        sa.CheckConstraint(
            "planned IS NULL OR planned BETWEEN 0 AND 100000000",
            name=op.f("ck_mission_cost_planned"),
        ),
        sa.CheckConstraint(
            "actual IS NULL OR actual BETWEEN 0 AND 100000000", name=op.f("ck_mission_cost_actual")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_cost_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_cost")),
        sa.UniqueConstraint(
            "deployment_id", "item", name=op.f("uq_mission_cost_deployment_id_item")
        ),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before; whom to call, and the costs, are lost."""
    op.drop_table("mission_cost")
    op.drop_table("mission_contact")
