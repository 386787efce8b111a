"""Named selects of accounts as administrators see them, of links, and of requests for accounts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts import queries as accounts
from webapp.accounts.models import ERASED, Account, AccountSession, RoleRow
from webapp.core.ciphers import hash_of
from webapp.core.db import as_row
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.search import finds
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.experts.models import Expert
from webapp.experts.rules import GONE
from webapp.membership.models import AccountLink, AccountRequest, LinkPurpose
from webapp.membership.rules import JUST_SENT, KEPT_REQUESTS, LIFETIMES
from webapp.messages import queries as messages

PER_PAGE = 50
# Each has a form and a text of two thousand characters.
REQUESTS_PER_PAGE = 6


class Standing(LabelledEnum):
    """What an account is to those who keep the accounts."""

    ACTIVE = "active", _p("state of an account", "active")
    INVITED = "invited", _p("state of an account", "has not answered")
    DISABLED = "disabled", _p("state of an account", "disabled")
    ERASED = "erased", _p("state of an account", "erased")


def standing_of(account: Account) -> Standing:
    """Return what an account is."""
    if account.is_erased:
        return Standing.ERASED
    if not account.active:
        return Standing.DISABLED
    return Standing.ACTIVE if account.joined_at else Standing.INVITED


_CONDITIONS = {
    Standing.ACTIVE: Account.active & Account.joined_at.is_not(None),
    Standing.INVITED: Account.active & Account.joined_at.is_(None),
    Standing.DISABLED: ~Account.active & ~Account.email.endswith(ERASED),
    Standing.ERASED: Account.email.endswith(ERASED),
}


def list_accounts(
    session: Session,
    search: str = "",
    standing: Standing | None = None,
    role: Role | None = None,
    number: int = 1,
) -> Page[Account]:
    """Return a page of accounts by name, with their roles, narrowed by words, standing and role.

    `search` looks for words in the name, the institution and the e-mail address.
    """
    chosen = (
        sa.select(Account)
        .where(finds(search, Account.search_text, Account.email))
        .options(selectinload(Account.roles))
        # The folded text begins with the name.
        .order_by(Account.search_text, Account.id)
    )
    if standing:
        chosen = chosen.where(_CONDITIONS[standing])
    if role:
        chosen = chosen.where(Account.roles.any(RoleRow.name == role))
    return get_page(session, chosen, number, size=PER_PAGE)


def count_by_standing(session: Session) -> dict[Standing, int]:
    """Return how many accounts there are of each standing."""
    counts = (sa.func.count().filter(condition) for condition in _CONDITIONS.values())
    row = session.execute(sa.select(*counts)).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def iterate_accounts(session: Session) -> Iterator[Account]:
    """Yield all accounts by their address, with their roles."""
    chosen = sa.select(Account).options(selectinload(Account.roles)).order_by(Account.email)
    yield from session.scalars(chosen.execution_options(yield_per=500))


def get_account(session: Session, who: str) -> Account:
    """Return the account of an e-mail address, or of "account:" and its number; refuse in words."""
    _before, is_numbered, told = who.strip().partition("account:")
    number = as_row(told) if is_numbered else None
    if number is not None:
        account = session.get(Account, number)
    else:
        account = accounts.find_by_email(session, who.strip())
    if account is None:
        raise NotFoundError(_("There is no account for %(email)s.", email=who))
    return account


def find_link(
    session: Session, purpose: LinkPurpose, token: str, now: datetime
) -> AccountLink | None:
    """Return what a link by mail stands for, if it is good: not used, not too old."""
    link = session.scalars(
        sa.select(AccountLink).where(
            AccountLink.token_hash == hash_of(token),
            AccountLink.purpose == purpose,
            AccountLink.expires_at > now,
        )
    ).first()
    return link if link is not None and is_owners(link) else None


def is_owners(link: AccountLink) -> bool:
    """Tell whether a link is with the owner of an account that may be used.

    One that was sent to an address the account has no more may be read by somebody else now.
    """
    account, is_new = link.account, link.purpose is LinkPurpose.NEW_ADDRESS
    return account.active and (is_new or link.email == account.email)


def was_just_sent(
    session: Session, account: Account, purpose: LinkPurpose, email: str, now: datetime
) -> bool:
    """Tell whether a link for a purpose, which is still good, was sent a moment ago."""
    found = sa.select(AccountLink.id).where(
        AccountLink.account_id == account.id,
        AccountLink.purpose == purpose,
        AccountLink.email == email,
        AccountLink.created_at > now - JUST_SENT,
    )
    return session.scalar(found.limit(1)) is not None


@dataclass(frozen=True)
class Asked:
    """That somebody asked for a link to a new password, as the log has it, for this account."""

    event_id: int
    account_id: int

    @property
    def key(self) -> str:
        """Return by what it is known that it was answered."""
        return f"password link:{self.event_id}"


def list_links_asked(session: Session, now: datetime, account_id: int | None = None) -> list[Asked]:
    """Return what of late was asked for and not answered yet, for accounts that there are, or for
    one of them.

    What is older than a link would be good is not answered any more: whoever asked has gone on.
    """
    chosen = (
        sa.select(AuditEvent.id, Account.id)
        .join(Account, Account.id == AuditEvent.subject_id)
        .where(
            AuditEvent.action == Action.PASSWORD_LINK_ASKED,
            AuditEvent.at > now - LIFETIMES[LinkPurpose.NEW_PASSWORD],
        )
        .order_by(AuditEvent.id)
    )
    if account_id is not None:
        # By the index of what happened to whom, which is short for an account.
        of_one = (AuditEvent.subject == Account.__tablename__, AuditEvent.subject_id == account_id)
        chosen = chosen.where(*of_one)
    asked = [Asked(*row) for row in session.execute(chosen)]
    answered = messages.find_said(session, [one.key for one in asked])
    return [one for one in asked if one.key not in answered]


def find_invitation(session: Session, account_id: int) -> AccountLink | None:
    """Return the open invitation of an account."""
    return session.scalars(
        sa.select(AccountLink).where(
            AccountLink.account_id == account_id, AccountLink.purpose == LinkPurpose.INVITATION
        )
    ).first()


def list_sessions(session: Session, account_id: int) -> Sequence[AccountSession]:
    """Return the sessions of an account, the one used last first."""
    return session.scalars(
        sa.select(AccountSession)
        .where(AccountSession.account_id == account_id)
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.id.desc())
    ).all()


def list_requests(session: Session, number: int = 1) -> Page[AccountRequest]:
    """Return a page of the requests for an account that wait, those of one address together, and
    oldest first."""
    first = sa.func.min(AccountRequest.id).over(partition_by=AccountRequest.email)
    chosen = sa.select(AccountRequest).order_by(first, AccountRequest.id)
    return get_page(session, chosen, number, size=REQUESTS_PER_PAGE)


@dataclass(frozen=True)
class Waiting:
    """How many requests of one address wait, and the number of the latest of them."""

    count: int
    newest: int


def find_waiting(session: Session, emails: Collection[str]) -> dict[str, Waiting]:
    """Return, by address, what waits of these."""
    chosen = (
        sa.select(AccountRequest.email, sa.func.count(), sa.func.max(AccountRequest.id))
        .where(AccountRequest.email.in_(emails))
        .group_by(AccountRequest.email)
    )
    return {email: Waiting(*waiting) for email, *waiting in session.execute(chosen)}


def list_profiles_reached(session: Session, emails: Collection[str]) -> dict[str, list[Expert]]:
    """Return, by address, the profiles without an account that are reached by it; those that have
    left the roster are reached no more."""
    address = sa.func.lower(Expert.contact_email)
    found: dict[str, list[Expert]] = defaultdict(list)
    for expert in session.scalars(
        sa.select(Expert)
        .where(address.in_(emails), Expert.account_id.is_(None), Expert.state.not_in(GONE))
        .order_by(Expert.id)
    ):
        found[expert.contact_email.lower()].append(expert)
    return found


def is_old_request(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a request for an account was kept long enough."""
    return AccountRequest.created_at <= now - KEPT_REQUESTS


