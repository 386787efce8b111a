"""A step that is refused when it is recorded, after it has changed its thing.

Who listens to the log knows of a step by its event alone. So nothing of what was sent can be kept
where one was refused, whoever has caught the refusal: `transactions.py` asks before it commits.
"""

from typing import NoReturn

from sqlalchemy.orm import Session

from webapp.core.errors import DomainError

_REFUSED = "refused_when_recorded"


def refuse(session: Session, refusal: DomainError) -> NoReturn:
    """Refuse a step, and with it whatever else this transaction would commit."""
    session.info[_REFUSED] = refusal
    raise refusal


def raise_what_was_caught(session: Session) -> None:
    """Refuse to commit what goes on after a refusal, of which half would be stored."""
    if refusal := session.info.get(_REFUSED):
        raise refusal


def forget(session: Session) -> None:
    """Drop the refusal of a transaction that will not commit."""
    session.info.pop(_REFUSED, None)
