"""When an expert was proposed, and of which sex the first places of a ranking were."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0060"
down_revision = "0058"
branch_labels = None
depends_on = None

GENDERS = ("female", "male", "other")


def upgrade() -> None:
    """Bring the tables to this revision; of rankings of before nobody knows who stood first."""
    op.add_column("match", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    # The log knows also those who were taken back after the proposal.
    op.execute(
        "UPDATE match SET proposed_at = (SELECT max(audit_event.at) FROM audit_event"
        " WHERE audit_event.subject = 'match' AND audit_event.subject_id = match.id"
        " AND audit_event.action = 'match: propose')"
    )
    op.execute(
        "UPDATE match SET proposed_at = state_since WHERE proposed_at IS NULL"
        " AND state IN ('proposed', 'alternate', 'selected', 'not selected')"
    )
    op.create_table(
        "first_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("gender", GENDERS), name=op.f("ck_first_places_gender")),
        sa.CheckConstraint("number > 0", name=op.f("ck_first_places_number")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_first_places_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_places")),
    )
    op.create_index(op.f("ix_first_places_request_id"), "first_places", ["request_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("first_places")
    op.drop_column("match", "proposed_at")
