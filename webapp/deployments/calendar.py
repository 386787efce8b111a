"""Deployments by month, each with the days it takes, for a calendar that prints and reads aloud."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.deployments.models import Deployment


@dataclass(frozen=True)
class Line:
    """A deployment in one month; `taken` says for each day of the month whether it is away."""

    deployment: Deployment
    taken: list[bool]


@dataclass(frozen=True)
class Month:
    """A month of the calendar with its deployments; `weekend` marks its Saturdays and Sundays."""

    first: date
    weekend: list[bool]
    lines: list[Line]


def by_month(deployments: Iterable[Deployment]) -> list[Month]:
    """Return the months in which somebody is deployed; one that spans two stands in both."""
    lines: dict[date, list[Line]] = {}
    for deployment in deployments:
        for first in _months(deployment.start, deployment.end):
            days = [first.replace(day=n) for n in range(1, _length(first) + 1)]
            taken = [deployment.start <= day <= deployment.end for day in days]
            lines.setdefault(first, []).append(Line(deployment, taken))
    return [Month(first, _weekend(first), lines[first]) for first in sorted(lines)]


def _length(first: date) -> int:
    return calendar.monthrange(first.year, first.month)[1]


def _weekend(first: date) -> list[bool]:
    return [first.replace(day=n).weekday() >= 5 for n in range(1, _length(first) + 1)]


def _months(start: date, end: date) -> Iterable[date]:
    first = start.replace(day=1)
    while first <= end:
        yield first
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
