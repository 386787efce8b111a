"""What administrators do with organisations and their members."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, DomainError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import folded
from webapp.core.words.translation import _
from webapp.organisations import queries, signals
from webapp.organisations.models import Organisation, OrganisationKind
from webapp.platform_settings.queries import get_settings

STALE = _("The organisation was changed by somebody else since you opened this page.")


@dataclass(frozen=True)
class About:
    """What is said of an organisation."""

    name: str
    kind: OrganisationKind
    jurisdiction: str | None = None


class AlikeError(DomainError):
    """There is an organisation of this name already."""


def create(work: UnitOfWork, about: About) -> Organisation:
    """Make an organisation; one whose name reads the same must not be there."""
    _refuse_alike(work, about)
    organisation = Organisation(**vars(about), created_at=work.now)
    work.session.add(organisation)
    work.session.flush()
    audit.record(work, Action.ORGANISATION_CREATED, organisation, **vars(about))
    return organisation


def change(
    work: UnitOfWork, organisation: Organisation, about: About, *, seen_version: int
) -> None:
    """Rename an organisation, or say better what and where it is; a stale edit is refused."""
    _refuse_closed(organisation)
    if organisation.version != seen_version:
        raise ConflictError(STALE)
    _refuse_alike(work, about, besides=organisation.id)
    before = {key: getattr(organisation, key) for key in vars(about)}
    after = {key: value for key, value in vars(about).items() if value != before[key]}
    if not after:
        return
    for key, value in after.items():
        setattr(organisation, key, value)
    work.session.flush()
    audit.record(
        work, Action.ORGANISATION_CHANGED, organisation,
        before={key: before[key] for key in after}, after=after,
    )  # fmt: skip


def add_member(work: UnitOfWork, organisation: Organisation, account: Account) -> None:
    """Make an account a member, but not one's own; nobody is moved here from another organisation
    unasked."""
    accounts.refuse_own(work, account)
    lock(work.session, organisation, account)
    _refuse_closed(organisation)
    accounts.refuse_erased(account)
    if account.organisation_id == organisation.id:
        return
    if account.organisation_id is not None:
        raise ConflictError(
            _(
                "%(name)s is a member of %(organisation)s. Please take them out there first.",
                name=account.name,
                organisation=queries.get(work.session, account.organisation_id).name,
            )
        )
    account.organisation_id = organisation.id
    work.session.flush()
    audit.record(work, Action.MEMBER_ADDED, organisation, account_id=account.id)
    signals.joined.send(account, work=work)


def remove_member(work: UnitOfWork, organisation: Organisation, account: Account) -> None:
    """Take a member out, but not oneself; what they wrote for the organisation stays with it."""
    accounts.refuse_own(work, account)
    lock(work.session, account)
    if account.organisation_id != organisation.id:
        return
    _take_out(work, account)
    work.session.flush()
    audit.record(work, Action.MEMBER_REMOVED, organisation, account_id=account.id)


def close(work: UnitOfWork, organisation: Organisation) -> None:
    """Close an organisation for good, and take its members out.

    Refused in words while something of it is open (`signals.closing`), and to its own members.
    """
    lock(work.session, organisation)
    _refuse_closed(organisation)
    chosen = sa.select(Account).where(Account.organisation_id == organisation.id)
    members = list(work.session.scalars(chosen.order_by(Account.id)))
    # Whoever of them is writing a request now has stored it before its like are counted. Whoever
    # was made a member of another organisation before they were locked is none of this one.
    lock(work.session, *members)
    members = [account for account in members if account.organisation_id == organisation.id]
    for account in members:
        accounts.refuse_own(work, account)
    signals.closing.send(organisation, work=work)
    for account in members:
        _take_out(work, account)
    organisation.closed_at = work.now
    work.session.flush()
    audit.record(
        work, Action.ORGANISATION_CLOSED, organisation, members=[row.id for row in members]
    )


def _take_out(work: UnitOfWork, account: Account) -> None:
    account.organisation_id = None
    accounts.place_left.send(account, work=work)


def _refuse_closed(organisation: Organisation) -> None:
    if organisation.closed_at is not None:
        raise ConflictError(_("This organisation is closed."))


def _refuse_alike(work: UnitOfWork, about: About, besides: int | None = None) -> None:
    # Two who make it at one moment do it one after the other, and the second finds the first.
    lock(work.session, get_settings(work.session))
    alike = queries.find_alike(work.session, folded(about.name), about.jurisdiction, besides)
    if alike:
        raise AlikeError(
            _("There is an organisation of this name there already: %(name)s.", name=alike.name)
        )
