"""What people are asked to write of missions: it stands on their pages until it has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.deployments.rules import FOLLOW_UP_BY, reports_due
from webapp.mission_reports import queries, rules
from webapp.mission_reports.letters import path_of
from webapp.mission_reports.models import Side

# For so long an expert is asked to put a mission into the profile on which the requester has
# reported; whoever does not want it there need not say so.
ENTER_WITHIN = timedelta(days=60)
# No report comes later than this after its mission, but for a few.
_LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Task:
    """Something to write of the mission for a request: where, and by which day."""

    request_id: int
    what: Message
    address: str
    due: date

    @property
    def is_overdue(self) -> bool:
        """Tell whether it was to be written before today."""
        return self.due < clock.today()


def list_tasks(session: Session, actor: Actor, today: date) -> list[Task]:
    """Return what this person is asked to write, what is due first; nobody else is named."""
    found = [
        *_reports(session, actor), *_follow_ups(session, actor, today),
        *_entries(session, actor, today),
    ]  # fmt: skip
    return sorted(found, key=lambda task: task.due)


def _reports(session: Session, actor: Actor) -> Iterator[Task]:
    for deployment, side in queries.list_awaiting(session, queries.of_sides(actor)):
        if rules.is_own(actor, deployment, side):
            title = deployment.match.request.title
            yield Task(
                deployment.match.request_id,
                _("Write your report on the mission for “%(title)s”", title=title),
                path_of(deployment, side),
                reports_due(deployment),
            )


def _follow_ups(session: Session, actor: Actor, today: date) -> Iterator[Task]:
    for deployment in queries.list_to_follow_up(session, today, queries.of_sides(actor)):
        if rules.is_own(actor, deployment, Side.REQUESTER):
            title = deployment.match.request.title
            yield Task(
                deployment.match.request_id,
                _("Say what has become of the mission for “%(title)s”", title=title),
                f"{path_of(deployment)}/follow-up",
                deployment.end + FOLLOW_UP_BY,
            )


def _entries(session: Session, actor: Actor, today: date) -> Iterator[Task]:
    if actor.id is None or Role.EXPERT not in actor.roles:
        return
    for deployment in queries.list_to_enter(session, actor.id, today - _LOOKED_BACK):
        report = queries.find(session, deployment, Side.REQUESTER)
        due = report.sent_at.date() + ENTER_WITHIN if report and report.sent_at else None
        if due and due >= today:
            title = deployment.match.request.title
            yield Task(
                deployment.match.request_id,
                _(
                    "Put the mission for “%(title)s” into your profile, if you want it there",
                    title=title,
                ),
                f"{path_of(deployment)}/profile-entry",
                due,
            )
