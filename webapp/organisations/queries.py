"""Named selects of organisations and their members."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.words.search import finds
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.organisations.models import Organisation, OrganisationKind

PER_PAGE = 50


def get(session: Session, organisation_id: int) -> Organisation:
    """Return an organisation for an administrator."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError(_("There is no such organisation."))
    return organisation


def list_organisations(
    session: Session,
    search: str = "",
    *,
    kind: OrganisationKind | None = None,
    number: int = 1,
) -> Page[Organisation]:
    """Return a page of the organisations by name, those that are closed last."""
    chosen = (
        sa.select(Organisation)
        .where(finds(search, Organisation.search_text))
        .order_by(Organisation.closed_at.is_not(None), Organisation.search_text, Organisation.id)
    )
    if kind:
        chosen = chosen.where(Organisation.kind == kind)
    return get_page(session, chosen, number, size=PER_PAGE)


def list_authorities(session: Session, besides: int | None = None) -> list[tuple[str, str]]:
    """Return the ministries and authorities to choose from, and one that is chosen already."""
    ministries = (Organisation.kind == OrganisationKind.MINISTRY) & Organisation.closed_at.is_(None)
    return _list_choices(session, ministries | (Organisation.id == besides))


def list_open(session: Session) -> list[tuple[str, str]]:
    """Return the organisations that take members, to choose from."""
    return _list_choices(session, Organisation.closed_at.is_(None))


def _list_choices(session: Session, which: sa.ColumnElement[bool]) -> list[tuple[str, str]]:
    rows = sa.select(Organisation).where(which).order_by(Organisation.search_text, Organisation.id)
    return [(str(row.id), _with_jurisdiction(row)) for row in session.scalars(rows)]


def _with_jurisdiction(row: Organisation) -> str:
    """Return the name of an organisation so that the ministries of several are told apart."""
    return f"{row.name} ({jurisdiction_name(row.jurisdiction)})" if row.jurisdiction else row.name


@dataclass(frozen=True)
class Members:
    """How many members an organisation has, and how many of them can sign in."""

    total: int = 0
    active: int = 0


def count_members(session: Session, organisation_ids: list[int]) -> dict[int, Members]:
    """Return, by organisation, how many members there are; none where it has none."""
    rows = session.execute(
        sa.select(
            Account.organisation_id,
            sa.func.count(),
            sa.func.sum(sa.case((Account.active, 1), else_=0)),
        )
        .where(Account.organisation_id.in_(organisation_ids))
        .group_by(Account.organisation_id)
    )
    found = {number: Members(total, active) for number, total, active in rows}
    return {number: found.get(number, Members()) for number in organisation_ids}


def list_members(
    session: Session, organisation_id: int, search: str = "", number: int = 1
) -> Page[Account]:
    """Return a page of the members by name, with their roles."""
    chosen = (
        sa.select(Account)
        .where(
            Account.organisation_id == organisation_id,
            finds(search, Account.search_text, Account.email),
        )
        .options(selectinload(Account.roles))
        .order_by(Account.search_text, Account.id)
    )
    return get_page(session, chosen, number, size=PER_PAGE)


def get_member(session: Session, organisation_id: int, account_id: int) -> Account:
    """Return a member of this organisation."""
    account = session.get(Account, account_id)
    if account is None or account.organisation_id != organisation_id:
        raise NotFoundError(_("There is no such member."))
    return account


def find_alike(
    session: Session, search_text: str, jurisdiction: str | None, besides: int | None
) -> Organisation | None:
    """Return an organisation whose name reads the same in the same jurisdiction, if any."""
    same = sa.select(Organisation).where(
        Organisation.search_text == search_text,
        Organisation.jurisdiction.is_(None)
        if jurisdiction is None
        else Organisation.jurisdiction == jurisdiction,
    )
    if besides is not None:
        same = same.where(Organisation.id != besides)
    return session.scalars(same.limit(1)).first()
