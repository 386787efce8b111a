"""What a change of the terms of reference means for the missions under them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.amendments.models import Amendment
from webapp.core.errors import ConflictError
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments import operations
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import AHEAD, BEGUN
from webapp.expertise_requests.content import FOR_INVITED
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.models import Match


def refuse_once_begun(
    request: ExpertiseRequest,
    *,
    session: Session,
    changes: Mapping[str, Any],  # noqa: ARG001 - of a mission that has begun nothing changes.
) -> None:
    """Refuse to change the terms of reference of a request once a mission for it has begun."""
    if _list_missions(session, request.id, BEGUN):
        raise ConflictError(
            _("A mission has begun under these terms of reference, so they do not change any more.")
        )


def follow(amendment: Amendment, *, work: UnitOfWork) -> None:
    """Let the missions that are ahead be under what was agreed now; the experts are told of it.

    Where it changes what they have read, they are made ready and cleared for that anew.
    """
    missions = _list_missions(work.session, amendment.request_id, AHEAD)
    for deployment in missions:
        deployment.tor_version = amendment.request.tor_version
    work.session.flush()
    if FOR_INVITED.isdisjoint(amendment.changes):
        return
    for deployment in missions:
        operations.come_under_other_terms(work, deployment)


def _list_missions(
    session: Session, request_id: int, states: Collection[DeploymentState]
) -> Sequence[Deployment]:
    return session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .where(Match.request_id == request_id, Deployment.state.in_(states))
        .order_by(Deployment.id)
    ).all()
