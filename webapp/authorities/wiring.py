"""What the package adds to the application: the pages of nominating authorities."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy.orm import Session

from webapp.authorities.views import bp
from webapp.core import in_reach
from webapp.core.actor import Actor
from webapp.experts import standing_queries
from webapp.matches import releases


def refuse_to_send(
    session: Session, actor: Actor, _endpoint: str, about: Mapping[str, int]
) -> None:
    """Refuse what is about another authority's official."""
    if "expert_id" in about:
        standing_queries.get_official(session, actor, about["expert_id"])
    if "match_id" in about:
        releases.get_asked(session, actor, about["match_id"])


def init_app(app: Flask) -> None:
    """Add the pages of authorities to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, refuse_to_send)
