"""What the package adds to the application: the administrators' pages of organisations."""

from flask import Flask

from webapp.core import in_reach, invariants
from webapp.organisations.invariants import closed_ones_are_empty
from webapp.organisations.views import bp


def init_app(app: Flask) -> None:
    """Add organisations to `app`."""
    app.register_blueprint(bp)
    in_reach.keep_of_nobody(app, bp)
    invariants.keep(app, closed_ones_are_empty)
