"""Who asks for experts, by whatever request."""

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
    own = sa.select(ExpertiseRequest.id).where(is_asking(actor)).limit(1)
    return session.scalar(own) is not None
