"""Requester and SEESAC write to each other about a request, and nobody else reads it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests import handling
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage, RequestState
from webapp.messages.models import Notice, OutboxMessage
from webapp.my_data import operations as my_data

QUESTION = "May two <women> come?\n\nThe rooms are shared."


class Case:
    """A request that was sent in, its requester, and a coordinator who sees to it."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app = app
        with writing(app) as session:
            self.request = factories.request(session, RequestState.SUBMITTED)
            self.office = factories.account(session, Role.COORDINATOR)
            self.other = factories.account(session, Role.COORDINATOR)
            work = factories.work(session, self.office)
            handling.hand_over(work, self.request, self.office.id, seen=None)
            assert self.request.requester
            self.person = self.request.requester
        self.address = f"/requests/{self.request.id}/messages"
        self.requester = visitor().come_in(self.person)
        self.coordinator = visitor().come_in(self.office)

    def write(self, pages: Pages, text: str, status: int = 302) -> Page:
        return pages.get(self.address).submit(
            "Send the message", {"Your message": text}, status=status
        )

    def told(self, person: Account) -> int:
        with reading(self.app) as session:
            path = Notice.path == self.address
            return session.query(Notice).filter(path, Notice.account_id == person.id).count()

    def texts(self) -> list[str]:
        with reading(self.app) as session:
            return list(session.scalars(sa.select(RequestMessage.text).order_by("id")))


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


@pytest.mark.both_databases
def test_each_side_reads_and_is_told_of_what_the_other_writes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    case.write(case.requester, QUESTION)
    assert (case.told(case.office), case.told(case.other), case.told(case.person)) == (1, 0, 0)
    page = case.coordinator.get(case.address)
    assert "May two <women> come?" in page.text
    assert case.person.name in page.text
    case.write(case.coordinator, "Gladly.")
    assert (case.told(case.office), case.told(case.person)) == (1, 1)
    page = case.requester.get(case.address)
    assert "Gladly." in page.text
    assert case.office.name not in page.text, "requesters write with SEESAC"
    assert (
        "2 messages about this request" in case.requester.get(f"/requests/{case.request.id}").text
    )


def test_what_a_requester_writes_is_a_task_until_it_is_answered(case: Case) -> None:
    task = "The requester has written"
    assert task not in case.coordinator.get("/queue").text
    case.write(case.requester, QUESTION)
    case.write(case.requester, "And three?")
    page = case.coordinator.get("/queue")
    assert page.text.count(task) == 1
    assert page.links[next(words for words in page.links if task in words)] == case.address
    assert "The requester waits for an answer" in case.coordinator.get(case.address).text
    assert "waits for an answer" not in case.requester.get(case.address).text
    case.write(case.coordinator, "Gladly.")
    assert task not in case.coordinator.get("/queue").text
    assert "waits for an answer" not in case.coordinator.get(case.address).text


def test_a_message_that_needs_no_answer_is_noted_as_such_as_far_as_it_was_read(case: Case) -> None:
    case.write(case.requester, "Thank you.")
    page = case.coordinator.get(case.address)
    case.write(case.requester, QUESTION)
    page.submit("No answer is needed")
    assert "The requester has written" in case.coordinator.get("/queue").text
    page = case.coordinator.get(case.address)
    page.submit("No answer is needed")
    page.submit("No answer is needed")
    assert "The requester has written" not in case.coordinator.get("/queue").text
    with reading(case.app) as session:
        action = AuditEvent.action == "request message settled"
        assert session.query(AuditEvent).filter(action).count() == 2
    story = "oted that a message needs no answer"
    assert story in case.coordinator.get(f"/requests/{case.request.id}").text
    assert story not in case.requester.get(f"/requests/{case.request.id}").text


def test_an_answer_settles_no_question_that_its_writer_has_not_seen(case: Case) -> None:
    case.write(case.requester, QUESTION)
    page = case.coordinator.get(case.address)
    case.write(case.requester, "And three?")
    page.submit("Send the message", {"Your message": "Gladly, two."})
    assert "The requester has written" in case.coordinator.get("/queue").text
    case.write(case.coordinator, "Three as well.")
    assert "The requester has written" not in case.coordinator.get("/queue").text


@pytest.mark.parametrize("newest", ["9" * 30, "-1", "9223372036854775808", "", "abc", "9" * 5000])
def test_a_number_of_no_message_is_no_fault(case: Case, newest: str) -> None:
    case.write(case.requester, QUESTION)
    case.coordinator.post(f"{case.address}/settle", {"newest": newest})
    case.coordinator.post(case.address, {"newest": newest, "text": "An answer."})


