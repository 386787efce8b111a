"""Taking an import back as a whole, as far as nobody has changed or used what it brought."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.audit import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _, _n
from webapp.experts.models import Expert
from webapp.experts.revisions import touch_all
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.roster_imports import queries, storing
from webapp.roster_imports.models import ImportedExpert, ImportState, RosterImport
from webapp.roster_imports.operations import UNDONE_WITHIN, why_others_decide

AT_ONCE = 500


def is_in_time(work: UnitOfWork, row: RosterImport) -> bool:
    """Tell whether an import can still be undone."""
    stored = row.stored_at
    return row.state is ImportState.DONE and stored is not None and (
        work.now - stored < UNDONE_WITHIN
    )  # fmt: skip


def undo(work: UnitOfWork, row: RosterImport, *, seen_version: int) -> tuple[int, int]:
    """Take an import back; return how many profiles are taken back, and how many stay.

    Refuses in words what is too late, what was undone already, and whoever is of the authority:
    approvals of theirs go with it, of which the authority is told.
    """
    lock(work.session, row)
    if why := why_others_decide(work.session, work.actor, row):
        raise ForbiddenError(why)
    if row.version != seen_version or row.state is not ImportState.DONE:
        raise ConflictError(_("This import was undone already, or the page is an old one."))
    if not is_in_time(work, row):
        raise ConflictError(_("An import can be undone within a day. Now it is too late."))
    # Who changes or uses one of them now waits, and is refused afterwards.
    before = len(queries.lock_people(work.session, row))
    untouched = queries.list_untouched(work.session, row)
    approved = queries.count_approvals(work.session, row)
    _empty_again(work, [one for one in untouched if not one.was_added])
    _take_off(work, [one.expert for one in untouched if one.was_added])
    taken = len(untouched)
    row.counts = {**row.counts, "undone": taken, "stayed": before - taken}
    row.state, row.state_since = ImportState.UNDONE, work.now
    # It can be called after somebody of whom nothing else is kept now.
    row.file_name = ""
    work.session.flush()
    audit.record(work, Action.ROSTER_UNDONE, row, undone=taken, stayed=before - taken)
    if approved:
        _tell_authority(work, row, approved)
    return taken, before - taken


def _tell_authority(work: UnitOfWork, row: RosterImport, approved: int) -> None:
    """Tell an authority, which was told of its approvals, that they are gone again."""
    letter = Letter(
        _n(
            "%(num)s approval that SEESAC had recorded as yours is gone again",
            "%(num)s approvals that SEESAC had recorded as yours are gone again",
            approved,
        ),
        _("They came from a table that was taken back, and the profiles are gone with them."),
        "/officials",
    )
    storing.tell_members(work, row, letter)


def _empty_again(work: UnitOfWork, filled: Sequence[ImportedExpert]) -> None:
    """Empty the fields that were empty before."""
    if not filled:
        return
    for one in filled:
        columns = Expert.__table__.columns
        for name in one.filled:
            column = columns.get(name)
            empty = None if column is not None and column.nullable else _empty(name)
            setattr(one.expert, name, [] if column is None else empty)
        audit.record(work, Action.PROFILE_UNDONE, one.expert, fields=one.filled)
        work.session.delete(one)
    touch_all(work.session, [one.expert for one in filled])
    work.session.flush()


def _empty(name: str) -> object:
    return () if name == "ways" else ""


def _take_off(work: UnitOfWork, experts: Sequence[Expert]) -> None:
    """Delete profiles with all their parts."""
    numbers = [expert.id for expert in experts]
    for first in range(0, len(experts), AT_ONCE):
        people = [expert.tells_of for expert in experts[first : first + AT_ONCE]]
        messages.call_back(work, people)
    for expert in experts:
        audit.record(work, Action.PROFILE_UNDONE, expert)
        work.session.expunge(expert)
    for first in range(0, len(numbers), AT_ONCE):
        part = numbers[first : first + AT_ONCE]
        work.session.execute(
            sa.delete(Expert).where(Expert.id.in_(part)),
            execution_options={"synchronize_session": False},
        )
