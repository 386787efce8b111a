"""SQLite gives no number of any table a second time, nor one that stands in the log.

Numbers of rows that were removed before are not known but from there.
"""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import go_on_after, number_anew, number_once

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

TABLES = (
    "organisation", "reason", "role", "account", "roster_import", "account_link", "expert",
    "expertise_request", "kept_text", "notice", "outbox_message", "passkey", "amendment",
    "approval", "closed_jurisdiction", "counted_passage", "different_people", "evidence",
    "excluded_jurisdiction", "expert_theme", "field_comment", "first_places", "identity_change",
    "ignored_consideration", "jurisdiction_note", "language_skill", "likely_pair", "match",
    "phone_call", "profile_merge", "profile_question", "request_message", "request_theme",
    "required_language", "terms_of_reference", "training", "unavailable_period", "deployment",
    "evidence_confirmation", "invitation_link", "release_letter", "briefing_pack", "mission_cost",
    "mission_entry", "mission_follow_up", "mission_item", "mission_report",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table in TABLES:
        number_once(table)
    if op.get_bind().dialect.name == "sqlite":
        _go_on_after_what_is_logged()


def _go_on_after_what_is_logged() -> None:
    connection = op.get_bind()
    logged = connection.execute(
        sa.text("SELECT subject, max(subject_id) FROM audit_event GROUP BY subject")
    )
    for table, number in logged.all():
        if table in TABLES and number is not None:
            go_on_after(table, number)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table in TABLES:
        number_anew(table)
