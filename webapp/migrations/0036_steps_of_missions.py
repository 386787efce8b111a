"""Missions are cleared, begin, end, are reported and followed up; some are curtailed."""

from alembic import op

from webapp.core.schema.migrating import change_checks, one_of

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BEFORE = ("planned", "cancelled")
STATES = (
    "planned", "cleared", "deployed", "returned", "reported", "followed up", "cancelled",
    "curtailed",
)  # fmt: skip
WITH_REASON = "reason_id IS NOT NULL OR state NOT IN ('cancelled', 'curtailed')"
CANCELLED_WITH_REASON = "reason_id IS NOT NULL OR state <> 'cancelled'"


def upgrade() -> None:
    """Bring the table to this revision."""
    _change(STATES, WITH_REASON)


def downgrade() -> None:
    """Bring the table back; the former code knows every mission that took place as planned."""
    op.execute("UPDATE deployment SET state = 'planned' WHERE state <> 'cancelled'")
    op.execute("UPDATE deployment SET reason_id = NULL WHERE state = 'planned'")
    _change(BEFORE, CANCELLED_WITH_REASON)


def _change(states: tuple[str, ...], with_reason: str) -> None:
    change_checks(
        "deployment",
        {
            "ck_deployment_state": one_of("state", states),
            "ck_deployment_ended_with_reason": with_reason,
        },
    )
