"""What requesters and coordinators do with a request after it is written, page by page."""

from datetime import timedelta

import pytest

from tests import factories
from tests.databases import writing
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep

S = RequestState
REASON = "Please say who takes part.\n\nAnd for how long."
ACCEPT, DECLINE, CLOSE = "Accept the terms of reference", "Decline", "Close the request"
# By step: from where, button, where it leads, and the mail that the requester gets.
DECISIONS = {
    "return": (S.SUBMITTED, "Return for correction", S.RETURNED, "Please look again at R-0001"),
    "decline": (S.SUBMITTED, DECLINE, S.DECLINED, "R-0001 cannot be answered"),
    "leave-unfilled": (
        S.MATCHING, "Close without an expert", S.UNFILLED, "Nobody was found for R-0001",
    ),
}  # fmt: skip


def test_a_coordinator_accepts_and_is_led_to_the_ranking(requester, coordinator, database):
    number = requester.request(S.SUBMITTED)
    page = coordinator.get(f"/requests/{number}")
    assert "Aida Requester" in page.text
    assert "Experts for this request" not in page.links
    page = page.submit(ACCEPT, {})
    assert page.links["Experts for this request"] == f"/requests/{number}/matches"
    assert database.request(number).state is S.ACCEPTED
    assert database.request(number).actions[-1] == "request: accept"
    assert database.mails()[-1][:2] == (requester.account.id, "R-0001 is accepted")


def reason(step, words):
    """Return what is typed as a reason; a comment has no list to choose from."""
    kind = {} if step == "return" else {f"{step}-kind": "other"}
    return {**kind, f"{step}-reason": words}


@pytest.mark.parametrize("step", DECISIONS)
def test_a_decision_with_a_reason_reaches_the_requester(requester, coordinator, database, step):
    state, button, target, subject = DECISIONS[step]
    number = requester.request(state)
    told = len(database.mails())
    page = coordinator.get(f"/requests/{number}")
    page = page.submit(button, reason(step, REASON), action=f"/requests/{number}/{step}")
    assert database.request(number).state is target
    (mail,) = database.mails()[told:]
    assert mail[:2] == (requester.account.id, subject)
    assert "And for how long." not in mail[2], "a mail travels unencrypted"
    assert database.reasons(requester.account.id)[-1] == REASON
    assert "And for how long." in requester.get(f"/requests/{number}").text


@pytest.mark.parametrize("step", DECISIONS)
def test_a_bad_reason_is_told_at_its_field_and_kept(requester, coordinator, database, step):
    state, button, _, _ = DECISIONS[step]
    number = requester.request(state)
    before = database.request(number)
    for words in ("", " \n ", "…", "a\x00b", "x" * 2001):
        page = coordinator.get(f"/requests/{number}")
        page = page.submit(button, reason(step, words), status=400)
        assert list(page.errors) == [f"{step}-reason"]
        if words.strip() and "\x00" not in words:
            assert page.form(button).values[f"{step}-reason"] == [words]
        assert database.request(number) == before


def test_a_requester_withdraws_with_a_reason(requester, coordinator, database):
    number = requester.request(S.SUBMITTED)
    page = requester.get(f"/requests/{number}")
    page = page.submit(
        "Withdraw the request", {"withdraw-kind": "other", "withdraw-reason": ""}, status=400
    )
    assert "withdraw-reason" in page.errors
    page = page.submit(
        "Withdraw the request",
        {"withdraw-kind": "other", "withdraw-reason": "The plan has changed."},
    )
    assert database.request(number).state is S.WITHDRAWN
    assert "The plan has changed." in coordinator.get(f"/requests/{number}").text


def test_a_step_that_needs_a_reason_has_no_page_without_one(requester):
    number = requester.request(S.SUBMITTED)
    answer = requester.pages.client.get(f"/requests/{number}/withdraw")
    assert (answer.status_code, answer.location) == (302, f"/requests/{number}")
    assert "withdraw-kind" in requester.get(answer.location).form("Withdraw the request").values


def test_a_draft_is_thrown_away_without_a_reason(requester, coordinator, database):
    number = requester.request(objectives="", start=None, end=None)
    page = requester.get(f"/requests/{number}").follow("Throw the draft away")
    assert page.heading == "Throw this draft away?"
    # What a draft lacks is nothing to whoever throws it away.
    assert "missing" not in page.text
    assert database.request(number).state is S.DRAFT
    page.submit("Throw the draft away", {})
    assert database.request(number).state is S.WITHDRAWN
    coordinator.get(f"/requests/{number}", status=404)


