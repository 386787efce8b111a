"""Those who took part in a mission are counted once, however many experts went."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import ANSWERS
from webapp.insights import statistics
from webapp.insights.kinds import Asked
from webapp.insights.queries.missions import (
    count_by_institution,
    count_participants,
    count_reported_differently,
)
from webapp.mission_reports import queries, rules
from webapp.mission_reports.content import Present
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
    said = ANSWERS.women, ANSWERS.men
    assert count_participants(session, period) == said
    later = Asked(first + timedelta(days=1), first + timedelta(days=30))
    assert count_participants(session, later) == (0, 0)


@pytest.mark.both_databases
@pytest.mark.parametrize(("women", "differ"), [(3, 1), (None, 0), (ANSWERS.women, 0)])
def test_a_mission_whose_sides_report_other_numbers_is_told_and_the_requesters_counted(
    session: Session, clock: Any, women: int | None, differ: int
) -> None:
    team = factories.returned_team(session, clock)
    period = Asked(team[0].start, team[0].start + timedelta(days=30))
    said = replace(ANSWERS, participants=(), women=women)
    for made in team:
        written = factories.report(session, made, Side.EXPERT, said)
        assert not rules.count_differently(written, queries.find(session, made, Side.REQUESTER))
    assert count_reported_differently(session, period) == 0, "the requester has not reported"
    factories.report(session, team[0], Side.REQUESTER)
    assert count_reported_differently(session, period) == differ
    assert count_participants(session, period) == (ANSWERS.women, ANSWERS.men)
    for made in team:
        both = [queries.find(session, made, side) for side in Side]
        assert rules.count_differently(*both) == bool(differ)


@pytest.mark.both_databases
def test_an_institution_is_counted_once_however_it_is_spelled_and_no_small_number_is_told(
    session: Session, clock: Any
) -> None:
    rows = (
        (Present("Ministry of Interior", 12, 20), Present("Čustoms", 2, None)),
        (Present("ministry of interior", 3, 0), Present("Academy", 8, 9)),
    )
    first = None
    for participants in rows:
        made = factories.returned_mission(session, clock)
        first = first or made.start
        factories.report(session, made, Side.EXPERT)
        said = replace(ANSWERS, participants=participants)
        factories.report(session, made, Side.REQUESTER, said)
    assert first
    period = Asked(first, first + timedelta(days=60))
    assert count_by_institution(session, period) == {
        "Ministry of Interior": (15, 20), "Čustoms": (2, 0), "Academy": (8, 9)
    }  # fmt: skip
    assert count_participants(session, period) == (25, 29)
    told = {str(line.label): line.values for line in statistics.institutions(session, period).lines}
    assert told == {
        "Ministry of Interior": (15, 20), "Academy": (None, 9), "Čustoms": (None, 0)
    }  # fmt: skip


def test_many_institutions_are_told_as_the_largest_and_one_line_of_the_others(
    session: Session, clock: Any
) -> None:
    most = statistics.MOST_INSTITUTIONS
    rows = tuple(Present(f"Station {number}", 40 - number, 20) for number in range(most + 2))
    made = factories.returned_mission(session, clock)
    period = Asked(made.start, made.start + timedelta(days=60))
    assert statistics.institutions(session, period).lines == ()
    largest = [row.institution for row in rows[:most]]
    for some in (rows[:most], rows[most:]):
        said = replace(ANSWERS, participants=some)
        factories.report(session, made, Side.EXPERT)
        factories.report(session, made, Side.REQUESTER, said)
        lines = statistics.institutions(session, period).lines
        assert [line.label for line in lines[:most]] == largest
        made = factories.returned_mission(session, clock)
    (others,) = lines[most:]
    assert (str(others.label), others.values) == ("2 other institutions", (19, 40))
