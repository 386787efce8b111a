"""What the package adds to the application: the page to which the question by mail leads."""

from flask import Flask

from webapp.upkeep.views import bp


def init_app(app: Flask) -> None:
    """Add the page to `app`; the job runs by `sweep.run_due`."""
    app.register_blueprint(bp)
