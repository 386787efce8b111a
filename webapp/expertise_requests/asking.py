"""Who asks for experts, by whatever request."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import is_asking


def asks(session: Session, actor: Actor) -> bool:
    """Tell whether this person asks, or has asked, for experts by any request.

    They read of no other request who is booked for which one: words that hid their own alone would
    say by that who is considered for it.
    """
    return session.scalar(_asked_for(actor).limit(1)) is not None


def list_asked_for(session: Session, actor: Actor) -> Sequence[int]:
    """Return the numbers of the requests by which this person asks, or has asked."""
    return session.scalars(_asked_for(actor)).all()


def _asked_for(actor: Actor) -> sa.Select[int]:
    return sa.select(ExpertiseRequest.id).where(is_asking(actor))
