"""How operations tell people something without knowing how messages travel.

The messages room registers itself here; the notice becomes a row of the same transaction, so that
nothing is told of an action that was rolled back.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

Sender = Callable[[Session, int, str, datetime, dict[str, Any]], None]
_senders: list[Sender] = []


def send_by(sender: Sender) -> Sender:
    """Register what turns a notice into a message."""
    _senders.append(sender)
    return sender


def notify(
    session: Session, account_id: int | None, kind: str, *, now: datetime, **context: Any
) -> None:
    """Tell the person of `account_id`, if there is one, of `kind` with the facts in `context`."""
    if account_id is None:
        return
    for sender in _senders:
        sender(session, account_id, kind, now, context)
