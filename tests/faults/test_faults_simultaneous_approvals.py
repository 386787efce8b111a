"""Nobody is on two missions at once, however many processes approve at the same moment."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import databases, factories
from tests.databases import reading, writing
from webapp.core import invariants
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import operations as matches_operations
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.workflow import MatchStep

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8


def approve_at_once(
    instance: Path, url: str, tries: Sequence[tuple[str, int]]
) -> list[dict[str, Any]]:
    """Approve matches in as many processes as there are (address, match), all at one moment."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", "tests.faults.approving_process"),
                        *(str(instance), url, email, str(match_id)),
                    ],
                    cwd=ROOT,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for email, match_id in tries
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=120)[0]) for process in processes]


def matches_on(
    app: Flask, periods: Sequence[tuple[date, date]]
) -> tuple[int, list[tuple[str, int]]]:
    """Make one expert available for a request in each period, each with its own coordinator."""
    tries = []
    with writing(app) as session:
        expert = factories.expert(session)
        for start, end in periods:
            coordinator = factories.account(session, Role.COORDINATOR)
            request = factories.request(
                session, RequestState.ACCEPTED, coordinator=coordinator, start=start, end=end
            )
            match = factories.match(
                session,
                MatchState.AVAILABLE,
                request=request,
                expert=expert,
                coordinator=coordinator,
            )
            tries.append((coordinator.email, match.id))
        return expert.id, tries


@dataclass
class Outcome:
    """What stands in the database: periods of approved matches, booked days, events of approval."""

    approved: list[tuple[Any, Any]]
    booked: list[tuple[int, date]]
    events: int


def outcome(app: Flask) -> Outcome:
    """Return what stands in the database, after checking that the whole of it is sound."""
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
        approved = session.scalars(sa.select(Match).where(Match.state == MatchState.APPROVED))
        booked = session.scalars(sa.select(BookedDay).order_by(BookedDay.day))
        events = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "match: approve")
        ).all()
        return Outcome(
            [(match.request.start, match.request.end) for match in approved],
            [(row.expert_id, row.day) for row in booked],
            len(events),
        )


def test_eight_coordinators_approve_one_expert_for_overlapping_dates_and_one_wins(
    app: Flask, instance: Path, database_url: str
) -> None:
    # Each period shares 10 May with every other, and no two are the same.
    periods = [(date(2031, 5, 10 - n), date(2031, 5, 10 + n)) for n in range(PROCESSES)]
    expert_id, tries = matches_on(app, periods)
    answers = approve_at_once(instance, database_url, tries)
    found = outcome(app)
    assert sorted(answer["status"] for answer in answers) == [302] + [409] * 7
    assert (len(found.approved), found.events) == (1, 1)
    ((start, end),) = found.approved
    assert found.booked == [
        (expert_id, date.fromordinal(n)) for n in range(start.toordinal(), end.toordinal() + 1)
    ]
    for answer in answers:
        if answer["status"] == 409:
            assert "has just been approved for another mission" in answer["text"]


def test_eight_coordinators_approve_one_match_and_it_is_approved_once(
    app: Flask, instance: Path, database_url: str
) -> None:
    _, tries = matches_on(app, [(date(2031, 5, 5), date(2031, 5, 8))])
    with writing(app) as session:
        others = [factories.account(session, Role.COORDINATOR).email for _ in range(PROCESSES - 1)]
    answers = approve_at_once(
        instance, database_url, [*tries, *((email, tries[0][1]) for email in others)]
    )
    found = outcome(app)
    assert sorted(answer["status"] for answer in answers) == [302] + [409] * 7
    assert (len(found.approved), len(found.booked), found.events) == (1, 4, 1)
    for answer in answers:
        if answer["status"] == 409:
            assert "approve" in answer["text"] or "Somebody else changed this" in answer["text"]


def test_missions_that_follow_each_other_without_a_shared_day_are_both_approved(
    app: Flask, instance: Path, database_url: str
) -> None:
    periods = [
        (date(2031, 5, 5), date(2031, 5, 8)),
        (date(2031, 5, 9), date(2031, 5, 12)),
    ]
    _, tries = matches_on(app, periods)
    answers = approve_at_once(instance, database_url, tries)
    found = outcome(app)
    assert [answer["status"] for answer in answers] == [302, 302]
    assert (len(found.approved), len(found.booked), found.events) == (2, 8, 2)


def test_the_database_itself_refuses_a_second_booking_of_a_day(app: Flask) -> None:
    with writing(app) as session:
        first = factories.match(session, MatchState.APPROVED)
        second = factories.match(session, MatchState.AVAILABLE)
        day, expert_id = first.booked_days[0].day, first.expert_id
        second_id = second.id
    with (
        pytest.raises(sa.exc.IntegrityError),
        databases.writing(app) as session,
    ):
        session.add(BookedDay(expert_id=expert_id, day=day, match_id=second_id))


def test_the_last_two_selections_at_one_moment_confirm_the_request(app: Flask) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        matches = [factories.match(session, MatchState.APPROVED, request=request) for _ in "ab"]
        matches_operations.propose(factories.work(session), request)
        numbers, number = [match.id for match in matches], request.id
    selected = Event()

    def select(match_id: int, then: Callable[[], object]) -> None:
        with app.app_context(), writing(app) as own:
            match = own.get_one(Match, match_id)
            work = factories.work(own, match.request.requester)
            matches_operations.take(work, match, MatchStep.SELECT)
            then()

    def hold() -> None:
        selected.set()
        sleep(1)  # The other has begun by now, and waits or counts too few.

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(select, numbers[0], hold)
        assert selected.wait(30)
        second = pool.submit(select, numbers[1], lambda: None)
        first.result(60)
        second.result(60)
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, number).state is RequestState.CONFIRMED
        assert invariants.run(session) == []
