"""The page of the audit log: latest first, in pages, and verified on demand."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.audit_log import queries
from webapp.audit_log.queries import Asked
from webapp.audit_log.wording import detail_words
from webapp.core.db import db
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts import viewing
from webapp.roster import merging


@pytest.fixture
def administrator(world: factories.World, visitor: Callable[[], Pages]) -> Pages:
    """Return an administrator who has signed in."""
    return visitor().come_in(world.first(Role.ADMINISTRATOR))


def numbers_on(page: object) -> list[int]:
    """Return the numbers of the events that a page shows, from top to bottom."""
    rows = [row for row in page.tree.iter("tr") if row.find("td") is not None]  # type: ignore[attr-defined]
    return [int("".join(row.find("td").itertext())) for row in rows]


def test_every_event_is_shown_once_latest_first(app: Flask, administrator: Pages) -> None:
    page, shown = administrator.get("/audit"), []
    shown += numbers_on(page)
    while "Next" in page.links:
        page = page.follow("Next")
        shown += numbers_on(page)
    # Reading the log is recorded too, and does not push anything onto the next page.
    assert shown == list(range(shown[0], 0, -1))
    assert len(shown) > 100


@pytest.mark.parametrize("page", ["0", "-3", "9999", "x", "", "9" * 4000])
def test_a_page_that_is_not_there_gives_the_nearest(administrator: Pages, page: str) -> None:
    assert numbers_on(administrator.get(f"/audit?page={page}"))


def test_an_event_reads_who_what_and_why(world: factories.World, administrator: Pages) -> None:
    page = administrator.get("/audit")
    person = world.first(Role.COORDINATOR)
    assert person.name in page.text
    assert "match: invite" in page.text
    assert "127.0.0.1" in page.text


def test_a_sound_log_is_called_sound(administrator: Pages) -> None:
    page = administrator.get("/audit").follow("Verify the whole log")
    assert "The log is sound" in page.text


def test_a_log_that_was_tampered_with_is_not_called_sound(app: Flask, administrator: Pages) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET reason = 'another' WHERE id = 5")
    page = administrator.get("/audit?verify=1")
    assert "The log is not sound" in page.text
    assert "audit event 5 was changed" in page.text


def test_looking_at_the_log_adds_that_somebody_looked_and_nothing_else(
    app: Flask, clock: Any, administrator: Pages
) -> None:
    clock.shift(timedelta(minutes=11))
    with reading(app) as session:
        before = session.scalar(sa.func.max(AuditEvent.id))
    administrator.get("/audit?verify=1")
    administrator.get("/audit?verify=1")
    with reading(app) as session:
        (new,) = session.scalars(sa.select(AuditEvent).where(AuditEvent.id > before))
        assert (new.action, new.details["page"]) == ("profile viewed", "audit_log.index")


def test_an_empty_log_says_so(sign_in_as: Callable[..., Pages], app: Flask) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/audit")
    # The account of whoever looks was made, and they have signed in: that is all there is.
    assert numbers_on(page) == [2, 1]
    assert "account created" in page.text


@pytest.mark.both_databases
def test_events_are_found_by_what_was_done_and_by_whom(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, name="Ђорђе Шкундрић")
        factories.request(session, requester=person)
    with reading(app) as session:
        for words, actions in [
            ("djordje", {"request drafted"}), ("account created", {"account created"}),
            ("ACCOUNT-created", {"account created"}), ("expertise request", {"request drafted"}),
            ("djordje account", set()), ("%", set()), ("_", set()),
            ("", {"account created", "request drafted"}),
        ]:  # fmt: skip
            found = {event.action for event in queries.list_events(session, Asked(words)).items}
            assert found == actions, words


def test_words_are_kept_on_the_next_page(administrator: Pages) -> None:
    page = administrator.get("/audit").submit("Search", {"search": "request"})
    assert "events found." in page.text
    assert "Next" in page.links
    page = page.follow("Next")
    # The words of an action, and as it is written; the list to choose from has the words alone.
    assert "account created account created" not in page.text
    assert "No event fits." in page.submit("Search", {"search": "nothing of this"}).text


@pytest.mark.both_databases
def test_the_log_is_narrowed_by_kind_days_person_and_expert(app: Flask, clock: Any) -> None:
    clock.move_to("2026-03-01T23:30:00Z")
    with writing(app) as session:
        reader = factories.account(session, Role.COORDINATOR)
        expert, other = factories.expert(session), factories.expert(session)
    for day, shown in (("2026-03-02", [expert.id]), ("2026-03-03", [expert.id, other.id])):
        clock.move_to(f"{day}T23:30:00Z")
        with writing(app) as session:
            viewing.record_views(factories.work(session, reader), shown, "experts.roster", day)

    def found(**asked: Any) -> list[str]:
        with reading(app) as session:
            events = queries.list_events(session, Asked(**asked)).items
            return [event.details.get("path", event.action) for event in events]

    assert found(kind="profile viewed") == ["2026-03-03", "2026-03-02"]
    assert found(kind="profile viewed", last=date(2026, 3, 2)) == ["2026-03-02"]
    assert found(first=date(2026, 3, 3)) == ["2026-03-03"]
    assert found(expert=other.id) == ["2026-03-03"]
    assert found(expert=expert.id, last=date(2026, 3, 2)) == ["2026-03-02"]
    assert found(person=reader.id) == ["2026-03-03", "2026-03-02"]
    assert found(person=4711) == []


def test_a_person_is_followed_from_a_line_and_wrong_days_are_told(
    world: factories.World, administrator: Pages
) -> None:
    person = world.first(Role.COORDINATOR)
    page = administrator.get("/audit").follow(person.name)
    assert page.url == f"/audit?person={person.id}"
    assert page.form("Search").values["person"] == [str(person.id)]
    others = {other.name for pair in world.people.values() for other in pair} - {person.name}
    assert not [name for name in others if f"{name} (" in page.text]
    page = page.submit("Search", {"kind": "match: invite"})
    assert "events found" in page.text
    wrong = administrator.get("/audit", query={"first": "yesterday"}, status=400)
    assert "Please write a day as year-month-day" in wrong.text


def test_details_are_short_whatever_they_hold(app: Flask) -> None:
    with app.test_request_context():
        told = [detail_words(value) for value in (["b", "a"], [*range(1, 15)], {"match_id": 7}, 3)]
    assert told == ["b, a", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more", "match_id 7", "3"]


def test_refused_access_stands_on_the_page(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    sign_in_as(Role.REQUESTER).get("/roster/7", status=403)
    assert "things: expert_id 7" in sign_in_as(Role.ADMINISTRATOR).get("/audit").text


def test_pages_that_showed_a_profile_before_it_was_joined_are_found(app: Flask) -> None:
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        kept, gone = (factories.expert(session, jurisdiction="MNE") for _ in range(2))
        viewing.record_views(work, [gone.id], "experts.show", f"/roster/{gone.id}")
        merging.join(work, kept, gone, [], seen=(kept.version, gone.version))
    with reading(app) as session:
        assert queries.list_events(session, Asked(expert=kept.id)).total == 1


def test_a_stranger_is_not_called_the_platform(
    app: Flask, administrator: Pages, visitor: Callable[[], Pages]
) -> None:
    visitor().get("/login").submit("Sign in", {"email": "no@example.org", "password": "x"})
    page = administrator.get("/audit")
    assert "somebody not signed in (127.0.0.1)" in page.text
    assert "(, " not in page.text
