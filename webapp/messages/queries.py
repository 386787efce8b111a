"""Named selects of notices and of the outbox; a notice is found by its reader alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.db import is_one
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.portions import ROWS
from webapp.core.record.disclosure import Person, is_one_of
from webapp.core.words.translation import _
from webapp.messages.letters import OWN_ACCOUNT
from webapp.messages.models import JobWorker, Notice, NoticePerson, OutboxMessage, SaidOnce
from webapp.messages.rules import KEPT_HOSTS, KEPT_NOTICES, KEPT_SAYINGS, RETRIES

PER_PAGE = 25
_GIVEN_UP = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.attempts > len(RETRIES))
_WAITING = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.attempts <= len(RETRIES))


def of_own_account() -> sa.ColumnElement[bool]:
    """Return the condition that a notice tells its reader of their own account."""
    return Notice.path.like(f"{OWN_ACCOUNT}/%") | (Notice.path == OWN_ACCOUNT)


def left_behind() -> sa.ColumnElement[bool]:
    """Return the condition that a notice was begun before its reader lost a role or left an
    organisation.

    Those that could be seen were deleted with that. One that was being written could not, and is
    left out wherever notices are read.
    """
    of_reader = sa.select(Account.place_left_at).where(Account.id == Notice.account_id)
    left = of_reader.correlate(Notice).scalar_subquery()
    return sa.and_(left.is_not(None), Notice.created_at < left, ~of_own_account())


def _readable(account_id: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.account_id == account_id, ~left_behind())


def list_notices(session: Session, actor: Actor, number: int) -> Page[Notice]:
    """Return a page of this person's own notices, newest first."""
    chosen = sa.select(Notice).where(_readable(actor.id)).order_by(Notice.id.desc())
    return get_page(session, chosen, number, size=PER_PAGE)


def get_notice(session: Session, actor: Actor, notice_id: int) -> Notice:
    """Return a notice of this person's own."""
    chosen = sa.select(Notice).where(Notice.id == notice_id, _readable(actor.id))
    notice = session.scalars(chosen).first()
    if notice is None:
        raise NotFoundError(_("There is no such notice."))
    return notice


def count_unread(session: Session, account_id: int) -> int:
    """Return how many notices a person has not opened yet."""
    return _count(session, _readable(account_id), Notice.read_at.is_(None))


def find_newest(session: Session, account_id: int) -> int:
    """Return the id of a person's newest notice, or 0."""
    return session.scalar(
        sa.select(sa.func.max(Notice.id)).where(Notice.account_id == account_id)
    ) or 0  # fmt: skip


def names(people: Collection[Person]) -> sa.ColumnElement[bool]:
    """Return the condition that a row says of a notice that it names one of these people."""
    return is_one_of(people, NoticePerson.person_table, NoticePerson.person_id)


def list_naming(session: Session, people: Collection[Person]) -> Sequence[Notice]:
    """Return the notices that name one of these people, and those of which it is not noted whom.

    These are few, and soon noted (decision 132).
    """
    noted = sa.select(NoticePerson.notice_id).where(names(people))
    unnoted = sa.select(Notice.id).where(~Notice.people_noted)
    chosen = Notice.id.in_(sa.union_all(noted, unnoted))
    return session.scalars(sa.select(Notice).where(chosen).order_by(Notice.id)).all()


def unnoted(most: int) -> sa.Select[Notice]:
    """Return the select of notices of which it is not noted whom they name, oldest first."""
    return sa.select(Notice).where(~Notice.people_noted).order_by(Notice.id).limit(most)


def is_any_unnoted(session: Session, _now: datetime) -> bool:
    """Tell whether there is a notice of which it is not noted whom it names."""
    return session.scalar(sa.select(Notice.id).where(~Notice.people_noted).limit(1)) is not None


def list_digests(session: Session, *, only: int | None = None) -> Sequence[tuple[Account, int]]:
    """Return whoever has notices for a daily mail, and how many; all, or one if they have some."""
    rows = session.execute(
        sa.select(Account, sa.func.count())
        .join(Notice, Notice.account_id == Account.id)
        .where(is_one(Account.id, only), Notice.for_digest, ~left_behind())
        .group_by(Account.id)
        .order_by(Account.id)
    )
    return [(account, count) for account, count in rows]


