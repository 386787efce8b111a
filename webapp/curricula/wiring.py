"""What the package adds to the application: its pages."""

from flask import Flask

from webapp.curricula.views import address_of, bp


def init_app(app: Flask) -> None:
    """Add the reading of curricula to `app`."""
    app.register_blueprint(bp)
    app.jinja_env.globals["desk_address"] = address_of
