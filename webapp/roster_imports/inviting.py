"""Inviting those whom an import has brought to an account, some of them at a time."""

from webapp.core.db import lock
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership import operations as membership
from webapp.roster_imports import queries
from webapp.roster_imports.models import RosterImport

# More would let the page wait.
AT_ONCE = 50


def invite_next(work: UnitOfWork, row: RosterImport) -> int:
    """Invite the next of an import who have an address and no account; return how many."""
    lock(work.session, row)
    experts, _all = queries.list_to_invite(work.session, row, AT_ONCE)
    for expert in experts:
        membership.invite_expert(work, expert)
    return len(experts)
