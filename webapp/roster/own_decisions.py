"""What stands against joining two profiles because their person would have decided on themselves.

Nobody decides on what is their own (decision 42). While a profile has no account, or another one,
nothing tells whose own it is; when it is joined with another one, all that somebody has decided
about it with an account of that person would become a decision on themselves.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role, role_words
from webapp.core.words.translation import Message, _
from webapp.expertise_requests.asking import asks
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import is_asking
from webapp.experts import standing_queries as standing
from webapp.experts.models import Expert
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches import deciders, rules
from webapp.matches import queries as matches
from webapp.matches.workflow import OPEN

ASKING = _(
    "%(name)s is one of those who ask for %(reference)s, or has acted for them, and cannot be sent"
    " to answer it. Please end that match first."
)
DECIDED = _(
    "What is decided on %(name)s for %(reference)s was decided with an account of the same person,"
    " and nobody decides on themselves. Please end that match first."
)

DECIDED_BESIDE = _(
    "Since %(name)s is considered for %(reference)s, the request, or others who are considered for"
    " it, were decided on with an account of the same person, and nobody decides for themselves."
    " Please end that match first."
)
TWO_ACCOUNTS = _(
    "%(name)s has two accounts, and the one whose profile would end is also: %(roles)s. One person"
    " has one account, or they would stand on two sides of one matter. Please have an administrator"
    " give its roles to the other account, and take them from this one, first."
)


def find_obstacles(
    session: Session, actor: Actor, kept: Expert, gone: Expert, today: date
) -> Iterator[Message]:
    """Yield each decision that would be one of the person on themselves, and what is to be done."""
    pair = (kept, gone)
    accounts = _list_accounts(session, pair)
    numbers = {account.id for account in accounts}
    if standing.is_vetted_by(session, kept, numbers):
        yield _(
            "%(name)s was let onto the roster, in the profile to be kept, with an account of the"
            " same person. Please have a colleague look at that profile anew, or keep the other"
            " one.",
            name=Named.of(kept),
        )
    for row in standing.list_approved_by(session, {one.id for one in pair}, numbers, today):
        yield _(
            "The approval of %(name)s until %(day)s was given with an account of the same person,"
            " and nobody approves themselves. Please have it withdrawn, and somebody else approve"
            " them.",
            name=Named.of(kept),
            day=row.until,
        )
    yield from _against_matches(session, actor, pair, accounts, today)
    if kept.account and gone.account and (others := gone.account.kinds - {Role.EXPERT}):
        yield TWO_ACCOUNTS % {
            "name": Named.of(gone),
            "roles": role_words(", ".join(sorted(others))),
        }


def _list_accounts(session: Session, pair: Collection[Expert]) -> Sequence[Account]:
    """Return the accounts of the person, those included that have lost their profile to this."""
    lost = sa.select(ProfileMerge.account_id).where(
        ProfileMerge.expert_id.in_({one.id for one in pair}), ProfileMerge.account_id.is_not(None)
    )
    have = {one.account_id for one in pair if one.account_id is not None}
    return session.scalars(
        sa.select(Account)
        .where(sa.or_(Account.id.in_(have), Account.id.in_(lost)))
        .order_by(Account.id)
    ).all()


def _against_matches(
    session: Session, actor: Actor, pair: Collection[Expert], accounts: Sequence[Account],
    today: date,
) -> Iterator[Message]:  # fmt: skip
    considered = [row for one in pair for row in matches.list_of_expert(session, one.id, OPEN)]
    live = [row for row in considered if not rules.is_over(row, today)]
    decided = deciders.list_decided(
        session, {row.id for row in live}, {account.id for account in accounts}
    )
    named = naming(session, actor)
    for row in live:
        facts = {"reference": named(row.request), "name": Named.of(row.expert)}
        if any(is_asking(account.as_actor(), row.request) for account in accounts):
            yield ASKING % facts
        elif row.id in decided:
            yield DECIDED % facts
        elif deciders.has_decided_beside(session, row, {account.id for account in accounts}):
            yield DECIDED_BESIDE % facts


def naming(session: Session, actor: Actor) -> Callable[[ExpertiseRequest], str | Message]:
    """Return how sentences name a request for which somebody is considered: not at all to whoever
    asks for experts as well."""
    if asks(session, actor):
        return lambda _request: _("another request")
    return lambda request: request.reference
