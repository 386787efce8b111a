"""Mails leave once; one that fails for good and a worker that is silent are told to a person."""

import logging
import re
import shutil
import smtplib
import sqlite3
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_mailman import EmailMessage
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.messages.test_messages_outbox import deliver, tell
from webapp import EVERY_MINUTE
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock as now_clock
from webapp.core import invariants
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.messages import delivery, operations, pulse, queries
from webapp.messages.models import Notice, OutboxMessage
from webapp.messages.rules import CLAIM, RETRIES, SILENCE


@pytest.mark.both_databases
def test_two_workers_do_not_send_a_message_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        requester = factories.account(session, Role.REQUESTER)
        for _number in range(4):
            factories.request(session, factories.requests.S.SUBMITTED, requester=requester)
        session.flush()
        count = session.query(OutboxMessage).count()
    sent: list[str] = []

    def send(mail: Any) -> None:
        sent.append(mail.extra_headers["Message-ID"])
        # While this mail is on its way, another worker looks for what is due.
        if len(sent) < count:
            with ThreadPoolExecutor(1) as other:
                other.submit(deliver, app).result()

    monkeypatch.setattr(EmailMessage, "send", send)
    deliver(app)
    assert len(sent) == count
    assert len(set(sent)) == count


@pytest.mark.both_databases
def test_a_message_whose_sender_died_leaves_later_with_the_same_message_id(
    app: Flask, clock: Any, outbox: list[Any]
) -> None:
    number = tell(app)
    with writing(app) as session:
        assert operations.claim(session, now_clock.now()) == number
    assert deliver(app) == 0, "somebody else sends it"
    clock.shift(CLAIM)
    assert deliver(app) == 1
    with reading(app) as session:
        row = session.get_one(OutboxMessage, number)
        assert [mail.extra_headers["Message-ID"] for mail in outbox] == [row.message_id]


@pytest.mark.parametrize(
    ("failure", "tries"),
    [
        (smtplib.SMTPRecipientsRefused({"a.b@example.org": (550, b"no")}), 3),
        (TimeoutError("hangs"), 1),
    ],
    ids=["a refused address", "a server that hangs"],
)
def test_the_rest_is_tried_only_if_the_server_answers(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    failure: Exception, tries: int,
) -> None:  # fmt: skip
    with writing(app) as session:
        for _number in range(3):
            person = factories.account(session, Role.EXPERT)
            session.flush()
            operations.add_mail(factories.work(session), person, operations._GIVEN_UP)
    tried = []

    def fail(mail: Any) -> None:
        tried.append(mail)
        raise failure

    monkeypatch.setattr(EmailMessage, "send", fail)
    assert deliver(app) == 0
    assert len(tried) == tries
    # The log of every form tells of no address.
    assert f"did not leave (try 1): {type(failure).__name__}" in caplog.text
    assert "@" not in caplog.text


def signed_in(app: Flask) -> tuple[Account, Pages]:
    """Return an administrator, and their browser."""
    with writing(app) as session:
        person = factories.account(session, Role.ADMINISTRATOR)
    return person, Pages(app).come_in(person)


def give_up(app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    """Try to send what is there until it is given up."""

    def fail(_mail: Any) -> None:
        raise smtplib.SMTPDataError(550, b"refused <b>for good</b>")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fail)
        for wait in (timedelta(0), *RETRIES):
            clock.shift(wait)
            deliver(app)


def test_the_page_of_health_tells_nobody_s_address(
    app: Flask, monkeypatch: pytest.MonkeyPatch, sign_in_as: Callable[..., Pages]
) -> None:
    """Nobody would know that the address of somebody without an account was read there."""
    with writing(app) as session:
        operations.write_to(factories.work(session), "a.b@example.org", operations._GIVEN_UP)
        session.flush()
        message = session.query(OutboxMessage).one()
        refused = smtplib.SMTPRecipientsRefused(
            {"a.b@example.org": (550, b"<A.B@example.org>: no")}
        )
        message.last_error = f"{type(refused).__name__}: {refused}"
    pages = sign_in_as(Role.ADMINISTRATOR)
    for attempts in (1, len(RETRIES) + 1):
        with writing(app) as session:
            session.query(OutboxMessage).update({"attempts": attempts})
        page = pages.get("/health").text
        assert "takes no mails to this address at all. {'…': (550, b'<…>: no')}" in page
        assert "SMTPRecipientsRefused" not in page
        assert "example.org" not in page.replace("person", "")


def health_in_russian(app: Flask, pages: Pages, error: Exception) -> str:
    """Return the page of health of an administrator after a mail has failed once by this error."""
    with writing(app) as session:
        operations.write_to(factories.work(session), "a.b@example.org", operations._GIVEN_UP)
        session.flush()
        message = session.query(OutboxMessage).one()
        operations.mark_failed(factories.work(session), message, f"{type(error).__name__}: {error}")
        session.query(Account).update({"language": "ru"})
    return pages.get("/health").text


