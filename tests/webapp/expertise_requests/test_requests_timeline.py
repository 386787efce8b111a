"""The story of a request: every action has its words, and each reader gets what is theirs."""

from dataclasses import replace

import pytest

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.language import in_language
from webapp.deployments.workflow import WORKFLOW as DEPLOYMENTS
from webapp.expertise_requests import operations, timeline
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations as match_operations
from webapp.matches.models import MatchState
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep

# A match that the requester was never shown, and one that went all the way.
HIDDEN, SHOWN = "Hidden Hana", "Shown Sara"


# What is told of requests besides the steps of workflows.
OTHERS = (Action.REQUEST_DRAFTED, Action.REQUEST_EDITED)


@pytest.mark.parametrize(
    "action", [*OTHERS, *REQUESTS.actions(), *MATCHES.actions(), *DEPLOYMENTS.actions()]
)
def test_every_action_has_its_sentence(app, action):
    with app.app_context():
        assert timeline.sentence_of(action)


def test_an_action_without_words_is_told_to_coordinators_only(app):
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        readers = [request.requester, factories.account(session, Role.COORDINATOR)]
        session.flush()
        audit.record(factories.work(session), "new thing", request, request_id=request.id)
    told = [_sentences(app, request.id, factories.actor(reader)) for reader in readers]
    assert ("New thing" in told[0], "New thing" in told[1]) == (False, True)


def test_an_action_without_a_sentence_is_told_in_the_words_of_the_log(app):
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        reader = factories.account(session, Role.COORDINATOR)
        session.flush()
        audit.record(factories.work(session), Action.FILE_ADDED, request, request_id=request.id)
    assert "File added to a request" in _sentences(app, request.id, factories.actor(reader))
    with app.app_context(), in_language("ru"):
        told = _sentences(app, request.id, factories.actor(reader))
    assert "К запросу добавлен файл" in told


def _entries(app, request_id, actor):
    """Return the story, each line with the text of its reason."""
    with reading(app) as session:
        lines = timeline.lines(session, session.get_one(ExpertiseRequest, request_id), actor)
        return [replace(line, reason=line.reason.text if line.reason else "") for line in lines]


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
        work = factories.work(session, coordinator)
        match_operations.take(work, hidden, MatchStep.CANCEL, factories.grounds(text="Fell ill."))
        shown = factories.match(
            session,
            MatchState.SELECTED,
            request=request,
            expert=factories.expert(session, name=SHOWN),
            coordinator=coordinator,
        )
        work = factories.work(session, coordinator)
        match_operations.take(
            work, shown, MatchStep.TAKE_BACK, factories.grounds(text="A private matter.")
        )
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
    assert {entry.who for entry in told} == {"Aida Requester", "SEESAC", "the platform"}
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
        "Took the request up again, because a place is free again",
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
        told = timeline.lines_about(session, request, coordinator, expert_id)
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
        work = factories.work(session, request.requester)
        operations.take(work, request, RequestStep.WITHDRAW, factories.grounds(text="No need."))
    entries = _entries(app, request.id, factories.actor(coordinator))
    assert entries[-1].sentence.startswith("Ended the match with")
    assert entries[-1].who == str(timeline.PLATFORM)


def test_of_a_long_story_the_beginning_is_folded(app, visitor):
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        work = factories.work(session, coordinator)
        stories = {}
        for steps in (3, 20):
            request = factories.request(session, RequestState.ACCEPTED)
            for _ in range(steps):
                audit.record(work, Action.REMINDED, request, request_id=request.id)
            stories[steps] = f"/requests/{request.id}"
    office = visitor().come_in(coordinator)
    short, long = (office.get(stories[steps]) for steps in (3, 20))
    assert "earlier step" not in short.text
    folded = long.tree.findall(".//details//ol[@class='timeline']/li")
    open_to_all = long.tree.findall(".//ol[@class='timeline']/li")
    assert f"{len(folded)} earlier steps" in long.text
    assert len(open_to_all) - len(folded) == 12
