"""Every statistic is what a recount over the same history comes to, whatever narrows it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.webapp.demo_history.histories import written
from tests.webapp.insights.recount import Recount
from webapp.core import clock
from webapp.core.words.translation import Message
from webapp.demo_history.outcomes import Outcome
from webapp.demo_history.stories import World
from webapp.insights import report, rules, statistics
from webapp.insights.kinds import Asked, Part, place_name
from webapp.insights.queries import choices, costs, missions, steps, supply, times


def _questions() -> list[Asked]:
    today = clock.today()
    first = today - timedelta(days=420)
    return [
        Asked(first, today),
        Asked(today - timedelta(days=200), today - timedelta(days=60)),
        Asked(first, today, theme="SALW-TRF"),
        Asked(first, today, jurisdiction="GEO"),
        Asked(first, today, theme="GEN-POL", jurisdiction="UKR"),
        Asked(today - timedelta(days=4000), today - timedelta(days=3000)),
    ]


def _agree(session: Session, world: World, outcomes: list[Outcome], asked: Asked) -> None:
    expected = Recount(world, outcomes, asked)
    sent, otherwise = missions.count_sent(session, asked), missions.count_otherwise(session, asked)
    counted: list[tuple[Any, Any]] = [
        (supply.count_by_theme(session, asked), expected.themes()),
        (supply.count_by_state(session, asked), expected.states()),
        (steps.count_by_gender(session, asked), expected.genders()),
        (steps.count_by_missions(session, asked), expected.loads()),
        (steps.count_by_way(session, asked), expected.ways()),
        (choices.count_out_of_turn(session, asked), expected.out_of_turn()),
        (choices.count_refusals(session, asked), expected.refusals()),
        (choices.count_shortlisted(session, asked), expected.shortlisted()),
        ((sent.times, sent.people, sent.days, sent.by_gender), expected.sent()),
        ((otherwise.curtailed, otherwise.cancelled), expected.otherwise()),
        (len(missions.list_missions(session, asked)), expected.missions()),
        (sum(one.sent for one in missions.list_missions(session, asked)), expected.sent()[0]),
    ]
    counted += [
        (costs.sum_by_item(session, asked), expected.costs(lambda item, _cost: item)),
        (costs.sum_by_payer(session, asked), expected.costs(lambda _item, cost: cost.payer)),
        (missions.count_participants(session, asked), expected.participants()),
    ]
    drawn = {one.name: one for one in statistics.list_statistics(session, Part.PLACES, asked)}
    counted.append(({line.code: line.values for line in drawn["places"].lines}, expected.places()))
    counted += _tables_of_report(session, asked, expected)
    for found, recounted in counted:
        assert found == recounted
    loads = steps.count_by_missions(session, asked)
    assert rules.share_of_busiest_tenth(loads) == expected.share_of_busiest_tenth()
    past = missions.find_past(session)
    assert past is not None
    assert (past.missions, past.experts, past.hosts, past.since) == expected.past()
    waits, recounted_waits = times.find_quartiles(session, asked), expected.waits()
    assert waits.keys() == recounted_waits.keys()
    for wait, found in waits.items():
        recounted = recounted_waits[wait]
        assert found.count == recounted.count
        for name in ("lower", "median", "upper"):
            assert getattr(found, name) == pytest.approx(getattr(recounted, name), abs=1e-5)


def _tables_of_report(session: Session, asked: Asked, expected: Recount) -> list[tuple[Any, Any]]:
    """Return the tables of the report by what their lines are called, each with its recount."""
    made = report.make(session, asked)
    tables = {one.name: {str(line.label): line.values for line in one.lines} for one in made.tables}
    return [
        (tables["homes"], _named(expected.homes(), place_name)),
        (tables["hosts"], _named(expected.hosts(), place_name)),
        (tables["about"], _named(expected.about(), lambda code: made.theme_names[code or ""])),
    ]


def _named(
    found: Mapping[Any, tuple[int, ...]], name: Callable[[str | None], str | Message]
) -> dict[str, tuple[int, ...]]:
    return {str(name(code)): values for code, values in found.items()}


@pytest.mark.both_databases
def test_statistics_are_what_a_recount_comes_to(session: Session) -> None:
    world, outcomes = written(session, 150)
    for asked in _questions():
        _agree(session, world, outcomes, asked)


@pytest.mark.parametrize("size", [1000, pytest.param(10_000, marks=pytest.mark.long)])
def test_statistics_of_many_requests_are_what_a_recount_comes_to(
    session: Session, size: int
) -> None:
    world, outcomes = written(session, size)
    for asked in _questions():
        _agree(session, world, outcomes, asked)
    whole = Recount(world, outcomes, _questions()[0])
    assert whole.missions() > size / 4
    assert whole.otherwise() > (3, 3)
