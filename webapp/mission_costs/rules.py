"""Who pays what, and who reads of costs."""

from collections.abc import Collection

from webapp.core.actor import Actor
from webapp.core.words.money import ZERO
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.models import ExpertiseRequest, Payer
from webapp.mission_costs.content import Sums
from webapp.mission_costs.models import CostItem, MissionCost


def payer_of(request: ExpertiseRequest, item: CostItem) -> Payer:
    """Return who pays an item by what the request says; where it says nothing it is open."""
    said = {
        CostItem.TRAVEL: request.pays_travel,
        CostItem.ALLOWANCE: request.pays_allowance,
        CostItem.ACCOMMODATION: request.pays_accommodation,
        CostItem.INSURANCE: request.pays_insurance,
        CostItem.INTERPRETATION: request.pays_interpretation,
        CostItem.OTHER: None,
    }
    return said[item] or Payer.TO_BE_AGREED


def pays(actor: Actor, deployment: Deployment) -> bool:
    """Tell whether this person reads what is planned for the requester to pay; of a mission that is
    cancelled there is nothing to pay."""
    return deployment.state is not DeploymentState.CANCELLED and requests.is_requester(
        actor, deployment.match.request
    )


def sum_up(costs: Collection[MissionCost]) -> Sums:
    """Return what items cost together."""
    return Sums(
        sum((cost.planned for cost in costs if cost.planned), ZERO),
        sum((cost.actual for cost in costs if cost.actual), ZERO),
    )
