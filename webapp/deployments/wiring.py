"""What the package adds to the application: its pages, its part of the story, its invariants."""

from flask import Flask

from webapp.core import invariants, workflow_registry
from webapp.deployments import operations, queries, tasks
from webapp.deployments.invariants import deployments_follow_selections, missions_hold_their_days
from webapp.deployments.views import bp
from webapp.deployments.workflow import WORKFLOW
from webapp.matches import queue_lines, signals


def init_app(app: Flask) -> None:
    """Add deployments to `app`; they begin and end with what happens to matches."""
    app.register_blueprint(bp)
    workflow_registry.keep(app, WORKFLOW)
    invariants.keep(app, deployments_follow_selections, missions_hold_their_days)
    queue_lines.keep(app, tasks.list_lines)
    signals.selected.connect(operations.plan)
    signals.cancelled.connect(operations.cancel)
    signals.been_there.connect(queries.has_taken_place)
