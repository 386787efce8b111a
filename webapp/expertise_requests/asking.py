"""Who asks for experts, by whatever request."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import ASKED_FOR, asked_for, is_asking, reader_of
from webapp.expertise_requests.workflow import OPEN

_ASKS = sa.select(sa.exists(ASKED_FOR))


def asks(session: Session, actor: Actor) -> bool:
    """Tell whether this person asks, or has asked, for experts by any request.

    They read of no other request who is booked for which one: words that hid their own alone would
    say by that who is considered for it.
    """
    return bool(session.scalar(_ASKS, reader_of(actor)))


def list_asked_for(session: Session, actor: Actor) -> Sequence[int]:
    """Return the numbers of the requests by which this person asks, or has asked."""
    return session.scalars(asked_for(actor)).all()


def asks_now(session: Session, actor: Actor) -> bool:
    """Tell whether a request by which this person asks, or has asked, is on its way."""
    going = sa.exists().where(is_asking(actor), ExpertiseRequest.state.in_(OPEN))
    return bool(session.scalar(sa.select(going)))
