"""Notices and the outbox: what people are told becomes rows, and rows become mails."""

import logging
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from email.utils import make_msgid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account, MailChoice
from webapp.core import job_runs
from webapp.core.db import insert_into
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Person
from webapp.core.record.reasons import Reason
from webapp.core.record.stored_words import texts_in
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import in_language
from webapp.core.words.translation import Words, _
from webapp.core.workflows.workflow import Mail, Owners, why_not_theirs
from webapp.messages import queries
from webapp.messages.letters import Letter, Mailing, hidden, sender_domain
from webapp.messages.models import JobWorker, Notice, OutboxMessage, SaidOnce
from webapp.messages.rules import (
    APART,
    CLAIM,
    HEALTH_PAGE,
    KEPT_HOSTS,
    KEPT_NOTICES,
    KEPT_SAYINGS,
    NOTED_AT_ONCE,
    RETRIES,
    is_given_up,
    number_of_answer,
)
from webapp.platform_settings.queries import get_contact_address

log = logging.getLogger(__name__)
# Under this a session keeps who has left a place, until that is committed.
_LEFT = "places left"


def send(
    work: UnitOfWork,
    account_ids: Iterable[int | None],
    mail: Mail[Any],
    facts: Mapping[str, Any],
    *,
    path: str,
    about: Sequence[str | Words] = (),
    reason: Reason | None = None,
    reply_by: date | None = None,
    mail_path: str = "",
) -> None:
    """Tell these people of a step, each once.

    `facts` fill the text, and `path` is where it leads by itself. The subject, which leaves by
    mail, gets the reference and nothing else. A `mail_path` is a link in the mail alone, for one
    reader.
    """
    letter = Letter(
        mail.subject % {name: facts[name] for name in ("reference",) if name in facts},
        mail.text % facts,
        (mail.path or path) % facts,
        about,
        reason if mail.gives_reason else None,
        reply_by if mail.asks_reply else None,
        mail_path=mail_path,
    )
    for account_id in dict.fromkeys(account_ids):
        queue(work, account_id, letter)


def queue(
    work: UnitOfWork, account_id: int | None, letter: Letter, *, address: str | None = None
) -> None:
    """Tell the person of `account_id`, if there is one: a notice always, a mail if they want it.

    Both are rows, and true only if the transaction commits. The mail is in the language that the
    person has set and goes to their own address unless another is given; the notice is put into
    words when it is read.
    """
    if account_id is None:
        return
    account = work.session.get_one(Account, account_id)
    chosen = letter.mailing is Mailing.BY_CHOICE
    if not letter.secret:
        notice = Notice(
            account_id=account_id,
            created_at=work.now,
            path=letter.path,
            words=letter.words(),
            reason=letter.reason,
            reply_by=letter.reply_by,
            for_digest=chosen and account.mail_choice is MailChoice.DAILY,
        )
        notice.note_people()
        work.session.add(notice)
    at_once = chosen and account.mail_choice is MailChoice.AT_ONCE
    if letter.mailing is Mailing.ALWAYS or (at_once and account.active):
        add_mail(work, account, letter, address=address)


def add_mail(
    work: UnitOfWork, account: Account, letter: Letter, *, address: str | None = None
) -> None:
    """Write a mail into the outbox, in its reader's language."""
    written = _mail(work, letter, account.language, address)
    work.session.add(OutboxMessage(account_id=account.id, **written))


def write_to(
    work: UnitOfWork, address: str, letter: Letter, *, language: str | None = None,
    to: Person | None = None,
) -> None:  # fmt: skip
    """Write a mail to somebody without an account, who may be known by the address alone."""
    written = _mail(work, letter, language, address)
    work.session.add(OutboxMessage(**written, **_columns(to)))


def write_to_many(
    work: UnitOfWork, readers: Mapping[str, Person], letter: Letter, *, begin: datetime
) -> None:
    """Write one mail to many without an account, by their addresses; they leave one by one.

    Mails to others leave in between, and no server takes so many at once for a flood.
    """
    rows = []
    for number, (address, to) in enumerate(readers.items()):
        at = begin + number * APART
        rows.append(
            _mail(work, letter, None, address) | _columns(to) | {"created_at": at, "due_at": at}
        )
    if rows:
        work.session.execute(sa.insert(OutboxMessage), rows)


