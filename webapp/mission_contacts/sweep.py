"""Erasing what was known for emergencies of missions that are over."""

from functools import partial

from webapp.core import clock
from webapp.core.db import db
from webapp.core.sweeps import do_in_portions
from webapp.mission_contacts import operations, queries


def erase_due() -> int:
    """Erase what was kept long enough; call it in an application context."""
    over = [one.deployment_id for one in queries.list_over(db.session, clock.now())]
    db.session.rollback()
    return do_in_portions(
        "emergency contacts",
        (partial(operations.erase_over, deployment_id=number) for number in over),
    )
