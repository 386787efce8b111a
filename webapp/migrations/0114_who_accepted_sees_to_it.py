"""Whoever accepted a request sees to it, where it was accepted before anybody saw to one."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the rows to this revision.

    Nobody sees to a request for which they ask, have asked or their organisation asks, or are
    considered with any account of theirs; nor does whoever is no open coordinator any more. One
    that was put into somebody's hands once, and is in nobody's, was left to all. What has ended
    stays as it was.
    """
    op.execute(
        sa.text(
            "UPDATE expertise_request SET handled_by ="
            " (SELECT terms.accepted_by FROM terms_of_reference AS terms"
            " WHERE terms.request_id = expertise_request.id AND terms.version = 1"
            " AND terms.accepted_by <> expertise_request.requester_id"
            " AND EXISTS (SELECT 1 FROM account WHERE account.id = terms.accepted_by"
            " AND account.active"
            " AND EXISTS (SELECT 1 FROM account_role AS held JOIN role ON role.id = held.role_id"
            " WHERE held.account_id = account.id AND role.name = 'coordinator')"
            " AND NOT (account.organisation_id IS NOT NULL"
            " AND expertise_request.organisation_id IS NOT NULL"
            " AND account.organisation_id = expertise_request.organisation_id"
            " AND EXISTS (SELECT 1 FROM account_role AS held JOIN role ON role.id = held.role_id"
            " WHERE held.account_id = account.id AND role.name = 'requester')))"
            " AND NOT EXISTS (SELECT 1 FROM acted_on AS acted"
            " WHERE acted.request_id = expertise_request.id"
            " AND acted.account_id = terms.accepted_by AND acted.side = 'requester')"
            " AND NOT EXISTS (SELECT 1 FROM match JOIN expert ON expert.id = match.expert_id"
            " WHERE match.request_id = expertise_request.id"
            " AND (expert.account_id = terms.accepted_by"
            " OR EXISTS (SELECT 1 FROM acted_on_profile AS acted"
            " WHERE acted.expert_id = expert.id AND acted.account_id = terms.accepted_by"
            " AND acted.side = 'expert'))))"
            " WHERE handled_by IS NULL"
            " AND state NOT IN ('closed', 'declined', 'withdrawn', 'unfilled')"
            " AND NOT EXISTS (SELECT 1 FROM audit_event AS handed"
            " WHERE handed.subject = 'expertise_request'"
            " AND handed.subject_id = expertise_request.id"
            " AND handed.action IN ('request handed over', 'request left to all'))"
        )
    )


def downgrade() -> None:
    """Leave the rows as they are: who sees to a request could be chosen before, too."""
