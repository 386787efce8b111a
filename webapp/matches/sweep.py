"""Every minute: those in reserve go once the mission has begun for which they stayed ready, an
authority is asked anew where only the platform has seen that its release is for other days, of who
has left the roster no text stays on this host, and administrators are told where no coordinator may
act."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import one_sweep
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.matches import endings, operations, queries, unanswered
from webapp.matches.models import Match
from webapp.matches.ranking.members import ALL
from webapp.matches.ranking.saved_roster import SavedRoster, folder_of
from webapp.matches.work_queue import beyond_office
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.messages.queries import when_said

# All open requests are read to find what no coordinator may do: so often at most.
EVERY = timedelta(hours=1)
_LOOKED = "beyond office: looked"


def let_reserves_go() -> int:
    """Let go who is not needed any more; return how many. Call it in an application context."""
    return _one_by_one(
        "reserves",
        lambda session: queries.list_reserves(session, clock.today()),
        lambda work, match: endings.let_go(match, work=work),
    )


def ask_anew() -> int:
    """Ask authorities whose release is for other days than the mission has, where nobody has done
    so; return how often. Call it in an application context."""
    return _one_by_one("releases", unanswered.list_to_ask_anew, operations.ask_for_release_anew)


def _one_by_one(
    work: str,
    list_due: Callable[[Session], Sequence[Match]],
    do: Callable[[UnitOfWork, Match], object],
) -> int:
    """Do what is due of matches, and return of how many.

    Each is done in a transaction of its own, if it is still due then: it locks request, expert and
    roster, and whoever locked the next request after that could wait for somebody who waits for the
    roster.
    """
    waiting = [match.id for match in list_due(db.session)]
    db.session.rollback()
    return sum(_do_if_due(work, list_due, do, number) for number in waiting)


def _do_if_due(
    work: str,
    list_due: Callable[[Session], Sequence[Match]],
    do: Callable[[UnitOfWork, Match], object],
    number: int,
) -> bool:
    with one_sweep(work) as session:
        due = next((match for match in list_due(session) if match.id == number), None)
        if due is not None:
            do(UnitOfWork(session, SYSTEM, clock.now()), due)
        return due is not None


def forget_who_left() -> None:
    """Throw a saved index away if it may tell of somebody who has left the roster.

    The host on which they left has done so at once; the others see it here, though nobody ranks
    there. Call it in an application context.
    """
    for members in ALL:
        saved = SavedRoster(folder_of(current_app, members), members)
        if saved.is_out_of_date(db.session):
            saved.throw_away()
    db.session.rollback()


def tell_of_beyond_office() -> bool:
    """Tell administrators, at most once a day, of what no coordinator may do; say whether they were
    told. Call it in an application context."""
    now = clock.now()
    looked = when_said(db.session, [_LOOKED]).get(_LOOKED)
    if looked is not None and now - looked < EVERY:
        db.session.rollback()
        return False
    found = beyond_office.find(db.session, clock.today())
    db.session.rollback()
    with one_sweep("beyond office") as session:
        work = UnitOfWork(session, SYSTEM, now)
        messages.unsay(session, _LOOKED)
        messages.say_once(work, _LOOKED)
        return found is not None and messages.tell_once(
            work,
            f"beyond office:{now:%Y-%m-%d}",
            Letter(_("Work waits that no coordinator may do"), found.why, "/accounts"),
        )
