"""The follow-up: months after a mission the requester answers three questions, once for all who
went, and it is done."""

from datetime import date

from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.experts.models import ExpertState
from webapp.mission_reports import operations, queries, rules
from webapp.mission_reports.content import Afterwards
from webapp.mission_reports.models import FollowUp, Side


def find_obstacle(deployment: Deployment, today: date) -> Message | None:
    """Return why the questions of a follow-up are not answered now, if so."""
    if deployment.match.expert.state is ExpertState.ERASED:
        return rules.ERASED
    if deployment.state is not DeploymentState.REPORTED:
        return _(
            "A follow-up comes after the reports, and the mission is “%(state)s” now.",
            state=deployment.state,
        )
    day = rules.follow_up_from(deployment)
    if today < day:
        return _("What has become of a mission is asked from %(day)s on.", day=day)
    return None


def answer(work: UnitOfWork, deployment: Deployment, answers: Afterwards) -> FollowUp:
    """Keep what the requester says of the months after a mission, which is followed up by it: that
    of each of the team whose reports have come."""
    operations.lock_about(work, deployment, Side.REQUESTER)
    if work.actor.id is None or not rules.reads_follow_up(work.actor, deployment):
        raise ForbiddenError(_("Only its requester and SEESAC follow a mission up."))
    if obstacle := find_obstacle(deployment, work.now.date()):
        raise ConflictError(obstacle)
    if queries.find_follow_up(work.session, deployment):
        raise ConflictError(_("It has been said already what has become of the mission."))
    row = FollowUp(
        deployment_id=deployment.id,
        request_id=deployment.match.request_id,
        written_by=work.actor.id,
        by_office=rules.is_office_for(work.actor, deployment, Side.REQUESTER),
        answered_at=work.now,
        **vars(answers),
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, Action.FOLLOW_UP_ANSWERED, row, by_office=row.by_office)
    for one in rules.team_of(deployment):
        if one.state is DeploymentState.REPORTED:
            missions.take(work.on_behalf(), one, DeploymentStep.ANSWERS_COME)
    return row
