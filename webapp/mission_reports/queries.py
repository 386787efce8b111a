"""Named selects of reports; whose they are to read say the rules."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from webapp.core.actor import Actor
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM
from webapp.deployments.workflow import OVER
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match
from webapp.mission_reports import rules
from webapp.mission_reports.models import FollowUp, Lesson, MissionEntry, MissionReport, Side

# What a requester says once of all who went.
Said = TypeVar("Said", MissionReport, FollowUp)


def list_of(session: Session, deployment: Deployment) -> Sequence[MissionReport]:
    """Return the reports on a mission, drafts too, the expert's first."""
    found = (find(session, deployment, side) for side in Side)
    return [report for report in found if report is not None]


def find(session: Session, deployment: Deployment, side: Side) -> MissionReport | None:
    """Return what one side has written of a mission, if it has: the requester of all who went, so
    nothing of whoever fell out before."""
    if side is Side.EXPERT:
        of_one = MissionReport.deployment_id == deployment.id, MissionReport.side == side
        return session.scalars(sa.select(MissionReport).where(*of_one)).one_or_none()
    if deployment.state is DeploymentState.CANCELLED:
        return None
    return session.scalars(
        _of_team(MissionReport, deployment).where(MissionReport.side == side)
    ).first()


def _of_team(table: type[Said], deployment: Deployment) -> sa.Select[Said]:
    """Select what the requester has said of all who went for the request of a mission.

    What a version before has written while it was replaced does not name the request.
    """
    return (
        sa.select(table)
        .join(Deployment, Deployment.id == table.deployment_id)
        .join(Match, Match.id == Deployment.match_id)
        .where(Match.request_id == deployment.match.request_id)
        .order_by(table.request_id.is_(None), table.id)
        .limit(1)
    )


def find_entry(session: Session, deployment: Deployment) -> MissionEntry | None:
    """Return the entry that a mission has become in its expert's profile, if it has."""
    return session.scalars(
        sa.select(MissionEntry).where(MissionEntry.deployment_id == deployment.id)
    ).one_or_none()


def list_to_enter(session: Session, account_id: int, since: date) -> Sequence[Deployment]:
    """Return the missions of an expert that have ended since a day and stand in no profile."""
    entered = sa.select(MissionEntry.id).where(MissionEntry.deployment_id == Deployment.id)
    return session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .where(
            Expert.account_id == account_id,
            Deployment.state.in_(OVER),
            Deployment.end >= since,
            ~entered.exists(),
        )
        .order_by(Deployment.end, Deployment.id)
    ).all()


def reports_missing(session: Session, deployment: Deployment) -> list[Side]:
    """Return whose report on a mission is awaited and has not come."""
    return rules.awaits(deployment, list_of(session, deployment))


def find_follow_up(session: Session, deployment: Deployment) -> FollowUp | None:
    """Return what was said in the months after a mission, if anything was."""
    return session.scalars(_of_team(FollowUp, deployment)).first()


def of_sides(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that this person went on a mission, or asks for it."""
    return sa.or_(requests.is_own(actor), Expert.account_id == actor.id)


def list_to_follow_up(
    session: Session, today: date, *whose: sa.ColumnElement[bool]
) -> Sequence[Deployment]:
    """Return, of each team that has reported and of which one asks by now how it went on, the
    mission that ended last; `whose` leaves others out."""
    reported = session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .join(Match.expert)
        .where(
            Deployment.state == DeploymentState.REPORTED,
            Deployment.end <= today - FOLLOW_UP_FROM,
            Expert.state != ExpertState.ERASED,
            *whose,
        )
        .options(contains_eager(Deployment.match).contains_eager(Match.request))
        .order_by(Deployment.end, Deployment.id)
    )
    last = {one.match.request_id: one for one in reported}
    return [
        one
        for one in last.values()
        if rules.follow_up_from(one) <= today and find_follow_up(session, one) is None
    ]


def list_lessons(session: Session, request: ExpertiseRequest) -> Sequence[Lesson]:
    """Return the lessons of the missions for a request, oldest first."""
    return session.scalars(
        sa.select(Lesson).where(Lesson.request_id == request.id).order_by(Lesson.id)
    ).all()


def list_awaiting(
    session: Session, *whose: sa.ColumnElement[bool]
) -> Sequence[tuple[Deployment, Side]]:
    """Return the missions that are over, each with a side whose report has not come; `whose` leaves
    others out.

    That of the requester is awaited once for all who went, and when all of them are back.
    """
    given_back = sa.exists().where(
        sa.or_(
            MissionReport.deployment_id == Deployment.id,
            # That of a team hangs on one of its missions, whose expert may be erased.
            MissionReport.request_id == Match.request_id,
        ),
        MissionReport.reopened_at.is_not(None),
        MissionReport.sent_at.is_(None),
    )
    missions = session.scalars(
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .join(Match.expert)
        .where(
            Expert.state != ExpertState.ERASED,
            sa.or_(Deployment.state.in_(rules.AWAITED), given_back),
            *whose,
        )
        .options(
            contains_eager(Deployment.match).contains_eager(Match.request),
            contains_eager(Deployment.match).contains_eager(Match.expert),
        )
        .order_by(Deployment.state_since, Deployment.id)
    ).all()
    return list(_asked_on(session, missions))


def _asked_on(
    session: Session, missions: Sequence[Deployment]
) -> Iterator[tuple[Deployment, Side]]:
    """Yield where the missing reports on some missions are asked for, those of a requester once for
    all who went."""
    teams = set[int]()
    for mission in missions:
        for side in reports_missing(session, mission):
            if side is Side.REQUESTER:
                if mission.match.request_id in teams:
                    continue
                teams.add(mission.match.request_id)
            if asked := rules.asked_on(mission, side):
                yield asked, side


def list_sent(session: Session, deployment: Deployment) -> Sequence[str]:
    """Return the names of all who are sent for the request of a mission."""
    return session.scalars(
        sa.select(Expert.name)
        .join(Match, Match.expert_id == Expert.id)
        .join(Deployment, Deployment.match_id == Match.id)
        .where(Match.request_id == deployment.match.request_id)
        .order_by(Deployment.id)
    ).all()
