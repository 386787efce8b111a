"""Publishing the head of the log: it stands for all events before it, outside the database.

Who has the database can bring back an older end of the log together with the signature that was
good for it. A head that was published before, in a file and by mail, is then not in the log.
"""

import logging
import os
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import current_app
from flask_mailman import EmailMessage
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db, read_one_moment
from webapp.core.record import audit
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import gettext
from webapp.messages import operations as messages
from webapp.messages.queries import find_said

log = logging.getLogger(__name__)

_MAILED = "audit head by mail:{day}"


@dataclass(frozen=True)
class Head:
    """The latest event of the log, as it was on a day."""

    day: date
    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.day} {self.number}:{self.hash}"


def parse_head(text: str) -> tuple[int, str]:
    """Return the number and the hash of NUMBER:HASH; ValueError if it is something else."""
    number, colon, digest = text.strip().partition(":")
    if not colon or len(digest) != 64:
        raise ValueError(f"{text!r} is no head of the log, which is NUMBER:HASH")
    return int(number), digest


def read_heads(path: Path) -> list[Head]:
    """Return the heads that were published, oldest first; ValueError for a line that is none."""
    if not path.exists():
        return []
    # A line without an end was cut off as it was written; the next day's head stands for it, too.
    lines = path.read_text("ascii").split("\n")[:-1]
    return [
        Head(date.fromisoformat(day), *parse_head(head))
        for day, _blank, head in (line.partition(" ") for line in lines)
    ]


def verify_published(session: Session, path: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each published head that is not part of the log any more."""
    path = path or _file()
    try:
        heads = read_heads(path)
    except ValueError as error:
        yield gettext("the heads of the audit log in %(path)s cannot be read: %(error)s",
                      path=path, error=error)  # fmt: skip
        return
    for head in heads:
        yield from audit.verify_head(session, head.number, head.hash)


def verify_log(path: Path | None = None) -> list[str]:
    """Return a sentence for each fault of the log as it is at one moment, published heads included.

    What was published is read first: a head that is published meanwhile is not of this moment.
    """
    read_one_moment()
    return [*verify_published(db.session, path), *audit.verify(db.session)]


def publish_due() -> None:
    """Publish the head of today, if that was not done; call it in an application context."""
    today = clock.today()
    heads = read_heads(_file())
    if heads and heads[-1].day >= today:
        latest = heads[-1]
    else:
        latest = Head(today, *audit.get_head(db.session))
        # No lock is held while a mail server takes its time.
        db.session.rollback()
        _append(_file(), f"{latest}\n")
    _send(latest)


def _append(path: Path, line: str) -> None:
    """Write a line at the end of a file and onto the disk, in the place of one that was cut off."""
    with path.open("ab+") as file:
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        if whole < file.tell():
            file.truncate(whole)
        file.write(line.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def _send(head: Head) -> None:
    addresses: list[str] = current_app.config["AUDIT_HEAD_MAIL"]
    if not addresses or not _claim(head.day):
        return
    text = gettext(
        "Keep this line. The command “flask audit-verify --head” tells with it whether the audit"
        " log still holds everything that was in it on this day:"
    )
    mail = EmailMessage(
        subject=gettext("Audit log of %(day)s", day=head.day.isoformat()),
        body=f"{text}\n\n{head.number}:{head.hash}\n",
        to=addresses,
    )
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        # The file has it, and the next run tries again.
        log.warning("the head of the audit log did not leave by mail: %s", type(error).__name__)
        with transaction() as session:
            messages.unsay(session, _MAILED.format(day=head.day))


def _claim(day: date) -> bool:
    """Tell whether this job worker is the one that sends the head of a day.

    It is noted before the mail leaves, or each host would send one. What is lost with a worker that
    dies meanwhile is made up for by the next day, whose head stands for all events before it.
    """
    key = _MAILED.format(day=day)
    known = find_said(db.session, [key])
    db.session.rollback()
    if known:
        return False
    with transaction() as session:
        return messages.say_once(UnitOfWork(session, SYSTEM, clock.now()), key)


def _file() -> Path:
    return Path(current_app.config["AUDIT_HEADS_FILE"])
