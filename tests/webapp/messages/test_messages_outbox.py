"""Mail leaves after the commit, at least once, and delays nobody."""

import email
import re
import smtplib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import policy
from email.header import decode_header, make_header
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask_mailman import EmailMessage
from werkzeug.exceptions import HTTPException

from tests import factories
from tests.databases import reading, writing
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.record import reasons
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient, Workflow
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.matches import telling as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.membership.letters import new_password
from webapp.messages import delivery, operations, queries
from webapp.messages.letters import Letter
from webapp.messages.models import Notice, OutboxMessage
from webapp.messages.rules import RETRIES

WORKFLOWS: tuple[Workflow[Any, Any], ...] = (REQUESTS, MATCHES)
LETTERS = [
    pytest.param(step, mail, workflow, id=f"{workflow.subject}-{step}-{mail.to}")
    for workflow in WORKFLOWS
    for step in workflow
    for mail in workflow[step].tells
]


def tell(app: Flask, title: str = "Marking of weapons\r\nBcc: somebody@example.org") -> int:
    """Tell a new person something and return the id of the message."""
    letter = Letter(
        _("An invitation: %(title)s", title=title), _("Please read it."), "/invitations/1"
    )
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
        operations.queue(factories.work(session), person.id, letter)
    with reading(app) as session:
        return session.scalars(sa.select(OutboxMessage.id)).one()


def deliver(app: Flask) -> int:
    """Do what the job worker does."""
    with app.app_context():
        return delivery.deliver_due()


@pytest.mark.parametrize(("step", "mail", "workflow"), LETTERS)
def test_each_kind_of_mail_leads_to_a_page_and_says_nothing_that_is_read_on_the_way(
    app: Flask, outbox: list[Any], step: Any, mail: Mail[Any], workflow: Workflow[Any, Any]
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.INVITED)
        authority = factories.organisation(session)
        factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=authority.id)
        factories.make_official(session, match.expert, authority.id)
        match.release_asked_at = match.invited_at
        request = match.request
        request.title, request.reply_by = "Marking of weapons", match.reply_by
        session.flush()
        session.query(OutboxMessage).delete()
        session.query(Notice).delete()
        work = factories.work(session, Actor(-1, frozenset({Role.COORDINATOR})))
        why = Grounds(ReasonKind.OTHER, "The dates have changed.")
        reason = reasons.keep(work, why, match.expert.tells_of)
        if workflow is REQUESTS or mail.to is Recipient.REQUESTER:
            requests.tell(work, request, mail, reason)
        else:
            matches.send(work, match, mail, reason)
        session.flush()
        notices = session.query(Notice).all()
        assert {notice.reason is not None for notice in notices} == {mail.gives_reason}
        secrets = ("Marking", "The dates", match.expert.name, request.requester.name, "%(")
    assert deliver(app) == len(notices)
    sent = outbox[0]
    assert sent.body.startswith("Good day,")
    assert not [secret for secret in secrets if secret in f"{sent.subject} {sent.body}"]
    assert ("Please answer by" in sent.body) == mail.asks_reply
    (link,) = re.findall(r"http://\S+", sent.body)
    path = link.removeprefix(app.config["PLATFORM_URL"])
    try:
        app.url_map.bind("localhost").match(path, "GET")
    except HTTPException:
        pytest.fail(f"{path} leads nowhere")


def test_a_mail_is_in_the_language_of_its_reader(app: Flask) -> None:
    bodies = {}
    for language in ("ru", "en", None):
        with writing(app) as session:
            session.query(OutboxMessage).delete()
            person = factories.account(session, Role.EXPERT, language=language)
            letter = Letter(_("Invitations"), _("The request"), "/invitations")
            operations.queue(factories.work(session), person.id, letter)
            session.flush()
            row = session.query(OutboxMessage).one()
            bodies[language] = (row.subject, row.body)
    assert bodies["en"][0] == bodies[None][0] == "Invitations"
    assert bodies["ru"][0] == "Приглашения"
    assert "Приглашения" in bodies["ru"][1]
    assert "The request" not in bodies["en"][1], "the mail says no more than its subject"


def test_a_message_leaves_once_with_the_message_id_of_its_row(
    app: Flask, outbox: list[Any]
) -> None:
    number = tell(app)
    assert (deliver(app), deliver(app)) == (1, 0)
    with reading(app) as session:
        row = session.get_one(OutboxMessage, number)
        assert row.sent_at is not None
        assert [mail.extra_headers["Message-ID"] for mail in outbox] == [row.message_id]


def test_a_mail_that_somebody_waits_for_leaves_before_the_notices_of_a_burst(
    app: Flask, outbox: list[Any]
) -> None:
    letter = Letter(_("Invitations"), _("The request"), "/invitations")
    with writing(app) as session:
        work = factories.work(session)
        for _number in range(3):
            operations.queue(work, factories.account(session, Role.EXPERT).id, letter)
        person = factories.account(session, Role.EXPERT)
        operations.queue(work, person.id, new_password("abc"))
    assert deliver(app) == 4
    assert [mail.subject for mail in outbox[1:]] == ["Invitations"] * 3
    assert outbox[0].to == [person.email]


