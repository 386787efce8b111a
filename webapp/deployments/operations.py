"""Deployments begin with a selection and end with it if it is cancelled."""

import sqlalchemy as sa

from webapp.core import audit
from webapp.core.errors import ConflictError
from webapp.core.reasons import Reason
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import WORKFLOW, DeploymentStep
from webapp.matches.models import Match


def plan(match: Match, *, work: UnitOfWork) -> Deployment:
    """Put the mission of a selected expert into the calendar, in the selection's transaction."""
    request = match.request
    if request.start is None or request.end is None:
        raise ConflictError(_("The request has no dates, so no deployment can be planned."))
    deployment = _find(work, match)
    if deployment:
        name = DeploymentStep.PLAN_AGAIN
        step = WORKFLOW.check(name, deployment.state, work.actor)
    else:
        name = DeploymentStep.PLAN
        step = WORKFLOW[name]
        deployment = Deployment(match_id=match.id)
    deployment.state, deployment.state_since, deployment.reason = step.target, work.now, None
    deployment.start, deployment.end = request.start, request.end
    deployment.tor_version = request.tor_version
    work.session.add(deployment)
    work.session.flush()
    _record(work, deployment, match, name)
    return deployment


def cancel(match: Match, *, work: UnitOfWork, reason: Reason) -> Deployment:
    """Take a planned deployment out of the calendar because its match was cancelled."""
    deployment = _find(work, match)
    if deployment is None:
        raise LookupError(f"match {match.id} was selected without a deployment")
    # It follows from what the expert, the requester or a coordinator did with the match.
    acting = work.on_behalf().actor
    step = WORKFLOW.check(DeploymentStep.CANCEL, deployment.state, acting, reason)
    deployment.state, deployment.state_since, deployment.reason = step.target, work.now, reason
    work.session.flush()
    _record(work, deployment, match, DeploymentStep.CANCEL, reason)
    return deployment


def _find(work: UnitOfWork, match: Match) -> Deployment | None:
    """Return the deployment of a match, which has at most one, planned or cancelled."""
    return work.session.scalars(
        sa.select(Deployment).where(Deployment.match_id == match.id)
    ).one_or_none()


def _record(
    work: UnitOfWork, deployment: Deployment, match: Match, name: DeploymentStep,
    reason: Reason | None = None,
) -> None:  # fmt: skip
    audit.record(
        work, WORKFLOW.action(name), deployment, request_id=match.request_id, reason=reason,
        expert_id=match.expert_id, after=deployment.state,
    )  # fmt: skip
