"""Whom a notice names stands beside it, so that an erasure reads no notice that names others."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, reading, writing
from webapp.accounts.models import Account
from webapp.core import clock, invariants, sweeps
from webapp.core.record.disclosure import Named, Person
from webapp.core.record.stored_words import people_in, unpack_words, with_other_name
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.experts.models import Expert
from webapp.messages import operations, queries, sweep
from webapp.messages.letters import Letter
from webapp.messages.models import Notice, NoticePerson
from webapp.messages.rules import KEPT_NOTICES
from webapp.my_data import operations as my_data

pytestmark = pytest.mark.both_databases
NAMES = ("Zdravka Quillfeather", "Jovan Inkwell", "Mira Blotter")


def telling_of(*experts: Expert) -> Letter:
    """Return a letter that names people, the first of them twice."""
    lines = [_("%(name)s is free.", name=Named(one.name, one.tells_of)) for one in experts]
    return Letter(_("Who is free"), lines[0], "/roster", about=lines)


@pytest.fixture
def people(app: Flask) -> list[int]:
    """Return the numbers of three profiles whose people sign in; a coordinator was told of each."""
    with writing(app) as session:
        reader = factories.account(session, Role.COORDINATOR).id
        made = [
            factories.expert(session, name=name, person=factories.account(session, Role.EXPERT))
            for name in NAMES
        ]
        session.execute(sa.delete(Notice))
        work = factories.work(session)
        for letter in (telling_of(made[0], made[1]), telling_of(made[1]), telling_of(made[2])):
            operations.queue(work, reader, letter)
        return [one.id for one in made]


def noted(session: Session) -> set[tuple[int, Person]]:
    """Return whom each notice is noted to name."""
    rows = session.scalars(sa.select(NoticePerson))
    return {(row.notice_id, (row.person_table, row.person_id)) for row in rows}


def forget(app: Flask) -> None:
    """Leave the notices as processes of the version before write them."""
    with writing(app) as session:
        session.execute(sa.delete(NoticePerson))
        session.execute(sa.update(Notice).values(people_noted=False))


@contextmanager
def loaded() -> Iterator[set[int]]:
    """Collect the numbers of the notices that are read."""
    found: set[int] = set()

    def collect(notice: Notice, _context: Any) -> None:
        found.add(notice.id)

    with listening(Notice, "load", collect):
        yield found


def erase(app: Flask, expert_id: int) -> None:
    """Erase the person of a profile, by themselves."""
    with writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        my_data.erase(factories.work(session, expert.account), expert)


def naming(session: Session, name: str) -> int:
    """Return how many notices have a name in their words."""
    return sum(name in repr(notice.words) for notice in session.scalars(sa.select(Notice)))


def test_each_person_whom_a_notice_names_is_noted_once_beside_it(
    app: Flask, people: list[int]
) -> None:
    with reading(app) as session:
        notices = session.scalars(sa.select(Notice).order_by(Notice.id)).all()
        named = [{("expert", number) for number in some} for some in (people[:2], people[1:2])]
        assert [people_in(notice.words) for notice in notices[:2]] == named
        assert noted(session) == {
            (notice.id, person) for notice in notices for person in people_in(notice.words)
        }
        assert not queries.is_any_unnoted(session, clock.now())


def test_a_fact_that_is_called_person_is_no_name_and_the_name_in_it_is_one(
    app: Flask, people: list[int]
) -> None:
    """As in “From now on %(person)s sees to …”."""
    with writing(app) as session:
        expert = session.get_one(Expert, people[0])
        reader = factories.account(session, Role.COORDINATOR)
        named = Named(expert.name, expert.tells_of)
        for facts in ({"person": named}, {"person": named, "name": "Title"}):
            text = _("%(person)s") if len(facts) == 1 else _("%(person)s, %(name)s")
            letter = Letter(_("Somebody else sees to it"), text % facts, "/queue")
            operations.queue(factories.work(session), reader.id, letter)
        for notice in session.scalars(sa.select(Notice).where(Notice.account_id == reader.id)):
            assert people_in(notice.words) == {expert.tells_of}
            other = with_other_name(notice.words, {expert.tells_of}, "#1")
            assert expert.name not in str(other)
            assert str(unpack_words(notice.words["text"])).startswith(expert.name)
    with reading(app) as session:
        assert {person[0] for _number, person in noted(session)} == {"expert"}


def test_an_erasure_reads_the_notices_that_name_its_person_and_no_others(
    app: Flask, people: list[int]
) -> None:
    with reading(app) as session:
        mine = {number for number, person in noted(session) if person == ("expert", people[0])}
    with loaded() as found:
        erase(app, people[0])
    # What is told because of the erasure names them, too, and is written after the others.
    assert {number for number in found if number <= 3} == mine == {1}
    with reading(app) as session:
        assert [naming(session, name) > 0 for name in NAMES] == [False, True, True]
        assert invariants.run(session) == []


@pytest.mark.parametrize("noted_before", [True, False])
def test_a_notice_of_a_process_of_the_version_before_names_nobody_who_was_erased(
    app: Flask, people: list[int], noted_before: bool
) -> None:
    forget(app)
    if noted_before:
        with app.app_context():
            sweep.note_people()
    erase(app, people[0])
    with reading(app) as session:
        assert [naming(session, name) > 0 for name in NAMES] == [False, True, True]


def test_what_is_missing_beside_notices_is_noted_within_a_minute_a_batch_at_a_time(
    app: Flask, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(app) as session:
        before = noted(session)
    forget(app)
    monkeypatch.setattr(operations, "NOTED_AT_ONCE", 1)
    monkeypatch.setattr(sweeps, "MOST_PORTIONS", 2)
    for left in (True, False):
        with app.app_context():
            sweep.note_people()
        with reading(app) as session:
            assert queries.is_any_unnoted(session, clock.now()) is left
            assert invariants.run(session) == []
    with reading(app) as session:
        assert noted(session) == before


def test_the_check_tells_of_a_notice_beside_which_stands_not_whom_it_names(
    app: Flask, people: list[int]
) -> None:
    with writing(app) as session:
        session.execute(sa.delete(NoticePerson).where(NoticePerson.notice_id == 1))
        session.add(NoticePerson(notice_id=3, person_table="account", person_id=people[0]))
    with reading(app) as session:
        found = invariants.run(session)
    assert found == [f"beside notice {number} stands not whom it names" for number in (1, 3)]


def test_who_is_named_goes_with_the_notice(app: Flask, people: list[int], clock: Any) -> None:
    with writing(app) as session:
        for reader in session.scalars(sa.select(Account)):
            operations.forget_place(reader, work=factories.work(session))
    with reading(app) as session:
        assert noted(session) == set()
    with writing(app) as session:
        letter = telling_of(session.get_one(Expert, people[0]))
        operations.queue(
            factories.work(session), factories.account(session, Role.COORDINATOR).id, letter
        )
    clock.shift(KEPT_NOTICES)
    with app.app_context():
        sweep.delete_due()
    with reading(app) as session:
        assert noted(session) == set()


def test_the_copy_says_in_how_many_notices_to_others_somebody_is_named(
    app: Flask, people: list[int]
) -> None:
    with writing(app) as session:
        person = session.get_one(Expert, people[1])
        work = factories.work(session, person.account)
        found = my_data.as_json(work, my_data.copy(work, person))
    (section,) = [one for one in found["sections"] if one["table"] == "notice_person"]
    assert section["rows"] == [{"notice_id": 1}, {"notice_id": 2}]
