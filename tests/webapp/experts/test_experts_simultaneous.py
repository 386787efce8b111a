"""Two people, or two windows, that write one profile at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import invariants
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.experts import operations, queries
from webapp.experts.contents import TrainingContent
from webapp.experts.models import Expert


@pytest.mark.both_databases
def test_of_simultaneous_edits_one_wins_and_the_others_are_told(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session, trainings=[])
        actor = Actor(expert.account_id, frozenset({Role.EXPERT}))
        version, before = expert.version, expert.revision
    barrier = Barrier(4)

    def add(number: int) -> str:
        barrier.wait()
        try:
            with writing(app) as session:
                operations.add_entry(
                    factories.work(session, actor),
                    session.get_one(Expert, expert.id),
                    TrainingContent(f"Course {number}"),
                    seen_version=version,
                )
        except ConflictError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(add, range(4)))
    assert told.count("") == 1
    assert sum("changed since you opened" in words for words in told) == 3
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert len(stored.trainings) == 1
        assert stored.revision == queries.get_roster_revision(session) == before + 1
        assert invariants.run(session) == []
