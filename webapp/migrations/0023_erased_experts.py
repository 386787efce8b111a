"""Experts who were erased: of them the number stays, and what is counted."""

from alembic import op

from webapp.core.schema.migrating import change_checks, one_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = (
    "nominated", "screening", "active", "dormant", "suspended", "withdrawn", "expired",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    change_checks("expert", {"ck_expert_state": one_of("state", (*STATES, "erased"))})


def downgrade() -> None:
    """Bring the tables back; the former code knows no erased expert, and ranks none suspended."""
    op.execute("UPDATE expert SET state = 'suspended' WHERE state = 'erased'")
    change_checks("expert", {"ck_expert_state": one_of("state", STATES)})
