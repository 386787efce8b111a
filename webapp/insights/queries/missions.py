"""The missions of a period as its report lists and counts them.

A mission is what a request comes to: the team that was sent for it, of one expert or of several.
"""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from webapp.core.words.search import folded
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import BEGUN
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme, reference_of
from webapp.experts.models import Expert, Gender
from webapp.insights.kinds import Asked
from webapp.insights.queries.days import Days
from webapp.insights.queries.narrowed import of_missions, of_subject
from webapp.insights.rules import FEWEST, MISSIONS_AT_LEAST
from webapp.matches.models import Match
from webapp.mission_reports.models import MissionReport, Participants, Side


@dataclass
class Mission:
    """A team on its way; `homes` has how many of it came from which jurisdiction."""

    reference: str
    title: str
    theme: str | None
    jurisdiction: str | None
    start: date
    end: date
    homes: dict[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """Return how many were sent."""
        return sum(self.homes.values())


@dataclass(frozen=True)
class Sent:
    """Who was sent: how often somebody was, how many people that were, and for how many days."""

    times: int
    people: int
    days: int
    by_gender: dict[Gender | None, int]


def list_missions(session: Session, asked: Asked) -> list[Mission]:
    """Return the missions that began in the period, first day first."""
    main = sa.and_(RequestTheme.request_id == ExpertiseRequest.id, RequestTheme.position == 1)
    request, begun = ExpertiseRequest, sa.func.min(Deployment.start)
    rows = session.execute(
        sa.select(
            request.id, request.title, RequestTheme.theme_code, request.jurisdiction,
            Expert.jurisdiction, begun, sa.func.max(Deployment.end), sa.func.count(),
        )
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .join(Match.expert)
        .outerjoin(RequestTheme, main)
        .where(*of_missions(asked))
        .group_by(
            request.id, request.title, RequestTheme.theme_code, request.jurisdiction,
            Expert.jurisdiction,
        )
        .order_by(begun, request.id)
    )  # fmt: skip
    found: dict[int, Mission] = {}
    for number, title, theme, host, home, start, end, count in rows:
        mission = found.setdefault(
            number, Mission(reference_of(number), title, theme, host, start, end)
        )
        mission.homes[home or ""] = count
        mission.start, mission.end = min(mission.start, start), max(mission.end, end)
    return list(found.values())


def count_sent(session: Session, asked: Asked) -> Sent:
    """Return how many were sent on missions that began in the period."""
    rows = session.execute(
        sa.select(
            Expert.gender,
            sa.func.count(),
            sa.func.count(sa.distinct(Expert.id)),
            sa.func.sum(Days(Deployment.start, Deployment.end) + 1),
        )
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .join(Match.request)
        .where(*of_missions(asked))
        .group_by(Expert.gender)
    ).all()
    return Sent(
        sum(times for _, times, _, _ in rows),
        sum(people for _, _, people, _ in rows),
        round(sum(days for _, _, _, days in rows)),
        {gender: times for gender, times, _, _ in rows},
    )


def count_participants(session: Session, asked: Asked) -> tuple[int, int]:
    """Return how many women and how many men took part in missions that began in the period, as
    their requesters report, who do so once for all of a team."""
    women, men = session.execute(
        sa.select(sa.func.sum(MissionReport.women), sa.func.sum(MissionReport.men)).where(
            *_of_requesters(asked)
        )
    ).one()
    return women or 0, men or 0


def count_reported_differently(session: Session, asked: Asked) -> int:
    """Return of how many missions an expert reports that other numbers took part than the
    requester; those of the requester are counted, who reports once for all of a team."""
    of_expert = aliased(MissionReport)
    says_other = (
        sa.select(Match.request_id)
        .join(Deployment, Deployment.match_id == Match.id)
        .join(of_expert, of_expert.deployment_id == Deployment.id)
        .where(
            Match.request_id == MissionReport.request_id,
            of_expert.side == Side.EXPERT,
            of_expert.sent_at.is_not(None),
            sa.or_(of_expert.women != MissionReport.women, of_expert.men != MissionReport.men),
        )
        .correlate(MissionReport)
        .exists()
    )
    counted = sa.select(sa.func.count(MissionReport.id)).where(*_of_requesters(asked), says_other)
    return session.scalars(counted).one()


def count_by_institution(session: Session, asked: Asked) -> dict[str, tuple[int, int]]:
    """Return the same by institution, for reports that say so; one that is written in different
    ways of letters and accents is one, called as it was called first."""
    rows = session.execute(
        sa.select(Participants.institution, Participants.women, Participants.men)
        .join(MissionReport, MissionReport.id == Participants.report_id)
        .where(Participants.institution != "", *_of_requesters(asked))
        .order_by(Participants.id)
    )
    names: dict[str, str] = {}
    sums: dict[str, tuple[int, int]] = {}
    for institution, women, men in rows:
        name = names.setdefault(folded(institution), institution)
        before = sums.get(name, (0, 0))
        sums[name] = before[0] + (women or 0), before[1] + (men or 0)
    return sums


def _of_requesters(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for what requesters have reported of missions of the period."""
    begun = (
        sa.select(Match.request_id)
        .join(Deployment, Deployment.match_id == Match.id)
        .join(Match.request)
        .where(*of_missions(asked))
    )
    return [
        MissionReport.side == Side.REQUESTER,
        MissionReport.sent_at.is_not(None),
        MissionReport.request_id.in_(begun),
    ]


@dataclass(frozen=True)
class Past:
    """What the platform has come to so far, for everybody to read."""

    missions: int
    experts: int
    hosts: int
    since: date


def find_past(session: Session) -> Past | None:
    """Return the missions of all time in numbers, or nothing while they are too few to be told."""
    missions, experts, hosts, since = session.execute(
        sa.select(
            sa.func.count(sa.distinct(Match.request_id)),
            sa.func.count(sa.distinct(Match.expert_id)),
            sa.func.count(sa.distinct(ExpertiseRequest.jurisdiction)),
            sa.func.min(Deployment.start),
        )
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .where(Deployment.state.in_(BEGUN))
    ).one()
    if missions < MISSIONS_AT_LEAST or experts < FEWEST or since is None:
        return None
    return Past(missions, experts, hosts, since)


@dataclass(frozen=True)
class Otherwise:
    """How many were back early, and how many were selected and did not go."""

    curtailed: int
    cancelled: int


def count_otherwise(session: Session, asked: Asked) -> Otherwise:
    """Return what came otherwise for experts whose mission was to begin in the period.

    A mission that ended early is reported like others, and keeps its reason.
    """
    ended_early = sa.and_(Deployment.state.in_(BEGUN), Deployment.reason_id.is_not(None))
    counts = session.execute(
        sa.select(
            sa.func.count(sa.case((ended_early, 1))),
            sa.func.count(sa.case((Deployment.state == DeploymentState.CANCELLED, 1))),
        )
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .where(Deployment.start.between(asked.first, asked.last), *of_subject(asked))
    ).one()
    return Otherwise(*counts)
