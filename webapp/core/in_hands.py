"""What is in somebody's hands: asked before an account is disabled, or moved elsewhere.

Accounts know nothing of requests and missions, so each package names here at start-up the function
that tells what waits for a person there, a sentence for each thing.
"""

from collections.abc import Callable, Iterable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.core.words.translation import Message

Tell = Callable[[Session, int], Iterable[Message]]


def init_app(app: Flask) -> None:
    """Begin with nothing that could be in anybody's hands."""
    app.extensions["in_hands"] = []


def keep(app: Flask, tell: Tell) -> None:
    """Let `tell` say what is in the hands of an account."""
    app.extensions["in_hands"].append(tell)


def of(session: Session, account_id: int) -> list[Message]:
    """Return what is in the hands of an account, a sentence for each thing."""
    return [
        line for tell in current_app.extensions["in_hands"] for line in tell(session, account_id)
    ]
