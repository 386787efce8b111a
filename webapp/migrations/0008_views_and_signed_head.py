"""Who was shown which expert, in rows; a signed head of the audit log, and no INSERT OR REPLACE."""

import hashlib
import hmac

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "profile_view",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
            name=op.f("fk_profile_view_event_id_audit_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_profile_view_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "expert_id", name=op.f("pk_profile_view")),
    )
    op.create_index(op.f("ix_profile_view_expert_id_day"), "profile_view", ["expert_id", "day"])
    _take_over_what_was_recorded()
    op.add_column(
        "audit_head",
        sa.Column("signature", sa.String(length=64), server_default=sa.text("''"), nullable=False),
    )
    _sign_head()
    if op.get_bind().dialect.name == "sqlite":
        # A row that replaces another is no DELETE to the triggers of before.
        op.execute(
            "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event"
            " WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR hash = NEW.hash)"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _take_over_what_was_recorded() -> None:
    """Make rows of the events of before, which told of one expert on a page that is not known."""
    day = {"sqlite": "substr(at, 1, 10)", "postgresql": "(at AT TIME ZONE 'UTC')::date"}
    op.execute(
        "INSERT INTO profile_view (event_id, expert_id, day, account_id, page)"  # noqa: S608
        f" SELECT id, subject_id, {day[op.get_bind().dialect.name]}, actor_id, 'experts.show'"
        " FROM audit_event WHERE action = 'profile viewed' AND actor_id IS NOT NULL"
        " AND subject_id IN (SELECT id FROM expert)"
    )


def _sign_head() -> None:
    """Sign the chain as it is: from here on no head without a signature is sound."""
    connection = op.get_bind()
    head = connection.execute(sa.text("SELECT event_id, hash FROM audit_head")).one()
    key = current_app.config["AUDIT_KEY"].encode()
    made = hmac.new(key, f"{head.event_id}:{head.hash}".encode(), hashlib.sha256).hexdigest()
    connection.execute(sa.text("UPDATE audit_head SET signature = :made"), {"made": made})


def downgrade() -> None:
    """Take this revision back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_event_no_replace")
    op.drop_column("audit_head", "signature")
    op.drop_index(op.f("ix_profile_view_expert_id_day"), table_name="profile_view")
    op.drop_table("profile_view")