def test_a_confirmed_request_is_closed(requester, coordinator, database):
    number = requester.request(S.CONFIRMED)
    coordinator.get(f"/requests/{number}/close").submit(CLOSE, {})
    assert database.request(number).state is S.CLOSED


def test_a_coordinator_does_not_see_drafts(requester, coordinator, database):
    number = requester.request(title="Still secret")
    before = database.request(number)
    coordinator.get(f"/requests/{number}", status=404)
    assert "Still secret" not in coordinator.get("/requests/all").text
    for step in ("accept", "return", "decline", "leave-unfilled", "close"):
        values = {
            "version": str(before.version),
            f"{step}-kind": "other",
            f"{step}-reason": "Because.",
        }
        coordinator.post(f"/requests/{number}/{step}", values, status=404)
    assert database.request(number) == before


@pytest.mark.parametrize(
    "role", [Role.REQUESTER, Role.EXPERT, Role.ADMINISTRATOR, Role.NOMINATING_AUTHORITY]
)
@pytest.mark.parametrize("state", [S.SUBMITTED, S.CONFIRMED])
def test_a_request_is_nobody_elses_business(requester, person, database, role, state):
    number = requester.request(state)
    before = database.request(number)
    other = person(role)
    refused = 404 if role is Role.REQUESTER else 403
    other.get(f"/requests/{number}", status=refused)
    other.get("/requests/all", status=403)
    for step in ("accept", "return", "decline", "leave-unfilled", "close"):
        values = {
            "version": str(before.version),
            f"{step}-kind": "other",
            f"{step}-reason": "Because.",
        }
        other.post(f"/requests/{number}/{step}", values, status=refused)
    assert database.request(number) == before


def test_its_own_requester_cannot_decide(requester, database):
    number = requester.request(S.SUBMITTED)
    version = str(database.request(number).version)
    requester.post(f"/requests/{number}/accept", {"version": version}, status=403)
    assert database.request(number).state is S.SUBMITTED


# Steps posted at the wrong time, as somebody does who skips the pages.
OUT_OF_TURN = [
    ("coordinator", "accept", {S.SUBMITTED}),
    ("coordinator", "return", {S.SUBMITTED}),
    ("coordinator", "decline", {S.SUBMITTED}),
    ("coordinator", "leave-unfilled", {S.ACCEPTED, S.MATCHING, S.PROPOSED}),
    ("coordinator", "close", {S.CONFIRMED}),
    ("coordinator", "close-with-those-selected", {S.PROPOSED}),
    ("requester", "submit", {S.DRAFT, S.RETURNED, S.SUBMITTED}),
    ("requester", "discard", {S.DRAFT}),
    (
        "requester",
        "withdraw",
        {S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED},
    ),
]


@pytest.mark.thorough
@pytest.mark.parametrize("state", S)
def test_steps_cannot_be_skipped_by_posting(requester, coordinator, database, state):
    number = requester.request(state)
    before = database.request(number)
    for who, step, sources in OUT_OF_TURN:
        if state in sources or (who == "coordinator" and state is S.DRAFT):
            continue
        values = {
            "version": str(before.version),
            f"{step}-kind": "other",
            f"{step}-reason": "A typed reason.",
        }
        poster = coordinator if who == "coordinator" else requester
        page = poster.post(f"/requests/{number}/{step}", values, status=409)
        assert "is not possible any more; the state is “" in page.text
        assert "A typed reason." in page.text
        assert database.request(number) == before, step


@pytest.mark.parametrize("step", ["accept", "return", "decline"])
def test_a_text_that_changed_since_it_was_read_is_not_judged(
    requester, coordinator, database, step
):
    number = requester.request(S.SUBMITTED)
    before = database.request(number)
    for version in (str(before.version - 1), None, "", "-1", "x", "²", "9" * 5000):
        values = {f"{step}-kind": "other", f"{step}-reason": "A typed reason."}
        values |= {} if version is None else {"version": version}
        page = coordinator.post(f"/requests/{number}/{step}", values, status=409)
        assert "was changed" in page.text
        assert step == "accept" or "A typed reason." in page.response.get_data(as_text=True)
        assert database.request(number) == before, version


def test_a_second_click_has_no_second_effect(requester, coordinator, database):
    number = requester.request(S.SUBMITTED)
    told = len(database.mails())
    form = coordinator.get(f"/requests/{number}").form(ACCEPT)
    coordinator.post(form.action, form.values)
    coordinator.post(form.action, form.values, status=409)
    assert database.request(number).actions.count("request: accept") == 1
    assert len(database.mails()) == told + 1


