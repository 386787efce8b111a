"""The outbox: notices become rows, and rows become mails, at least once each."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.language import in_language
from webapp.core.text_rules import shortened
from webapp.core.translation import Message, Words, _, gettext
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflow import Mail
from webapp.messages.models import OutboxMessage

log = logging.getLogger(__name__)

# After the last of these a message waits for a person: the queue page shows it as stuck.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))

SIGN_OFF = _("SEESAC, for the Regional Security Sector Reform Platform")
WHY_SENT = _(
    "This mail was sent because you have an account on the platform. It holds no more than it must."
)
_settings: dict[str, str] = {"url": "", "domain": "example.org"}


def configure(url: str, sender: str) -> None:
    """Set, from configuration, the address that links begin with and the sender of mails."""
    _settings.update(url=url.rstrip("/"), domain=sender.rpartition("@")[2])


@dataclass(frozen=True)
class Letter:
    """What a mail says: a sentence, what it is about in lines of its own, why, and where to go.

    `path` is the page that its link leads to.
    """

    subject: Message
    text: Message
    about: Sequence[str | Words]
    path: str
    reason: str | Words = ""

    def body(self, name: str) -> str:
        """Return the mail as plain text, in the current language, to the person of this name."""
        lines = [line for line in map(str, self.about) if line]
        parts = [
            gettext("Dear %(name)s,", name=name),
            str(self.text),
            "\n".join(f"  {line}" for line in lines),
            gettext("The reason given: %(reason)s", reason=self.reason) if self.reason else "",
            f"{_settings['url']}{self.path}",
            str(SIGN_OFF),
            str(WHY_SENT),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def send(
    work: UnitOfWork,
    account_id: int | None,
    mail: Mail[Any],
    facts: Mapping[str, Any],
    *,
    about: Sequence[str | Words],
    path: str,
    reason: str | Words,
) -> None:
    """Queue the mail of a step; `facts` fill its texts, and `path` is where it leads by itself."""
    letter = Letter(
        mail.subject % facts,
        mail.text % facts,
        about,
        (mail.path or path) % facts,
        reason if mail.gives_reason else "",
    )
    queue(work, account_id, letter)


def queue(work: UnitOfWork, account_id: int | None, letter: Letter) -> None:
    """Write a mail to the person of `account_id`, if there is one, into the outbox.

    It is in the language that the person has set, and leaves only if the transaction commits.
    """
    if account_id is None:
        return
    account = work.session.get_one(Account, account_id)
    with in_language(account.language):
        # A line break in a title must not become a header of its own.
        subject = shortened(" ".join(str(letter.subject).split()), 250)
        body = letter.body(account.name)
    work.session.add(
        OutboxMessage(
            account_id=account_id,
            message_id=make_msgid(domain=_settings["domain"]),
            subject=subject,
            body=body,
            created_at=work.now,
            due_at=work.now,
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
