"""What the package adds to the application: its pages and its words."""

from flask import Flask

from webapp.accounts.operations import asks_as_well
from webapp.core import in_hands, in_reach, invariants
from webapp.core.record import audit
from webapp.core.workflows import registry as workflow_registry
from webapp.expertise_requests import operations, queries, reminders, sides, wording
from webapp.expertise_requests.invariants import (
    acts_of_the_log_are_noted,
    files_are_what_was_sent,
    no_text_was_stored_twice,
)
from webapp.expertise_requests.views import bp
from webapp.expertise_requests.workflow import WORKFLOW
from webapp.messages.reminders import keep as keep_reminders
from webapp.organisations import signals as organisations
from webapp.themes import wording as themes


def init_app(app: Flask) -> None:
    """Add requests for expertise to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, queries.refuse_to_send)
    wording.init_app(app)
    workflow_registry.keep(app, WORKFLOW)
    invariants.keep(
        app, no_text_was_stored_twice, files_are_what_was_sent, acts_of_the_log_are_noted
    )
    audit.recorded.connect(sides.note)
    keep_reminders(app, reminders.find_returned)
    in_hands.keep(app, wording.in_hands)
    organisations.joined.connect(operations.bring_along)
    asks_as_well.connect(operations.forget_own)
    organisations.closing.connect(operations.refuse_closing)
    themes.keep_count(app, themes.REQUESTS, queries.count_by_theme)
