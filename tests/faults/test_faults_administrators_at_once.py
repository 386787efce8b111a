"""What administrators and owners of accounts decide at one moment is done once, without a fault."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.faults.pressing import Prepare, Sent, count, done_once, press_at_once, staff
from tests.links import links_to
from tests.pages import Pages
from webapp.accounts.models import Account, Passkey
from webapp.core.clock import now
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.membership import operations as membership
from webapp.organisations import operations as organisations
from webapp.organisations.models import OrganisationKind
from webapp.themes import operations as themes
from webapp.themes.models import Theme, ThemeSynonym

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]


def _theme(session: Session) -> Theme:
    return session.scalars(sa.select(Theme).order_by(Theme.position)).all()[3]


def synonym_removed(session: Session) -> Sent:
    made = themes.add_synonym(factories.work(session), _theme(session), "en", "a wording of ours")
    return f"/themes/synonyms/{made.id}/remove", {}


def synonym_added(session: Session) -> Sent:
    values = {"language": "en", "wording": "another wording of ours"}
    return f"/themes/{_theme(session).code}/synonyms", values


def theme_renamed(session: Session) -> Sent:
    theme = _theme(session)
    return f"/themes/{theme.code}", {"label": "Another name of it", "seen": theme.label}


def theme_retired(session: Session) -> Sent:
    return f"/themes/{_theme(session).code}/retire", {}


def theme_made(session: Session) -> Sent:
    return "/themes/new", {"label": "A theme of our own", "area": _theme(session).area}


def organisation_made(_session: Session) -> Sent:
    values = {"name": "Fictional Agency", "kind": OrganisationKind.MINISTRY, "jurisdiction": "KGZ"}
    return "/organisations/new", values


def organisation_changed(session: Session) -> Sent:
    made = factories.organisation(session)
    values = {"name": "Fictional Bureau", "kind": OrganisationKind.MINISTRY, "jurisdiction": "KGZ"}
    return f"/organisations/{made.id}/edit", {**values, "version": str(made.version)}


def organisation_closed(session: Session) -> Sent:
    return f"/organisations/{factories.organisation(session).id}/close", {}


def member_added(session: Session) -> Sent:
    made, person = factories.organisation(session), factories.account(session, Role.REQUESTER)
    return f"/organisations/{made.id}/members", {"email": person.email}


def member_removed(session: Session) -> Sent:
    made, person = factories.organisation(session), factories.account(session, Role.REQUESTER)
    organisations.add_member(factories.work(session), made, person)
    return f"/organisations/{made.id}/members/{person.id}/remove", {}


def invited(_session: Session) -> Sent:
    values = {"email": "nova@example.org", "name": "Nova Testova", "roles": Role.EXPERT.value}
    more = {"institution": "Fictional Ministry", "jurisdiction": "KGZ", "language": "en"}
    return "/accounts/invite", {**values, **more}


def _invite(session: Session) -> Account:
    return membership.invite(
        factories.work(session), email="nova@example.org", name="Nova Testova",
        roles=[Role.EXPERT], institution="", jurisdiction=None, language=None,
    )  # fmt: skip


def invitation_revoked(session: Session) -> Sent:
    return f"/accounts/{_invite(session).id}/revoke", {}


def roles_changed(session: Session) -> Sent:
    person = factories.account(session, Role.REQUESTER)
    shown = {"roles": Role.EXPERT.value, "seen": Role.REQUESTER.value}
    return f"/accounts/{person.id}/roles", shown


def disabled(session: Session) -> Sent:
    return f"/accounts/{factories.account(session, Role.REQUESTER).id}/disable", {}


def reactivated(session: Session) -> Sent:
    person = factories.account(session, Role.REQUESTER)
    person.active = False
    return f"/accounts/{person.id}/reactivate", {}


def request_for_account_refused(session: Session) -> Sent:
    asked = factories.account_request(session, email="nova@example.org")
    why = {f"refuse-{asked.id}-kind": "has account"}
    return f"/accounts/requests/{asked.id}/refuse", why


DECISIONS: list[tuple[Prepare, Action]] = [
    (synonym_removed, Action.SYNONYM_REMOVED),
    (synonym_added, Action.SYNONYM_ADDED),
    (theme_renamed, Action.THEME_CHANGED),
    (theme_retired, Action.THEME_RETIRED),
    (theme_made, Action.THEME_CREATED),
    (organisation_made, Action.ORGANISATION_CREATED),
    (organisation_changed, Action.ORGANISATION_CHANGED),
    (organisation_closed, Action.ORGANISATION_CLOSED),
    (member_added, Action.MEMBER_ADDED),
    (member_removed, Action.MEMBER_REMOVED),
    (invited, Action.ACCOUNT_INVITED),
    (invitation_revoked, Action.INVITATION_REVOKED),
    (roles_changed, Action.ROLES_CHANGED),
    (disabled, Action.ACCOUNT_DISABLED),
    (reactivated, Action.ACCOUNT_REACTIVATED),
    (request_for_account_refused, Action.ACCOUNT_REFUSED),
]


def test_what_administrators_decide_at_one_moment_is_done_once(app: Flask) -> None:
    visitors = staff(app, Role.ADMINISTRATOR)
    for prepare, action in DECISIONS:
        done_once(app, visitors, prepare, action)
        undo(app)


def undo(app: Flask) -> None:
    """Take away the names that the next decision means to give."""
    with writing(app) as session:
        session.execute(sa.delete(ThemeSynonym))
        for person in session.scalars(sa.select(Account).filter_by(email="nova@example.org")):
            person.email = f"before{person.id}@example.org"


def coordinator_with(app: Flask, *passkeys: str, codes: bool) -> tuple[int, list[Pages]]:
    """Return a coordinator who needs a second factor, and two browsers in which they work."""
    with writing(app) as session:
        owner = factories.account(session, Role.COORDINATOR)
        factories.consent(session, owner)
    # The demo's people need no second factor to sign in; this one is one of them no longer.
    browsers = [Pages(app).sign_in(owner.email) for _ in range(2)]
    with writing(app) as session:
        account = session.get_one(Account, owner.id)
        account.demo = False
        account.tf_primary_method = "authenticator" if codes else None
        account.tf_totp_secret = "encrypted" if codes else None
        for name in passkeys:
            session.add(
                Passkey(
                    user_id=owner.id, credential_id=name.encode(), public_key=b"2", name=name,
                    sign_count=0, backup_state=False, device_type="single_device",
                    usage="secondary", lastuse_datetime=now(),
                )
            )  # fmt: skip
    return owner.id, browsers


def without_passkey(name: str) -> Sent:
    """Return the form that removes a passkey."""
    return "/wan-delete", {"name": name}


@pytest.mark.parametrize(
    ("passkeys", "codes", "other"),
    [
        (["telephone"], True, ("/account/security/no-codes", {})),
        (["telephone", "key"], False, without_passkey("key")),
    ],
)
def test_of_two_second_factors_that_are_removed_at_one_moment_one_stays(
    app: Flask, passkeys: list[str], codes: bool, other: Sent
) -> None:
    number, browsers = coordinator_with(app, *passkeys, codes=codes)
    found = press_at_once(app, browsers, [without_passkey("telephone"), other])
    # The library's page and ours lead on by different statuses; either may be first.
    assert sorted(found) in ([302, 409], [303, 409])
    with reading(app) as session:
        left = session.get_one(Account, number)
        assert bool(left.webauthn) or left.tf_primary_method
    assert count(app, Action.PASSKEY_REMOVED) + count(app, Action.SECOND_FACTOR_CHANGED) == 1


def test_one_passkey_that_is_removed_twice_at_one_moment_is_removed_once(app: Flask) -> None:
    _number, browsers = coordinator_with(app, "telephone", codes=True)
    found = press_at_once(app, browsers, [without_passkey("telephone")] * 2)
    assert set(found) <= {302, 409}
    assert count(app, Action.PASSKEY_REMOVED) == 1


def test_an_invitation_that_is_taken_back_while_it_is_accepted_is_one_of_the_two(
    app: Flask, outbox: list[Any]
) -> None:
    (admin,) = staff(app, Role.ADMINISTRATOR, 1)
    with writing(app) as session:
        number = _invite(session).id
    guest = Pages(app)
    link = links_to(app, outbox)("nova@example.org")[-1]
    typed = {"New password": "maslina vrbas kajak", "consent": True}
    filled = guest.get(link).form("Join with this password").filled(typed)
    values = {name: given[0] for name, given in filled.items() if given}
    press_at_once(app, [admin, guest], [(f"/accounts/{number}/revoke", {}), (link, values)])
    with reading(app) as session:
        account = session.get_one(Account, number)
        assert account.active is (account.joined_at is not None)
