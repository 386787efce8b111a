"""The link in the mail of an invitation, by which its expert answers without signing in.

It is good for one answer and until the day by which that is awaited. The row goes when the match
leaves the invitation, however it was answered, and another invitation brings another link.
"""

import secrets
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account
from webapp.core.ciphers import hash_of
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.models import Expert
from webapp.matches import rules
from webapp.matches.models import InvitationLink, Match

# The day by which an answer is awaited ends last where it is twelve hours behind our clock.
LAST_PLACE = timedelta(hours=12)


def make(work: UnitOfWork, match: Match) -> str:
    """Return to which address the mail of this invitation leads; without an account to none."""
    account = match.expert.account
    if account is None or match.reply_by is None:
        return ""
    forget(work, match)
    token = secrets.token_urlsafe(32)
    midnight = datetime.combine(match.reply_by + timedelta(days=1), time(), UTC)
    work.session.add(
        InvitationLink(
            match_id=match.id,
            token_hash=hash_of(token),
            email=account.email,
            expires_at=midnight + LAST_PLACE,
        )
    )
    work.session.flush()
    return f"/answer/{token}"


def find(session: Session, token: str, now: datetime) -> tuple[Match, Account] | None:
    """Return the invitation that the link which holds `token` answers, and whose it is.

    There is none for a link that is used or late, that went to an address which the expert has
    given up, or whose account may not be used, or is no expert's any more.
    """
    link = session.scalars(
        sa.select(InvitationLink)
        .where(InvitationLink.token_hash == hash_of(token), InvitationLink.expires_at > now)
        .options(joinedload(InvitationLink.match).joinedload(Match.expert))
    ).one_or_none()
    if link is None or not rules.awaits_answer(link.match):
        return None
    account = link.match.expert.account
    if account is None or not account.active or account.email != link.email:
        return None
    if Role.EXPERT not in account.kinds:
        return None
    return link.match, account


def forget(work: UnitOfWork, match: Match) -> None:
    """Let the link of an invitation answer nothing any more."""
    work.session.execute(sa.delete(InvitationLink).where(InvitationLink.match_id == match.id))


def end_with_sessions(account: Account, *, work: UnitOfWork) -> None:
    """Let no link answer any more that was sent before all sessions of an account were ended: who
    ends them shuts others out, who may read the mails to it as well."""
    own = sa.select(Match.id).join(Match.expert).where(Expert.account_id == account.id)
    work.session.execute(sa.delete(InvitationLink).where(InvitationLink.match_id.in_(own)))
