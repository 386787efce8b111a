"""Inviting those whom an import has brought to an account, some of them at a time."""

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.disclosure import Named
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership import operations as membership
from webapp.roster_imports import queries
from webapp.roster_imports.models import RosterImport
from webapp.roster_imports.operations import MOVED_ON, why_others_decide

# More would let the page wait.
AT_ONCE = 50


def invite_next(
    work: UnitOfWork, row: RosterImport, *, seen_version: int
) -> tuple[int, list[Named]]:
    """Invite the next of an import who have an address and no account.

    Returns how many, and the names of those who cannot be: their address is somebody else's by now,
    or a colleague decides on them.
    Refuses a form that was sent twice, which would invite those who come after as well, and whoever
    is of the authority of those whom it has brought.
    """
    lock(work.session, row)
    if why := why_others_decide(work.session, work.actor, row):
        raise ForbiddenError(why)
    if row.version != seen_version:
        raise ConflictError(MOVED_ON)
    experts, _all = queries.list_to_invite(work.session, row, AT_ONCE)
    refused = []
    for expert in experts:
        try:
            membership.invite_expert(work, expert)
        except (ConflictError, ForbiddenError):
            # Nothing was written for this one, and the others need not wait for them.
            refused.append(Named.of(expert))
    invited = len(experts) - len(refused)
    row.counts = {**row.counts, "invited": row.counts.get("invited", 0) + invited}
    work.session.flush()
    return invited, refused
