"""What the package adds to the application: its pages and its words."""

from flask import Flask

from webapp.core import workflow_registry
from webapp.experts import queries, wording
from webapp.experts.views import bp
from webapp.experts.workflow import WORKFLOW
from webapp.themes import wording as themes


def init_app(app: Flask) -> None:
    """Add the roster and the profiles to `app`."""
    app.register_blueprint(bp)
    wording.init_app(app)
    workflow_registry.keep(app, WORKFLOW)
    themes.keep_count(app, themes.EXPERTS, queries.count_by_theme)
