"""Who asks for experts, by whatever request."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import is_asking
from webapp.expertise_requests.workflow import OPEN


def asks(session: Session, actor: Actor) -> bool:
    """Tell whether this person asks, or has asked, for experts by any request.

    They read of no other request who is booked for which one: words that hid their own alone would
    say by that who is considered for it.
    """
    return session.scalar(asked_for(actor).limit(1)) is not None


def list_asked_for(session: Session, actor: Actor) -> Sequence[int]:
    """Return the numbers of the requests by which this person asks, or has asked."""
    return session.scalars(asked_for(actor)).all()


def asks_now(session: Session, actor: Actor) -> bool:
    """Tell whether a request by which this person asks, or has asked, is on its way."""
    going = asked_for(actor).where(ExpertiseRequest.state.in_(OPEN)).limit(1)
    return session.scalar(going) is not None


def asked_for(actor: Actor) -> sa.Select[int]:
    """Return what selects the numbers of the requests by which this person asks, or has asked."""
    own = is_asking(actor) if actor.id is not None else sa.false()
    return sa.select(ExpertiseRequest.id).where(own)
