"""Delivering the outbox: one mail at a time, none while a transaction is open."""

import smtplib
from email.header import Header
from email.message import Message

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.messages import alarms, operations, queries
from webapp.messages.letters import body_to_send
from webapp.messages.models import OutboxMessage


def init_app(app: Flask) -> None:
    """Let `app` send mails in the way that its settings name."""
    Mail(app)


def subject_header(subject: str) -> Header:
    """Return a subject that begins on the first line of its header, however long it is."""
    # What has no blank to be folded at, or looks like an encoded word itself, is encoded as well.
    longest = max(map(len, subject.split()), default=0)
    simple = subject.isascii() and "=?" not in subject and longest < 60
    return Header(subject, "us-ascii" if simple else "utf-8", header_name="Subject")


class _Mail(EmailMessage):
    """A mail as Flask-Mailman makes it, but for its subject.

    Flask-Mailman encodes the subject as if its name took no place in the line; the first line is
    then empty, and some mail programs show no subject at all.
    """

    def message(self) -> Message:
        """Return the mail as it is sent."""
        made: Message = super().message()
        # The types of the standard library know strings only, its documentation headers as well.
        made.replace_header("Subject", subject_header(self.subject))  # type: ignore[arg-type]
        return made


# What one round sends at most, so that the rest of the job worker's work is not kept waiting.
ROUND = 50
# Answers of a server that is there and refuses this mail; others may still leave.
_REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


def deliver_due() -> int:
    """Send what is due and return how many messages left; call it in an application context.

    Several may do so at one moment: each message is claimed by one of them. When the server does
    not answer, the rest waits for the next round.
    """
    left = 0
    for _number in range(ROUND):
        waiting = queries.is_any_due(db.session, clock.now())
        db.session.rollback()
        if not waiting:  # Otherwise no writer has to wait for this.
            break
        with transaction() as session:
            number = operations.claim(session, clock.now())
        if number is None:
            break
        failure = _deliver(number)
        left += failure is None
        if failure is not None and not isinstance(failure, _REFUSALS):
            break
    return left


def _deliver(number: int) -> Exception | None:
    """Send a message that was claimed; return what the mail server raised, if it did."""
    message = db.session.get_one(OutboxMessage, number)
    mail = _Mail(
        subject=message.subject,
        body=body_to_send(message, clock.now()),
        to=[message.goes_to],
        headers={"Message-ID": message.message_id},
    )
    # A mail server may hang for its whole time limit: no lock is held meanwhile. If the process
    # dies between sending and noting it, the message leaves again with the same Message-ID.
    db.session.rollback()
    failure: Exception | None = None
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        failure = error
    with transaction() as session:
        # The pulse waits in the same queue as the mails of a burst: whoever sends them is not
        # silent.
        alarms.beat(session, current_app.config["HOST_NAME"], clock.now())
        sent = session.get(OutboxMessage, number)
        if sent is None:  # Its reader was erased meanwhile, and their mails with them.
            return failure
        if failure is None:
            operations.mark_sent(sent, clock.now())
        else:
            work = UnitOfWork(session, SYSTEM, clock.now())
            operations.mark_failed(work, sent, f"{type(failure).__name__}: {failure}")
    return failure
