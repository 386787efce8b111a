"""The outbox: notices become rows, and rows become mails, at least once each."""

import logging
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

import jinja2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import notices
from webapp.core.text_rules import shortened
from webapp.messages.models import OutboxMessage

log = logging.getLogger(__name__)

# After the last of these a message waits for a person: the queue page shows it as stuck.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))

# Mails are plain text: nothing in them is markup, so nothing is escaped.
_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("webapp.messages", "templates/messages"),
    autoescape=False,  # noqa: S701
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
SIGN_OFF = """
SEESAC, for the Regional Security Sector Reform Platform

This mail was sent because you have an account on the platform. It holds no more than it must."""
_settings: dict[str, str] = {"url": "", "domain": "example.org"}


def configure(url: str, sender: str) -> None:
    """Set, from configuration, the address that links begin with and the sender of mails."""
    _settings.update(url=url.rstrip("/"), domain=sender.rpartition("@")[2])


@notices.send_by
def queue(
    session: Session, account_id: int, kind: str, now: datetime, context: dict[str, Any]
) -> None:
    """Write the notice `kind` into the outbox: its first line is the subject, the rest the body."""
    text = _templates.get_template(f"{kind}.txt").render(
        url=_settings["url"], sign_off=SIGN_OFF, **context
    )
    subject, _, body = text.partition("\n")
    session.add(
        OutboxMessage(
            account_id=account_id,
            message_id=make_msgid(domain=_settings["domain"]),
            # A line break in a title must not become a header of its own.
            subject=shortened(" ".join(subject.split()), 250),
            body=body.lstrip("\n"),
            created_at=now,
            due_at=now,
        )
    )


def due(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Return the ids of messages that are to leave now, oldest first."""
    return list(
        session.scalars(
            sa.select(OutboxMessage.id)
            .where(OutboxMessage.sent_at.is_(None), OutboxMessage.due_at <= now)
            .where(OutboxMessage.attempts <= len(RETRIES))
            .order_by(OutboxMessage.id)
            .limit(limit)
        )
    )


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    """Note that the mail server took the message."""
    message.sent_at, message.attempts, message.last_error = now, message.attempts + 1, ""


def mark_failed(message: OutboxMessage, error: str, now: datetime) -> None:
    """Note a failed try and when to try again."""
    wait = RETRIES[min(message.attempts, len(RETRIES) - 1)]
    message.attempts, message.due_at, message.last_error = message.attempts + 1, now + wait, error
    log.warning("message %s did not leave (try %s): %s", message.id, message.attempts, error)
