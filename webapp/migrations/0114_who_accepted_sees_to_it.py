"""Whoever accepted a request sees to it, where it was accepted before anybody saw to one."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the rows to this revision.

    Nobody sees to a request for which they ask, or are considered with any account of theirs. One
    that was put into somebody's hands once, and is in nobody's, was left to all.
    """
    op.execute(
        sa.text(
            "UPDATE expertise_request SET handled_by ="
            " (SELECT terms.accepted_by FROM terms_of_reference AS terms"
            " WHERE terms.request_id = expertise_request.id AND terms.version = 1"
            " AND terms.accepted_by <> expertise_request.requester_id"
            " AND NOT EXISTS (SELECT 1 FROM match JOIN expert ON expert.id = match.expert_id"
            " WHERE match.request_id = expertise_request.id"
            " AND (expert.account_id = terms.accepted_by"
            " OR EXISTS (SELECT 1 FROM acted_on_profile AS acted"
            " WHERE acted.expert_id = expert.id AND acted.account_id = terms.accepted_by"
            " AND acted.side = 'expert'))))"
            " WHERE handled_by IS NULL AND NOT EXISTS (SELECT 1 FROM audit_event AS handed"
            " WHERE handed.subject = 'expertise_request'"
            " AND handed.subject_id = expertise_request.id"
            " AND handed.action IN ('request handed over', 'request left to all'))"
        )
    )


def downgrade() -> None:
    """Leave the rows as they are: who sees to a request could be chosen before, too."""
