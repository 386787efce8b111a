"""The story of a request: every action has its words, and each reader gets what is theirs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.audit import SYSTEM, AuditEvent
from webapp.core.roles import Role
from webapp.deployments import rules as deployments
from webapp.deployments import wording as deployment_words
from webapp.expertise_requests import operations, timeline
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import operations as match_operations
from webapp.matches import rules as matches
from webapp.matches import wording as match_words
from webapp.matches.models import MatchState

WEBAPP = Path(timeline.__file__).parents[1]
# Their import registers the words of their rooms.
WORDED = (deployment_words, match_words)
# A match that the requester was never shown, and one that went all the way.
HIDDEN, SHOWN = "Hidden Hana", "Shown Sara"


def _literal_actions() -> Iterator[str]:
    """Yield the actions that operations record for a request's story by a literal name."""
    for path in WEBAPP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args[1:]:
                continue
            if any(keyword.arg == "request_id" for keyword in node.keywords):
                action = node.args[1]
                if isinstance(action, ast.Constant) and isinstance(action.value, str):
                    yield action.value


def _steps() -> Iterator[str]:
    """Yield the actions that are named after a step of a table."""
    for room, steps in (("request", requests.STEPS), ("match", matches.STEPS)):
        yield from (f"{room}: {step}" for step in steps)
    yield from (f"deployment: {step}" for step in deployments.STEPS)
    yield "match: shortlist"


# The matches' table holds a step that nothing takes yet.
NOT_TAKEN_YET = {"match: deploy"}


def test_the_literal_actions_are_found_at_all():
    assert {"request drafted", "request edited", "deployment: plan"} <= set(_literal_actions())


@pytest.mark.parametrize("action", sorted({*_literal_actions(), *_steps()} - NOT_TAKEN_YET))
def test_every_action_has_its_words(action):
    assert timeline.has_words(action)


def test_an_action_without_words_is_told_to_coordinators_only(app):
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        readers = [request.requester, factories.account(session, Role.COORDINATOR)]
        session.flush()
        audit.record(session, "new thing", request, actor=SYSTEM, now=clock.now(),
                     request_id=request.id)  # fmt: skip
    told = [_sentences(app, request.id, factories.actor(reader)) for reader in readers]
    assert ("New thing" in told[0], "New thing" in told[1]) == (False, True)


def _entries(app, request_id, actor):
    with reading(app) as session:
        return timeline.entries(session, session.get_one(ExpertiseRequest, request_id), actor)


def _sentences(app, request_id, actor):
    return [entry.sentence for entry in _entries(app, request_id, actor)]


@pytest.fixture
def story(app):
    """Return a request with a whole story, its requester and its coordinator."""
    with writing(app) as session:
        requester = factories.account(session, Role.REQUESTER, name="Aida Requester")
        coordinator = factories.account(session, Role.COORDINATOR, name="Caterina Coordinator")
        request = factories.request(
            session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator
        )
        hidden = factories.match(
            session,
            MatchState.INVITED,
            request=request,
            expert=factories.expert(session, name=HIDDEN),
            coordinator=coordinator,
        )
        match_operations.cancel(
            session, hidden, "Fell ill.", actor=factories.actor(coordinator), now=clock.now()
        )
        shown = factories.match(
            session,
            MatchState.SELECTED,
            request=request,
            expert=factories.expert(session, name=SHOWN),
            coordinator=coordinator,
        )
        match_operations.cancel(
            session, shown, "A private matter.", actor=factories.actor(coordinator),
            now=clock.now(),
        )  # fmt: skip
    return request.id, factories.actor(requester), factories.actor(coordinator), shown.expert_id


def test_the_coordinator_reads_the_whole_story(app, story):
    number, _, coordinator, _ = story
    told = _entries(app, number, coordinator)
    with reading(app) as session:
        assert len(told) == session.query(AuditEvent).filter_by(request_id=number).count()
    sentences = [entry.sentence for entry in told]
    for words in (
        "Began to write the request", "Sent the request to SEESAC",
        "Accepted the terms of reference", f"Invited {HIDDEN}", f"Ended the match with {HIDDEN}",
        f"Approved {SHOWN}", f"Selected {SHOWN}",
    ):  # fmt: skip
        assert words in sentences, words
    assert {entry.who for entry in told} >= {
        "Aida Requester, requester",
        "Caterina Coordinator, SEESAC",
    }
    assert "Fell ill." in [entry.reason for entry in told]
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)


def test_the_requester_reads_only_what_is_open_to_them(app, story):
    number, requester, _, _ = story
    told = _entries(app, number, requester)
    assert {entry.who for entry in told} == {"Aida Requester", "SEESAC"}
    assert [entry.sentence for entry in told] == [
        "Began to write the request",
        "Sent the request to SEESAC",
        "Accepted the terms of reference",
        "Began to consider experts",
        f"Proposed {SHOWN}",
        "Proposed experts to the requester",
        f"Selected {SHOWN}",
        f"The deployment of {SHOWN} is in the calendar",
        "Selected as many experts as were asked for",
        f"{SHOWN} is no longer available for this request",
        f"The deployment of {SHOWN} is cancelled",
        "Took the request up again, because a selected expert fell out",
    ]
    everything = str(told)
    assert HIDDEN not in everything
    assert "Fell ill." not in everything
    assert "A private matter." not in everything


def test_the_page_shows_each_reader_their_own_story(app, story, visitor):
    number, requester, coordinator, _ = story
    for actor, sees in ((requester, False), (coordinator, True)):
        with reading(app) as session:
            email = session.get_one(Account, actor.id).email
        page = visitor().sign_in(email).get(f"/requests/{number}")
        for words in (HIDDEN, "Fell ill.", "Caterina Coordinator", "A private matter."):
            assert (words in page.text) is sees, words


def test_a_coordinator_who_wrote_the_request_reads_it_as_its_requester(app, story):
    number, requester, coordinator, _ = story
    both = type(requester)(requester.id, requester.roles | coordinator.roles)
    assert _entries(app, number, both) == _entries(app, number, requester)


def test_what_concerns_one_expert_can_be_told_alone(app, story):
    number, _, coordinator, expert_id = story
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, number)
        told = timeline.entries_about(session, request, coordinator, expert_id)
    sentences = [entry.sentence for entry in told]
    assert f"Put {SHOWN} on the shortlist" in sentences
    assert all(SHOWN in sentence for sentence in sentences)


def test_reasons_of_decisions_are_open_to_the_requester(app):
    with writing(app) as session:
        request = factories.request(session, RequestState.RETURNED)
        requester = factories.actor(request.requester)
    entries = _entries(app, request.id, requester)
    assert (entries[-1].sentence, entries[-1].reason, entries[-1].who) == (
        "Returned the request for correction",
        "A reason given in the tests.",
        "SEESAC",
    )


def test_what_the_platform_did_by_itself_is_told_so(app):
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=coordinator)
        factories.match(session, MatchState.INVITED, request=request, coordinator=coordinator)
        operations.withdraw(
            session, request, "No need.", actor=factories.actor(request.requester),
            now=clock.now(),
        )  # fmt: skip
    entries = _entries(app, request.id, factories.actor(coordinator))
    assert entries[-1].sentence.startswith("Ended the match with")
    assert entries[-1].who == timeline.PLATFORM
