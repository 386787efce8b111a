"""In which requests somebody is named: as the focal point, or as the authorised contact."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, RoleRow
from webapp.core.record.personal_data import Whose
from webapp.core.roles import Role
from webapp.expertise_requests import rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, TermsOfReference


def names_own(
    text: sa.SQLColumnExpression[str], account_ids: Collection[int]
) -> sa.ColumnElement[bool]:
    """Return the condition that a text of a request has the name or the address of one of these
    accounts, and that they read it anyway: people say themselves what they are called."""
    lowered = sa.func.lower(text)
    has = (
        sa.func.replace(lowered, sa.func.lower(own), "") != lowered
        for own in (Account.name, Account.email)
    )
    return sa.exists().where(Account.id.in_(account_ids), _is_on_side_of_account(), sa.or_(*has))


def _is_on_side_of_account() -> sa.ColumnElement[bool]:
    """Return the condition that a request is an account's own, or was sent by its organisation."""
    of_organisation = sa.and_(
        Account.roles.any(RoleRow.name == Role.REQUESTER),
        ExpertiseRequest.organisation_id == Account.organisation_id,
        ExpertiseRequest.state != RequestState.DRAFT,
    )
    return sa.or_(ExpertiseRequest.requester_id == Account.id, of_organisation)


@dataclass(frozen=True)
class Naming:
    """A request that names somebody who is erased, or did in terms that were accepted.

    `names` are those by which they are looked for in it: fewer in what others have written.
    """

    request: ExpertiseRequest
    addresses: Collection[str]
    names: Collection[str]

    def has_them(self, text: str) -> bool:
        """Tell whether a text of the request names them."""
        return rules.names(text, self.addresses, self.names)


def list_naming(session: Session, who: Whose, known: Collection[str]) -> list[Naming]:
    """Return the requests that name this person, in their order.

    People write a name in another order or script, and no database can compare that. By which names
    others have `known` them counts everywhere, by which they call themselves on their own side
    alone: nobody has somebody else forgotten by calling themselves so.
    """
    own = set(
        session.scalars(
            sa.select(ExpertiseRequest.id)
            .join(Account, _is_on_side_of_account())
            .where(Account.id == who.account_id)
        )
    )
    called = {True: {*who.names, *known}, False: set(known)}
    named: set[int] = set()
    # Most requests of an office are signed alike, and comparing takes long.
    told: dict[tuple[str, bool], bool] = {}
    for number, words in _list_texts(session):
        asked = (words, number in own)
        if asked not in told:
            told[asked] = rules.names(words, who.addresses, called[asked[1]])
        if told[asked]:
            named.add(number)
    chosen = sa.select(ExpertiseRequest).where(ExpertiseRequest.id.in_(named))
    return [
        Naming(row, who.addresses, called[row.id in own])
        for row in session.scalars(chosen.order_by(ExpertiseRequest.id))
    ]


def _list_texts(session: Session) -> Iterator[tuple[int, str]]:
    """Yield the texts that name people, of requests and of accepted terms, with their requests."""
    for name in rules.NAMING:
        text, in_terms = getattr(ExpertiseRequest, name), TermsOfReference.content[name].as_string()
        yield from session.execute(sa.select(ExpertiseRequest.id, text).where(text != ""))
        yield from session.execute(
            sa.select(TermsOfReference.request_id, in_terms).where(in_terms != "")
        )
