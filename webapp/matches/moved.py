"""What other days of a mission mean for its request and those who are considered for it.

The terms of reference keep the days that were agreed. Everything that is still to come, the
ranking, bookings, invitations and missions of those who follow, goes by the days of the mission.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import bookings, operations, queries, rules, telling
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.waiting import LIVE
from webapp.matches.workflow import WORKFLOW, MatchStep

# A selected expert has a mission of their own, which is moved by itself.
FOLLOW = LIVE - {MatchState.SELECTED}
OTHER_DAYS: tuple[Mail[Any], ...] = (
    Mail(
        Recipient.EXPERT,
        _("%(reference)s: the mission has other days"),
        _(
            "The days of “%(title)s”, for which you are considered, have changed. Please look at"
            " them, and say so if you cannot go then."
        ),
    ),
    Mail(
        Recipient.AUTHORITY,
        _("%(reference)s: the mission has other days"),
        _(
            "The days of “%(title)s” have changed, for which you were asked to release %(expert)s."
            " Please tell SEESAC if that stands against it."
        ),
    ),
)


def experts_who_follow(work: UnitOfWork, request: ExpertiseRequest) -> Collection[Expert]:
    """Return whose days may change with a mission: they are locked before it is moved.

    Nobody comes to be considered for a request while it is locked, which it has to be.
    """
    found = queries.list_in_states(work.session, request.id, FOLLOW)
    return [match.expert for match in found]


def list_followers(
    session: Session, request: ExpertiseRequest, start: date, end: date
) -> Sequence[Match]:
    """Return who is considered for a request and would get other days with it."""
    if request.mission_days == (start, end):
        return []
    return queries.list_in_states(session, request.id, FOLLOW)


def follow(work: UnitOfWork, request: ExpertiseRequest, start: date, end: date) -> None:
    """Let a request be for other days of its mission, and those who are considered follow.

    Whoever said yes is asked anew, whoever is held is held for the new days, and who is on another
    mission then falls out. Whoever calls this has locked the request and `experts_who_follow`.
    """
    agreed = (start, end) == (request.start, request.end)
    before = request.mission_days
    request.moved_start, request.moved_end = (None, None) if agreed else (start, end)
    work.session.flush()
    if request.mission_days == before:
        return
    # A yes to the days of a page from before is none to these.
    audit.record(
        work.on_behalf(), Action.REQUEST_MOVED, request, request_id=request.id,
        before=_written(*before), after=_written(start, end),
    )  # fmt: skip
    for match in queries.list_in_states(work.session, request.id, FOLLOW):
        if match.state is MatchState.AVAILABLE:
            operations.take(work.on_behalf(), match, MatchStep.ASK_ANEW)
        elif match.state not in rules.BOOKED or _is_held(work, match, start, end):
            operations.ask_for_release_anew(work, match)
            for mail in OTHER_DAYS:
                if rules.hears_of_days(match, mail.to, work.now.date()):
                    telling.send(work, match, mail, None)
        else:
            operations.take(work, match, _step_that_ends(match), Grounds(ReasonKind.DATES))


def _written(*days: date | None) -> str:
    return " to ".join(day.isoformat() for day in days if day)


def _step_that_ends(match: Match) -> MatchStep:
    """Return by which step a coordinator ends a match, of which its requester may have read."""
    takes_back = match.state in WORKFLOW[MatchStep.TAKE_BACK].sources
    return MatchStep.TAKE_BACK if takes_back else MatchStep.CANCEL


def _is_held(work: UnitOfWork, match: Match, start: date, end: date) -> bool:
    """Hold somebody for other days, and tell whether they could be held."""
    try:
        with work.session.begin_nested():
            bookings.move(work, match, start, end)
    except ConflictError:
        work.session.refresh(match, ["booked_days"])
        return False
    return True