def count_old_requests(session: Session, now: datetime) -> int:
    """Return how many requests for an account were kept long enough."""
    chosen = sa.select(sa.func.count()).select_from(AccountRequest).where(is_old_request(now))
    return session.scalar(chosen) or 0


def get_request(session: Session, number: int) -> AccountRequest:
    """Return a request for an account that waits, or refuse in words."""
    found = session.get(AccountRequest, number)
    if found is None:
        raise NotFoundError(
            _("This request for an account waits no more: it was decided on, or deleted.")
        )
    return found


def list_all_requests(session: Session) -> Sequence[AccountRequest]:
    """Return all requests for an account that wait; there are no more than `MOST_WAITING`."""
    return session.scalars(sa.select(AccountRequest).order_by(AccountRequest.id)).all()


def count_requests(session: Session) -> int:
    """Return how many requests for an account wait."""
    return session.scalar(sa.select(sa.func.count()).select_from(AccountRequest)) or 0


def list_events_about(session: Session, account_id: int, limit: int = 20) -> Sequence[AuditEvent]:
    """Return what happened to an account, latest first."""
    return session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == Account.__tablename__, AuditEvent.subject_id == account_id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    ).all()


def list_administrators(session: Session) -> Sequence[Account]:
    """Return the administrators who can sign in."""
    return session.scalars(
        sa.select(Account).where(
            _CONDITIONS[Standing.ACTIVE], Account.roles.any(RoleRow.name == Role.ADMINISTRATOR)
        )
    ).all()
