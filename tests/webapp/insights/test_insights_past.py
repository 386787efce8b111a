"""What the first page tells of past missions names nobody."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from webapp.core import clock as now
from webapp.expertise_requests.models import RequestState
from webapp.insights.queries import missions
from webapp.insights.rules import MISSIONS_AT_LEAST


def test_many_missions_of_one_person_are_not_many_people(session: Session, clock: Any) -> None:
    expert = factories.expert(session)
    for _number in range(MISSIONS_AT_LEAST):
        start = now.today() + timedelta(days=30)
        request = factories.request(
            session, RequestState.ACCEPTED, start=start, end=start + timedelta(days=2)
        )
        factories.returned_mission(session, clock, request=request, expert=expert)
        expert.last_confirmed_at = now.now()
    assert missions.find_past(session) is None
