"""Pairs of profiles that wait in the queue, since when, until somebody has said what they are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.roster.pairs import seek
from webapp.core import clock as times
from webapp.core import invariants
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.experts.queries import get_roster_revision
from webapp.experts.revisions import touch
from webapp.roster import duplicates, operations
from webapp.roster.models import DifferentPeople, LikelyPair, PairsSought

SignIn = Callable[..., Pages]
pytestmark = pytest.mark.both_databases
TASK = "looks like one person"


def put(app: Flask, name: str, **values: Any) -> Expert:
    with writing(app) as session:
        return factories.expert(session, signs_in=False, name=name, jurisdiction="MNE", **values)


def pairs(app: Flask) -> dict[tuple[int, int], Any]:
    with reading(app) as session:
        return duplicates.list_since(session)


def test_a_pair_waits_in_the_queue_since_the_day_it_was_found(
    app: Flask, sign_in_as: SignIn, clock: Any
) -> None:
    one, other = put(app, "Jelena Zgled"), put(app, "Zgled, Jelena")
    assert TASK not in sign_in_as(Role.COORDINATOR).get("/queue").text
    seek(app)
    clock.shift(timedelta(days=2))
    put(app, "Somebody Else")  # The roster changes, and the pair is found once more.
    seek(app)
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    assert "1 pair of profiles looks like one person" in page.text
    assert "2 days" in page.text
    assert one.name not in page.text.partition(TASK)[0].rpartition("<li")[2]
    assert list(pairs(app)) == [(one.id, other.id)]
    [words] = [link for link in page.links if TASK in link]
    listed = page.follow(words)
    assert "Pointed out since" in listed.text


def test_who_is_told_apart_waits_no_more_and_never_again(app: Flask, sign_in_as: SignIn) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    one, other = put(app, "Jelena Zgled"), put(app, "Zgled, Jelena")
    seek(app)
    page = coordinator.get(f"/roster/{one.id}/join/{other.id}")
    page.submit("These are two people")
    assert TASK not in coordinator.get("/queue").text
    put(app, "Somebody Else")
    seek(app)
    assert pairs(app) == {}
    assert TASK not in coordinator.get("/queue").text


def test_a_pair_is_forgotten_when_a_name_is_written_otherwise(app: Flask) -> None:
    put(app, "Jelena Zgled")
    other = put(app, "Zgled, Jelena")
    seek(app)
    assert len(pairs(app)) == 1
    with writing(app) as session:
        again = session.get_one(Expert, other.id)
        again.name = "Marta Primer"
        touch(session, again)
    seek(app)
    assert pairs(app) == {}


def test_what_was_found_before_the_roster_changed_is_not_kept(app: Flask) -> None:
    one, other = put(app, "Jelena Zgled"), put(app, "Zgled, Jelena")
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        kept = operations.point_out(work, {(one.id, other.id)}, seen_revision=0)
    assert not kept
    assert pairs(app) == {}


def test_who_was_told_apart_while_pairs_were_sought_is_not_pointed_out(app: Flask) -> None:
    one, other = put(app, "Jelena Zgled"), put(app, "Zgled, Jelena")
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        session.add(
            DifferentPeople(
                expert_id=one.id, other_id=other.id, said_at=times.now(), said_by=work.actor.id
            )
        )
        revision = get_roster_revision(session)
        assert operations.point_out(work, {(one.id, other.id)}, seen_revision=revision)
        assert session.scalars(sa.select(PairsSought.revision)).one() == revision
    assert pairs(app) == {}


def test_the_check_tells_of_two_people_who_are_pointed_out(app: Flask) -> None:
    one, other = put(app, "Jelena Zgled"), put(app, "Zgled, Jelena")
    with writing(app) as session:
        numbers = {"expert_id": one.id, "other_id": other.id}
        session.add(LikelyPair(**numbers, since=times.now()))
        session.add(DifferentPeople(**numbers, said_at=times.now(), said_by=1))
    with reading(app) as session:
        assert invariants.run(session) == [
            f"experts {one.id} and {other.id} were told apart and are pointed out"
        ]
