"""The list of one's own requests."""

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
