"""Named selects of what is known for emergencies."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.db import is_one
from webapp.core.errors import NotFoundError
from webapp.core.words.translation import _
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import COMING
from webapp.mission_contacts import rules
from webapp.mission_contacts.models import MissionContact


def find(session: Session, deployment: Deployment) -> MissionContact | None:
    """Return what is known for an emergency of a mission, if anything is."""
    return session.get(MissionContact, deployment.id)


def get_mission(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return a mission of which this person reads whom to call; NotFoundError for any other."""
    deployment = missions.get(session, actor, deployment_id)
    if not rules.can_read(actor, deployment, clock.today()):
        raise NotFoundError(_("There is no such mission."))
    return deployment


def list_over(
    session: Session, now: datetime, *, only: int | None = None
) -> Sequence[MissionContact]:
    """Return what was kept long enough after its mission, or after the days that it was to take; of
    all missions or of one."""
    ended = sa.and_(
        Deployment.state.not_in(COMING), Deployment.state_since <= now - rules.KEPT_AFTER
    )
    past = Deployment.end < now.date() - rules.LATEST_RETURN
    return session.scalars(
        sa.select(MissionContact)
        .join(MissionContact.deployment)
        .where(ended | past, is_one(MissionContact.deployment_id, only))
        .order_by(MissionContact.deployment_id)
    ).all()
