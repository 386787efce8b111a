"""What an expert has been, is and will be busy with: missions, requests, days, rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.deployments import queries as deployments
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import rules as requests
from webapp.experts.models import Expert
from webapp.matches import queries as matches
from webapp.matches import rules
from webapp.matches.commitments import count_days_taken, count_missions
from webapp.matches.models import Match
from webapp.matches.workflow import OPEN
from webapp.platform_settings.queries import get_settings

# How far ahead an expert's days are shown.
NEAR = timedelta(days=92)
Periods = list[tuple[date, date]]


@dataclass(frozen=True)
class Load:
    """How many missions and days a year has; both count what is booked."""

    year: int
    missions: int
    days: int


@dataclass(frozen=True)
class Commitments:
    """All of it on one day; `rests_until` is the last day of the usual rest, while it lasts."""

    missions_ahead: Sequence[Deployment]
    missions_past: Sequence[Deployment]
    open_matches: Sequence[Match]
    ended_matches: Sequence[Match]
    loads: Sequence[Load]
    last_home: date | None
    days_at_home: int | None
    rests_until: date | None
    booked: Periods
    away: Periods


def read(session: Session, actor: Actor, expert: Expert, today: date) -> Commitments:
    """Return what an expert is busy with, as far as this coordinator may see it.

    Of requests that the actor asks for no mission, match or day is told: the days would say who is
    considered. They count in no sum either.
    """
    missions = [
        row
        for row in deployments.list_of_expert(session, actor, expert.id)
        if row.state is not DeploymentState.CANCELLED
    ]
    found = matches.list_others(session, actor, expert.id, besides=0)
    past = [row for row in missions if row.end < today]
    last_home = max((row.end for row in past), default=None)
    rest = timedelta(days=get_settings(session).rest_days)
    days = [
        row
        for row in matches.list_bookings(session, [expert.id], today, today + NEAR)
        if not requests.is_asking(actor, row.match.request)
    ]
    return Commitments(
        missions_ahead=[row for row in missions if row.end >= today],
        missions_past=sorted(past, key=lambda row: row.end, reverse=True),
        open_matches=[match for match in found if match.state in OPEN],
        ended_matches=[match for match in found if match.state not in OPEN],
        loads=[_load(session, actor, expert.id, year) for year in (today.year, today.year + 1)],
        last_home=last_home,
        days_at_home=(today - last_home).days if last_home else None,
        rests_until=last_home + rest if last_home and last_home + rest >= today else None,
        booked=rules.as_periods(row.day for row in days),
        away=[
            (row.start, row.end)
            for row in expert.unavailable
            if row.end >= today and row.start <= today + NEAR
        ],
    )


def _load(session: Session, actor: Actor, expert_id: int, year: int) -> Load:
    missions = count_missions(session, actor, [expert_id], year, besides=0)
    days = count_days_taken(session, actor, [expert_id], year)
    return Load(year, missions.get(expert_id, 0), days.get(expert_id, 0))
