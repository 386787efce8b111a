"""What the package adds to the application: its pages and its words."""

from flask import Flask

from webapp.core import in_reach, invariants
from webapp.core.record import audit
from webapp.core.workflows import registry as workflow_registry
from webapp.experts import approvals, confirmations, queries, sides, signals, telling, wording
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW
from webapp.experts.invariants import (
    acts_of_the_log_are_noted,
    approvals_agree,
    approvals_end_by_their_authority,
    nobody_lets_themselves_in,
    states_have_their_facts,
    views_agree_with_log,
)
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, QUESTION_WORKFLOW
from webapp.experts.views import bp, desks, shown
from webapp.experts.workflow import WORKFLOW
from webapp.organisations import signals as organisations
from webapp.themes import wording as themes


def init_app(app: Flask) -> None:
    """Add the roster and the profiles to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, desks.refuse_to_send)
    wording.init_app(app)
    shown.init_app(app)
    audit.recorded.connect(sides.note)
    organisations.asked_what_stays.connect(approvals.say_who_stays)
    signals.left.connect(confirmations.take_links_back)
    signals.left.connect(telling.take_mails_back)
    workflow_registry.keep(app, WORKFLOW)
    invariants.keep(
        app,
        views_agree_with_log,
        approvals_agree,
        approvals_end_by_their_authority,
        nobody_lets_themselves_in,
        states_have_their_facts,
        acts_of_the_log_are_noted,
    )
    workflow_registry.keep(app, IDENTITY_WORKFLOW)
    workflow_registry.keep(app, APPROVAL_WORKFLOW)
    workflow_registry.keep(app, QUESTION_WORKFLOW)
    themes.keep_count(app, themes.EXPERTS, queries.count_by_theme)