def test_a_message_that_is_sent_again_after_an_answer_is_no_other(case: Case) -> None:
    page = case.requester.get(case.address)
    page.submit("Send the message", {"Your message": QUESTION})
    case.write(case.coordinator, "Gladly.")
    page.submit("Send the message", {"Your message": QUESTION})
    assert len(case.texts()) == 2
    case.write(case.requester, QUESTION)
    assert len(case.texts()) == 3, "the same question may be asked anew"


def test_a_message_whose_words_were_removed_asks_nothing(case: Case) -> None:
    case.write(case.requester, QUESTION)
    with writing(case.app) as session:
        session.execute(sa.update(RequestMessage).values(text=""))
    assert "The requester has written" not in case.coordinator.get("/queue").text


def test_nobody_settles_what_they_have_asked_themselves(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    case.write(case.requester, QUESTION)
    with writing(case.app) as session:
        person = session.get_one(Account, case.person.id)
        person.roles = [*person.roles, *session.get_one(Account, case.office.id).roles]
    own = visitor().come_in(case.person)
    own.post(f"{case.address}/settle", {"newest": "9"}, status=404)
    assert "The requester has written" not in own.get("/queue").text
    assert "The requester has written" in case.coordinator.get("/queue").text


def test_where_nobody_sees_to_the_request_all_coordinators_are_told(case: Case) -> None:
    with writing(case.app) as session:
        session.get_one(ExpertiseRequest, case.request.id).handled_by = None
    case.write(case.requester, QUESTION)
    assert (case.told(case.office), case.told(case.other)) == (1, 1)


def test_neither_mail_nor_log_has_the_words(case: Case) -> None:
    case.write(case.requester, QUESTION)
    with reading(case.app) as session:
        bodies = session.scalars(sa.select(OutboxMessage.body)).all()
        assert any(case.address in body for body in bodies)
        assert not [body for body in bodies if "women" in body]
        assert not [row for row in session.query(AuditEvent) if "women" in str(row.details)]


def test_the_same_form_sent_twice_is_one_message(case: Case) -> None:
    page = case.requester.get(case.address)
    for _ in range(2):
        page.submit("Send the message", {"Your message": QUESTION})
    assert len(case.texts()) == 1
    assert case.told(case.office) == 1


@pytest.mark.parametrize("text", ["", "   ", "w" * 3001, "a\x00b"])
def test_what_is_no_message_is_refused_at_its_field(case: Case, text: str) -> None:
    page = case.write(case.requester, text, status=400)
    assert page.text.count("Your message") > 1
    assert case.texts() == []


def test_nobody_but_the_two_sides_reads_or_writes(case: Case, visitor: Callable[[], Pages]) -> None:
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request.id)
        ministry = factories.organisation(session)
        owner = session.get_one(Account, case.person.id)
        owner.organisation_id = request.organisation_id = ministry.id
        colleague = factories.account(session, Role.REQUESTER, organisation_id=ministry.id)
        outside = [factories.account(session, role) for role in Role if role != Role.COORDINATOR]
    case.write(case.requester, QUESTION)
    assert (
        case.address
        not in visitor().come_in(colleague).get(f"/requests/{case.request.id}").response.text
    )
    for person in (colleague, *outside):
        pages = visitor().come_in(person)
        for answer in (
            pages.client.get(case.address),
            pages.client.post(
                case.address, data={"text": "I too.", "csrf_token": pages.own_token()}
            ),
        ):
            assert answer.status_code in {403, 404}, person.kinds
            assert "women" not in answer.get_data(as_text=True)
    assert len(case.texts()) == 1


def test_a_draft_has_no_messages(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.DRAFT)
        person = request.requester
    pages = visitor().come_in(person)
    pages.get(f"/requests/{request.id}/messages", status=404)
    assert "/messages" not in pages.get(f"/requests/{request.id}").response.text


def test_who_is_erased_leaves_no_word(case: Case) -> None:
    case.write(case.requester, QUESTION)
    case.write(case.coordinator, "Gladly.")
    with writing(case.app) as session:
        account = session.get_one(Account, case.person.id)
        my_data.erase(factories.work(session, account), account)
    assert case.texts() == ["", "Gladly."]
    assert "The words were removed" in case.coordinator.get(case.address).text


def test_a_question_of_seesac_stands_on_the_requesters_page_until_it_is_answered(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    request = case.address.removesuffix("/messages")
    assert "SEESAC has written to you" not in case.requester.get(request).text
    case.write(case.coordinator, QUESTION)
    page = case.requester.get(request)
    assert "SEESAC has written to you on" in page.text
    assert "SEESAC has written to you" not in case.coordinator.get(request).text
    page.follow("Read it and answer")
    case.write(case.requester, "They may.")
    assert "SEESAC has written to you" not in case.requester.get(request).text
