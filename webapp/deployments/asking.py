"""What requests ask of their missions: whether some are still to come, and whether all are over."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.words.translation import Message, _n
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import AHEAD, COMING, OVER
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep
from webapp.matches.models import Match


def find_missions_to_come(
    request: ExpertiseRequest, *, session: Session, step: RequestStep
) -> Message | None:
    """Return how many missions are still to come for a request that a step closes, in words."""
    if WORKFLOW[step].target is not RequestState.CLOSED:
        return None
    number = session.scalar(
        sa.select(sa.func.count())
        .select_from(Deployment)
        .join(Deployment.match)
        .where(Match.request_id == request.id, Deployment.state.in_(AHEAD))
    )
    if not number:
        return None
    return _n(
        "There is %(num)s mission to come for this request. It goes on when the request is closed;"
        " if its expert falls out, the request is open again.",
        "There are %(num)s missions to come for this request. They go on when the request is"
        " closed; if an expert falls out, the request is open again.",
        number,
    )


def are_all_back(request: ExpertiseRequest, *, session: Session) -> bool:
    """Tell whether all who went for a request are back, and nobody is still to go."""
    states = set(
        session.scalars(
            sa.select(Deployment.state).join(Deployment.match).where(Match.request_id == request.id)
        )
    )
    return not OVER.isdisjoint(states) and COMING.isdisjoint(states)
