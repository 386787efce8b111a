"""What happens to a profile in one worker is in the next ranking of every other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.webapp.matches.test_matches_ranking import FARRIER, Seen, accepted, ranked
from webapp.core import clock as times
from webapp.core.actor import SYSTEM
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import operations
from webapp.experts.contents import EvidenceContent
from webapp.experts.models import EvidenceKind, Expert
from webapp.experts.workflow import ExpertStep
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.my_data import operations as my_data

pytestmark = pytest.mark.both_databases
WORK = "Marking of weapons with a laser"


def edit(session: Session, expert: Expert) -> None:
    content = EvidenceContent(EvidenceKind.PROJECT, WORK)
    work = factories.work(session, expert.account)
    operations.add_entry(work, expert, content, seen_version=expert.version)


def suspend(session: Session, expert: Expert) -> None:
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    operations.take(work, expert, ExpertStep.SUSPEND, factories.grounds())


def erase(session: Session, expert: Expert) -> None:
    my_data.erase(factories.work(session, None), expert)


@pytest.fixture
def workers(make_app: Callable[..., Flask]) -> list[tuple[Flask, RosterIndex]]:
    """Return three workers, each with an index of its own."""
    return [(make_app(), RosterIndex()) for _worker in range(3)]


def rankings(workers: list[tuple[Flask, RosterIndex]], request_id: int) -> list[Seen]:
    """Return what the next ranking of each worker shows."""
    return [ranked(app, index, request_id) for app, index in workers]


def begin(app: Flask, **profile: Any) -> tuple[int, int]:
    """Put an expert on the roster who fits a request, and return the numbers of both."""
    with writing(app) as session:
        start = times.today() + timedelta(days=90)
        request_id = accepted(session, title=WORK, themes=(), start=start, end=start)
        return request_id, factories.expert(session, name="Ana Zgled", **profile).id


def test_an_edit_is_in_the_next_ranking_of_every_worker(
    workers: list[tuple[Flask, RosterIndex]],
) -> None:
    request_id, expert_id = begin(workers[0][0], **FARRIER)
    assert [seen.names for seen in rankings(workers, request_id)] == [[], [], []]
    with writing(workers[0][0]) as session:
        edit(session, session.get_one(Expert, expert_id))
    assert [seen.names for seen in rankings(workers, request_id)] == [["Ana Zgled"]] * 3


@pytest.mark.parametrize("leave", [suspend, erase])
def test_who_is_suspended_or_erased_is_in_no_next_ranking(
    workers: list[tuple[Flask, RosterIndex]], leave: Callable[[Session, Expert], None]
) -> None:
    request_id, expert_id = begin(workers[0][0], summary=WORK)
    assert [seen.names for seen in rankings(workers, request_id)] == [["Ana Zgled"]] * 3
    with writing(workers[0][0]) as session:
        leave(session, session.get_one(Expert, expert_id))
    assert rankings(workers, request_id) == [Seen([], [], [], [])] * 3


def test_whose_approval_has_ended_is_ruled_out_of_the_next_ranking_of_every_worker(
    workers: list[tuple[Flask, RosterIndex]],
) -> None:
    end = times.today() + timedelta(days=120)
    request_id, expert_id = begin(workers[0][0], summary=WORK, approved_until=end)
    assert [seen.names for seen in rankings(workers, request_id)] == [["Ana Zgled"]] * 3
    with writing(workers[0][0]) as session:
        expert = session.get_one(Expert, expert_id)
        expert.approved_until = times.today() - timedelta(days=1)
        work = UnitOfWork(session, SYSTEM, times.now())
        operations.take(work, expert, ExpertStep.EXPIRE)
    for seen in rankings(workers, request_id):
        assert seen.names == []
        assert [(name, why["code"]) for name, why in seen.ruled_out] == [("Ana Zgled", "approval")]
