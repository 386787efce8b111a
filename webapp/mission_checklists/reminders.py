"""Reminders of what missions need of those who are not SEESAC, or of whom of it was asked to see to
it: before it is due, and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.db import is_one
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Words, _
from webapp.deployments.models import Deployment
from webapp.deployments.operations import PATH, PATH_OF_AUTHORITY
from webapp.deployments.rules import owners_of
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as experts
from webapp.matches.models import Match
from webapp.matches.telling import facts_of
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of
from webapp.mission_checklists import queries, rules
from webapp.mission_checklists.rules import Entry
from webapp.mission_checklists.tasks import LONGEST_LEAD

# SEESAC has its queue, but for whom of it was asked to see to something.
_OPEN = frozenset({Side.EXPERT, Side.REQUESTER, Side.AUTHORITY})


@dataclass(frozen=True)
class _Asked:
    """Who is told once of all that is due on a day: a side, or who of it was asked to see to it."""

    day: date
    side: Side
    owner: Account | None = None


def find_open(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of things that are due on a day, by mission and by who is told."""
    missions = queries.list_ahead(
        session, today + LONGEST_LEAD + timedelta(days=1), is_one(Match.request_id, only)
    )
    found = queries.list_entries(session, missions)
    owners = queries.list_owners(session, chain.from_iterable(found.values()))
    for entries in found.values():
        due: dict[_Asked, list[Entry]] = {}
        for one in entries:
            if one.is_open and one.due <= today + BEFORE and (who := _who(one, owners.get(one))):
                due.setdefault(who, []).append(one)
        for who, group in due.items():
            yield from _remind(session, group, who, today)


def _who(entry: Entry, owner: Account | None) -> _Asked | None:
    if owner and (side := rules.side_of(owner.as_actor(), entry.deployment)):
        return _Asked(entry.due, side, owner)
    side = entry.need.side
    return _Asked(entry.due, side) if entry.is_reached and side in _OPEN else None


def _remind(session: Session, entries: list[Entry], who: _Asked, today: date) -> Iterator[Reminder]:
    mission = entries[0].deployment
    match, over, side = mission.match, who.day < today, who.side
    letter = Letter(
        _("%(reference)s: a mission needs something of you", reference=match.request.reference),
        _("Please see to what the mission for “%(title)s” needs of you.") % facts_of(match),
        (PATH_OF_AUTHORITY if side is Side.AUTHORITY else PATH) % {"deployment_id": mission.id},
        _about(mission, entries),
        reply_by=None if over else who.day,
    )
    readers = [who.owner.id] if who.owner else _readers(session, mission, side)
    for account_id in readers:
        whose = f"{side}:own" if who.owner else side
        key = f"{key_of(mission, mission.id, who.day, today)}:needs:{whose}:{account_id}"
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
