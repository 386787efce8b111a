"""Requests of strangers for an account: keeping them, and deciding on them.

Nothing that somebody asks changes what waits already: whoever knows an address could take its
owner's request away, or put another into its place.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as people
from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import joining
from webapp.experts.joining import Nominee
from webapp.membership import letters, queries
from webapp.membership.models import AccountRequest
from webapp.membership.operations import invite
from webapp.membership.rules import MOST_WAITING
from webapp.messages import operations as messages
from webapp.platform_settings.queries import get_settings

# Who decides on requests for accounts, as the permissions have it.
DECIDING = (Role.COORDINATOR, Role.ADMINISTRATOR)


class DecidedError(ConflictError):
    """Somebody else has decided on a request for an account."""


def ask_for_account(
    work: UnitOfWork,
    *,
    role: Role = Role.REQUESTER,
    email: str,
    name: str,
    institution: str,
    jurisdiction: str,
    reason: str,
    language: str | None,
) -> None:
    """Keep a stranger's request for an account in a role, beside those with the same address.

    The very same once more, as by a second press, is the first one.
    """
    # Of those who come at one moment each waits for the one before.
    lock(work.session, get_settings(work.session))
    said = {
        "email": email.strip().lower(), "name": name, "institution": institution,
        "jurisdiction": jurisdiction, "reason": reason, "role": role.value,
    }  # fmt: skip
    if work.session.scalars(sa.select(AccountRequest.id).filter_by(**said).limit(1)).first():
        return
    if queries.count_requests(work.session) >= MOST_WAITING:
        raise ConflictError(
            _(
                "So many requests wait for an answer that no further one can be taken now. Please"
                " try it again in some days."
            )
        )
    asked = AccountRequest(**said, language=language, created_at=work.now)
    work.session.add(asked)
    work.session.flush()
    audit.record(work, Action.ACCOUNT_ASKED_FOR, asked)
    _tell_who_decides(work)


def _tell_who_decides(work: UnitOfWork) -> None:
    """Tell, once an hour however many ask, those who decide on requests for accounts."""
    if messages.say_once(work, f"account asked for:{work.now:%Y-%m-%dT%H}"):
        deciding = {number for role in DECIDING for number in people.list_ids(work.session, role)}
        for number in sorted(deciding):
            messages.queue(work, number, letters.account_asked_for())


def _delete(work: UnitOfWork, asked: AccountRequest) -> bool:
    """Delete a request for an account, and tell whether it waited yet."""
    gone = work.session.scalars(
        sa.delete(AccountRequest)
        .where(AccountRequest.id == asked.id)
        .returning(AccountRequest.id)
        .execution_options(synchronize_session=False)
    ).first()
    return gone is not None


def _decide_once(work: UnitOfWork, asked: AccountRequest) -> None:
    """Delete a request for an account: of two who decide on it at one moment, one is refused."""
    if not _delete(work, asked):
        raise DecidedError(_("Somebody else has decided on this request in the meantime."))


def grant_account(work: UnitOfWork, asked: AccountRequest, newest_seen: int | None) -> Account:
    """Invite the person who asked for an account; who asked to join the roster is on it then.

    `newest_seen` is the last request with the same address that whoever decides has read: a later
    one may be that of the person, and this one somebody else's. Who does not say has read none.
    """
    lock(work.session, get_settings(work.session))
    _refuse_unread(work, asked, newest_seen)
    _decide_once(work, asked)
    account = invite(
        work,
        email=asked.email,
        name=asked.name,
        roles=[Role(asked.role)],
        institution=asked.institution,
        jurisdiction=asked.jurisdiction,
        language=asked.language,
    )
    if asked.role == Role.EXPERT.value:
        nominee = Nominee(
            asked.name, institution=asked.institution, jurisdiction=asked.jurisdiction
        )
        joining.add(work, nominee).account_id = account.id
        work.session.flush()
    return account


def _refuse_unread(work: UnitOfWork, asked: AccountRequest, newest_seen: int | None) -> None:
    waiting = queries.find_waiting(work.session, [asked.email]).get(asked.email)
    if waiting and waiting.newest > (newest_seen or 0):
        raise ConflictError(
            _(
                "Somebody has asked with this address once more since you opened the page. Please"
                " read all of its requests before you invite anybody."
            )
        )


def delete_old(session: Session, now: datetime) -> None:
    """Delete the requests for an account that were kept long enough."""
    delete_some(session, AccountRequest, queries.is_old_request(now))


def refuse_account(work: UnitOfWork, asked: AccountRequest, why: Grounds) -> None:
    """Refuse a request for an account; what was typed is deleted.

    Whoever asked is told why by a mail to the address, and nobody else whether it is known. The
    record has the kind of the reason alone: nothing would find its words when they are erased.
    """
    email, language = asked.email, asked.language
    _decide_once(work, asked)
    audit.record(work, Action.ACCOUNT_REFUSED, asked, kind=why.kind)
    messages.write_to(work, email, letters.account_refused(why), language=language)


def delete_unanswered(work: UnitOfWork, requests: Iterable[AccountRequest]) -> int:
    """Delete requests for an account that nobody has made, and return how many waited yet.

    No mail goes to their addresses: whoever writes those of others into the form of strangers would
    have the platform write to all of them.
    """
    # What somebody else has decided on meanwhile stays decided.
    gone = [asked for asked in requests if _delete(work, asked)]
    if not gone:
        raise DecidedError(_("Somebody else has decided on these requests in the meantime."))
    for asked in gone:
        audit.record(work, Action.ACCOUNT_REFUSED, asked, answered=False)
    return len(gone)
