"""What somebody may open now: asked where a text waits that was typed for an address.

Who keeps texts knows addresses, and nothing of profiles and missions. So each package names here at
start-up the function that refuses, as its pages do, whoever may not send anything to what an
address of its blueprint tells of, or says that they tell of nobody. Of what nobody has spoken for
nothing is kept and nothing shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app
from flask.sansio.blueprints import Blueprint
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import DomainError

# Given are who acts, the endpoint, and what stands in the address; a refusal is raised.
Refuse = Callable[[Session, Actor, str, Mapping[str, Any]], object]


def init_app(app: Flask) -> None:
    """Begin with addresses that nobody may send to."""
    app.extensions["in_reach"] = {}


def keep(app: Flask, bp: Blueprint, refuse: Refuse) -> None:
    """Let `refuse` speak for the addresses of a blueprint."""
    app.extensions["in_reach"][bp.name] = refuse


def keep_of_nobody(app: Flask, bp: Blueprint) -> None:
    """State that the addresses of a blueprint tell of nobody else and of no request: whoever may
    open its pages may send to them."""
    keep(app, bp, _refuse_nobody)


def _refuse_nobody(*_: object) -> None:
    """Leave it to the permissions of the pages."""


def may_send(session: Session, actor: Actor, endpoint: str, about: Mapping[str, Any]) -> bool:
    """Tell whether this person may send something now to what an address tells of."""
    refuse: Refuse | None = current_app.extensions["in_reach"].get(endpoint.partition(".")[0])
    if refuse is None:
        return False
    try:
        refuse(session, actor, endpoint, about)
    except DomainError:
        return False
    return True
