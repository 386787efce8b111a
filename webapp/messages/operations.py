"""The outbox: notices become rows, and rows become mails, at least once each."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core import ciphers
from webapp.core.language import in_language
from webapp.core.text_rules import shortened
from webapp.core.translation import Message, Words, _, gettext
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflow import Mail
from webapp.messages.models import OutboxMessage

log = logging.getLogger(__name__)

# After the last of these a message waits for a person: the queue page shows it as stuck.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))

LONGEST_WAIT = timedelta(days=7)

SIGN_OFF = _("SEESAC, for the Regional Security Sector Reform Platform")
WHY_SENT = _(
    "This mail was sent because you have an account on the platform. It holds no more than it must."
)
_settings: dict[str, str] = {"url": "", "domain": "example.org"}
_secrets: list[str] = []
# In a mail that waits, this stands for a link that lets its reader in.
LINK_PLACE = "{link}"
PURPOSE = "link of a mail that waits"


def configure(url: str, sender: str, secrets: Iterable[str]) -> None:
    """Set, from configuration, where links lead, who sends mails, and what hides secret links."""
    _settings.update(url=url.rstrip("/"), domain=sender.rpartition("@")[2])
    _secrets[:] = secrets


@dataclass(frozen=True)
class Letter:
    """What a mail says: a sentence, what it is about in lines of its own, why, and where to go.

    `path` is the page that its link leads to. A `secret` one lets its reader in: it is encrypted
    while the mail waits, and forgotten as soon as it has left.
    """

    subject: Message
    text: Message
    about: Sequence[str | Words]
    path: str
    reason: str | Words = ""
    secret: bool = False

    def body(self, name: str) -> str:
        """Return the mail as plain text, in the current language, to the person of this name."""
        lines = [line for line in map(str, self.about) if line]
        parts = [
            gettext("Dear %(name)s,", name=name),
            str(self.text),
            "\n".join(f"  {line}" for line in lines),
            gettext("The reason given: %(reason)s", reason=self.reason) if self.reason else "",
            LINK_PLACE if self.secret else f"{_settings['url']}{self.path}",
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


def queue(
    work: UnitOfWork, account_id: int | None, letter: Letter, *, address: str | None = None
) -> None:
    """Write a mail to the person of `account_id`, if there is one, into the outbox.

    It is in the language that the person has set, goes to their own address unless another is
    given, and leaves only if the transaction commits.
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
            address=address,
            message_id=make_msgid(domain=_settings["domain"]),
            subject=subject,
            body=body,
            secret_link=_hidden(letter.path, work.now) if letter.secret else None,
            created_at=work.now,
            due_at=work.now,
        )
    )


def _hidden(path: str, now: datetime) -> bytes:
    link = f"{_settings['url']}{path}"
    return ciphers.encrypt(link, secrets=_secrets, purpose=PURPOSE, now=now)


def body_to_send(message: OutboxMessage, now: datetime) -> str:
    """Return the text of a mail as it leaves, with the link that was hidden until now."""
    if message.secret_link is None:
        return message.body
    link = ciphers.decrypt(
        message.secret_link,
        secrets=_secrets,
        purpose=PURPOSE,
        now=now,
        lifetime=LONGEST_WAIT,
    )
    return message.body.replace(LINK_PLACE, link or _settings["url"])


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
    message.secret_link = None


def mark_failed(message: OutboxMessage, error: str, now: datetime) -> None:
    """Note a failed try and when to try again."""
    wait = RETRIES[min(message.attempts, len(RETRIES) - 1)]
    message.attempts, message.due_at, message.last_error = message.attempts + 1, now + wait, error
    log.warning("message %s did not leave (try %s): %s", message.id, message.attempts, error)
