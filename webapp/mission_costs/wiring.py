"""What the package adds to the application: its page, and what missions show of costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from webapp.core import in_reach
from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.words.money import euros_name
from webapp.deployments import standing_queries
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office
from webapp.mission_costs import queries, rules
from webapp.mission_costs.content import Sums
from webapp.mission_costs.models import MissionCost
from webapp.mission_costs.views import bp


@dataclass(frozen=True)
class Shown:
    """What the reader of a mission's page sees of its costs: sums, or what is theirs to pay."""

    sums: Sums | None
    own: Sequence[MissionCost]
    own_sum: Sums


def costs_of(deployment: Deployment) -> Shown:
    """Return of the costs of a mission what the reader of its page sees."""
    reader = actor()
    sums = None
    if is_office(reader, deployment):
        sums = rules.sum_up(queries.list_costs(db.session, deployment).values())
    pays = rules.pays(reader, deployment)
    own = queries.list_for_requester(db.session, deployment) if pays else []
    return Shown(sums, own, rules.sum_up(own))


def init_app(app: Flask) -> None:
    """Add the page of costs to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals["costs_of"] = costs_of
    app.jinja_env.filters["euros"] = euros_name
