"""Named selects of deployments; each answers only what the actor may see."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.deployments.models import Deployment, DeploymentState
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
    return session.scalars(_visible(actor).order_by(Deployment.start, Deployment.id)).all()


def get(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return a deployment that this person may see; raises NotFoundError for any other."""
    found = session.scalars(_visible(actor).where(Deployment.id == deployment_id)).one_or_none()
    if found is None:
        raise NotFoundError(_("There is no such mission."))
    return found


def list_team(session: Session, actor: Actor, deployment: Deployment) -> Sequence[Deployment]:
    """Return the missions of the others who go for the same request, cancelled ones last."""
    return session.scalars(
        _visible(actor)
        .where(Match.request_id == deployment.match.request_id, Deployment.id != deployment.id)
        .order_by(Deployment.state == DeploymentState.CANCELLED, Deployment.start, Deployment.id)
    ).all()


def _visible(actor: Actor) -> sa.Select[Deployment]:
    query = (
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .join(Match.request)
        .options(
            contains_eager(Deployment.match).contains_eager(Match.expert),
            contains_eager(Deployment.match).contains_eager(Match.request),
        )
    )
    if Role.COORDINATOR in actor.roles:
        return query
    return query.where(sa.or_(Expert.account_id == actor.id, requests.is_own(actor)))
