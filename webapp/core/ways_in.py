"""Opening a way in for somebody: an account, a link to one, the address to which that would go, or
a profile.

Operations say that they are about to open one. Who knows the person behind the request (`accounts`)
refuses where that has not just shown who they are: a session that was left open, or stolen, opens
none, in whatever role and at whatever address it is tried.
"""

from blinker import Signal

from webapp.core.unit_of_work import UnitOfWork

# Sent with the work; a listener that raises refuses it.
opening = Signal()


class NotShownError(Exception):
    """Whoever is about to open a way in has to show first who they are.

    It is no refusal for a view to put into words: the request is led to where that is shown.
    """


def insist_on_who_it_is(work: UnitOfWork) -> None:
    """Let the work open a way in only if whoever does it has just shown who they are."""
    opening.send(work)
