"""What the package adds to the application: the pages of the coordinators' roster."""

from flask import Flask

from webapp.roster.views import bp


def init_app(app: Flask) -> None:
    """Add the roster to `app`."""
    app.register_blueprint(bp)
