"""The list of one's own requests."""

import re

import pytest

from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

S = RequestState


def test_the_first_page_explains_and_invites(requester):
    page = requester.get("/requests")
    assert "You have not written a request yet." in page.text
    assert page.follow("Write your first request").heading == "Write a request"


def test_my_requests_tell_what_happens_next_and_show_no_others(requester, person):
    mine = requester.request(S.PROPOSED, title="Mine and proposed")
    person(Role.REQUESTER).request(S.SUBMITTED, title="Somebody else's")
    page = requester.get("/requests")
    assert page.links["Mine and proposed"] == f"/requests/{mine}"
    assert "Waits for you." in page.text
    assert "Read about the experts proposed and choose." in page.text
    assert "Somebody else's" not in page.text


@pytest.mark.both_databases
def test_what_waits_for_the_requester_stands_first(requester):
    draft = requester.request(title="Not sent yet")
    others = [requester.request(S.SUBMITTED), requester.request(S.CLOSED)]
    proposed = requester.request(S.PROPOSED)
    shown = [a for a in requester.get("/requests").addresses if re.fullmatch(r"/requests/\d+", a)]
    assert shown == [f"/requests/{n}" for n in (proposed, draft, *reversed(others))]
