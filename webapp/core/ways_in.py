"""Opening a way in for somebody: an account, a link to one, the address to which that would go, or
a profile.

Operations say that they are about to open one. Who knows the person behind the request (`accounts`)
refuses where that has not just shown who they are: a session that was left open, or stolen, opens
none, in whatever role and at whatever address it is tried.
"""

from blinker import Signal
from sqlalchemy.orm import Session

from webapp.core.unit_of_work import UnitOfWork

_OPENED = "opens_way_in"

# Sent with the work; a listener that raises refuses it.
opening = Signal()


class NotShownError(Exception):
    """Whoever is about to open a way in has to show first who they are.

    It is no refusal for a view to put into words: the request is led to where that is shown.
    """


def insist_on_who_it_is(work: UnitOfWork) -> None:
    """Let the work open a way in only if whoever does it has just shown who they are."""
    if not are_opened(work.session):
        opening.send(work)
        note(work.session)


def note(session: Session) -> None:
    """Note that this transaction opens a way in, or changes one."""
    session.info[_OPENED] = True


def are_opened(session: Session) -> bool:
    """Tell whether this transaction opens a way in."""
    return bool(session.info.get(_OPENED))


def forget(session: Session) -> None:
    """Drop what is known of a transaction that will not commit."""
    session.info.pop(_OPENED, None)
