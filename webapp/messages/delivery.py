"""Delivering the outbox: one mail at a time, none while a transaction is open."""

import smtplib
from email.header import Header
from email.message import Message

from flask import Flask
from flask_mailman import EmailMessage, Mail

from webapp.core import clock
from webapp.core.db import db
from webapp.core.transactions import transaction
from webapp.messages import operations
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


def deliver_due() -> int:
    """Send what is due and return how many messages left; call it in an application context."""
    waiting = operations.due(db.session, clock.now())
    db.session.rollback()
    return sum(_deliver(number) for number in waiting)


def _deliver(number: int) -> bool:
    message = db.session.get(OutboxMessage, number)
    if message is None or message.sent_at is not None:
        return False
    mail = _Mail(
        subject=message.subject,
        body=operations.body_to_send(message, clock.now()),
        to=[message.address or message.account.email],
        headers={"Message-ID": message.message_id},
    )
    # A mail server may hang for its whole time limit: no lock is held meanwhile. If the process
    # dies between sending and noting it, the message leaves again with the same Message-ID.
    db.session.rollback()
    error = ""
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as failure:
        error = f"{type(failure).__name__}: {failure}"
    with transaction() as session:
        message = session.get_one(OutboxMessage, number)
        if error:
            operations.mark_failed(message, error, clock.now())
        else:
            operations.mark_sent(message, clock.now())
    return not error