@pytest.mark.parametrize("step", ["", "propose-all", "confirm", "reopen", "start matching"])
def test_steps_that_follow_from_others_have_no_address(requester, coordinator, database, step):
    number = requester.request(S.PROPOSED)
    for who in (requester, coordinator):
        who.post(f"/requests/{number}/{step}", {}, status=404)
    assert database.request(number).state is S.PROPOSED


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "9" * 30])
def test_a_number_that_is_no_request_is_a_plain_page(requester, coordinator, number):
    for who in (requester, coordinator):
        assert who.get(f"/requests/{number}", status=404).heading == "There is no such page"


def test_the_requester_is_led_to_the_proposed_experts(requester):
    number = requester.request(S.PROPOSED)
    page = requester.get(f"/requests/{number}")
    assert page.links["See the experts proposed"] == f"/requests/{number}/proposed"
    assert "Experts for this request" not in page.links


@pytest.fixture
def listed(requester, app):
    """Return a requester with requests of several kinds."""
    requester.request(S.SUBMITTED, title="Marking of weapons", place="Osh")
    requester.request(S.ACCEPTED, title="100 % gender_equality", place="Bishkek")
    requester.request(S.DRAFT, title="Marking, a draft")
    with writing(app) as session:
        other = factories.account(session, Role.REQUESTER, institution="Border Police")
        factories.request(session, S.SUBMITTED, requester=other, title="Обучение", place="")
    return requester


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Marking of weapons", "100 % gender_equality", "Обучение"}),
        ({"state": "accepted"}, {"100 % gender_equality"}),
        ({"state": "returned"}, set()),
        ({"search": "marking"}, {"Marking of weapons"}),
        ({"search": "border police"}, {"Обучение"}),
        ({"search": "osh"}, {"Marking of weapons"}),
        ({"search": "Aida", "state": "submitted"}, {"Marking of weapons"}),
        ({"search": "%"}, {"100 % gender_equality"}),
        ({"search": "r_e"}, {"100 % gender_equality"}),
        ({"search": "g_n"}, set()),
        ({"search": "R-0002"}, {"100 % gender_equality"}),
        ({"search": "R-0003"}, set()),
        ({"search": "R-9999999999"}, set()),
        ({"page": "99999999999999999999"}, {"Marking of weapons", "100 % gender_equality"}),
        ({"page": "-1"}, {"Marking of weapons", "100 % gender_equality"}),
        ({"page": "x"}, {"Marking of weapons", "100 % gender_equality"}),
    ],
)
def test_coordinators_search_what_was_sent_in(listed, coordinator, query, titles):
    page = coordinator.get("/requests/all", query=query)
    known = {"Marking of weapons", "100 % gender_equality", "Обучение", "Marking, a draft"}
    found = known & set(page.links)
    assert found >= titles if "page" in query else found == titles
    assert titles or "No request fits." in page.text


@pytest.mark.parametrize("query", [{"search": "a\x00b"}, {"state": "draft"}, {"search": "x" * 300}])
def test_a_bad_search_is_told_at_its_field(listed, coordinator, query):
    page = coordinator.get("/requests/all", query=query, status=400)
    assert list(page.errors) == list(query)


def test_the_lists_have_pages(requester, coordinator, app):
    with writing(app) as session:
        account = session.get_one(type(requester.account), requester.account.id)
        for _ in range(31):
            factories.request(session, S.SUBMITTED, requester=account)
    for who, url in ((requester, "/requests"), (coordinator, "/requests/all")):
        first = who.get(url)
        assert "Page 1 of 2" in first.text
        assert "R-0001 ·" not in first.text
        assert "R-0001 ·" in first.follow("Next").text


def test_a_filter_is_kept_on_the_next_page(requester, coordinator, app):
    with writing(app) as session:
        account = session.get_one(type(requester.account), requester.account.id)
        for number in range(62):
            request = factories.request(session, S.SUBMITTED, requester=account, title="Find me")
            request.title = "Find me" if number % 2 else "Not me"
        assert session.query(ExpertiseRequest).count() == 62
    page = coordinator.get("/requests/all", query={"search": "find"}).follow("Next")
    assert "Not me" not in page.text
    assert "31 requests found." in page.text


def test_a_request_was_sent_in_when_it_first_was_however_often_it_is_corrected(session, clock):
    request = factories.request(session, S.RETURNED)
    sent = request.submitted_at
    clock.shift(timedelta(days=31))
    factories.requests.advance(session, request, RequestStep.SUBMIT, request.requester)
    assert request.submitted_at == sent
