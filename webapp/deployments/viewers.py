"""To which requests an expert was invited, for those who read who was shown their profile."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.experts.viewers import Invited, Way
from webapp.matches.models import Match


def list_invited(session: Session, expert: Expert) -> dict[Way, Invited]:
    """Return the requests to which an expert was invited, by the numbers in addresses of pages
    that are about them: of the request itself, of its matches and of their missions."""
    own = sa.select(Match.request_id, Match.id, ExpertiseRequest.title).join(Match.request)
    asked = own.where(Match.expert_id == expert.id, Match.invited_at.is_not(None))
    told = {
        request_id: Invited(match_id, title)
        for request_id, match_id, title in session.execute(asked)
    }
    parts = sa.select(Match.request_id, Match.id, Deployment.id).outerjoin(
        Deployment, Deployment.match_id == Match.id
    )
    ways: dict[Way, Invited] = {("request_id", number): told[number] for number in told}
    for request_id, match_id, mission_id in session.execute(
        parts.where(Match.request_id.in_(told))
    ):
        ways["match_id", match_id] = told[request_id]
        if mission_id is not None:
            ways["deployment_id", mission_id] = told[request_id]
    return ways
