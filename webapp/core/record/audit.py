"""The audit log: who did what to which thing, when, from where and why.

Events are appended in the transaction of the change they tell of, and sealed into a hash chain just
before it commits: each event's hash covers its content and the hash before it, so that a line
changed, removed or inserted later is found by `verify`. Triggers made by the migrations refuse
UPDATE and DELETE. No secret, no text of a profile and nothing that people write about people
belongs in an event: of a reason it holds the kind and the number of its row (`reasons.py`).

Who has the database alone could still write the whole chain anew. Therefore its head is signed with
a key that the database does not know, and published (audit_log/publishing.py): the signature finds
a chain that was written without the key, a published head one that was cut back to an older end.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from flask import current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core.db import Base
from webapp.core.record.actions import Action
from webapp.core.record.reasons import REFERENCE, Reason, as_written_before, get_all
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import gettext

log = logging.getLogger(__name__)

# Sent by each event with `work` and its `subject`, in the transaction of the change: who keeps
# beside their own rows what the log says of these listens.
recorded = Signal()

PENDING = "audit_events"
GENESIS = "0" * 64


_LINKS: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sa.text("action = 'password link asked for'")
)


class AuditEvent(Base):
    """One line of the log. `request_id` ties it to a request for expertise's timeline."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(None, "subject", "subject_id"),
        sa.Index(None, "actor_id", "at"),
        # The job worker looks for them after each change of anything.
        sa.Index("ix_audit_event_password_links_asked", "at", **_LINKS),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    role: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str | None] = mapped_column(sa.String(64))
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(64))
    subject_id: Mapped[int | None]
    request_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)

    def digest(self) -> str:
        """Return the SHA-256 over the event's content and the hash before it, in hexadecimal."""
        content = [
            self.id, self.at.isoformat(), self.actor_id, self.role, self.address, self.action,
            self.subject, self.subject_id, self.request_id, self.reason, self.details,
            self.previous,
        ]  # fmt: skip
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