REFUSED_FOR_NOW = smtplib.SMTPRecipientsRefused({"a.b@example.org": (450, b"try later")})
REFUSED = smtplib.SMTPRecipientsRefused({"a.b@example.org": (550, b"nobody here")})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Почтовый сервер не принимает соед"),
        (smtplib.SMTPServerDisconnected("unexpectedly closed"), "разорвал соединение"),
        (REFUSED_FOR_NOW, "пока не принимает письма на этот адрес. {'…'"),
        (REFUSED, "совсем не принимает письма на этот адрес. {'…'"),
        (smtplib.SMTPSenderRefused(451, b"later", "us"), "пока не принимает письма с адреса"),
        (smtplib.SMTPSenderRefused(550, b"no", "us"), "совсем не принимает письма с адреса"),
        (smtplib.SMTPDataError(452, b"full"), "пока не принимает писем. ("),
        (smtplib.SMTPDataError(554, b"spam"), "совсем не принимает это письмо. ("),
        (smtplib.SMTPAuthenticationError(454, b"later"), "пока не принимает писем. ("),
        (smtplib.SMTPAuthenticationError(535, b"no"), "имя или пароль. ("),
    ],
)
def test_why_no_mail_leaves_is_said_in_the_reader_s_language(
    app: Flask, sign_in_as: Callable[..., Pages], error: Exception, said: str
) -> None:
    page = health_in_russian(app, sign_in_as(Role.ADMINISTRATOR), error)
    assert said in page
    assert type(error).__name__ not in page
    assert "Словами программы" not in page
    if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        assert str(error) not in page, "the sentence tells it in full"


@pytest.mark.parametrize(
    ("error", "said", "words"),
    [
        (OSError(101, "Network is unreachable"), "недоступен", "[Errno 101] Network is unreach"),
        (BrokenPipeError(), "недоступен", "BrokenPipeError"),
        (
            smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."),
            "недоступен",
            "SMTP AUTH extension not supported",
        ),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"),
            "не могут договориться о шифровании",
            "WRONG_VERSION_NUMBER",
        ),
        (
            ssl.SSLCertVerificationError(1, "certificate has expired"),
            "Сертификату почтового сервера",
            "certificate has expired",
        ),
    ],
)
def test_what_no_sentence_tells_in_full_is_said_in_the_words_of_the_program_and_logged(
    app: Flask, sign_in_as: Callable[..., Pages], caplog: pytest.LogCaptureFixture,
    error: Exception, said: str, words: str,
) -> None:  # fmt: skip
    page = health_in_russian(app, sign_in_as(Role.ADMINISTRATOR), error)
    assert re.search(rf"{said}[^.]*\. Словами программы: .*{re.escape(words)}", page)
    assert words in caplog.text


@pytest.mark.both_databases
def test_a_mail_that_failed_for_good_is_a_task_of_the_administrator(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Any, outbox: list[Any],
    sign_in_as: Callable[..., Pages], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with writing(app) as session:
        factories.account(session, Role.ADMINISTRATOR)
    number = tell(app)
    give_up(app, monkeypatch, clock)
    assert [r.levelno for r in caplog.records if "is given up" in r.message] == [logging.ERROR]
    with reading(app) as session:
        assert session.query(OutboxMessage).count() == 1, "no mail tells of mails that do not leave"
        notice = session.query(Notice).order_by(Notice.id.desc()).limit(1).one()
        assert Role.ADMINISTRATOR in session.get_one(Account, notice.account_id).kinds
        assert notice.path == "/health"
        assert invariants.list_to_see_to(session) == [
            "Mails that were given up, and are sent again on the page “Health”: 1."
        ]
    page = sign_in_as(Role.ADMINISTRATOR).get("/health")
    assert "refused <b>for good</b>" in page.text
    page = page.submit("Try again", {}, action=f"/health/mails/{number}/again")
    assert "1 mail is tried again." in page.text
    assert "No mail was given up." in page.text
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action="mail tried again").count() == 1
        assert invariants.list_to_see_to(session) == []
    assert deliver(app) == 1
    assert len(outbox) == 1
    page.pages.post(f"/health/mails/{number}/again")
    assert deliver(app) == 0, "what has left does not leave again"


def test_all_that_failed_are_tried_again_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Any, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.account(session, Role.ADMINISTRATOR)
        for _number in range(3):
            person = factories.account(session, Role.EXPERT)
            operations.add_mail(factories.work(session), person, operations._GIVEN_UP)
    give_up(app, monkeypatch, clock)
    with reading(app) as session:
        told = session.query(Notice).count()
    assert told == 1, "a server that is down is one task"
    page = sign_in_as(Role.ADMINISTRATOR).get("/health").submit("Try all of them again", {})
    assert "3 mails are tried again." in page.text
    assert deliver(app) == 3


