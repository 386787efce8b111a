"""What the package adds to the application: the pages of nominating authorities."""

from flask import Flask

from webapp.authorities.views import bp


def init_app(app: Flask) -> None:
    """Add the pages of authorities to `app`."""
    app.register_blueprint(bp)
