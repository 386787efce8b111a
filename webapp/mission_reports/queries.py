"""Named selects of reports; whose they are to read say the rules."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match
from webapp.mission_reports import rules
from webapp.mission_reports.models import FollowUp, Lesson, MissionEntry, MissionReport, Side


def list_of(session: Session, deployment: Deployment) -> Sequence[MissionReport]:
    """Return the reports on a mission, drafts too, the expert's first."""
    return session.scalars(
        sa.select(MissionReport)
        .where(MissionReport.deployment_id == deployment.id)
        .order_by(MissionReport.side)
    ).all()


def find(session: Session, deployment: Deployment, side: Side) -> MissionReport | None:
    """Return what one side has written of a mission, if it has."""
    return session.scalars(
        sa.select(MissionReport).where(
            MissionReport.deployment_id == deployment.id, MissionReport.side == side
        )
    ).one_or_none()


def find_entry(session: Session, deployment: Deployment) -> MissionEntry | None:
    """Return the entry that a mission has become in its expert's profile, if it has."""
    return session.scalars(
        sa.select(MissionEntry).where(MissionEntry.deployment_id == deployment.id)
    ).one_or_none()


def reports_missing(session: Session, deployment: Deployment) -> list[Side]:
    """Return whose report on a mission is awaited and has not come."""
    return rules.awaits(deployment, list_of(session, deployment))


def find_follow_up(session: Session, deployment: Deployment) -> FollowUp | None:
    """Return what was said in the months after a mission, if anything was."""
    return session.scalars(
        sa.select(FollowUp).where(FollowUp.deployment_id == deployment.id)
    ).one_or_none()


def list_to_follow_up(session: Session, today: date) -> Sequence[Deployment]:
    """Return the missions that are reported, and of which one asks by now how it went on."""
    return session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .where(
            Deployment.state == DeploymentState.REPORTED,
            Deployment.end <= today - FOLLOW_UP_FROM,
        )
        .options(contains_eager(Deployment.match).contains_eager(Match.request))
        .order_by(Deployment.end, Deployment.id)
    ).all()


def list_lessons(session: Session, request: ExpertiseRequest) -> Sequence[Lesson]:
    """Return the lessons of the missions for a request, oldest first."""
    return session.scalars(
        sa.select(Lesson).where(Lesson.request_id == request.id).order_by(Lesson.id)
    ).all()


def list_awaiting(session: Session) -> Sequence[tuple[Deployment, Side]]:
    """Return the missions that are over, each with a side whose report has not come."""
    given_back = sa.exists().where(
        MissionReport.deployment_id == Deployment.id,
        MissionReport.reopened_at.is_not(None),
        MissionReport.sent_at.is_(None),
    )
    came = (
        sa.select(MissionReport.deployment_id)
        .where(MissionReport.sent_at.is_not(None))
        .group_by(MissionReport.deployment_id)
        .having(sa.func.count() == len(Side))
    )
    missions = session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .join(Match.expert)
        .where(
            Expert.state != ExpertState.ERASED,
            sa.or_(
                sa.and_(Deployment.state.in_(rules.AWAITED), Deployment.id.not_in(came)),
                given_back,
            ),
        )
        .options(
            contains_eager(Deployment.match).contains_eager(Match.request),
            contains_eager(Deployment.match).contains_eager(Match.expert),
        )
        .order_by(Deployment.state_since, Deployment.id)
    ).all()
    return [(one, side) for one in missions for side in reports_missing(session, one)]


def list_sent(session: Session, deployment: Deployment) -> Sequence[str]:
    """Return the names of all who are sent for the request of a mission."""
    return session.scalars(
        sa.select(Expert.name)
        .join(Match, Match.expert_id == Expert.id)
        .join(Deployment, Deployment.match_id == Match.id)
        .where(Match.request_id == deployment.match.request_id)
        .order_by(Deployment.id)
    ).all()
