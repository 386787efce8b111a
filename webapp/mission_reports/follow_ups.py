"""The follow-up: months after a mission the requester answers three questions, and it is done."""

from datetime import date

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.audit import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM, is_office
from webapp.deployments.workflow import DeploymentStep
from webapp.experts.models import ExpertState
from webapp.mission_reports import rules
from webapp.mission_reports.content import Afterwards
from webapp.mission_reports.models import FollowUp


def find_obstacle(deployment: Deployment, today: date) -> Message | None:
    """Return why the questions of a follow-up are not answered now, if so."""
    if deployment.match.expert.state is ExpertState.ERASED:
        return rules.ERASED
    if deployment.state is not DeploymentState.REPORTED:
        return _(
            "A follow-up comes after the reports, and the mission is “%(state)s” now.",
            state=deployment.state,
        )
    day = deployment.end + FOLLOW_UP_FROM
    if today < day:
        return _("What has become of a mission is asked from %(day)s on.", day=day)
    return None


def answer(work: UnitOfWork, deployment: Deployment, answers: Afterwards) -> FollowUp:
    """Keep what the requester says of the months after a mission, which is followed up by it."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    if work.actor.id is None or not rules.reads_follow_up(work.actor, deployment):
        raise ForbiddenError(_("Only its requester and SEESAC follow a mission up."))
    if obstacle := find_obstacle(deployment, work.now.date()):
        raise ConflictError(obstacle)
    row = FollowUp(
        deployment_id=deployment.id,
        written_by=work.actor.id,
        by_office=is_office(work.actor, deployment),
        answered_at=work.now,
        **vars(answers),
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, Action.FOLLOW_UP_ANSWERED, row, by_office=row.by_office)
    missions.take(work.on_behalf(), deployment, DeploymentStep.ANSWERS_COME)
    return row
