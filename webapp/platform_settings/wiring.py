"""What the package adds to the application."""

from flask import Flask, current_app

from webapp.core import invariants
from webapp.core.db import db
from webapp.platform_settings import queries
from webapp.platform_settings.invariants import settings_are_there
from webapp.platform_settings.views import bp

KNOWN = "demonstration"


def _is_known_demonstration() -> bool:
    """Tell whether a page has already found this to be the demo; it asks no database."""
    return KNOWN in current_app.extensions


def _is_demonstration() -> bool:
    """Tell whether this is the demo; once it is, it stays so, and nobody has to ask again."""
    if not _is_known_demonstration() and queries.is_demonstration(db.session):
        current_app.extensions[KNOWN] = True
    return _is_known_demonstration()


def init_app(app: Flask) -> None:
    """Add the page of settings, keep them whole, and let pages say that this is the demo."""
    app.register_blueprint(bp)
    invariants.keep(app, settings_are_there)
    app.jinja_env.globals.update(
        is_demonstration=_is_demonstration, is_known_demonstration=_is_known_demonstration
    )
