"""Reminders of what missions need of those who are not SEESAC: before it is due, and after."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Words, _
from webapp.deployments.models import Deployment
from webapp.deployments.operations import PATH, PATH_OF_AUTHORITY
from webapp.deployments.rules import owners_of
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as experts
from webapp.matches.telling import facts_of
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of
from webapp.mission_checklists import queries, rules
from webapp.mission_checklists.rules import Entry
from webapp.mission_checklists.tasks import LONGEST_LEAD

# Each is told once a day that is due, however many things are due on it.
_OPEN = frozenset({Side.EXPERT, Side.REQUESTER, Side.AUTHORITY})


def find_open(session: Session, today: date) -> Iterator[Reminder]:
    """Yield the reminders of things that are due on a day, by mission, side and day."""
    missions = queries.list_ahead(session, today + LONGEST_LEAD + timedelta(days=1))
    for entries in queries.list_entries(session, missions).values():
        due = [one for one in entries if _is_asked_for(one, today)]
        for (side, day), group in groupby(sorted(due, key=_side_and_day), key=_side_and_day):
            yield from _remind(session, list(group), Side(side), day, today)


def _is_asked_for(entry: Entry, today: date) -> bool:
    waits = entry.is_open and entry.is_reached and entry.need.side in _OPEN
    return waits and entry.due <= today + BEFORE


def _side_and_day(entry: Entry) -> tuple[str, date]:
    return entry.need.side.value, entry.due


def _remind(
    session: Session, entries: list[Entry], side: Side, day: date, today: date
) -> Iterator[Reminder]:
    mission = entries[0].deployment
    match, over = mission.match, day < today
    letter = Letter(
        _("%(reference)s: a mission needs something of you", reference=match.request.reference),
        _("Please see to what the mission for “%(title)s” needs of you.") % facts_of(match),
        (PATH_OF_AUTHORITY if side is Side.AUTHORITY else PATH) % {"deployment_id": mission.id},
        _about(mission, entries),
        reply_by=None if over else day,
    )
    for account_id in _readers(session, mission, side):
        key = f"{key_of(mission, mission.id, day, today)}:needs:{side}:{account_id}"
        yield Reminder(mission, match.request_id, key, account_id, letter, owners_of(mission))


def _about(mission: Deployment, entries: list[Entry]) -> tuple[Words, ...]:
    names = [entry.need.kind.label for entry in entries]
    return (*names, Deferred(period_name, mission.start, mission.end))


def _readers(session: Session, mission: Deployment, side: Side) -> list[int | None]:
    match = mission.match
    if side is Side.AUTHORITY:
        acting = accounts.list_acting(session, Role.NOMINATING_AUTHORITY)
        return [one.id for one in rules.list_authority(mission, acting)]
    account = (
        experts.account_told(match.expert)
        if side is Side.EXPERT
        else requests.account_told(match.request)
    )
    return [account] if account is not None else []
