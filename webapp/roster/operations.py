"""What coordinators note about experts, and who is pointed out to them as one person."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet

import sqlalchemy as sa

from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import queries as experts
from webapp.experts import rules as profiles
from webapp.experts import viewing
from webapp.experts.models import Expert, RosterRevision
from webapp.matches import candidates
from webapp.roster import duplicates, queries
from webapp.roster.models import CoordinatorNote, LikelyPair, PairsSought


def check_notes_are_theirs(work: UnitOfWork, expert: Expert) -> None:
    """Refuse notes to those of whom they tell, or on whose side or whose rival these are, and about
    somebody who was erased."""
    if profiles.is_of(work.actor, expert):
        raise ForbiddenError(_("What is noted about you is in the copy of your data."))
    if why := candidates.why_not_decided_on(work.session, work.actor, expert):
        raise ForbiddenError(why)
    profiles.refuse_erased(expert)


def write_note(work: UnitOfWork, expert: Expert, text: str) -> CoordinatorNote:
    """Note something about an expert; words that this person has noted already stand there once."""
    lock(work.session, expert)
    check_notes_are_theirs(work, expert)
    if twin := queries.find_note(work.session, expert.id, work.actor.id, text):
        return twin
    note = CoordinatorNote(
        expert_id=expert.id, text=text, written_at=work.now, written_by=work.actor.id
    )
    work.session.add(note)
    work.session.flush()
    audit.record(work, Action.NOTE_WRITTEN, expert, note=note.id)
    return note


def change_note(
    work: UnitOfWork, expert: Expert, note: CoordinatorNote, text: str, *, seen_version: int
) -> None:
    """Write a note anew, unless somebody else has meanwhile."""
    check_notes_are_theirs(work, expert)
    if note.version != seen_version:
        raise ConflictError(_("This note was changed since you opened it. Yours was not saved."))
    if note.text == text:
        return
    note.text, note.changed_at, note.changed_by = text, work.now, work.actor.id
    work.session.flush()
    audit.record(work, Action.NOTE_CHANGED, expert, note=note.id)


def throw_note_away(
    work: UnitOfWork, expert: Expert, note: CoordinatorNote, *, seen_version: int
) -> None:
    """Throw a note away, unless somebody has changed it meanwhile."""
    check_notes_are_theirs(work, expert)
    if note.version != seen_version:
        raise ConflictError(_("This note was changed since you opened it. It is still there."))
    work.session.delete(note)
    work.session.flush()
    audit.record(work, Action.NOTE_THROWN_AWAY, expert, note=note.id)


def point_out(work: UnitOfWork, found: AbstractSet[tuple[int, int]], *, seen_revision: int) -> bool:
    """Keep which pairs look like one person; since when stays with those that were known.

    They were found in a revision of the roster. Where that has moved on since, nothing is kept and
    it is told so: they are sought anew. What is derived from profiles is no event of the log.
    """
    session = work.session
    known = duplicates.list_since(session)
    _lock_people(work, found - known.keys())
    sought, revision = session.get_one(PairsSought, 1), session.get_one(RosterRevision, 1)
    lock(session, revision)
    if revision.value != seen_revision:
        return False
    # Somebody may have told two of them apart meanwhile, which is no change of a profile.
    pairs = found - duplicates.list_different(session)
    for low, high in sorted(pairs - known.keys()):
        session.add(LikelyPair(expert_id=low, other_id=high, since=work.now))
    for low, high in known.keys() - pairs:
        forget_pair(work, low, high)
    sought.revision = seen_revision
    session.flush()
    return True


def _lock_people(work: UnitOfWork, pairs: Collection[tuple[int, int]]) -> None:
    """Let nobody erase, join or tell apart people who are about to be pointed out."""
    numbers = sorted({number for pair in pairs for number in pair})
    chosen = sa.select(Expert.id).where(Expert.id.in_(numbers)).order_by(Expert.id)
    work.session.execute(chosen.with_for_update(key_share=True))


def forget_pair(work: UnitOfWork, low: int, high: int) -> None:
    """Point two people out no more."""
    work.session.execute(
        sa.delete(LikelyPair).where(LikelyPair.expert_id == low, LikelyPair.other_id == high)
    )


def take_along(
    work: UnitOfWork, expert_ids: Collection[int], purpose: Grounds, page: str, path: str
) -> None:
    """Record that somebody takes these experts along in a file, and what for."""
    people = {(Expert.__tablename__, number) for number in expert_ids}
    others = experts.list_others_shown(work.session, work.actor, people)
    if others:
        kept = reasons.keep(work, purpose, work.session.get_one(Account, work.actor.id).tells_of)
        viewing.record_views(work, others, page, path, taken=True, purpose=kept)
