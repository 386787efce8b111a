"""What is overdue of missions still to come, as lines of the coordinators' queue."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from webapp.core.words.translation import Deferred, _
from webapp.deployments.operations import PATH
from webapp.matches.work_queue.lines import Line
from webapp.mission_checklists import queries
from webapp.mission_checklists.content import NEEDS
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry

LONGEST_LEAD = max(need.lead for need in NEEDS)


def list_lines(session: Session, today: date) -> Iterator[Line]:
    """Yield a line for each mission of which something is overdue on a day."""
    missions = queries.list_ahead(session, today + LONGEST_LEAD)
    for entries in queries.list_entries(session, missions).values():
        if late := [entry for entry in entries if entry.is_overdue(today)]:
            yield _line(late)


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
    return ", ".join(str(kind.label) for kind in kinds)
