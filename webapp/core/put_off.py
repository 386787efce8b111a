"""What was sent and is not done for now is kept for its writer by whoever keeps texts.

Who that is, is not known here below: they hear of it by a signal.
"""

import logging

from blinker import Signal
from flask import current_app, request
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import limits
from webapp.core.errors import in_one_line
from webapp.core.limits import Limit
from webapp.core.origins import SAFE_METHODS
from webapp.core.transactions import roll_back, transaction

log = logging.getLogger(__name__)

# Of what somebody sends too often so much is kept; a program sends no more than that, either.
PUT_OFF = Limit("texts kept that were sent too often", "5/minute; 30/hour")
# Whoever keeps what this request has sent answers with the address where its writer finds it again,
# or with nothing.
put_off = Signal()


def keep_what_was_sent() -> str:
    """Return the address where what was sent is kept from now on; nothing if it is not."""
    answers = put_off.send(current_app._get_current_object())  # type: ignore[attr-defined]
    return next((address for _receiver, address in answers if address), "")


def keep_what_came_too_often() -> str:
    """Keep what was sent too often, in a transaction of its own; return the address where its
    writer finds it, or nothing."""
    try:
        if request.method in SAFE_METHODS or not current_user.is_authenticated:
            return ""
        number = str(current_user.id)
        roll_back()
        if limits.count(PUT_OFF, number):
            return ""
        with transaction():
            return keep_what_was_sent()
    except SQLAlchemyError as error:
        log.warning("what was sent too often could not be kept: %s", in_one_line(error))
        roll_back()
        return ""
