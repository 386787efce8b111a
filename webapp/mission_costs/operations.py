"""What happens to the costs of missions: SEESAC writes them down."""

from collections.abc import Mapping
from typing import Any

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office
from webapp.mission_costs import queries
from webapp.mission_costs.content import Cost
from webapp.mission_costs.models import CostItem, MissionCost


def write(
    work: UnitOfWork, deployment: Deployment, costs: Mapping[CostItem, Cost], *, seen_version: int
) -> None:
    """Keep what the items of a mission cost, and note in the log what has changed of them."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    if not is_office(work.actor, deployment):
        raise ForbiddenError(_("SEESAC keeps the costs of missions, but for one's own."))
    rows = queries.list_costs(work.session, deployment)
    if seen_version != version_of(rows):
        raise ConflictError(_("The costs were changed since you opened this page."))
    changes: dict[str, Any] = {}
    for item, cost in costs.items():
        row = rows.get(item)
        before = Cost(row.planned, row.actual, row.payer) if row else None
        if before == cost or (row is None and cost.planned is None and cost.actual is None):
            continue
        if row is None:
            row = MissionCost(deployment_id=deployment.id, item=item)
            work.session.add(row)
        row.planned, row.actual, row.payer = cost.planned, cost.actual, cost.payer
        changes[item.value] = {"before": _logged(before), "after": _logged(cost)}
    work.session.flush()
    if changes:
        audit.record(work, Action.COSTS_CHANGED, deployment, changes=changes)


def version_of(rows: Mapping[CostItem, MissionCost]) -> int:
    """Return a number that grows with each change of the costs of a mission."""
    return sum(row.version for row in rows.values())


def _logged(cost: Cost | None) -> list[str] | None:
    """Return an item as the log holds it: planned, actual, who pays."""
    if cost is None:
        return None
    amounts = (cost.planned, cost.actual)
    return [*("" if one is None else f"{one:.2f}" for one in amounts), cost.payer.value]
