"""What the package adds to the application."""

from flask import Flask

from webapp.core import invariants
from webapp.platform_settings.invariants import settings_are_there


def init_app(app: Flask) -> None:
    """Keep the settings whole."""
    invariants.keep(app, settings_are_there)