def _columns(to: Person | None) -> dict[str, Any]:
    table, number = to or (None, None)
    return {"person_table": table, "person_id": number}


def _mail(
    work: UnitOfWork, letter: Letter, language: str | None, address: str | None
) -> dict[str, Any]:
    """Return the columns of a mail, put into words."""
    with in_language(language):
        subject = letter.subject_line()
        body = letter.mail_body(get_contact_address(work.session))
    return {
        "address": address,
        "message_id": make_msgid(domain=sender_domain()),
        "subject": subject,
        "body": body,
        "secret_link": hidden(letter.hidden_path, work.now) if letter.hidden_path else None,
        "created_at": work.now,
        "due_at": work.now,
        "urgent": letter.urgent,
    }


def coordinators(work: UnitOfWork, owners: Owners) -> list[int]:
    """Return who is told of a thing as a coordinator, but for the one who acts.

    Whose own it is, or whose organisation's, is told on that side alone, if at all: a coordinator
    who asks would read who is considered and why somebody cannot go (decision 42).
    """
    return [
        person.id
        for person in accounts.list_told(work.session, Role.COORDINATOR)
        if person.id != work.actor.id and not why_not_theirs(person.as_actor(), owners)
    ]


def tell_coordinators(work: UnitOfWork, letter: Letter, owners: Owners) -> None:
    """Tell the coordinators of a thing, as `coordinators` has them."""
    for account_id in coordinators(work, owners):
        queue(work, account_id, letter)


def tell_administrators(work: UnitOfWork, letter: Letter) -> None:
    """Tell all administrators."""
    for account_id in accounts.list_ids(work.session, Role.ADMINISTRATOR):
        queue(work, account_id, letter)


def tell_once(work: UnitOfWork, key: str, letter: Letter) -> bool:
    """Tell the administrators unless somebody has told them already; say whether they were told."""
    told = say_once(work, key)
    if told:
        tell_administrators(work, letter)
    return told


def say_once(work: UnitOfWork, key: str) -> bool:
    """Tell whether `key` may be said now: only the first who asks may, and only if it commits."""
    said = insert_into(SaidOnce, work.session.get_bind()).values(key=key, at=work.now)
    first = said.on_conflict_do_nothing()
    return work.session.scalar(first.returning(SaidOnce.key)) is not None


def unsay(session: Session, key: str) -> None:
    """Let be said again what was announced and then could not be said."""
    session.execute(sa.delete(SaidOnce).where(SaidOnce.key == key))


def mark_read(work: UnitOfWork, notice: Notice) -> None:
    """Note that its reader opened the notice."""
    notice.read_at = notice.read_at or work.now


def mark_all_read(work: UnitOfWork, newest: int) -> None:
    """Note that the actor has read their notices up to the `newest` that they have seen."""
    work.session.execute(
        sa.update(Notice)
        .where(
            Notice.account_id == work.actor.id, Notice.read_at.is_(None), Notice.id <= newest
        )
        .values(read_at=work.now)
    )  # fmt: skip


def forget_place(account: Account, *, work: UnitOfWork) -> None:
    """Delete what somebody was told in a place that they have left, but for their own account.

    It names people and requests of those whose pages they can open no more; what happened stands
    in the log. What others are just writing is known by the moment, which `note_left` moves on to
    when this is committed.
    """
    told = sa.delete(Notice).where(Notice.account_id == account.id, ~queries.of_own_account())
    work.session.execute(told)
    account.place_left_at = work.now
    work.session.info.setdefault(_LEFT, {})[account.id] = work.now


def take_left(session: Session) -> dict[int, datetime]:
    """Return who has left a place in the transaction that was committed, and when it says so."""
    left: dict[int, datetime] = session.info.pop(_LEFT, {})
    return left


