"""Things that a mission needs can be a named person's to see to."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; all that there is stays everybody's of its side."""
    op.add_column("mission_item", sa.Column("owner_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_mission_item_owner_id"), "mission_item", ["owner_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before, in which things are a side's."""
    op.drop_index(op.f("ix_mission_item_owner_id"), table_name="mission_item")
    op.drop_column("mission_item", "owner_id")
