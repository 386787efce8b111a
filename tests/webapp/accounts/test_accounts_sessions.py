"""Sessions: what signing in begins, what signing out ends, and for how long."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations, sweep
from webapp.accounts.models import Account, AccountSession
from webapp.core.roles import Role

COOKIE = "session"
SIGNED_OUT = "You were signed out: your session is over. Please sign in again."


def cookie_of(pages: Pages) -> str:
    """Return the visitor's session cookie."""
    cookie = pages.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def with_cookie(visitor: Callable[[], Pages], value: str) -> Pages:
    """Return a visitor who came by somebody's cookie."""
    thief = visitor()
    thief.client.set_cookie(COOKIE, value)
    return thief


def test_a_session_from_before_the_sign_in_is_not_signed_in_by_it(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Whoever planted a cookie on a shared machine gets nothing from it afterwards."""
    pages = visitor()
    pages.get("/login")
    planted = cookie_of(pages)
    pages.sign_in(world.first(Role.COORDINATOR))
    assert cookie_of(pages) != planted
    with_cookie(visitor, planted).get("/queue", status=302)


def test_signing_out_leaves_nobody_s_name_in_the_cookie(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    pages.post("/logout")
    assert pages.client.get_cookie(COOKIE) is None


def sign_out(app: Flask, pages: Pages, person: Account) -> None:
    pages.post("/logout")


def change_password(app: Flask, pages: Pages, person: Account) -> None:
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        operations.set_password(factories.work(session, account), account, account.password)


def change_roles(app: Flask, pages: Pages, person: Account) -> None:
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        operations.change_roles(factories.work(session), account, [Role.REQUESTER])


def disable(app: Flask, pages: Pages, person: Account) -> None:
    with writing(app) as session:
        operations.disable(factories.work(session), session.get_one(Account, person.id))


def end(app: Flask, pages: Pages, person: Account) -> None:
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        operations.end_sessions(factories.work(session, account), account)


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", [sign_out, change_password, change_roles, disable, end])
def test_a_copied_cookie_is_worth_nothing_after(
    app: Flask, visitor: Callable[[], Pages], ending: Callable[[Flask, Pages, Account], None]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
    pages = visitor().sign_in(person)
    copied = cookie_of(pages)
    with_cookie(visitor, copied).get("/queue")
    ending(app, pages, person)
    # Why it is worth nothing is not told: its owner may have found that it was stolen.
    thief = with_cookie(visitor, copied)
    page = thief.get("/queue")
    assert (page.heading, page.text.count(SIGNED_OUT)) == ("Sign in", 1)
    assert SIGNED_OUT not in thief.get("/queue").text
    assert SIGNED_OUT in with_cookie(visitor, copied).get("/login").text
    pages.get("/queue", status=302)


def test_who_was_signed_out_is_told_in_the_language_of_the_page(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    person = world.first(Role.COORDINATOR)
    pages = visitor().sign_in(person)
    end(app, pages, person)
    in_russian = {"Accept-Language": "ru"}
    assert "Location" in pages.client.get("/queue", headers=in_russian).headers
    page = pages.check("/login", pages.client.get("/login", headers=in_russian))
    assert "Вы вышли из системы: ваш сеанс завершён." in page.text
    assert SIGNED_OUT not in page.text


def test_nobody_is_told_of_a_session_that_they_did_not_have(visitor: Callable[[], Pages]) -> None:
    assert SIGNED_OUT not in visitor().get("/queue").text


def test_signing_in_again_makes_another_session(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    person = world.first(Role.COORDINATOR)
    tokens = set()
    for _ in range(2):
        pages = visitor().sign_in(person)
        with pages.client.session_transaction() as session:
            tokens.add(session["session_token"])
    assert len(tokens) == 2


def test_a_sign_in_in_a_browser_that_has_a_session_begins_another_one(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Whoever has put the cookie of a session of theirs there does not get into the new one."""
    theirs = visitor().sign_in(world.first(Role.EXPERT))
    with theirs.client.session_transaction() as session:
        planted = session["session_token"]
    pages = visitor()
    pages.get("/login")
    with pages.client.session_transaction() as session:
        session["session_token"] = planted
    pages.sign_in(world.first(Role.COORDINATOR))
    with pages.client.session_transaction() as session:
        assert session["session_token"] != planted


def test_a_row_of_a_session_from_the_future_is_refused(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Such as one that a backup of a machine with a wrong clock has brought."""
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    pages.get("/queue")
    with writing(app) as session:
        row = session.scalars(sa.select(AccountSession)).one()
        row.created_at = row.last_seen_at = row.created_at + timedelta(days=1)
    assert SIGNED_OUT in pages.get("/queue").text


def test_nobody_finds_a_token_in_the_database(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    with pages.client.session_transaction() as session:
        token = session["session_token"]
    with reading(app) as session:
        row = session.scalars(sa.select(AccountSession)).one()
        assert token not in str(vars(row))


def test_reading_writes_down_its_last_use_once_a_minute(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    used = sa.select(AccountSession.last_seen_at)
    with reading(app) as session:
        began = session.scalars(used).one()
    clock.shift(timedelta(seconds=30))
    pages.get("/queue")
    with reading(app) as session:
        assert session.scalars(used).one() == began
    clock.shift(timedelta(seconds=30))
    pages.get("/queue")
    with reading(app) as session:
        assert session.scalars(used).one() == began + timedelta(minutes=1)


def test_sessions_that_are_over_are_deleted(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], clock: Any
) -> None:
    visitor().sign_in(world.first(Role.COORDINATOR))
    clock.shift(timedelta(hours=1))
    visitor().sign_in(world.first(Role.EXPERT))
    clock.shift(timedelta(hours=1))
    with app.app_context():
        sweep.delete_due()
    with reading(app) as session:
        (left,) = session.scalars(sa.select(AccountSession))
        assert left.account_id == world.first(Role.EXPERT).id


@pytest.mark.parametrize("change", ["x", "", "."])
def test_a_cookie_that_was_changed_is_a_stranger_s(
    world: factories.World, visitor: Callable[[], Pages], change: str
) -> None:
    good = cookie_of(visitor().sign_in(world.first(Role.COORDINATOR)))
    # A letter that is put in place of itself would forge nothing.
    other = "y" if good[-5] == change else change
    forged = good[:-5] + other + good[-4:] if change else good[:-1]
    with_cookie(visitor, forged).get("/queue", status=302)
    with_cookie(visitor, good).get("/queue")


def test_a_session_from_the_future_is_refused(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
        pages.get("/queue", status=302)


def test_a_new_password_hash_does_not_tell_who_has_the_same_password(
    app: Flask, world: factories.World
) -> None:
    hashes = {person.password for pair in world.people.values() for person in pair}
    assert len(hashes) == 2 * len(Role)


@pytest.mark.long
def test_an_unknown_account_takes_as_long_as_a_wrong_password(
    make_app: Callable[..., Flask],
) -> None:
    """Otherwise the time of the answer tells who has an account."""
    cost = {"argon2__time_cost": 8, "argon2__memory_cost": 32768, "argon2__parallelism": 1}
    app = make_app(SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cost)
    with writing(app) as session:
        known = factories.account(session, Role.EXPERT).email
    taken: dict[str, list[float]] = {known: [], "nobody@example.org": []}
    pages = Pages(app)
    for _ in range(5):
        for email, times in taken.items():
            form = pages.get("/login").form("Sign in")
            began = time.perf_counter()
            pages.post(form.action, {"email": email, "password": "wrong"}, status=200)
            times.append(time.perf_counter() - began)
    with_account, without = (statistics.median(times) for times in taken.values())
    assert 0.5 < without / with_account < 2, taken


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Whoever planted the cookie could otherwise send forms in the name of who signs in."""
    pages = visitor()
    pages.get("/login")
    planted = pages.own_token()
    pages.sign_in(world.first(Role.REQUESTER))
    refused = pages.post("/requests/new", {"title": "Planted"}, token=planted, status=400)
    assert "in another session" in refused.text
    page = pages.get("/requests/new").submit("Save as draft", {"Title": "Own"})
    assert page.heading == "Own"


def test_files_set_no_cookie(world: factories.World, visitor: Callable[[], Pages]) -> None:
    stranger, person = visitor(), visitor().sign_in(world.first(Role.COORDINATOR))
    for pages in (stranger, person):
        answer = pages.client.get("/static/css/theme.css")
        assert answer.headers.getlist("Set-Cookie") == []
        answer.close()