def note_left(session: Session, left: Mapping[int, datetime], now: datetime) -> None:
    """Note that people have left their places only now that others can see it: whoever began to
    write a notice before may have counted them among its readers (decision 171)."""
    for number, moment in sorted(left.items()):
        # What was rolled back in between has left nobody behind.
        stands = (Account.id == number) & (Account.place_left_at == moment)
        session.execute(sa.update(Account).where(stands).values(place_left_at=now))


def forget_told_of(session: Session, account_id: int, references: Set[str]) -> None:
    """Delete what somebody was told of some requests, by their references."""
    if not references:
        return
    notices = session.execute(
        sa.select(Notice.id, Notice.words).where(Notice.account_id == account_id)
    )
    gone = [number for number, words in notices if not references.isdisjoint(texts_in(words))]
    session.execute(sa.delete(Notice).where(Notice.id.in_(gone)))


def claim(session: Session, now: datetime) -> int | None:
    """Take the message whose turn it is, for a while, and return its id.

    Of several who send at one moment each gets another one. What whoever took it has not settled
    when the time is over can be taken again: it leaves with the same Message-ID.
    """
    first = queries.due(now).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    return session.scalar(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == first)
        .values(claimed_until=now + CLAIM)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    """Note that the mail server took the message."""
    message.sent_at, message.attempts, message.last_error = now, message.attempts + 1, ""
    message.claimed_until = message.secret_link = None


def mark_failed(work: UnitOfWork, message: OutboxMessage, error: str) -> None:
    """Note a failed try and when to try again; after the last one tell the administrators."""
    # What a server answers names the address, which neither the log nor the page of health tells.
    told = error.partition(":")[0] if number_of_answer(error) else error
    wait = RETRIES[min(message.attempts, len(RETRIES) - 1)]
    message.attempts, message.due_at = message.attempts + 1, work.now + wait
    message.claimed_until, message.last_error = None, error
    if not is_given_up(message):
        log.warning("message %s did not leave (try %s): %s", message.id, message.attempts, told)
        return
    log.error("message %s is given up after %s tries: %s", message.id, message.attempts, told)
    # A server that is down for days fails many at once: they are one task, and one notice a day.
    tell_once(work, f"mail given up:{work.now:%Y-%m-%d}", _GIVEN_UP)


_GIVEN_UP = Letter(
    _("Mails of the platform do not leave"),
    _(
        "At least one mail was refused at every try and is given up. Please see why, mend it, and"
        " let it be tried again."
    ),
    HEALTH_PAGE,
    mailing=Mailing.NEVER,
)


def try_again(work: UnitOfWork, messages: Iterable[OutboxMessage]) -> int:
    """Let messages that were given up be tried again; return how many there were."""
    count = 0
    for message in messages:
        if not is_given_up(message):
            continue
        message.attempts, message.due_at = 0, work.now
        audit.record(work, Action.MAIL_TRIED_AGAIN, message)
        count += 1
    return count


def note_people(session: Session) -> None:
    """Note whom those notices name of which nobody has noted it yet."""
    # Of several hosts each waits for the other, and finds them noted.
    for notice in session.scalars(queries.unnoted(NOTED_AT_ONCE).with_for_update()):
        notice.note_people()


def delete_old(session: Session, now: datetime) -> None:
    """Delete notices that are old or were left behind, mails that have left or
    never will, keys that nobody needs any more, and what is known of hosts that are gone."""
    old = now - KEPT_NOTICES
    gone = (Notice.created_at <= old) | queries.left_behind()
    delete_some(session, Notice, gone)
    delete_some(session, OutboxMessage, queries.is_old_mail(old))
    delete_some(session, SaidOnce, SaidOnce.at <= now - KEPT_SAYINGS)
    for worker in session.scalars(sa.select(JobWorker).where(JobWorker.at <= now - KEPT_HOSTS)):
        forget_host(session, worker)


def forget_host(session: Session, worker: JobWorker) -> None:
    """Forget a host that was taken away; if it comes back, it is known again."""
    job_runs.forget_host(session, worker.host)
    session.delete(worker)
