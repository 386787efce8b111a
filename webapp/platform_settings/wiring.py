"""What the package adds to the application."""

from contextlib import suppress

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.core import in_reach, invariants
from webapp.core.db import db
from webapp.platform_settings import queries
from webapp.platform_settings.invariants import settings_are_there
from webapp.platform_settings.views import bp
from webapp.platform_settings.wording import WARNINGS, why_no_contact

KNOWN = "demonstration"


def _is_known_demonstration() -> bool:
    """Tell whether a page has already found this to be the demo; it asks no database."""
    return KNOWN in current_app.extensions


def _is_demonstration() -> bool:
    """Tell whether this is the demo; once it is, it stays so, and nobody has to ask again."""
    if not _is_known_demonstration() and queries.is_demonstration(db.session):
        current_app.extensions[KNOWN] = True
    return _is_known_demonstration()


def _contact_address() -> str:
    """Return the address at which people reach SEESAC, for the pages that say it."""
    return queries.get_contact_address(db.session)


def why_not_served(session: Session) -> str:
    """Say why this database is not served: the demo's in production, whose passwords are on display
    and whose people need no second factor; nothing of any other."""
    if current_app.config["PRODUCTION"] and queries.is_demonstration(session):
        return (
            "the database is the demo's, and is not served where BEHIND_TLS is 1 or it is on"
            " another machine: begin with an empty one in another INSTANCE"
        )
    return ""


def refuse_to_serve_demo(app: Flask) -> None:
    """End this process, which would serve people, if they would be those of the demo.

    A database that does not answer is waited for by the pages; none of its people is let in.
    """
    with app.app_context(), suppress(SQLAlchemyError):
        if why_not := why_not_served(db.session):
            raise SystemExit(f"The platform cannot start: {why_not}.")


def init_app(app: Flask) -> None:
    """Add the page of settings, keep them whole, and let pages say that this is the demo."""
    app.register_blueprint(bp)
    app.extensions[WARNINGS] = {"contact_address": why_no_contact}
    in_reach.keep_of_nobody(app, bp)
    invariants.keep(app, settings_are_there)
    app.jinja_env.globals.update(
        is_demonstration=_is_demonstration,
        is_known_demonstration=_is_known_demonstration,
        contact_address=_contact_address,
    )
