"""The list of one's own requests."""

import re

import pytest

from tests import factories
from tests.databases import writing
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests import operations
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches.models import MatchState
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation

S = RequestState


def propose(app, number):
    """Propose an expert for a request."""
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, number)
        factories.match(session, MatchState.PROPOSED, request=request)


def test_the_first_page_explains_and_invites(requester):
    page = requester.get("/requests")
    assert "You have not written a request yet." in page.text
    assert page.follow("Write your first request").heading == "Write a request"


def test_my_requests_tell_what_happens_next_and_show_no_others(requester, person):
    mine = requester.request(S.ACCEPTED, title="Mine and proposed")
    propose(requester.app, mine)
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
    proposed = requester.request(S.ACCEPTED)
    propose(requester.app, proposed)
    shown = [a for a in requester.get("/requests").addresses if re.fullmatch(r"/requests/\d+", a)]
    assert shown == [f"/requests/{n}" for n in (proposed, draft, *reversed(others))]


@pytest.mark.both_databases
def test_a_draft_that_was_thrown_away_leaves_the_list_and_stands_in_its_own(requester, person):
    thrown_away = requester.request(title="A slip of the pen")
    requester.get(f"/requests/{thrown_away}/discard").submit("Throw the draft away", {})
    withdrawn = requester.request(S.WITHDRAWN, title="Sent and withdrawn")
    page = requester.get("/requests")
    assert f"/requests/{withdrawn}" in page.addresses
    assert "A slip of the pen" not in page.text
    page = page.follow("1 draft that you threw away")
    assert f"/requests/{thrown_away}" in page.addresses
    assert "you threw this draft away" in page.text
    assert "Sent and withdrawn" not in page.text
    assert "A slip of the pen" not in person(Role.REQUESTER).get("/requests/thrown-away").text


def test_who_threw_nothing_away_is_led_to_no_list_of_it(requester):
    requester.request()
    assert "/requests/thrown-away" not in requester.get("/requests").addresses
    assert "You have thrown no draft away." in requester.get("/requests/thrown-away").text


def test_who_left_an_organisation_reads_no_more_of_its_drafts_that_were_thrown_away(app, visitor):
    with writing(app) as session:
        home = factories.organisation(session)
        member = factories.account(session, Role.REQUESTER, organisation_id=home.id)
        theirs = factories.request(session, S.DRAFT, requester=member, title="A slip of the pen")
        operations.take(factories.work(session, member), theirs, RequestStep.DISCARD)
        numbers = home.id, member.id
    pages = visitor().come_in(member)
    assert "A slip of the pen" in pages.get("/requests/thrown-away").text
    with writing(app) as session:
        organisations.remove_member(
            factories.work(session),
            session.get_one(Organisation, numbers[0]),
            session.get_one(Account, numbers[1]),
        )
    assert "A slip of the pen" not in pages.get("/requests/thrown-away").text
    assert "1 draft" not in pages.get("/requests").text
