"""What the package adds to the application."""

from flask import Flask

from webapp.core import invariants
from webapp.platform_settings.invariants import settings_are_there
from webapp.platform_settings.views import bp


def init_app(app: Flask) -> None:
    """Add the page of settings, and keep them whole."""
    app.register_blueprint(bp)
    invariants.keep(app, settings_are_there)