def watched(make_app: Callable[..., Flask], instance: Any) -> Flask:
    """Return an application whose job worker is watched."""
    return make_app(JOBS_FILE=str(instance / "jobs.sqlite"))


def test_a_worker_that_is_silent_is_told_to_the_administrators_once(
    make_app: Callable[..., Flask], instance: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = watched(make_app, instance)
    with writing(app) as session:
        person = factories.account(session, Role.ADMINISTRATOR)
    with app.app_context():
        pulse.beat()
    pages = Pages(app)
    pages.come_in(person)
    clock.shift(SILENCE - timedelta(seconds=1))
    assert "The job worker is silent" not in pages.get("/notices").text
    for _number in range(3):
        clock.shift(pulse.EVERY)
        pages.get("/health")
    assert pages.get("/notices").text.count("The job worker is silent") == 1
    assert [r.levelno for r in caplog.records if "silent" in r.message] == [logging.ERROR]
    assert "is silent: it last ran on" in pages.get("/health").text
    with app.app_context():
        pulse.beat()
    assert "runs: it was last seen" in pages.get("/health").text
    clock.shift(SILENCE)
    pages.get("/health")
    assert pages.get("/notices").text.count("The job worker is silent") == 2, "silent once more"
    with reading(app) as session:
        assert session.query(OutboxMessage).count() == 0


def test_a_form_that_is_sent_while_the_worker_is_silent_is_taken(
    make_app: Callable[..., Flask], instance: Any, clock: Any
) -> None:
    """The look has a transaction of its own, and on SQLite only one may write."""
    app = watched(make_app, instance)
    pages = signed_in(app)[1]
    page = pages.get("/notices")
    clock.shift(SILENCE)
    assert "is kept" in page.submit("Keep this choice", {"mail_choice": "never"}).text
    assert "The job worker is silent" in pages.get("/notices").text


def test_little_room_is_told_to_the_administrators_once_a_day(
    make_app: Callable[..., Flask], instance: Any, clock: Any, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    app = watched(make_app, instance)
    pages = signed_in(app)[1]
    assert "nearly full" not in pages.get("/health").text
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: (10**12, 10**12, 3_400_000))
    for _number in range(3):
        clock.shift(pulse.EVERY)
        page = pages.get("/health")
    assert "The disk of the platform is nearly full" in page.text
    assert "3 MB" in page.text
    assert pages.get("/notices").text.count("The disk of the platform is nearly full") == 1
    assert [r.levelno for r in caplog.records if "only 3 MB" in r.message] == [logging.ERROR]
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert "Only 3 MB are free on the disk of the platform." in result.output


def full_disk() -> OperationalError:
    """Return what SQLite says of a full disk."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("INSERT", {}, error)


def test_a_change_that_found_no_room_is_told_to_the_administrators_afterwards(
    make_app: Callable[..., Flask], instance: Any, clock: Any, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    app = watched(make_app, instance)
    person, pages = signed_in(app)
    page = pages.get("/notices")

    def fail(*_: Any) -> None:
        raise full_disk()

    with monkeypatch.context() as full:
        full.setattr(accounts, "choose_mail", fail)
        full.setattr(operations, "say_once", fail)
        for _number in range(3):
            answer = page.submit("Keep this choice", {"mail_choice": "never"}, status=503)
            assert "because the disk of the platform is full" in answer.text
        clock.shift(pulse.EVERY)
        assert "The disk of the database was full" in pages.get("/health").text
    assert pages.get("/notices").text.count("The disk of the database was full") == 0
    clock.shift(pulse.EVERY)
    pages.get("/health")
    assert pages.get("/notices").text.count("The disk of the database was full") == 1
    told = [r for r in caplog.records if "disk of the database is full" in r.message]
    assert [r.levelno for r in told] == [logging.ERROR] * 2, "at first, and a minute later"
    clock.shift(timedelta(days=2))
    pages.come_in(person)
    assert "The disk of the database was full" not in pages.get("/health").text


def test_the_worker_s_pulse_is_noted_by_its_work(app: Flask, clock: Any) -> None:
    assert pulse.beat in EVERY_MINUTE
    assert delivery.deliver_due in EVERY_MINUTE
    with app.app_context():
        pulse.beat()
        pulse.beat()
    with reading(app) as session:
        assert [one.at for one in queries.list_job_workers(session)] == [now_clock.now()]


def test_a_worker_that_sends_the_mails_of_a_burst_is_not_silent(
    app: Flask, clock: Any, outbox: list[Any]
) -> None:
    """The pulse waits in the same queue as they do."""
    tell(app)
    with app.app_context():
        pulse.beat()
    clock.shift(SILENCE)
    assert deliver(app) == 1
    with reading(app) as session:
        assert [one.at for one in queries.list_job_workers(session)] == [now_clock.now()]
