"""What people remove by its number has a number that SQLite gives once.

It gave that of the last row anew, so a button of an older page removed what was added since.
"""

from webapp.core.schema.migrating import number_anew, number_once

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

TABLES = (
    "account_request", "account_session", "coordinator_note", "curriculum_draft", "lesson",
    "mission_report_file", "request_file", "theme_synonym",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table in TABLES:
        number_once(table)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table in TABLES:
        number_anew(table)
