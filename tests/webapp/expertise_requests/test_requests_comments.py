"""SEESAC comments at single fields of a request that it returns; they go when it is sent again."""

from datetime import timedelta

import pytest

from tests import factories
from tests.databases import reading, writing
from webapp.core.record.audit import AuditEvent
from webapp.expertise_requests.models import FieldComment, RequestState
from webapp.my_data import operations as my_data

S = RequestState
BUTTON = "Return for correction"


def give_back(coordinator, number, status=None, **comments):
    page = coordinator.get(f"/requests/{number}").follow("Return with comments at fields")
    values = {"reason": "Two things are open.", **comments}
    return page.submit(BUTTON, values, status=status)


@pytest.mark.both_databases
def test_a_comment_stands_at_its_field_until_the_request_is_sent_again(
    requester, coordinator, database
):
    number = requester.request(S.SUBMITTED)
    page = give_back(
        coordinator, number, comment_tasks="Which <days>?", comment_themes="Is this the main one?"
    )
    assert "is returned, and the requester is told" in page.text
    assert database.request(number).state is S.RETURNED
    assert "Which <days>?" in requester.get(f"/requests/{number}").text
    page = requester.get(f"/requests/{number}/edit")
    tasks = page.tree.find(".//textarea[@id='tasks']")
    assert tasks is not None
    assert "tasks-comment" in tasks.get("aria-describedby", "").split()
    assert "SEESAC asks: Which <days>?" in page.text
    assert "SEESAC asks: Is this the main one?" in page.text
    assert "Which <days>?" not in requester.get(f"/requests/{number}/edit/when").text
    page.submit("Check and send again", {"Tasks": "Teach for five days."}).submit("Send to SEESAC")
    assert database.request(number).state is S.SUBMITTED
    with reading(database.app) as session:
        assert session.query(FieldComment).filter_by(settled_at=None).count() == 0
    # In the story it stays, for both sides.
    for person in (requester, coordinator):
        assert "Which <days>?" in person.get(f"/requests/{number}").text


def test_comments_of_two_returns_stand_each_with_its_own(requester, coordinator, clock):
    number = requester.request(S.SUBMITTED)
    give_back(coordinator, number, comment_tasks="Which days?")
    clock.shift(timedelta(minutes=1))
    page = requester.get(f"/requests/{number}/edit")
    page.submit("Check and send again", {"Place": "Osh"}).submit("Send to SEESAC")
    give_back(coordinator, number, comment_place="Which hall?")
    page = requester.get(f"/requests/{number}/edit")
    assert "Which hall?" in page.text
    assert "Which days?" not in page.text
    assert "Which days?" in requester.get(f"/requests/{number}").text


def test_comments_that_are_refused_are_kept(requester, coordinator, database):
    number = requester.request(S.SUBMITTED)
    before = database.request(number)
    page = give_back(coordinator, number, 400, comment_tasks="x" * 1001)
    assert list(page.errors) == ["comment_tasks"]
    page = give_back(coordinator, number, 400, reason=" ", comment_tasks="Which days?")
    assert list(page.errors) == ["reason"]
    assert page.form(BUTTON).values["comment_tasks"] == ["Which days?"]
    assert database.request(number) == before


def test_a_page_of_comments_that_is_older_than_a_change_is_refused(
    requester, coordinator, database
):
    number = requester.request(S.SUBMITTED)
    form = coordinator.get(f"/requests/{number}/comments")
    give_back(coordinator, number)
    page = requester.get(f"/requests/{number}/edit")
    page.submit("Check and send again", {"Place": "Osh"}).submit("Send to SEESAC")
    page = form.submit(BUTTON, {"reason": "Which?", "comment_tasks": "When?"}, status=409)
    assert page.form(BUTTON).values["comment_tasks"] == ["When?"]
    assert database.request(number).state is S.SUBMITTED
    with reading(database.app) as session:
        assert session.query(FieldComment).count() == 0


def test_only_a_request_that_can_be_returned_has_the_page(requester, coordinator):
    number = requester.request(S.ACCEPTED)
    coordinator.get(f"/requests/{number}/comments", status=302)
    coordinator.post(f"/requests/{number}/comments", {"reason": "Why?"}, status=409)
    requester.get(f"/requests/{number}/comments", status=403)


def test_erasing_their_writer_empties_comments_and_none_stand_in_the_log(
    app, requester, coordinator
):
    number = requester.request(S.SUBMITTED)
    give_back(coordinator, number, comment_tasks="Which days?")
    with writing(app) as session:
        person = session.merge(coordinator.account)
        my_data.erase(factories.work(session, person), person)
        assert [row.text for row in session.query(FieldComment)] == [""]
        assert "Which days?" not in str([e.details for e in session.query(AuditEvent)])
    assert "Which days?" not in requester.get(f"/requests/{number}").text
