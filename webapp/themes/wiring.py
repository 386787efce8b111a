"""What the package adds to the application: its pages and its words."""

from flask import Flask

from webapp.core import in_reach
from webapp.themes import wording
from webapp.themes.views import bp


def init_app(app: Flask) -> None:
    """Add the administrators' pages of themes to `app`, and the words of themes to all pages."""
    app.register_blueprint(bp)
    in_reach.keep_of_nobody(app, bp)
    wording.init_app(app)
