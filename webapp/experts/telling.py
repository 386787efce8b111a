"""Who is told of what happens to a profile; who has no account is told by telephone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Reason
from webapp.core.record.stored_words import fact_of, pack
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message
from webapp.core.workflows.workflow import NOBODY, Mail, Owners, Recipient
from webapp.experts import letters, rules
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.messages import operations as messages
from webapp.messages import without_account

PATHS = {
    Recipient.EXPERT: "/profile",
    Recipient.COORDINATORS: "/roster/%(expert_id)s",
    Recipient.AUTHORITY: "/officials/%(expert_id)s",
}
# Who is no official of an authority any more has no page for it.
ALL_OFFICIALS = "/officials"


def authority_of(
    work: UnitOfWork, expert: Expert, authority_id: int | None, owners: Owners = NOBODY
) -> list[int]:
    """Return who can answer for an authority about its official, but for the one who acts now."""
    role = Role.NOMINATING_AUTHORITY
    members = accounts.list_members(work.session, role, authority_id)
    able = rules.list_who_answer(
        (one.as_actor() for one in members), {**rules.owners_of(expert), **owners}
    )
    return [one.id for one in able if one.id is not None and one.id != work.actor.id]


def readers_of(
    work: UnitOfWork, expert: Expert, to: Recipient, owners: Owners = NOBODY,
    *, authority_id: int | None,
) -> Sequence[int | None]:  # fmt: skip
    """Return the accounts of those who are told of something about an expert.

    `owners` says whose own it is besides the expert's, if anybody's; `authority_id` which authority
    it concerns, who may be another than that of now.
    """
    if to is Recipient.EXPERT:
        return [rules.account_told(expert)]
    if to is Recipient.AUTHORITY:
        return authority_of(work, expert, authority_id, owners)
    return messages.coordinators(work, {**rules.owners_of(expert), **owners})


def let_be_called(work: UnitOfWork, expert: Expert, what: Message) -> None:
    """Make it a task of the coordinators to tell this by telephone, unless nobody is left to call.

    Of one request an expert is told all in one call, which says what waited to be told before: it
    is another one then, so that nobody notes as told what came in meanwhile. What is told late, as
    of a mission of the past, would be written about the erased anew.
    """
    if expert.state is ExpertState.ERASED:
        return
    said = pack(what)
    waiting = _list_calls(work.session, expert, _about(said))
    before = [
        one for call in waiting for one in (*call.words.get("before", []), call.words["what"])
    ]
    earlier = [one for one in before if one != said]
    words = {"what": said, **({"before": earlier} if earlier else {})}
    since = min((call.since for call in waiting), default=work.now)
    for call in waiting:
        work.session.delete(call)
    work.session.add(PhoneCall(expert_id=expert.id, words=words, since=since))
    work.session.flush()


def _list_calls(session: Session, expert: Expert, about: object) -> list[PhoneCall]:
    """Return the calls to an expert, not made yet, about a request, or with a text."""
    there = session.scalars(
        sa.select(PhoneCall)
        .where(PhoneCall.expert_id == expert.id, PhoneCall.done_at.is_(None))
        .order_by(PhoneCall.id)
    )
    return [call for call in there if _about(call.words["what"]) == about]


def _about(stored: Any) -> object:
    """Return the reference of the request of which a text tells, or the text if of none."""
    return fact_of(stored, "reference") or stored


def note_told(work: UnitOfWork, expert: Expert, reference: str) -> None:
    """Note that a coordinator has talked to an expert about a request, whatever they were to be
    told of it."""
    for call in _list_calls(work.session, expert, reference):
        note_made(work, call)


def note_made(work: UnitOfWork, call: PhoneCall) -> None:
    """Note that a coordinator has made a call."""
    call.done_at, call.done_by = work.now, work.actor.id
    work.session.flush()
    audit.record(work, Action.CALL_DONE, call, expert_id=call.expert_id)


def tell_of_roster(work: UnitOfWork, expert: Expert, by: str) -> None:
    """Tell somebody who was put on the roster by others, by mail or, without one, by telephone."""
    letter = letters.tells_of_roster(by)
    if expert.contact_email:
        messages.write_to(work, expert.contact_email, letter, to=expert.tells_of)
    elif expert.telephone:
        let_be_called(work, expert, letter.subject)


def tell_of_address(work: UnitOfWork, expert: Expert, before: str) -> None:
    """Tell of another e-mail address whoever reads mails to the former one, and those who know the
    expert, once there is a profile to be had by it: whoever is invited there keeps the profile.

    The mail to the former address is nobody's of whom mails are taken back, or go to another
    address: with the next change it would.
    """
    if expert.contact_email == before:
        return
    if before:
        messages.write_to(work, before, letters.tells_former_address())
    if expert.account_id is not None or expert.state in rules.NOT_VETTED:
        return
    for to in (Recipient.AUTHORITY, Recipient.COORDINATORS):
        letter = letters.tells_of_address(Named.of(expert), PATHS[to] % {"expert_id": expert.id})
        for reader in readers_of(work, expert, to, authority_id=expert.authority_id):
            messages.queue(work, reader, letter)


def take_mails_back(expert: Expert, *, work: UnitOfWork) -> None:
    """Let nothing that waits be sent to somebody who has left the roster, or never wanted to be
    there."""
    if expert.state in rules.GONE:
        without_account.call_back(work, [expert.tells_of])


def tell(
    work: UnitOfWork,
    expert: Expert,
    mails: Iterable[Mail[Any]],
    before: Any,
    *,
    reason: Reason | None = None,
    facts: Mapping[str, object] | None = None,
    authority_id: int | None = None,
    their_word: bool = False,
) -> None:
    """Tell those of a step that leaves the state `before` whom its table names.

    What concerns another authority than that of now, `authority_id`, it is told instead. A text may
    name `%(expert)s`, and the `facts` of the step. Nobody calls the expert to say what is noted as
    `their_word`.
    """
    known = {
        "expert": Named.of(expert),
        "expert_id": expert.id,
        **(facts or {}),
    }
    for mail in mails:
        if not mail.is_sent_from(before):
            continue
        if mail.to is Recipient.EXPERT and rules.account_told(expert) is None:
            if not their_word:
                let_be_called(work, expert, mail.subject)
            continue
        whose = authority_id or expert.authority_id
        readers = readers_of(work, expert, mail.to, authority_id=whose)
        path = PATHS[mail.to]
        if mail.to is Recipient.AUTHORITY and whose != expert.authority_id:
            path = ALL_OFFICIALS
        messages.send(work, readers, mail, known, path=path, reason=reason)
