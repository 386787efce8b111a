"""Those who took part in a mission are counted once, however many experts went."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.insights.kinds import Asked
from webapp.insights.queries.missions import count_participants
from webapp.mission_reports.models import Side


@pytest.mark.both_databases
def test_who_took_part_is_counted_once_from_the_report_of_the_requester(
    session: Session, clock: Any
) -> None:
    team = factories.returned_team(session, clock)
    first = team[0].start
    for made in team:
        factories.report(session, made, Side.EXPERT)
    period = Asked(first, first + timedelta(days=30))
    factories.report(session, team[0], Side.REQUESTER, sent=False)
    assert count_participants(session, period) == (0, 0)
    factories.report(session, team[0], Side.REQUESTER)
    said = factories.ANSWERS.women, factories.ANSWERS.men
    assert count_participants(session, period) == said
    later = Asked(first + timedelta(days=1), first + timedelta(days=30))
    assert count_participants(session, later) == (0, 0)
