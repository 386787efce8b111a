"""What an authority answers when it is asked to release one of its officials for a mission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.amendments import queries as amendments
from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.files.stored_files import FileContent
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _, _n
from webapp.expertise_requests.rules import is_asking
from webapp.matches import amended, candidates, operations, rules
from webapp.matches.models import Match, MatchState, ReleaseLetter, ReleaseLetterFile
from webapp.matches.release_steps import MAY_GO
from webapp.matches.workflow import ENDED, WORKFLOW, MatchStep
from webapp.organisations.models import Organisation

# From here on the authority has been asked; before that it does not know of the match.
ASKED = frozenset({MatchState.RELEASE_ASKED, MatchState.RELEASED, MatchState.REFUSED})


@dataclass(frozen=True)
class LetterContent:
    """The letter of a release: its number, its day, its conditions, and the letter itself."""

    number: str
    dated: date
    conditions: str = ""
    file: FileContent | None = None


def release(
    work: UnitOfWork, match: Match, letter: LetterContent, *,
    seen_terms: int | None = None, seen_days: str | None = None,
) -> None:  # fmt: skip
    """Release an official for a mission by a letter; one of an earlier answer is replaced."""
    operations.take(work, match, MatchStep.RELEASE, seen_terms=seen_terms, seen_days=seen_days)
    work.session.execute(sa.delete(ReleaseLetter).where(ReleaseLetter.match_id == match.id))
    row = ReleaseLetter(
        match_id=match.id, number=letter.number, dated=letter.dated, conditions=letter.conditions,
        released_start=match.released_start, released_end=match.released_end,
        written_at=work.now, written_by=work.actor.id, organisation_id=match.authority_id,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    if letter.file:
        _keep_file(work, match, row, letter.file)


def add_file(work: UnitOfWork, match: Match, file: FileContent) -> None:
    """Add the signed letter to a release that was given by its number; the first one stays."""
    lock(work.session, match.request, match.expert)
    if why := why_not_answered_by(work.session, work.actor, match):
        raise ForbiddenError(why)
    letter = find_letter(work.session, match)
    if letter is None or rules.awaits_release(match):
        raise ConflictError(_("There is no release by a letter that a file could belong to."))
    if find_file(work.session, match):
        raise ConflictError(_("The letter was added meanwhile."))
    _keep_file(work, match, letter, file)


def why_not_answered_by(session: Session, actor: Actor, match: Match) -> Message | None:
    """Return why this person answers nothing for the authority that was asked, nor adds anything to
    what it has answered, if so."""
    if why := WORKFLOW.why_not(MatchStep.RELEASE, actor, rules.owners_of_match(match)):
        return why
    return candidates.why_colleagues_decide(match.request, session=session, actor=actor)


def _keep_file(work: UnitOfWork, match: Match, letter: ReleaseLetter, file: FileContent) -> None:
    work.session.add(ReleaseLetterFile(letter_id=letter.id, **file.columns()))
    work.session.flush()
    audit.record(
        work, Action.LETTER_ADDED, match, request_id=match.request_id, expert_id=match.expert_id
    )


def find_letter(session: Session, match: Match) -> ReleaseLetter | None:
    """Return the letter by which the expert of a match was released, if there is one.

    One of another authority than that which was asked last speaks for nobody here any more. One
    that names none was kept by the code before there were such names.
    """
    return session.scalars(sa.select(ReleaseLetter).where(_is_of(match))).one_or_none()


def find_other_days(letter: ReleaseLetter | None, match: Match) -> rules.Days | None:
    """Return the days of the letter of somebody who is released for those of the mission, where it
    is for others: SEESAC has noted since what their authority says of these."""
    if letter is None or match.state not in MAY_GO or match.released_start is None:
        return None
    if rules.is_release_for_others(match):
        return None
    return _days_if_others(letter, rules.days_of(match))


@dataclass(frozen=True)
class OnConditions:
    """A letter of release with conditions, and the days for which it was written, where those of
    the mission are others."""

    letter: ReleaseLetter
    other_days: rules.Days | None


def find_conditions(session: Session, match: Match, days: rules.Days) -> OnConditions | None:
    """Return on which conditions an authority has released somebody who goes on these days."""
    letter = find_letter(session, match)
    if letter is None or not letter.conditions:
        return None
    return OnConditions(letter, _days_if_others(letter, days))


def _days_if_others(letter: ReleaseLetter, days: rules.Days) -> rules.Days | None:
    """Return for which days a letter was written, if some of these are not among them."""
    written_for = letter.released_start, letter.released_end
    return written_for if rules.go_beyond(days, written_for) else None


def _is_of(match: Match) -> sa.ColumnElement[bool]:
    return sa.and_(
        ReleaseLetter.match_id == match.id,
        sa.or_(
            ReleaseLetter.organisation_id.is_(None),
            ReleaseLetter.organisation_id == match.authority_id,
        ),
    )


def find_file(session: Session, match: Match) -> ReleaseLetterFile | None:
    """Return the signed letter of a release, if it was sent along; without its content."""
    return session.scalars(
        sa.select(ReleaseLetterFile)
        .join(ReleaseLetter, ReleaseLetter.id == ReleaseLetterFile.letter_id)
        .where(_is_of(match))
    ).one_or_none()


def get_file(session: Session, match: Match) -> ReleaseLetterFile:
    """Return the signed letter of a match that the reader may see; raises NotFoundError."""
    if (file := find_file(session, match)) is None:
        raise NotFoundError(_("There is no such letter."))
    return file


def list_asked(session: Session, actor: Actor) -> Sequence[Match]:
    """Return what this person's authority was asked to release, what waits for it first; also of
    those who are another one's officials by now.

    Who asks for experts, too, reads here of nobody who is considered for their own request.
    """
    if Role.NOMINATING_AUTHORITY not in actor.roles or actor.organisation_id is None:
        return []
    asked = _list_asked_of(session, actor.organisation_id)
    theirs = [match for match in asked if not is_asking(actor, match.request)]
    return sorted(theirs, key=lambda match: not rules.awaits_release(match))


def _list_asked_of(session: Session, organisation_id: int) -> Sequence[Match]:
    return session.scalars(
        sa.select(Match)
        .where(Match.authority_id == organisation_id, _was_asked())
        .options(
            selectinload(Match.expert), selectinload(Match.request), selectinload(Match.booked_days)
        )
        .order_by(Match.state_since.desc(), Match.id)
    ).all()


def say_what_waits(organisation: Organisation, session: Session) -> Message | None:
    """Say how many releases wait for the answer of an authority that is closed, if any do."""
    waiting = sum(map(rules.awaits_release, _list_asked_of(session, organisation.id)))
    if not waiting:
        return None
    return _n(
        "%(num)s release waits for its answer, and SEESAC asks for it by letter.",
        "%(num)s releases wait for its answer, and SEESAC asks for them by letter.",
        waiting,
    )


def _was_asked() -> sa.ColumnElement[bool]:
    """Choose what an authority was asked about, and has answered by a letter before; while somebody
    is considered anew it does not know of that before it is asked anew."""
    letters = sa.exists().where(
        ReleaseLetter.match_id == Match.id,
        sa.func.coalesce(ReleaseLetter.organisation_id, Match.authority_id) == Match.authority_id,
    )
    answered = sa.and_(Match.state.in_(ENDED), letters)
    return Match.state.in_(ASKED) | Match.release_asked_at.is_not(None) | answered


def are_others_now(session: Session, match: Match) -> bool:
    """Tell whether the terms of reference are others than those that the authority was asked for,
    and has answered to, in a match that has ended: it reads nothing of later ones."""
    letter = None if match.release_asked_at else find_letter(session, match)
    if letter is None or match.state not in ENDED:
        return amended.are_others_now(session, match)
    return bool(amendments.list_agreed_since(session, match.request_id, letter.written_at))


def get_asked(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match for which this person's authority was asked to release its official."""
    match = session.scalars(
        sa.select(Match).where(Match.id == match_id, _was_asked())
    ).one_or_none()
    if match is None or not rules.is_of_authority(actor, match) or is_asking(actor, match.request):
        raise NotFoundError(_("There is no such release."))
    return match
