"""Named selects of the roster; each answers only what the actor may see."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.audit import Actor
from webapp.core.errors import NotFoundError
from webapp.experts.models import Expert, ExpertTheme, RosterRevision

ALL_PARTS = (
    selectinload(Expert.themes),
    selectinload(Expert.evidence),
    selectinload(Expert.trainings),
    selectinload(Expert.languages),
    selectinload(Expert.unavailable),
    selectinload(Expert.closed_jurisdictions),
)


def own(session: Session, actor: Actor) -> Expert:
    """Return the profile of the person who asks."""
    expert = session.scalars(
        sa.select(Expert).where(Expert.account_id == actor.id)
    ).one_or_none()
    if expert is None:
        raise NotFoundError("There is no profile for your account yet. Please ask SEESAC for one.")
    return expert


def get(session: Session, expert_id: int) -> Expert:
    """Return a profile for a coordinator."""
    expert = session.get(Expert, expert_id)
    if expert is None:
        raise NotFoundError("There is no such expert.")
    return expert


def roster_revision(session: Session) -> int:
    """Return the number that every write to a profile raises."""
    return session.scalars(sa.select(RosterRevision.value)).one()


def changed_since(session: Session, revision: int) -> Sequence[Expert]:
    """Return all profiles, in every state, written after `revision`, with all their parts."""
    return session.scalars(
        sa.select(Expert).where(Expert.revision > revision).options(*ALL_PARTS).order_by(Expert.id)
    ).all()


def ids_with(
    session: Session, *, theme: str | None = None, jurisdiction: str | None = None
) -> frozenset[int]:
    """Return the ids of experts who claim a theme and serve in a jurisdiction, where given."""
    query = sa.select(Expert.id)
    if theme:
        query = query.where(Expert.themes.any(ExpertTheme.theme_code == theme))
    if jurisdiction:
        query = query.where(Expert.jurisdiction == jurisdiction)
    return frozenset(session.scalars(query))


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the names behind expert ids, for the story of a request."""
    rows = session.execute(sa.select(Expert.id, Expert.name).where(Expert.id.in_(set(ids))))
    return dict(rows.tuples().all())
