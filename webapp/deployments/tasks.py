"""What coordinators have to do about missions, as lines of their queue.

Every mission that is not done has a task from some day on, so none is forgotten on the way from its
selection to its follow-up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.words.translation import Message, _
from webapp.deployments import moving, queries, rules
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.operations import PATH
from webapp.experts.models import ExpertState
from webapp.matches.work_queue.lines import Line
from webapp.matches.work_queue.waiting import day_to_act

S = DeploymentState
# What is asked of a team once, however many of it went.
OF_TEAMS: dict[DeploymentState, Message] = {
    **dict.fromkeys((S.RETURNED, S.CURTAILED), _("See that the reports of the team come")),
    S.REPORTED: _("Ask what became of the mission of the team"),
}


@dataclass(frozen=True)
class Duty:
    """What is to be done about a mission: from which day on, and by which."""

    what: Message
    begins: date
    due: date


def duty_of(deployment: Deployment) -> Duty | None:
    """Return what is next for a mission, whenever that is; of one that is done there is nothing."""
    start, end = deployment.start, deployment.end
    match deployment.state:
        case S.PLANNED:
            words = _("Prepare the mission of %(name)s and clear it for departure")
            return Duty(words, start - rules.CLEAR_FROM, start - rules.CLEAR_BY)
        case S.CLEARED:
            return Duty(_("The mission of %(name)s has begun: note the departure"), start, start)
        case S.DEPLOYED:
            words = _("The mission of %(name)s is over: note the return")
            return Duty(words, end, end + timedelta(days=1))
        case S.RETURNED | S.CURTAILED:
            words = _("See that the reports on the mission of %(name)s come")
            return Duty(words, end, rules.reports_due(deployment))
        case S.REPORTED:
            words = _("Ask what became of the mission of %(name)s")
            return Duty(words, end + rules.FOLLOW_UP_FROM, end + rules.FOLLOW_UP_BY)
    return None


def list_lines(session: Session, today: date) -> Iterator[Line]:
    """Yield a line for each mission of which something is to be done on a day; what is asked of a
    team as a whole, its reports and its follow-up, has one."""
    together: dict[tuple[int, Message], list[Deployment]] = {}
    for deployment in queries.list_unfinished(session, today + rules.CLEAR_FROM):
        duty = duty_of(deployment)
        if duty is None or duty.begins > today or _awaits_no_report(deployment):
            continue
        if deployment.state in OF_TEAMS:
            key = deployment.match.request_id, OF_TEAMS[deployment.state]
            together.setdefault(key, []).append(deployment)
        else:
            yield _line(deployment, duty)
    for (_request, words), team in together.items():
        duties = [(one, duty) for one in team if (duty := duty_of(one))]
        one, last = max(duties, key=lambda pair: (pair[1].due, pair[0].id))
        line = _line(one, last)
        yield line if len(team) == 1 else replace(line, what=words, match=None)


def list_behind(session: Session, _today: date) -> Iterator[Line]:
    """Yield a line for each of a team who cannot go on its days: until they can or are moved, or
    somebody else goes, or fewer do."""
    for request in moving.list_parted(session):
        behind = moving.list_behind(session, SYSTEM, request, clock.now())
        team = moving.team_of(session, request) if behind else []
        since = max((one.state_since for one in team), default=clock.now())
        for member in behind:
            words = _(
                "%(name)s cannot go on the days of the team: see who goes instead, or go on with"
                " fewer"
            )
            # Whoever goes in the place of another needs weeks to be found, released and made ready.
            begins = since.date()
            due = day_to_act(request.urgency, begins, member.start)
            yield _line(member.mission, Duty(words, begins, due))


def _line(deployment: Deployment, duty: Duty) -> Line:
    begun = datetime.combine(duty.begins, time(), UTC)
    return Line(
        max(deployment.state_since, begun),
        duty.due,
        duty.what % {"name": deployment.match.expert.name},
        deployment.match.request,
        deployment.match,
        address=PATH % {"deployment_id": deployment.id},
        state=deployment.state,
        mission_days=(deployment.start, deployment.end),
    )


def _awaits_no_report(deployment: Deployment) -> bool:
    """Tell whether a mission is over whose expert was erased: nothing more is written about it."""
    is_erased = deployment.match.expert.state is ExpertState.ERASED
    return is_erased and deployment.state in {S.RETURNED, S.CURTAILED, S.REPORTED}
