"""What the package adds to the application: its pages, and the way to them."""

from flask import Flask

from webapp.core import clock, in_reach, invariants
from webapp.core.access import actor
from webapp.deployments import standing_queries
from webapp.deployments.models import Deployment
from webapp.mission_contacts import rules
from webapp.mission_contacts.invariants import contacts_go_after_missions
from webapp.mission_contacts.views import bp


def reads_contact(deployment: Deployment) -> bool:
    """Tell whether the reader of a mission's page is led to whom to call."""
    return rules.can_read(actor(), deployment, clock.today())


def init_app(app: Flask) -> None:
    """Add the pages to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals["reads_contact"] = reads_contact
    invariants.keep(app, contacts_go_after_missions)
