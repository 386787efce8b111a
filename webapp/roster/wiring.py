"""What the package adds to the application: the pages of the coordinators' roster."""

from flask import Flask

from webapp.experts.views import parts
from webapp.roster import wording
from webapp.roster.views import bp, notes


def init_app(app: Flask) -> None:
    """Add the roster to `app`."""
    app.register_blueprint(bp)
    parts.keep(app, "roster/_expert.html", notes.read_part)
    wording.init_app(app)
