"""What an authority answers when it is asked to release one of its officials for a mission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.models import Expert
from webapp.experts.rules import is_official_of
from webapp.matches import operations
from webapp.matches.models import Match, MatchState, ReleaseLetter
from webapp.matches.workflow import MatchStep

# From here on the authority has been asked; before that it does not know of the match.
ASKED = frozenset({MatchState.RELEASE_ASKED, MatchState.RELEASED, MatchState.REFUSED})


@dataclass(frozen=True)
class LetterContent:
    """The letter of a release: its number, its day, and what it makes a condition."""

    number: str
    dated: date
    conditions: str = ""


def release(work: UnitOfWork, match: Match, letter: LetterContent) -> None:
    """Release an official for a mission by a letter; one of an earlier answer is replaced."""
    operations.take(work, match, MatchStep.RELEASE)
    work.session.execute(sa.delete(ReleaseLetter).where(ReleaseLetter.match_id == match.id))
    work.session.add(
        ReleaseLetter(
            match_id=match.id, written_at=work.now, written_by=work.actor.id, **vars(letter)
        )
    )
    work.session.flush()


def find_letter(session: Session, match_id: int) -> ReleaseLetter | None:
    """Return the letter by which the expert of a match was released, if there is one."""
    return session.scalars(
        sa.select(ReleaseLetter).where(ReleaseLetter.match_id == match_id)
    ).one_or_none()


def list_asked(session: Session, actor: Actor) -> Sequence[Match]:
    """Return what this person's authority was asked to release, what waits for it first."""
    if Role.NOMINATING_AUTHORITY not in actor.roles or actor.organisation_id is None:
        return []
    waiting = sa.case((Match.state == MatchState.RELEASE_ASKED, 0), else_=1)
    return session.scalars(
        sa.select(Match)
        .join(Match.expert)
        .where(Expert.authority_id == actor.organisation_id, _was_asked())
        .options(selectinload(Match.expert), selectinload(Match.request))
        .order_by(waiting, Match.state_since.desc(), Match.id)
    ).all()


def _was_asked() -> sa.ColumnElement[bool]:
    letters = sa.exists().where(ReleaseLetter.match_id == Match.id)
    return Match.state.in_(ASKED) | letters


def get_asked(session: Session, actor: Actor, match_id: int) -> Match:
    """Return a match for which this person's authority was asked to release its official."""
    match = session.scalars(
        sa.select(Match).where(Match.id == match_id, _was_asked())
    ).one_or_none()
    if match is None or not is_official_of(actor, match.expert):
        raise NotFoundError(_("There is no such release."))
    return match
