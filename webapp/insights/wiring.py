"""What the package adds to the application: its pages."""

from flask import Flask

from webapp.insights.views import bp


def init_app(app: Flask) -> None:
    """Add the statistics to `app`."""
    app.register_blueprint(bp)
