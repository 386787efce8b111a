"""Who is sent: women and men at each step, how many missions each has, from where to where."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.deployments.models import Deployment
from webapp.deployments.workflow import BEGUN
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState, ExpertTheme, Gender
from webapp.insights.kinds import Asked
from webapp.insights.queries.narrowed import of_choices, of_missions
from webapp.matches.models import FirstPlaces, Match
from webapp.matches.workflow import DISCLOSED


@dataclass(frozen=True)
class Steps:
    """How many came how far: onto the roster, into the first places of a ranking, and on."""

    roster: int = 0
    first_places: int = 0
    invited: int = 0
    proposed: int = 0
    sent: int = 0


def count_by_gender(session: Session, asked: Asked) -> dict[Gender | None, Steps]:
    """Return how many women and men stand on the roster, and how far they came for requests."""
    of_gender = Expert.gender
    roster = _by_gender(
        session, sa.select(of_gender, sa.func.count()).where(*_on_roster(asked)).group_by(of_gender)
    )
    first_places = _by_gender(
        session,
        sa.select(FirstPlaces.gender, sa.func.sum(FirstPlaces.number))
        .join(ExpertiseRequest, ExpertiseRequest.id == FirstPlaces.request_id)
        .where(*of_choices(asked))
        .group_by(FirstPlaces.gender),
    )
    later = _by_gender(
        session,
        sa.select(
            of_gender,
            _count(Match.invited_at.is_not(None)),
            # During an upgrade old code proposes without noting when.
            _count(Match.proposed_at.is_not(None) | Match.state.in_(DISCLOSED)),
            _count(Deployment.state.in_(BEGUN)),
        )
        .select_from(Match)
        .join(Match.expert)
        .join(Match.request)
        .outerjoin(Deployment, Deployment.match_id == Match.id)
        .where(*of_choices(asked))
        .group_by(of_gender),
    )
    return {
        gender: Steps(
            *roster.get(gender, (0,)), *first_places.get(gender, (0,)), *later.get(gender, ())
        )
        for gender in roster | first_places | later
    }


def _by_gender(
    session: Session, wanted: sa.Select[*tuple[Any, ...]]
) -> dict[Gender | None, tuple[int, ...]]:
    return {gender: tuple(map(int, counts)) for gender, *counts in session.execute(wanted)}


def _on_roster(asked: Asked) -> list[sa.ColumnElement[bool]]:
    active = [Expert.state == ExpertState.ACTIVE]
    if asked.theme is None:
        return active
    return [*active, Expert.themes.any(ExpertTheme.theme_code == asked.theme)]


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def count_by_missions(session: Session, asked: Asked) -> dict[int, int]:
    """Return, by the number of missions in the period, how many experts had as many.

    Experts are those active on the roster, and whoever has left it and was sent.
    """
    had = (
        sa.select(Match.expert_id, sa.func.count().label("missions"))
        .join(Deployment, Deployment.match_id == Match.id)
        .join(Match.request)
        .where(*of_missions(asked))
        .group_by(Match.expert_id)
        .subquery()
    )
    missions = sa.func.coalesce(had.c.missions, 0)
    rows = session.execute(
        sa.select(missions, sa.func.count())
        .select_from(Expert)
        .outerjoin(had, had.c.expert_id == Expert.id)
        .where((Expert.state == ExpertState.ACTIVE) | had.c.missions.is_not(None))
        .group_by(missions)
    )
    return dict(rows.all())


def count_by_way(session: Session, asked: Asked) -> dict[tuple[str | None, str | None], int]:
    """Return how many experts were sent from which jurisdiction to which."""
    rows = session.execute(
        sa.select(Expert.jurisdiction, ExpertiseRequest.jurisdiction, sa.func.count())
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .join(Match.request)
        .where(*of_missions(asked))
        .group_by(Expert.jurisdiction, ExpertiseRequest.jurisdiction)
    )
    return {(home, host): count for home, host, count in rows}
