"""Asking somebody who was there whether a piece of evidence is true, and noting the answer.

The one who is asked has no account: a link by mail shows them that one entry and the expert's name,
and lets them answer once. Two confirmations are never mixed up, because each entry has one row.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from webapp.accounts import queries as accounts
from webapp.accounts.rules import spelled_once
from webapp.core.ciphers import hash_of
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import letters, persons, queries, rules, standing_queries
from webapp.experts.contents import Confirmer
from webapp.experts.models import ConfirmationState, Evidence, EvidenceConfirmation, Expert
from webapp.experts.revisions import touch
from webapp.messages import operations as messages

# A letter that waits on a desk is answered within a month, or not at all.
LIFETIME = timedelta(days=30)
OWN_ENTRY = _("This is an entry of your own profile, so somebody else has to confirm it.")
OWN_ADDRESS = _("This is your own address: somebody else has to confirm it.")
# Whether an entry is ranked is the expert's own affair, and nobody has to confirm it.
_NOT_CONFIRMED = frozenset({"kept_out"})


def ask(
    work: UnitOfWork, expert: Expert, row: Evidence, confirmer: Confirmer, *, seen_version: int
) -> None:
    """Send somebody a link by which they can confirm an entry; one that was sent before is void.

    Refuses in words: somebody else's profile, a stale edit, an own address, no account to send for,
    somebody who is not on the roster: others are told of nobody who has left.
    """
    lock(work.session, expert)
    if not rules.is_own(work.actor, expert) or row not in expert.evidence:
        raise ForbiddenError(_("A profile is written by its owner alone."))
    if expert.version != seen_version:
        raise ConflictError(_("Your profile was changed since you opened this page."))
    if expert.state in rules.GONE:
        raise ConflictError(_("You are not on the roster, so nobody is asked about your profile."))
    account = expert.account
    if account is None or spelled_once(confirmer.email) in _own_addresses(work, expert):
        raise ConflictError(OWN_ADDRESS)
    asked = row.confirmation
    if asked is None:
        asked = row.confirmation = EvidenceConfirmation(expert_id=expert.id)
    token = secrets.token_urlsafe(32)
    asked.name, asked.organisation, asked.email = vars(confirmer).values()
    asked.state, asked.state_since = ConfirmationState.ASKED, work.now
    asked.token_hash, asked.expires_at = hash_of(token), work.now + LIFETIME
    touch(work.session, expert)
    work.session.flush()
    audit.record(work, Action.CONFIRMATION_ASKED, expert, entry=row.id)
    messages.add_mail(work, account, letters.asks_to_confirm(token), address=confirmer.email)


def _own_addresses(work: UnitOfWork, expert: Expert) -> set[str]:
    """Return the person's own addresses, those of accounts that were closed included."""
    numbers = persons.whose(work.session, expert).accounts
    return {one.email for one in accounts.get_by_ids(work.session, numbers).values()}


def note(work: UnitOfWork, row: Evidence, who: str, organisation: str) -> None:
    """Note that a piece of evidence is confirmed by what somebody has said of it already.

    Nobody is asked, so there is no address and no link.
    """
    expert = row.expert
    row.confirmation = EvidenceConfirmation(
        expert_id=expert.id,
        state=ConfirmationState.CONFIRMED,
        state_since=work.now,
        name=who,
        organisation=organisation,
        email="",
        expires_at=work.now,
    )
    touch(work.session, expert)
    work.session.flush()
    audit.record(work, Action.EVIDENCE_CONFIRMED, expert, entry=row.id)


def record_shown(work: UnitOfWork, asked: EvidenceConfirmation) -> None:
    """Record that a link has shown an entry, to whom is not known besides the address.

    The same again within `rules.SAME_LOOK` tells nothing new, and is not recorded.
    """
    if not standing_queries.was_just_shown_by_link(work.session, work.actor, work.now, asked):
        audit.record(work, Action.EVIDENCE_SHOWN, asked.expert, entry=asked.evidence_id)


def answer(work: UnitOfWork, token: str, *, is_true: bool) -> None:
    """Note what the one who was asked says; the link is good for one answer. The expert is told."""
    asked = queries.find_confirmation(work.session, token, work.now)
    if asked is None:
        raise ConflictError(_("This link has been used, or it is too old."))
    expert = asked.expert
    lock(work.session, expert, asked)
    # Of two answers at one moment the second finds the link used when the first has committed.
    if asked.token_hash != hash_of(token):
        raise ConflictError(_("This link has been used, or it is too old."))
    if spelled_once(asked.email) in _own_addresses(work, expert):
        # It has become one since the mail was sent, and nobody confirms what is their own.
        raise ConflictError(OWN_ADDRESS)
    asked.state = ConfirmationState.CONFIRMED if is_true else ConfirmationState.REFUSED
    asked.state_since, asked.token_hash = work.now, None
    touch(work.session, expert)
    work.session.flush()
    done = Action.EVIDENCE_CONFIRMED if is_true else Action.EVIDENCE_REFUSED
    audit.record(work, done, expert, entry=asked.evidence_id)
    messages.queue(work, rules.account_told(expert), letters.tells_of_answer(is_true=is_true))


def take_links_back(expert: Expert, *, work: UnitOfWork) -> None:
    """Let no link show or ask anything more of somebody who has left the roster."""
    if expert.state in rules.GONE:
        work.session.execute(
            sa.update(EvidenceConfirmation)
            .where(EvidenceConfirmation.expert_id == expert.id)
            .values(token_hash=None)
        )


def outdate(work: UnitOfWork, row: Evidence, changed: Collection[str]) -> None:
    """Let a confirmation count no more, and its link work no more, when what it is of changes."""
    asked = row.confirmation
    if asked is None or not set(changed) - _NOT_CONFIRMED:
        return
    if asked.state is not ConfirmationState.REFUSED:
        asked.state, asked.state_since = ConfirmationState.CHANGED, work.now
    asked.token_hash = None
