"""What coordinators note about experts: written, changed and thrown away."""

from webapp.core import audit
from webapp.core.audit import Action
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import rules as profiles
from webapp.experts.models import Expert, ExpertState
from webapp.roster.models import CoordinatorNote


def check_notes_are_theirs(work: UnitOfWork, expert: Expert) -> None:
    """Refuse notes to those of whom they tell, and about somebody who was erased."""
    if profiles.is_of(work.actor, expert):
        raise ForbiddenError(_("What is noted about you is in the copy of your data."))
    if expert.state is ExpertState.ERASED:
        raise ConflictError(_("This expert was erased. Nothing is noted about them any more."))


def write_note(work: UnitOfWork, expert: Expert, text: str) -> CoordinatorNote:
    """Note something about an expert."""
    check_notes_are_theirs(work, expert)
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
