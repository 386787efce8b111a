"""Missions as those find them who stand on one of their sides."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.deployments import queries
from webapp.deployments.models import Deployment
from webapp.experts import rules as profiles


def get_on_a_side(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return a mission on whose side this person stands, or raise NotFoundError: as soon for that
    of others as for one that does not exist."""
    try:
        return queries.get(session, actor, deployment_id)
    except NotFoundError:
        if Role.NOMINATING_AUTHORITY not in actor.roles:
            raise
        return queries.get_of_official(session, actor, deployment_id)


def refuse_to_send(
    session: Session, actor: Actor, _endpoint: str, about: Mapping[str, Any]
) -> None:
    """Refuse what would be sent about a mission to whoever stands on none of its sides, and to all
    once its expert was erased."""
    if "deployment_id" in about:
        found = get_on_a_side(session, actor, about["deployment_id"])
        profiles.refuse_erased(found.match.expert)
