"""What the package adds to the application: its pages."""

from flask import Flask

from webapp.core import in_reach
from webapp.curricula.views import address_of, bp
from webapp.experts.views import desks


def init_app(app: Flask) -> None:
    """Add the reading of curricula to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, desks.refuse_to_send)
    app.jinja_env.globals["desk_address"] = address_of
