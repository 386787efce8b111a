"""What the package adds to the application: its pages, its part of the story, its invariants."""

from flask import Flask

from webapp.amendments import operations, queries, reminders, rules
from webapp.amendments.invariants import changes_wait_for_somebody, requests_say_what_was_agreed
from webapp.amendments.models import Amendment
from webapp.amendments.views import bp
from webapp.amendments.workflow import WORKFLOW
from webapp.core import in_reach, invariants
from webapp.core.db import db
from webapp.core.workflows import registry as workflow_registry
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import signals
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.messages.reminders import keep as keep_reminders


def change_that_waits(request: ExpertiseRequest) -> Amendment | None:
    """Return the change of a request that waits for an answer, for the page of it."""
    return queries.find_open(db.session, request.id)


def can_change_number(request: ExpertiseRequest) -> bool:
    """Tell whether the terms of reference may still ask for another number of experts."""
    return "experts_needed" in rules.CHANGEABLE.get(request.state, ())


def init_app(app: Flask) -> None:
    """Add changes of terms of reference to `app`; they lapse with their request."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, requests.refuse_to_send)
    app.jinja_env.globals.update(
        change_that_waits=change_that_waits, can_change_number=can_change_number
    )
    workflow_registry.keep(app, WORKFLOW)
    invariants.keep(app, requests_say_what_was_agreed, changes_wait_for_somebody)
    keep_reminders(app, reminders.find_unanswered)
    signals.ended.connect(operations.lapse)
