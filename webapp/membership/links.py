"""Links by mail that let somebody do one thing: made, used once, and worth nothing afterwards."""

import secrets

import sqlalchemy as sa

from webapp.accounts.models import Account
from webapp.core.ciphers import hash_of
from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.membership import queries
from webapp.membership.models import AccountLink, LinkPurpose
from webapp.membership.rules import LIFETIMES


def make(work: UnitOfWork, account: Account, purpose: LinkPurpose, email: str) -> str:
    """Make the one link that an account has for a purpose, and return what it holds."""
    session = work.session
    lock(session, account)  # Two who ask at one moment make one after the other.
    session.execute(
        sa.delete(AccountLink).where(
            AccountLink.account_id == account.id, AccountLink.purpose == purpose
        )
    )
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            account_id=account.id,
            purpose=purpose,
            token_hash=hash_of(token),
            email=email,
            created_at=work.now,
            expires_at=work.now + LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def was_just_sent(work: UnitOfWork, account: Account, purpose: LinkPurpose, email: str) -> bool:
    """Tell whether such a link was sent a moment ago, also to one of two who ask at one moment."""
    lock(work.session, account)
    return queries.was_just_sent(work.session, account, purpose, email, work.now)


def use(work: UnitOfWork, purpose: LinkPurpose, token: str) -> AccountLink:
    """Return what a link stands for and make it worthless; of two who use it one is refused."""
    link = queries.find_link(work.session, purpose, token, work.now)
    # Since it was found the account can have been given another address, or closed.
    if link is None or not _delete(work, link) or not queries.is_owners(link):
        raise ConflictError(_("This link has been used, or it is too old."))
    return link


def _delete(work: UnitOfWork, link: AccountLink) -> bool:
    """Delete a link, and tell whether it was still there when its account could be locked."""
    lock(work.session, link.account)  # First, as does whoever takes the link back.
    gone = sa.delete(AccountLink).where(AccountLink.id == link.id).returning(AccountLink.id)
    return work.session.scalars(gone).first() is not None
