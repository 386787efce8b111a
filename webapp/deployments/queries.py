"""Named selects of deployments; each answers only what the actor may see."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests import queries as requests
from webapp.experts.models import Expert
from webapp.matches.models import Match


def list_of_expert(session: Session, expert_id: int) -> Sequence[Deployment]:
    """Return an expert's deployments for a coordinator, first day first."""
    return session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .where(Match.expert_id == expert_id)
        .options(contains_eager(Deployment.match).contains_eager(Match.request))
        .order_by(Deployment.start, Deployment.id)
    ).all()


def list_visible(session: Session, actor: Actor) -> Sequence[Deployment]:
    """Return deployments by first day: all for coordinators, for others those they are part of."""
    query = (
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .join(Match.request)
        .options(
            contains_eager(Deployment.match).contains_eager(Match.expert),
            contains_eager(Deployment.match).contains_eager(Match.request),
        )
        .order_by(Deployment.start, Deployment.id)
    )
    if Role.COORDINATOR not in actor.roles:
        query = query.where(sa.or_(Expert.account_id == actor.id, requests.is_own(actor)))
    return session.scalars(query).all()