class AuditHead(Base):
    """The one row that orders the chain: its lock is taken last and held only until the commit."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    signature: Mapped[str] = mapped_column(sa.String(64), default="", server_default=sa.text("''"))

    def is_signed(self) -> bool:
        """Tell whether the head was written by somebody who has the key."""
        return hmac.compare_digest(self.signature, self._signed())

    def sign(self) -> None:
        """Sign the head as it is now."""
        self.signature = self._signed()

    def _signed(self) -> str:
        key: str = current_app.config["AUDIT_KEY"]
        text = f"{self.event_id}:{self.hash}"
        return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def record(
    work: UnitOfWork,
    action: str,
    subject: Base | type[Base],
    *,
    request_id: int | None = None,
    reason: Reason | None = None,
    **details: Any,
) -> AuditEvent:
    """Note what was done to `subject`; it is written when the transaction commits.

    `action` is an `Action`, or what a workflow calls the step. A class of things is the `subject`
    of what concerns none of them, such as the sign-in of somebody who has no account. Of a `reason`
    the event holds the kind and the number: its text can be removed, an event cannot.
    """
    if reason is not None:
        details[REFERENCE] = reason.id
    event = AuditEvent(
        at=work.now,
        actor_id=work.actor.id,
        role=work.actor.role,
        address=work.actor.address,
        action=str(action),
        subject=subject.__tablename__,
        request_id=request_id,
        reason=reason.kind.value if reason else "",
        details=details,
    )
    work.session.info.setdefault(PENDING, []).append((event, subject))
    recorded.send(event, work=work, subject=subject)
    return event


def forget(session: Session) -> None:
    """Drop the events of a transaction that will not commit."""
    session.info.pop(PENDING, None)


def seal(session: Session) -> int:
    """Write the waiting events at the end of the chain and return how many there were."""
    waiting: Sequence[tuple[AuditEvent, Base | type[Base]]] = session.info.pop(PENDING, [])
    if not waiting:
        return 0
    head = session.execute(
        sa.select(AuditHead).where(AuditHead.id == 1).with_for_update()
    ).scalar_one()
    signed = head.is_signed()
    for event, subject in waiting:
        head.event_id += 1
        event.id = head.event_id
        event.subject_id = None if isinstance(subject, type) else getattr(subject, "id", None)
        event.previous = head.hash
        event.hash = head.hash = event.digest()
        session.add(event)
    if signed:
        head.sign()
    else:
        # Our signature would make a chain sound that somebody else has written. Work goes on, and
        # every verification says so until somebody has looked into it.
        log.error("the head of the audit log was not signed with this installation's key")
    session.flush()
    return len(waiting)


def verify(session: Session) -> list[str]:
    """Walk the whole chain and return a sentence for each fault; an empty list is a sound log."""
    faults = []
    previous, expected = GENESIS, 1
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id).execution_options(
        yield_per=500
    ))  # fmt: skip
    for event in events:
        if event.id != expected:
            faults.append(gettext("audit event %(number)s is missing", number=expected))
        if event.previous != previous:
            faults.append(
                gettext("audit event %(number)s does not follow the one before it", number=event.id)
            )
        if event.hash != event.digest():
            faults.append(
                gettext("audit event %(number)s was changed after it was written", number=event.id)
            )
        previous, expected = event.hash, event.id + 1
    head = session.get(AuditHead, 1)
    if head is None or (head.event_id, head.hash) != (expected - 1, previous):
        faults.append(gettext("the end of the audit log does not agree with its head"))
    elif not head.is_signed():
        faults.append(
            gettext("the end of the audit log is not signed with the key of this installation")
        )
    return faults


def get_head(session: Session) -> tuple[int, str]:
    """Return the number and the hash of the latest event, which stand for the whole log."""
    head = session.get_one(AuditHead, 1)
    return head.event_id, head.hash


def verify_head(session: Session, number: int, digest: str) -> list[str]:
    """Return a sentence if an event that was published as the latest is not in the log any more."""
    event = session.get(AuditEvent, number)
    if number == 0 or (event is not None and event.hash == digest):
        return []
    return [
        gettext(
            "audit event %(number)s is not the one that was published: the log was written anew or"
            " cut off",
            number=number,
        )
    ]


def sign_anew(work: UnitOfWork) -> None:
    """Sign the log as it is, and note that: after a key was lost, or a fault was looked into."""
    head = work.session.get_one(AuditHead, 1)
    head.sign()
    record(work, Action.LOG_SIGNED, AuditHead, event=head.event_id, hash=head.hash)


def events_of_request(session: Session, request_id: int) -> Sequence[AuditEvent]:
    """Return the events of one request for expertise, oldest first."""
    found = sa.select(AuditEvent).where(AuditEvent.request_id == request_id)
    return session.scalars(found.order_by(AuditEvent.id)).all()


def last_steps(session: Session, subject: str, numbers: Collection[int]) -> dict[int, datetime]:
    """Return, by number, when the last step of a workflow was taken with these things."""
    rows = session.execute(
        sa.select(AuditEvent.subject_id, sa.func.max(AuditEvent.at))
        .where(
            AuditEvent.subject == subject,
            AuditEvent.subject_id.in_(numbers),
            AuditEvent.action.startswith(f"{subject}: "),
        )
        .group_by(AuditEvent.subject_id)
    )
    return {number: at for number, at in rows if number is not None}


def reasons_of(session: Session, events: Iterable[AuditEvent]) -> dict[int, Reason]:
    """Return the reasons of those events that have one, by the number of the event.

    Events that are older than the table of reasons hold a text themselves.
    """
    given = [event for event in events if event.reason]
    rows = get_all(session, {event.details.get(REFERENCE, 0) for event in given})
    found = {
        event.id: rows.get(event.details[REFERENCE])
        if REFERENCE in event.details
        else as_written_before(event.reason)
        for event in given
    }
    return {number: reason for number, reason in found.items() if reason}
