"""What every operation is given: the session it writes in, who acts, and when."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.actor import SYSTEM, Actor


@dataclass(frozen=True)
class UnitOfWork:
    """One change: it becomes true with the session's transaction, by `actor`, at the moment `now`.

    `core/transactions.py` commits; an operation never does. `drawn_at` is the event up to which the
    log went when the page was drawn from which the work was sent, if the page says so.
    """

    session: Session
    actor: Actor
    now: datetime
    drawn_at: int | None = None

    def on_behalf(self) -> "UnitOfWork":
        """Return the same work as a consequence that the platform draws from this person's act."""
        actor = Actor(self.actor.id, SYSTEM.roles, self.actor.address)
        return replace(self, actor=actor)
