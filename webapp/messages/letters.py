"""Letters: what somebody is told, as a notice on the platform and as a mail.

Mails travel unencrypted to mailboxes of ministries and police. A mail therefore says no more than
the letter's subject, until when an answer is awaited, and a link; whom and what it is about stands
in the notice, behind the sign-in.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from webapp.core import ciphers
from webapp.core.record.reasons import Reason
from webapp.core.record.stored_words import pack
from webapp.core.words.text_rules import shortened
from webapp.core.words.translation import Message, Words, _, _n, gettext
from webapp.messages.models import OutboxMessage

SIGN_OFF = _("SEESAC, for the Regional Security Sector Reform Platform")
WHY_SENT = _(
    "This mail was sent because you have an account on the platform. It holds no more than it must."
    " On the page of your notices you choose which mails you get."
)
_settings: dict[str, str] = {"url": "", "domain": "example.org"}
_secrets: list[str] = []
# In a mail that waits, this stands for a link that lets its reader in.
LINK_PLACE = "{link}"
PURPOSE = "link of a mail that waits"
LONGEST_WAIT = timedelta(days=7)
NOTICES_PAGE = "/notices"
# What is told of somebody's own account leads to one of these pages.
OWN_ACCOUNT = "/account"


class Mailing(enum.Enum):
    """Whether a letter leaves by mail, too."""

    BY_CHOICE = "as its reader has chosen"
    # What concerns their own password and sign-in: on the platform it would be read too late, so
    # the mail says it in full.
    ALWAYS = "in any case"
    # What tells that mails do not leave.
    NEVER = "not at all"


@dataclass(frozen=True)
class Letter:
    """What somebody is told.

    `subject` is the sentence of the mail and names at most a reference. `text`, what it is `about`
    in lines of its own, and the `reason` are read in the notice alone. `path` is the page that both
    lead to. A `secret` one lets its reader in: it is in the mail alone, encrypted while that waits,
    and forgotten as soon as it has left. So is a `mail_path`, to which the mail leads instead of
    `path`, that its reader can answer there without signing in. `why` says why its reader gets it.
    An `enclosed` question stands below that and can be answered at the `mail_path`.
    An `urgent` mail waits behind no others: its reader sits before the screen, or their account is
    in danger.
    """

    subject: Message
    text: Message
    path: str
    about: Sequence[str | Words] = ()
    reason: Reason | None = None
    reply_by: date | None = None
    mailing: Mailing = Mailing.BY_CHOICE
    secret: bool = False
    why: Message = WHY_SENT
    mail_path: str = ""
    urgent: bool = False
    enclosed: Message | None = None

    @property
    def hidden_path(self) -> str:
        """Return where the mail leads if that lets its reader in, else nothing."""
        return self.path if self.secret else self.mail_path

    def subject_line(self) -> str:
        """Return the subject in the current language, on one line."""
        # A line break in it must not become a header of its own.
        return shortened(" ".join(str(self.subject).split()), 250)

    def mail_body(self, contact: str = "") -> str:
        """Return the mail as plain text, in the current language; it ends with the address to which
        its reader can write, if there is one."""
        in_full = self.mailing is Mailing.ALWAYS
        by = gettext("Please answer by %(day)s.", day=self.reply_by) if self.reply_by else ""
        if self.mail_path and not self.enclosed:
            more = gettext(
                "This link shows what it is about and takes one answer, without signing in. Please"
                " pass it on to nobody:"
            )
        else:
            more = gettext("What it is about you read on the platform, after signing in:")
        parts = [
            gettext("Good day,"),
            str(self.text if in_full else self.subject),
            by,
            "" if in_full else more,
            *self._addresses(),
            f"{SIGN_OFF}\n{contact}".strip(),
            str(self.why),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _addresses(self) -> list[str]:
        """Return where the mail leads."""
        page = f"{_settings['url']}{self.path}"
        if self.enclosed:
            return [page, str(self.enclosed), LINK_PLACE]
        return [LINK_PLACE if self.hidden_path else page]

    def words(self) -> dict[str, Any]:
        """Return the texts of the notice as they are stored."""
        return {
            "subject": pack(self.subject),
            "text": pack(self.text),
            "about": [pack(line) for line in self.about],
        }


def configure(url: str, sender: str, secrets: Iterable[str]) -> None:
    """Set, from configuration, where links lead, who sends mails, and what hides secret links."""
    _settings.update(url=url.rstrip("/"), domain=sender.rpartition("@")[2])
    _secrets[:] = secrets


def sender_domain() -> str:
    """Return the part of the sender's address after the @, for the names of messages."""
    return _settings["domain"]


@dataclass(frozen=True)
class Enclosed:
    """A question of a daily mail that is answered by a link of its own, and where that leads."""

    words: Message
    path: str


def digest(count: int, question: Enclosed | None = None) -> Letter:
    """Return the daily mail of somebody who has this number of new notices."""
    subject = _n(
        "%(num)s new notice waits for you on the platform",
        "%(num)s new notices wait for you on the platform",
        count,
    )
    if question is None:
        return Letter(subject, subject, NOTICES_PAGE)
    return Letter(subject, subject, NOTICES_PAGE, mail_path=question.path, enclosed=question.words)


def hidden(path: str, now: datetime) -> bytes:
    """Return a link that lets its reader in as it is stored while its mail waits."""
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
