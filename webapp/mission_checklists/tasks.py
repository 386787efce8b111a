"""What coordinators were asked to see to, and what else is overdue, of missions still to come, as
lines of their queue."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import chain

from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.record.disclosure import Named
from webapp.core.words.translation import Deferred, _, gettext
from webapp.deployments.operations import PATH
from webapp.expertise_requests.waiting import Side
from webapp.matches.work_queue.lines import Line
from webapp.mission_checklists import queries, rules
from webapp.mission_checklists.content import NEEDS
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry

# A line of the queue names so many things that are overdue.
MOST_NAMED = 3
LONGEST_LEAD = max(need.lead for need in NEEDS)


def list_lines(session: Session, today: date) -> Iterator[Line]:
    """Yield a line for each thing that a coordinator was asked to see to, and for each mission of
    which something else is overdue on a day."""
    missions = queries.list_ahead(session, today + LONGEST_LEAD)
    found = queries.list_entries(session, missions)
    owners = queries.list_owners(session, chain.from_iterable(found.values()))
    for entries in found.values():
        ours = [one for one in entries if one in owners and _is_ours(one, owners[one])]
        yield from (_line_of_owner(one, owners[one]) for one in ours)
        if late := [one for one in entries if one.is_overdue(today) and one not in ours]:
            yield _line(late)


def _is_ours(entry: Entry, owner: Account) -> bool:
    return rules.side_of(owner.as_actor(), entry.deployment) is Side.OFFICE


def _line_of_owner(entry: Entry, owner: Account) -> Line:
    mission = entry.deployment
    return Line(
        entry.item.state_since if entry.item else mission.state_since,
        entry.due,
        _(
            "For the mission of %(name)s: %(what)s",
            name=mission.match.expert.name,
            what=entry.need.kind.label,
        ),
        mission.match.request,
        mission.match,
        address=queries.path_of(entry),
        state=mission.state,
        mission_days=(mission.start, mission.end),
        note=_("%(name)s sees to it", name=Named.of(owner)),
        handled_by=owner.id,
    )


def _line(late: Sequence[Entry]) -> Line:
    mission, due = late[0].deployment, min(entry.due for entry in late)
    return Line(
        datetime.combine(due, time(), UTC),
        due,
        _(
            "Overdue for the mission of %(name)s: %(what)s",
            name=mission.match.expert.name,
            what=Deferred(_names, [entry.need.kind for entry in late]),
        ),
        mission.match.request,
        mission.match,
        address=PATH % {"deployment_id": mission.id},
        state=mission.state,
        mission_days=(mission.start, mission.end),
    )


def _names(kinds: Sequence[NeedKind]) -> str:
    """Return what is overdue in words; of much the first things, and how many more."""
    named = ", ".join(str(kind.label) for kind in kinds[:MOST_NAMED])
    if (more := len(kinds) - MOST_NAMED) <= 0:
        return named
    return gettext("%(what)s and %(num)s more", what=named, num=more)
