"""The roster's revision: every write to a profile raises it, and each worker's index follows."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.experts.models import Expert, RosterRevision


def touch(session: Session, expert: Expert) -> None:
    """Mark the profile as changed, so that every worker's next ranking reads it again."""
    expert.revision = raise_revision(session)


def touch_all(session: Session, experts: Iterable[Expert]) -> None:
    """Mark profiles as changed that change together; one number stands for all of them."""
    revision = raise_revision(session)
    for expert in experts:
        expert.revision = revision


def rank_anew(session: Session, *experts: Expert) -> None:
    """Let every worker read these profiles again although their texts have not changed.

    Bookings do this. The profile's version stays as it is: whoever edits the profile meanwhile, or
    books other days of the same expert, has not been overtaken by anybody.
    """
    numbers = [expert.id for expert in experts]
    session.execute(
        sa.update(Expert).where(Expert.id.in_(numbers)).values(revision=raise_revision(session))
    )


def raise_revision(session: Session) -> int:
    """Return the number of a change of the roster, for profiles that are written with it."""
    return session.execute(
        sa.update(RosterRevision)
        .where(RosterRevision.id == 1)
        .values(value=RosterRevision.value + 1)
        .returning(RosterRevision.value)
    ).scalar_one()
