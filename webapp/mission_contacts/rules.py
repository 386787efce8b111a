"""Who writes and reads what is known for an emergency, and how long."""

from datetime import date, timedelta

from webapp.core.actor import Actor
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office
from webapp.deployments.workflow import COMING
from webapp.experts import rules as experts
from webapp.matches.work_queue import waiting

# Nobody reads it from the return on; who noted a return by mistake has so long to say so.
KEPT_AFTER = timedelta(days=1)
# So long after its last day a mission is over, though nobody has noted the return.
LATEST_RETURN = timedelta(days=7)


def lasts(deployment: Deployment, today: date) -> bool:
    """Tell whether a mission is planned or under way, and its days are not long past."""
    return deployment.state in COMING and today <= deployment.end + LATEST_RETURN


def can_write(actor: Actor, deployment: Deployment, today: date) -> bool:
    """Tell whether this person says whom to call: the expert, or SEESAC for one without account."""
    if not lasts(deployment, today):
        return False
    if experts.is_own(actor, deployment.match.expert):
        return True
    return is_office(actor, deployment) and not waiting.is_reached(deployment.match)


def can_read(actor: Actor, deployment: Deployment, today: date) -> bool:
    """Tell whether this person reads it now: its expert, and SEESAC while the mission lasts."""
    own = experts.is_own(actor, deployment.match.expert)
    return lasts(deployment, today) and (own or is_office(actor, deployment))
