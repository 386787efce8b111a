"""What somebody may open now: asked where a text waits that was typed for an address.

Who keeps texts knows addresses, and nothing of profiles and missions. So each package names here at
start-up the function that refuses, as its pages do, whoever may not send anything to what an
address of its blueprint tells of.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, current_app
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import DomainError

# Given are who acts, the endpoint, and what stands in the address; a refusal is raised.
Refuse = Callable[[Session, Actor, str, Mapping[str, Any]], object]


def init_app(app: Flask) -> None:
    """Begin with addresses that tell of nothing."""
    app.extensions["in_reach"] = {}


def keep(app: Flask, bp: Blueprint, refuse: Refuse) -> None:
    """Let `refuse` speak for the addresses of a blueprint."""
    app.extensions["in_reach"][bp.name] = refuse


def may_send(session: Session, actor: Actor, endpoint: str, about: Mapping[str, Any]) -> bool:
    """Tell whether this person may send something now to what an address tells of."""
    refuse = current_app.extensions["in_reach"].get(endpoint.partition(".")[0])
    try:
        if refuse:
            refuse(session, actor, endpoint, about)
    except DomainError:
        return False
    return True
