"""What the package adds to the application: its pages and its words."""

from flask import Flask

from webapp.core import invariants, workflow_registry
from webapp.experts import queries, wording
from webapp.experts.invariants import views_agree_with_log
from webapp.experts.views import bp, shown
from webapp.experts.workflow import IDENTITY_WORKFLOW, WORKFLOW
from webapp.themes import wording as themes


def init_app(app: Flask) -> None:
    """Add the roster and the profiles to `app`."""
    app.register_blueprint(bp)
    wording.init_app(app)
    shown.init_app(app)
    workflow_registry.keep(app, WORKFLOW)
    invariants.keep(app, views_agree_with_log)
    workflow_registry.keep(app, IDENTITY_WORKFLOW)
    themes.keep_count(app, themes.EXPERTS, queries.count_by_theme)
