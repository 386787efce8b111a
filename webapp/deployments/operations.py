"""Deployments begin with a selection and end with it if it is cancelled."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.audit import Actor
from webapp.core.errors import ConflictError
from webapp.core.workflow import check
from webapp.deployments import rules
from webapp.deployments.models import Deployment, DeploymentState
from webapp.matches.models import Match
from webapp.matches.signals import cancelled, selected


@selected.connect
def plan(match: Match, *, session: Session, actor: Actor, now: datetime) -> Deployment:
    """Put the mission of a selected expert into the calendar, in the selection's transaction."""
    request = match.request
    if request.start is None or request.end is None:
        raise ConflictError("The request has no dates, so no deployment can be planned.")
    deployment = Deployment(
        match_id=match.id,
        state=DeploymentState.PLANNED,
        state_since=now,
        start=request.start,
        end=request.end,
        tor_version=request.tor_version,
        reason="",
    )
    session.add(deployment)
    session.flush()
    audit.record(
        session, "deployment: plan", deployment, actor=actor, now=now, request_id=request.id,
        expert_id=match.expert_id, after=deployment.state,
    )  # fmt: skip
    return deployment


@cancelled.connect
def cancel(
    match: Match, *, session: Session, actor: Actor, now: datetime, reason: str
) -> Deployment:
    """Take a planned deployment out of the calendar because its match was cancelled."""
    deployment = session.scalars(sa.select(Deployment).where(Deployment.match_id == match.id)).one()
    step = check(rules.STEPS, "cancel", deployment.state, actor, reason)
    deployment.state, deployment.state_since, deployment.reason = step.target, now, reason
    session.flush()
    audit.record(
        session, "deployment: cancel", deployment, actor=actor, now=now,
        request_id=match.request_id, reason=reason, expert_id=match.expert_id, after=step.target,
    )  # fmt: skip
    return deployment
