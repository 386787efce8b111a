"""What is asked for, and how many on the roster can give it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.expertise_requests.models import ExpertiseRequest, RequestState, RequestTheme
from webapp.experts.models import Expert, ExpertState, ExpertTheme
from webapp.insights.kinds import Asked
from webapp.insights.queries.narrowed import of_requests


@dataclass(frozen=True)
class Themed:
    """Of a theme: requests that ask for it, those closed without an expert, active experts."""

    requests: int = 0
    unfilled: int = 0
    experts: int = 0


def count_by_theme(session: Session, asked: Asked) -> dict[str, Themed]:
    """Return what is asked for and claimed, by the code of the theme.

    Where a theme is chosen it is that one alone, and where a place is, those asked for there: whom
    the roster has for other themes is no answer then.
    """
    unfilled = sa.case((ExpertiseRequest.state == RequestState.UNFILLED, 1), else_=0)
    demand = session.execute(
        sa.select(RequestTheme.theme_code, sa.func.count(), sa.func.sum(unfilled))
        .join(ExpertiseRequest, ExpertiseRequest.id == RequestTheme.request_id)
        .where(*of_requests(asked))
        .group_by(RequestTheme.theme_code)
    ).all()
    supply = dict(
        session.execute(
            sa.select(ExpertTheme.theme_code, sa.func.count())
            .join(Expert, Expert.id == ExpertTheme.expert_id)
            .where(Expert.state == ExpertState.ACTIVE)
            .group_by(ExpertTheme.theme_code)
        ).all()
    )
    found = {code: Themed(count, int(open_), supply.get(code, 0)) for code, count, open_ in demand}
    if asked.jurisdiction is None:
        found = {code: Themed(experts=count) for code, count in supply.items()} | found
    return {code: one for code, one in found.items() if asked.theme in {None, code}}


def list_hosts(session: Session) -> list[str]:
    """Return the jurisdictions for which help was ever asked."""
    asked = sa.select(ExpertiseRequest.jurisdiction).where(
        ExpertiseRequest.submitted_at.is_not(None), ExpertiseRequest.jurisdiction.is_not(None)
    )
    return [code for code in session.scalars(asked.distinct()) if code]


def count_by_state(session: Session, asked: Asked) -> dict[RequestState, int]:
    """Return how many requests of the period stand where now."""
    rows = session.execute(
        sa.select(ExpertiseRequest.state, sa.func.count())
        .where(*of_requests(asked))
        .group_by(ExpertiseRequest.state)
    )
    return dict(rows.all())