def find_said(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of the keys that were said."""
    said: set[str] = set()
    # After an import of thousands there are more keys than a statement takes.
    for first in range(0, len(keys), ROWS):
        some = SaidOnce.key.in_(keys[first : first + ROWS])
        said.update(session.scalars(sa.select(SaidOnce.key).where(some)))
    return said


def when_said(session: Session, keys: Sequence[str]) -> dict[str, datetime]:
    """Return those of the keys that were said, with when that was."""
    rows = session.execute(sa.select(SaidOnce.key, SaidOnce.at).where(SaidOnce.key.in_(keys)))
    return dict(rows.all())


def due(now: datetime) -> sa.Select[int]:
    """Return the select of messages that are to leave now and that nobody sends, oldest first,
    but for urgent ones, which wait behind no burst of others."""
    free = sa.or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now)
    return (
        sa.select(OutboxMessage.id)
        .where(_WAITING, OutboxMessage.due_at <= now, free)
        .order_by(OutboxMessage.urgent.desc(), OutboxMessage.id)
    )


def is_any_due(session: Session, now: datetime) -> bool:
    """Tell whether a message is to leave now."""
    return session.scalar(due(now).limit(1)) is not None


def list_given_up(session: Session, number: int) -> Page[OutboxMessage]:
    """Return a page of the messages that failed for good, newest first."""
    chosen = (
        sa.select(OutboxMessage)
        .where(_GIVEN_UP)
        .options(selectinload(OutboxMessage.account))
        .order_by(OutboxMessage.id.desc())
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def count_given_up(session: Session) -> int:
    """Return how many mails were given up."""
    return _count(session, _GIVEN_UP)


def list_all_given_up(session: Session) -> Sequence[OutboxMessage]:
    """Return all messages that failed for good."""
    return session.scalars(sa.select(OutboxMessage).where(_GIVEN_UP)).all()


def get_message(session: Session, message_id: int) -> OutboxMessage:
    """Return a message of the outbox for an administrator."""
    message = session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFoundError(_("There is no such mail."))
    return message


@dataclass(frozen=True)
class Figures:
    """How the outbox stands; `oldest` is since when the mail waits that has waited longest."""

    waiting: int
    oldest: datetime | None
    tried: int
    last_error: str
    given_up: int
    sent_today: int
    notices: int
    database_bytes: int


def get_figures(session: Session, now: datetime) -> Figures:
    """Return how the outbox and the database stand."""
    # One that is written for a later moment waits from then on.
    waiting = (_WAITING, OutboxMessage.created_at <= now)
    failing = sa.select(OutboxMessage.last_error).where(_WAITING, OutboxMessage.last_error != "")
    return Figures(
        waiting=_count(session, *waiting),
        oldest=session.scalar(sa.select(sa.func.min(OutboxMessage.created_at)).where(*waiting)),
        tried=_count(session, _WAITING, OutboxMessage.attempts > 0),
        last_error=session.scalar(failing.order_by(OutboxMessage.id.desc()).limit(1)) or "",
        given_up=count_given_up(session),
        sent_today=_count(session, OutboxMessage.sent_at > now - timedelta(days=1)),
        notices=_count(session, Notice.id.is_not(None)),
        database_bytes=_database_bytes(session),
    )


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).where(*conditions)) or 0


def _database_bytes(session: Session) -> int:
    sizes = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    return session.scalar(sa.text(sizes[session.get_bind().dialect.name])) or 0


def list_job_workers(session: Session) -> list[JobWorker]:
    """Return the job worker of each host that has one, by the names of the hosts."""
    return list(session.scalars(sa.select(JobWorker).order_by(JobWorker.host)))


def is_old_mail(old: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a mail left before a moment, or was to leave then and never did."""
    never = OutboxMessage.sent_at.is_(None) & (OutboxMessage.due_at <= old)
    return (OutboxMessage.sent_at <= old) | never


def count_old_mails(session: Session, now: datetime) -> int:
    """Return how many mails were kept long enough."""
    chosen = sa.select(sa.func.count()).select_from(OutboxMessage)
    return session.scalar(chosen.where(is_old_mail(now - KEPT_NOTICES))) or 0


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether a notice was left behind, or it, a mail, a key or the silence of a host is older
    than it may be."""
    old = now - KEPT_NOTICES
    found = sa.union_all(
        sa.select(sa.literal(1)).where(Notice.created_at <= old),
        sa.select(sa.literal(1)).where(left_behind()),
        sa.select(sa.literal(1)).where(is_old_mail(old)),
        sa.select(sa.literal(1)).where(SaidOnce.at <= now - KEPT_SAYINGS),
        sa.select(sa.literal(1)).where(JobWorker.at <= now - KEPT_HOSTS),
    )
    return session.scalar(found.limit(1)) is not None
