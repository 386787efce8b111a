"""What may be done with a deployment on which day, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import object_session

from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import Why
from webapp.core.roles import Role
from webapp.core.words.translation import Deferred, Message, Words, _
from webapp.core.workflows.workflow import Owners, Step, why_not_theirs
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import WORKFLOW, DeploymentStep
from webapp.matches import candidates
from webapp.matches import rules as matches
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep

# Release, insurance and visa take weeks; what is not there a week before may come too late.
CLEAR_FROM, CLEAR_BY = timedelta(days=28), timedelta(days=7)
# Reports are written from fresh memory.
REPORT_WITHIN = timedelta(days=14)
# What became of a visit shows after three to six months.
FOLLOW_UP_FROM, FOLLOW_UP_BY = timedelta(days=90), timedelta(days=180)
# These send somebody, who must be on the roster and approved until the mission ends.
ONLY_WHO_CAN_GO = frozenset(
    {DeploymentStep.CLEAR, DeploymentStep.CLEAR_REGARDLESS, DeploymentStep.DEPART}
)


@dataclass(frozen=True)
class Missing:
    """Something that a mission still needs; nobody is sent without what is `firm`."""

    what: Message
    firm: bool = False


def reports_due(deployment: Deployment) -> date:
    """Return the last day on which reports on a mission are in time, for reminders and queues."""
    return deployment.end + REPORT_WITHIN


def owners_of(deployment: Deployment) -> Owners:
    """Return whose own a deployment is, by role: those whose own its match is."""
    return matches.owners_of_match(deployment.match)


def is_office(actor: Actor, deployment: Deployment) -> bool:
    """Tell whether this person sees to a mission for SEESAC, and no colleague has to."""
    return Role.COORDINATOR in actor.roles and why_colleagues(deployment, actor) is None


def why_colleagues(deployment: Deployment, actor: Actor) -> Message | None:
    """Return why a colleague sees to a mission, if so: it is this person's own in some role, or
    they wait to be chosen for the same request."""
    return why_not_theirs(actor, owners_of(deployment)) or _why_rival(deployment, actor)


def is_for_authority(deployment: Deployment, actor: Actor) -> bool:
    """Tell whether this person sees to a mission for the authority that was asked for its official,
    and could have released them: it is not theirs in another role, nor have they decided on it."""
    match = deployment.match
    refused = MATCHES.why_not(MatchStep.RELEASE, actor, owners_of(deployment))
    is_theirs = matches.is_of_authority(actor, match) and not refused
    return is_theirs and not _why_rival(deployment, actor)


def _why_rival(deployment: Deployment, actor: Actor) -> Message | None:
    session = object_session(deployment)
    is_rival = session and candidates.is_waiting_beside(session, actor, deployment.match)
    return candidates.CONSIDERED if is_rival else None


def possible_steps(
    deployment: Deployment, actor: Actor, today: date, missing: Sequence[Missing] = ()
) -> list[DeploymentStep]:
    """Return what this person can do with a deployment today, in the table's order."""
    if _why_rival(deployment, actor):
        return []
    possible = WORKFLOW.possible(deployment.state, actor, owners_of(deployment))
    return [name for name in possible if not find_obstacle(name, deployment, today, missing)]


def has_begun(deployment: Deployment) -> bool:
    """Tell whether a mission is under way, so that its first day is over and done."""
    return deployment.state is DeploymentState.DEPLOYED


def step_of_move(deployment: Deployment) -> DeploymentStep:
    """Return what changing the days is: of a mission that has begun only the last one moves."""
    return DeploymentStep.MOVE_END if has_begun(deployment) else DeploymentStep.MOVE


def can_move(deployment: Deployment, actor: Actor) -> bool:
    """Tell whether this person can change the days of a mission now."""
    step = WORKFLOW[step_of_move(deployment)]
    is_theirs = step.by in actor.roles and not why_colleagues(deployment, actor)
    return deployment.state in step.sources and is_theirs


def check_step(
    name: DeploymentStep, deployment: Deployment, actor: Actor, why: Why | None, today: date,
    missing: Sequence[Missing] = (),
) -> Step[DeploymentState]:  # fmt: skip
    """Return the step, or refuse in words: whoever may not take it, a wrong state, a wrong day,
    something that the mission still needs."""
    step = WORKFLOW.check(name, deployment.state, actor, why, owners_of(deployment))
    if refusal := _why_rival(deployment, actor):
        raise ForbiddenError(refusal)
    if obstacle := find_obstacle(name, deployment, today, missing):
        raise ConflictError(obstacle)
    return step


def find_obstacle(
    name: DeploymentStep, deployment: Deployment, today: date, missing: Sequence[Missing] = ()
) -> Message | None:
    """Return what the days of a mission, or what it still needs, have against a step today."""
    return _find_missing(name, missing) or _find_wrong_day(name, deployment, today)


def _find_missing(name: DeploymentStep, missing: Sequence[Missing]) -> Message | None:
    firm = [one for one in missing if one.firm]
    if name is DeploymentStep.CLEAR and missing:
        return _("Before the mission is cleared it needs: %(what)s.", what=_listed(missing))
    if name is DeploymentStep.CLEAR_REGARDLESS and firm:
        return _("Nobody is sent without: %(what)s.", what=_listed(firm))
    if name is DeploymentStep.CLEAR_REGARDLESS and not missing:
        return _("Nothing is missing, so the mission is cleared as it is.")
    return None


def _find_wrong_day(name: DeploymentStep, deployment: Deployment, today: date) -> Message | None:
    if name is DeploymentStep.DEPART and today < deployment.start:
        return _("The mission begins on %(day)s, and nobody has left before.", day=deployment.start)
    if name is DeploymentStep.RETURN and today < deployment.end:
        return _(
            "The mission lasts until %(day)s: whoever is back before has ended it early.",
            day=deployment.end,
        )
    if name is DeploymentStep.FOLLOW_UP and today < deployment.end + FOLLOW_UP_FROM:
        day = deployment.end + FOLLOW_UP_FROM
        return _("What has become of a mission is asked from %(day)s on.", day=day)
    if name is DeploymentStep.CURTAIL and today >= deployment.end:
        return _("The last day was %(day)s, so nothing is ended early.", day=deployment.end)
    return None


def list_obstacles(
    deployment: Deployment, today: date, missing: Sequence[Missing] = ()
) -> list[Message]:
    """Return why steps that come next cannot be taken yet, in the table's order."""
    coming = [name for name in WORKFLOW if deployment.state in WORKFLOW[name].sources]
    if not missing and DeploymentStep.CLEAR_REGARDLESS in coming:
        coming.remove(DeploymentStep.CLEAR_REGARDLESS)  # It is no step of its own then.
    found = (find_obstacle(name, deployment, today, missing) for name in coming)
    return [obstacle for obstacle in found if obstacle]


def _listed(missing: Sequence[Missing]) -> Words:
    return Deferred(_joined, [one.what for one in missing])


def _joined(words: list[object]) -> str:
    return ", ".join(map(str, words))
