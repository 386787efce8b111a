"""What must be true of what is kept for emergencies in every sound database."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.mission_contacts import queries

# A worker that has stood still for less is no fault of the database.
SLACK = timedelta(days=1)


def contacts_go_after_missions(session: Session) -> Iterator[str]:
    """Whom to call is not known any more when a mission has long been over."""
    for contact in queries.list_over(session, clock.now() - SLACK):
        yield f"deployment {contact.deployment_id} is over and its emergency contact is kept"
