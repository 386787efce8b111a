"""The administrator's list of accounts, and the commands and operations behind it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations
from webapp.accounts.models import Account, RoleRow
from webapp.accounts.queries import find_by_email, get_names
from webapp.core import invariants
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.membership import queries
from webapp.membership.queries import Standing

EMAIL = "vesna@example.org"


def test_the_list_names_everybody_with_role_institution_and_state(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    page = visitor().sign_in(world.first(Role.ADMINISTRATOR)).get("/accounts")
    with reading(app) as session:
        joined = session.query(Account).filter(Account.joined_at.is_not(None))
        active = joined.filter(Account.active).count()
    assert active < joined.count()
    assert f"active: {active}" in page.text
    for person, other in world.people.values():
        for known in (person, other):
            assert known.email in page.text
            assert known.name in page.text
    assert "Kyrgyzstan" in page.text


def test_no_hash_of_a_password_is_on_the_page(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    page = visitor().sign_in(world.first(Role.ADMINISTRATOR)).get("/accounts")
    assert "argon2" not in page.response.text
    for person, _ in world.people.values():
        assert person.fs_uniquifier not in page.response.text


@pytest.mark.both_databases
@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), f"  {EMAIL} "])
def test_one_address_has_one_account_however_it_is_written(app: Flask, email: str) -> None:
    with writing(app) as session:
        made = factories.account(session, Role.EXPERT, email=email)
        assert made.email == EMAIL
    with reading(app) as session, pytest.raises(ConflictError, match=EMAIL):
        factories.account(session, Role.EXPERT, email=EMAIL)


@pytest.mark.both_databases
def test_several_roles_are_kept_and_listed_by_name(app: Flask) -> None:
    with writing(app) as session:
        made = factories.account(session, Role.EXPERT, Role.COORDINATOR)
    with reading(app) as session:
        known = next(a for a in queries.list_accounts(session).items if a.id == made.id)
        assert known.kinds == {Role.EXPERT, Role.COORDINATOR}
        assert get_names(session, [made.id, None, 99999]) == {made.id: made.name}


def test_making_roles_again_makes_no_second_ones(app: Flask) -> None:
    with writing(app) as session:
        operations.ensure_roles(session)
    with reading(app) as session:
        assert len(session.query(RoleRow).all()) == len(Role)


def test_the_command_makes_an_administrator_who_can_sign_in_and_leaves_an_event(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with app.app_context():  # As the command line gives one to every command.
        made = app.test_cli_runner().invoke(args=["create-administrator", EMAIL, "Vesna Testova"])
    assert made.exit_code == 0, made.output
    password = made.output.split("password ")[1].strip()
    assert len(password) >= 16
    visitor().get("/login").submit("Sign in", {"email": EMAIL, "password": password})
    with reading(app) as session:
        account = session.query(Account).filter_by(email=EMAIL).one()
        assert account.kinds == {Role.ADMINISTRATOR}
        event = session.query(AuditEvent).filter_by(action="account created").one()
        assert (event.subject_id, event.role) == (account.id, "system")
        assert password not in str(event.details)
        assert audit.verify(session) == []


def test_there_is_no_account_before_one_is_made(app: Flask) -> None:
    with reading(app) as session:
        assert queries.list_accounts(session).items == []


def test_passwords_that_are_made_are_all_different(app: Flask) -> None:
    assert len({operations.new_password() for _ in range(200)}) == 200
    with reading(app) as session:
        one = operations.create(
            factories.work(session), email="a@example.org", name="A", roles=[], password="x" * 12
        )
        assert one.kinds == frozenset()


@pytest.mark.both_databases
def test_accounts_are_found_by_name_institution_or_address(app: Flask) -> None:
    with writing(app) as session:
        factories.account(session, name="Ђорђе Шкундрић", email="djs-1@mup.example.org")
        factories.account(session, name="Ana", institution="Žandarmerija", email=EMAIL)
    with reading(app) as session:
        for words, names in [
            ("skundric djordje", ["Ђорђе Шкундрић"]), ("zandarmerija", ["Ana"]),
            ("vesna@example.org", ["Ana"]), ("djs-1@MUP", ["Ђорђе Шкундрић"]), ("%", []),
            ("", ["Ana", "Ђорђе Шкундрић"]),
        ]:  # fmt: skip
            found = queries.list_accounts(session, words)
            assert [account.name for account in found.items] == names, words
            assert queries.count_by_standing(session)[Standing.ACTIVE] == 2


def test_the_list_has_pages_and_keeps_the_words_on_them(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        for number in range(queries.PER_PAGE + 1):
            factories.account(session, name=f"Unicum {number:02d}")
    page = sign_in_as(Role.ADMINISTRATOR).get("/accounts").submit("Search", {"search": "unicum"})
    assert f"{queries.PER_PAGE + 1} accounts found." in page.text
    assert "Unicum 50" not in page.text
    page = page.follow("Next")
    assert "Page 2 of 2" in page.text
    assert "Unicum 50" in page.text
    assert "Unicum 49" not in page.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 4000, "9" * 5000])
def test_absurd_page_numbers_lead_to_a_page(sign_in_as: Callable[..., Pages], number: str) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/accounts?page={number}")
    assert "active: 1" in page.text


def test_nobody_found_is_said_and_a_bad_search_told_at_its_field(
    sign_in_as: Callable[..., Pages],
) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    assert "No account fits." in pages.get("/accounts", query={"search": "nobody here"}).text
    assert pages.get("/accounts", query={"search": "a\x00"}, status=400).errors


def test_an_administrator_has_no_other_role(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
    both = {"roles": [Role.REQUESTER, Role.ADMINISTRATOR]}
    about = {"name": "Nova", "email": "nova@example.org", "institution": "SEESAC", "language": "en"}
    page = pages.post("/accounts/invite", {**about, **both}, status=400)
    assert "An administrator has no other role" in page.text
    page = pages.post(f"/accounts/{person.id}/roles", {**both, "seen": Role.REQUESTER}, status=400)
    assert "An administrator has no other role" in page.text
    with reading(app) as session:
        assert session.get_one(Account, person.id).kinds == {Role.REQUESTER}
        assert find_by_email(session, "nova@example.org") is None
    both_roles = [Role.COORDINATOR, Role.ADMINISTRATOR]
    with writing(app) as session:
        work, someone = factories.work(session), factories.account(session, Role.EXPERT)
        with pytest.raises(ConflictError, match="no other role"):
            operations.change_roles(work, someone, both_roles)
        with pytest.raises(ConflictError, match="no other role"):
            operations.create(work, email="nova@example.org", name="Nova", roles=both_roles)


@pytest.mark.parametrize("value", ["zzz", "-1", "administrator\x00", "coordinator zzz"])
def test_a_role_that_is_none_is_refused_in_words(
    app: Flask, sign_in_as: Callable[..., Pages], value: str
) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
    about = {"name": "Nova", "email": "nova@example.org", "institution": "SEESAC", "language": "en"}
    page = pages.post("/accounts/invite", {**about, "roles": value}, status=400)
    assert page.errors["roles"]
    assert page.form(action="/accounts/invite").values["name"] == ["Nova"]
    pages.post(f"/accounts/{person.id}/roles", {"roles": value, "seen": "requester"}, status=400)


def test_an_administrator_with_another_role_is_a_fault_of_the_database(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        chosen = sa.select(RoleRow).where(RoleRow.name == Role.ADMINISTRATOR)
        person.roles.append(session.scalars(chosen).one())
    with reading(app) as session:
        told = f"account {person.id} is an administrator and has another role"
        assert invariants.run(session) == [told]


def test_an_open_account_of_a_profile_without_a_role_is_a_fault_of_the_database(app: Flask) -> None:
    with writing(app) as session:
        person = factories.expert(session).account
        assert person is not None
        person.roles.clear()
    with reading(app) as session:
        assert invariants.run(session) == [f"account {person.id} is open and has no role"]
