"""Which requests and missions a statistic is about."""

from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.deployments.models import Deployment
from webapp.deployments.workflow import BEGUN
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme
from webapp.insights.kinds import Asked


def of_requests(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for requests that were sent in the period."""
    first = datetime.combine(asked.first, time(), UTC)
    end = datetime.combine(asked.last + timedelta(days=1), time(), UTC)
    sent = ExpertiseRequest.submitted_at
    return [sent >= first, sent < end, *of_subject(asked)]


def of_choices(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for requests sent in the period whose steps with experts may be told.

    Whoever asks for one would read in the counts how many are considered for it, and for whom it
    was decided otherwise.
    """
    return [*of_requests(asked), ExpertiseRequest.id.not_in(asked.besides)]


def of_missions(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for missions, with their requests, that began in the period."""
    return [
        Deployment.state.in_(BEGUN),
        Deployment.start.between(asked.first, asked.last),
        *of_subject(asked),
    ]


def of_subject(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for requests on a theme, or of a jurisdiction."""
    narrowed: list[sa.ColumnElement[bool]] = []
    if asked.theme:
        # The select may be about themes itself.
        wanted = aliased(RequestTheme)
        on_theme = sa.select(wanted.request_id).where(wanted.theme_code == asked.theme)
        narrowed.append(ExpertiseRequest.id.in_(on_theme))
    if asked.jurisdiction:
        narrowed.append(ExpertiseRequest.jurisdiction == asked.jurisdiction)
    return narrowed
