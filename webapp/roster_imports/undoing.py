"""Taking an import back as a whole, as far as nobody has changed or used what it brought."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _, _n
from webapp.experts import erasure
from webapp.experts.models import Expert
from webapp.experts.revisions import touch_all
from webapp.messages import without_account
from webapp.messages.letters import Letter
from webapp.roster_imports import queries, storing
from webapp.roster_imports.models import ImportedExpert, ImportState, RosterImport
from webapp.roster_imports.operations import UNDONE_WITHIN, why_others_decide

# So many are taken back before others get their turn, which takes less than a second.
AT_ONCE = 100


def is_in_time(work: UnitOfWork, row: RosterImport) -> bool:
    """Tell whether an import can still be undone."""
    stored = row.stored_at
    return row.state is ImportState.DONE and stored is not None and (
        work.now - stored < UNDONE_WITHIN
    )  # fmt: skip


def ask(work: UnitOfWork, row: RosterImport, *, seen_version: int) -> None:
    """Let the job worker take an import back.

    Refuses in words what is too late, what was undone already, and whoever is of the authority:
    approvals of theirs go with it, of which the authority is told.
    """
    lock(work.session, row)
    if why := why_others_decide(work.session, work.actor, row):
        raise ForbiddenError(why)
    if row.version != seen_version or row.state is not ImportState.DONE or row.is_being_undone:
        raise ConflictError(_("This import was undone already, or the page is an old one."))
    if not is_in_time(work, row):
        raise ConflictError(_("An import can be undone within a day. Now it is too late."))
    there, _untouched = queries.count_people(work.session, row)
    row.undo_asked_at, row.undone_by = work.now, work.actor.id
    row.done, row.total = 0, max(there, 1)
    # What was taken back before the work failed is told at the end, too.
    row.counts = {"undone": 0, "unapproved": 0, **row.counts}
    work.session.flush()


def go_on(work: UnitOfWork, row: RosterImport) -> bool:
    """Take the next of them back, and tell whether some may be left; the last time ends it.

    Each time is a transaction of its own, between which others write. Whom they have changed or
    used meanwhile stays.
    """
    lock(work.session, row)
    if not row.is_being_undone:
        return False
    chosen = queries.list_untouched(work.session, row, most=AT_ONCE)
    # Who changes or uses one of them now waits, and is refused afterwards.
    numbers = queries.lock_people(work.session, [one.expert_id for one in chosen])
    chosen = queries.list_untouched(work.session, row, only=numbers)
    if not chosen:
        _end(work, row)
        return False
    approved = queries.count_approvals(work.session, [o.expert_id for o in chosen if o.was_added])
    _empty_again(work, [one for one in chosen if not one.was_added])
    _take_off(work, [one.expert for one in chosen if one.was_added])
    row.done += len(chosen)
    row.counts = {
        **row.counts,
        "undone": row.counts["undone"] + len(chosen),
        "unapproved": row.counts["unapproved"] + approved,
    }
    work.session.flush()
    return True


def _end(work: UnitOfWork, row: RosterImport) -> None:
    """Note that all is taken back that nobody has changed or used, and tell the authority."""
    taken = row.counts["undone"]
    stayed, _untouched = queries.count_people(work.session, row)
    approved = row.counts["unapproved"]
    row.counts = {**row.counts, "stayed": stayed}
    row.state, row.state_since, row.undo_asked_at = ImportState.UNDONE, work.now, None
    # It can be called after somebody of whom nothing else is kept now.
    row.file_name = ""
    work.session.flush()
    audit.record(work, Action.ROSTER_UNDONE, row, undone=taken, stayed=stayed)
    if approved:
        _tell_authority(work, row, approved)


def give_up(work: UnitOfWork, row: RosterImport) -> None:
    """Let somebody ask once more for what the platform could not do."""
    lock(work.session, row)
    row.undo_asked_at = None
    work.session.flush()
    audit.record(work, Action.ROSTER_FAILED, row)


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
    without_account.call_back(work, [expert.tells_of for expert in experts])
    erasure.forget_typed(work.session, numbers)
    for expert in experts:
        audit.record(work, Action.PROFILE_UNDONE, expert)
        work.session.expunge(expert)
    work.session.execute(
        sa.delete(Expert).where(Expert.id.in_(numbers)),
        execution_options={"synchronize_session": False},
    )