def test_nothing_is_told_of_an_action_that_was_rolled_back(app: Flask, outbox: list[Any]) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
    with suppress(RuntimeError), writing(app) as session:
        letter = Letter(_("Invitations"), _("The request"), "/invitations")
        operations.queue(factories.work(session), person.id, letter)
        raise RuntimeError("the action failed")
    assert deliver(app) == 0
    assert outbox == []


@pytest.mark.parametrize("failure", [OSError("refused"), smtplib.SMTPServerDisconnected("gone")])
def test_a_message_that_did_not_leave_is_tried_again_later(
    app: Flask, outbox: list[Any], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(_mail: Any) -> None:
        raise failure

    start = datetime(2031, 1, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as time:
        number = tell(app)
        with monkeypatch.context() as patch:
            patch.setattr(EmailMessage, "send", fail)
            assert deliver(app) == 0
        assert deliver(app) == 0, "it waits before the next try"
        with reading(app) as session:
            row = session.get_one(OutboxMessage, number)
            assert (row.attempts, row.due_at) == (1, start + timedelta(minutes=1))
            assert type(failure).__name__ in row.last_error
        time.shift(timedelta(minutes=1))
        assert deliver(app) == 1
    assert len(outbox) == 1


def test_a_message_is_given_up_only_after_all_tries_and_stays_in_the_outbox(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_mail: Any) -> None:
        raise OSError("refused")

    monkeypatch.setattr(EmailMessage, "send", fail)
    tries = 0
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC), tick=False) as time:
        number = tell(app)
        for wait in (timedelta(0), *RETRIES, timedelta(days=30)):
            time.shift(wait)
            with reading(app) as session:
                tries += len(session.scalars(queries.due(clock.now())).all())
            deliver(app)
    assert tries == len(RETRIES) + 1
    with reading(app) as session:
        assert session.get_one(OutboxMessage, number).sent_at is None


def test_no_transaction_is_open_while_a_mail_server_hangs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(app)

    def write_meanwhile(_mail: Any) -> None:
        with app.app_context(), writing(app) as session:
            factories.account(session, Role.EXPERT)

    monkeypatch.setattr(EmailMessage, "send", write_meanwhile)
    assert deliver(app) == 1


@pytest.mark.both_databases
def test_a_mail_whose_reader_is_erased_while_it_leaves_stands_for_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tell(app)

    def erase_meanwhile(_mail: Any) -> None:
        monkeypatch.undo()
        with app.app_context(), writing(app) as session:
            session.delete(session.get_one(OutboxMessage, number))
            session.flush()
            letter = Letter(_("Invitations"), _("The request"), "/invitations")
            person = factories.account(session, Role.EXPERT)
            operations.queue(factories.work(session), person.id, letter)

    monkeypatch.setattr(EmailMessage, "send", erase_meanwhile)
    with reading(app) as session:
        before = session.query(OutboxMessage).count()
    assert deliver(app) == 2, "that of the erased has left, and the other after it"
    with reading(app) as session:
        (left,) = session.scalars(sa.select(OutboxMessage))
        assert (left.subject, left.attempts) == ("Invitations", 1)
    assert before == 1


SUBJECTS = {
    "short": "Invitation: Marking of weapons",
    "long": "Invitation: " + "marking, of; weapons: " * 10,
    "long Cyrillic": "Позив: " + "обука истражитеља о праћењу ватреног оружја " * 4,
    "one long word": "Ж" * 250,
    "one long word of ASCII": "x" * 250,
    "mixed": "Invitation: Обука (training) – " * 6,
    "emoji": "👩🏽\u200d🚒🇽🇰" * 30,
    "an encoded word in a title": "Invitation: =?utf-8?b?0JY=?= marking",
}


@pytest.fixture
def raw_mails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the list of mails that left, as a mail server gets them."""
    sent: list[bytes] = []

    def keep(mail: Any) -> None:
        sent.append(mail.message().as_bytes(linesep="\r\n"))

    monkeypatch.setattr(delivery._Mail, "send", keep)
    return sent


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_begins_on_the_line_of_its_header_and_is_read_as_it_was_written(
    app: Flask, raw_mails: list[bytes], subject: str
) -> None:
    subject = subject.strip()
    number = tell(app)
    with writing(app) as session:
        session.get_one(OutboxMessage, number).subject = subject
    assert deliver(app) == 1
    (raw,) = raw_mails
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    (first,) = [line for line in head if line.startswith("Subject:")]
    assert first.removeprefix("Subject:").strip()
    assert max(map(len, head)) <= 78
    assert email.message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    unfolded = re.sub(r"\r\n(?=[ \t])", "", email.message_from_bytes(raw)["Subject"])
    assert str(make_header(decode_header(unfolded))) == subject


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("title", "ending"), [("оружје " * 60, "оружје…"), ("Ж" * 400, "Ж…"), ("a b" * 200, "ba…")]
)
def test_a_subject_that_is_too_long_ends_at_a_word(app: Flask, title: str, ending: str) -> None:
    number = tell(app, title)
    with reading(app) as session:
        subject = session.get_one(OutboxMessage, number).subject
    assert len(subject) <= 250
    assert subject.endswith(ending)
