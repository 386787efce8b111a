"""A kept text is its writer's alone, cannot be forged, and does not stay."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories, html
from tests.databases import file_of, reading, rows, writing
from tests.ended_sessions import (
    address_of_kept,
    number_kept,
    send_too_late,
    sign_in_again,
)
from tests.pages import Form, Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock as platform_clock
from webapp.core import sent_fields
from webapp.core.roles import Role
from webapp.experts.models import ProfileView
from webapp.kept_texts import operations, queries, rules, sweep
from webapp.kept_texts.models import KeptText

WORDS = "Words that nobody else may read"


@pytest.fixture
def form(world: factories.World, visitor: Callable[[], Pages]) -> Form:
    """Return the form of a new request of the first requester."""
    pages = visitor().sign_in(world.first(Role.REQUESTER))
    return pages.get("/requests/new").form("Save as draft")


def refused(form: Form, pages: Pages, **changes: str) -> Page:
    """Send the form as a stranger with other values, and see that nothing is kept."""
    values = {**form.filled({"Title": WORDS}), **{name: [new] for name, new in changes.items()}}
    return pages.post(form.action, values, token=None, status=401)


def test_another_account_never_sees_it_nor_learns_whose_it_was(
    form: Form, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    owner, other = world.first(Role.REQUESTER), world.second(Role.REQUESTER)
    asked = send_too_late(form, {"Title": WORDS})
    for said in (owner.name, owner.email, WORDS):
        assert said not in asked.response.text
    foreign = visitor().sign_in(other).get(address_of_kept(asked), status=404)
    assert foreign.heading == "No text of yours is kept here"
    assert WORDS not in foreign.response.text
    assert owner.name not in foreign.text


def test_somebody_else_who_signs_in_on_that_browser_is_told_that_nothing_is_theirs(
    form: Form, app: Flask, world: factories.World
) -> None:
    asked = send_too_late(form, {"Title": WORDS})
    login = asked.form("Sign in")
    other = world.second(Role.REQUESTER)
    pages = form.page.pages
    response = pages.client.post(
        login.action, data=login.filled({"email": other.email, "password": factories.PASSWORD})
    )
    landed = pages.get(response.headers["Location"], status=404)
    assert other.name in landed.text
    assert WORDS not in landed.response.text
    assert number_kept(app) == 1


def test_a_stranger_is_asked_to_sign_in_for_it(form: Form, visitor: Callable[[], Pages]) -> None:
    address = address_of_kept(send_too_late(form, {"Title": WORDS}))
    page = visitor().get(address)
    assert page.heading == "Sign in"
    assert WORDS not in page.response.text


@pytest.mark.both_databases
def test_the_text_stands_nowhere_in_the_database(form: Form, app: Flask) -> None:
    send_too_late(form, {"Title": WORDS})
    assert number_kept(app) == 1
    with reading(app) as session:
        row = session.scalars(sa.select(KeptText)).one()
        assert WORDS.encode() not in row.ciphertext
    assert WORDS not in str(rows(app))
    if app.config["SQLALCHEMY_ENGINES"]["default"]["url"].startswith("sqlite"):
        with sqlite3.connect(file_of(app)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        assert b"kept_text" in file_of(app).read_bytes()
        assert WORDS.encode() not in file_of(app).read_bytes()


def test_neither_the_token_nor_another_secret_opens_it(form: Form, app: Flask) -> None:
    token = address_of_kept(send_too_late(form, {"Title": WORDS})).rpartition("/")[2]
    with reading(app) as session:
        row = session.scalars(sa.select(KeptText)).one()
        assert token not in (row.token_hash, row.path)
        now = platform_clock.now()
        secrets = [app.config["SECRET_KEY"]]
        assert queries.find(session, row.account_id, token, secrets=secrets, now=now)
        assert not queries.find(session, row.account_id, token, secrets=["x" * 40], now=now)
        # It stays readable after the secret was changed, as long as the former one is accepted.
        both = ["x" * 40, *secrets]
        assert queries.find(session, row.account_id, token, secrets=both, now=now)
        assert not queries.find(session, row.account_id + 1, token, secrets=secrets, now=now)


def test_a_row_moved_to_another_account_cannot_be_read(
    form: Form, app: Flask, world: factories.World
) -> None:
    token = address_of_kept(send_too_late(form, {"Title": WORDS})).rpartition("/")[2]
    thief = world.second(Role.REQUESTER).id
    with writing(app) as session:
        session.execute(sa.update(KeptText).values(account_id=thief))
    with reading(app) as session:
        now, secrets = platform_clock.now(), [app.config["SECRET_KEY"]]
        assert queries.find(session, thief, token, secrets=secrets, now=now) is None


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda _: "", id="none"),
        pytest.param(
            lambda good: good[:-9] + ("B" if good[-9] == "A" else "A") + good[-8:], id="changed"
        ),
        pytest.param(lambda good: good[:40], id="cut off"),
        pytest.param(lambda _: "1", id="a number"),
        pytest.param(lambda _: "é" * 100, id="no token"),
    ],
)
def test_a_forged_writer_keeps_nothing(
    forged: Callable[[str], str], form: Form, app: Flask, visitor: Callable[[], Pages]
) -> None:
    before = rows(app)
    good = form.values["writer"][0]
    refused(form, visitor(), writer=forged(good))
    assert rows(app) == before


def test_a_changed_cookie_neither_helps_nor_harms(
    form: Form, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """The form itself says whose it is: a cookie that is no session keeps nothing for anybody."""
    cookie = form.page.pages.client.get_cookie("session")
    assert cookie
    forger = visitor()
    forger.client.set_cookie("session", cookie.value[:-3] + "xyz")
    refused(form, forger, writer="")
    assert number_kept(app) == 0
    forger.client.set_cookie("session", cookie.value[:-3] + "xyz")
    page = forger.post(form.action, form.filled({"Title": WORDS}), token=None)
    assert WORDS in sign_in_again(page, world.first(Role.REQUESTER)).text


def test_a_page_that_is_too_old_keeps_nothing(
    clock: Any, form: Form, app: Flask, visitor: Callable[[], Pages]
) -> None:
    clock.shift(timedelta(days=15))
    refused(form, visitor())
    assert number_kept(app) == 0


def test_nothing_is_kept_for_another_person_who_has_the_number_of_the_account_now(
    form: Form, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """As where a backup has come back that is older than the account."""
    with writing(app) as session:
        account = session.get_one(Account, world.first(Role.REQUESTER).id)
        account.created_at = platform_clock.now() + timedelta(minutes=1)
    refused(form, visitor())
    assert number_kept(app) == 0


def test_nothing_is_kept_for_an_account_that_was_disabled(
    form: Form, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        session.get_one(Account, world.first(Role.REQUESTER).id).active = False
    refused(form, visitor())
    assert number_kept(app) == 0


def test_nothing_is_kept_for_an_address_that_the_account_may_not_send_to(
    form: Form, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    values = {"writer": form.values["writer"], "reason": [WORDS]}
    visitor().post(f"/roster/{world.experts[0].id}/step", values, token=None, status=401)
    visitor().post("/requests/nothing", values, token=None, status=404)
    assert number_kept(app) == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("control", ["%00", "%0A", "%1F", "%7F", "%C2%85"])
def test_nothing_is_kept_for_an_address_with_a_control(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], control: str
) -> None:
    pages = visitor().sign_in(world.first(Role.EXPERT))
    form = pages.get("/profile/closed-jurisdictions").form("Add to the list")
    values = {"writer": form.values["writer"], "reason": [WORDS]}
    address = f"/profile/closed-jurisdictions/{control}/remove"
    pages.post(address, values, status=404)
    visitor().post(address, values, token=None, status=404)
    assert number_kept(app) == 0


def test_passwords_and_forms_without_text_are_not_kept(
    form: Form, app: Flask, visitor: Callable[[], Pages]
) -> None:
    refused(form, visitor(), new_password="secret words of mine")
    writer = form.values["writer"]
    empty = {"writer": writer, "title": ["  "], "version": ["3"], "action": ["send"]}
    visitor().post(form.action, empty, token=None, status=401)
    login = visitor().get("/login").form("Sign in")
    values = {**login.filled({"email": "a@example.org", "password": "wrong"}), "writer": writer}
    login.page.pages.post("/login", values, token=None)
    assert number_kept(app) == 0


def test_after_an_hour_it_is_gone(
    clock: Any, form: Form, app: Flask, world: factories.World
) -> None:
    asked = send_too_late(form, {"Title": WORDS})
    clock.shift(timedelta(minutes=59))
    pages = Pages(app).sign_in(world.first(Role.REQUESTER))
    assert WORDS in pages.get(address_of_kept(asked)).text
    clock.shift(timedelta(minutes=2))
    page = pages.get(address_of_kept(asked), status=404)
    assert WORDS not in page.response.text
    assert number_kept(app) == 1
    with app.app_context():
        sweep.delete_due()
    assert number_kept(app) == 0


@pytest.mark.both_databases
def test_the_sweep_leaves_what_is_younger(
    clock: Any, form: Form, app: Flask, world: factories.World
) -> None:
    send_too_late(form, {"Title": WORDS})
    clock.shift(timedelta(minutes=59))
    with app.app_context():
        sweep.delete_due()
    assert number_kept(app) == 1


@pytest.mark.both_databases
def test_an_account_keeps_the_latest_few_and_others_keep_theirs(app: Flask) -> None:
    with writing(app) as session:
        people = [factories.account(session, Role.REQUESTER).id for _ in range(2)]
        how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": platform_clock.now()}
        other = operations.keep(session, people[1], "/requests/new", [("title", "x y")], **how)
        tokens = [
            operations.keep(session, people[0], "/requests/new", [("title", str(n))], **how)
            for n in range(rules.MOST_PER_ACCOUNT + 2)
        ]
    with reading(app) as session:
        found = [bool(queries.find(session, people[0], token, **how)) for token in tokens]
        assert found == [False, False, *[True] * rules.MOST_PER_ACCOUNT]
        assert queries.find(session, people[1], other, **how)


def test_a_text_that_came_without_a_session_says_so(form: Form, world: factories.World) -> None:
    page = sign_in_again(send_too_late(form, {"Title": WORDS}), world.first(Role.REQUESTER))
    assert "It was sent without a sign-in" in page.text


@pytest.mark.both_databases
def test_it_leaves_with_its_account(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session)
        how: dict[str, Any] = {"secrets": [app.config["SECRET_KEY"]], "now": platform_clock.now()}
        operations.keep(session, person.id, "/requests/new", [("title", "x y")], **how)
    with writing(app) as session:
        session.execute(sa.delete(Account).where(Account.id == person.id))
    assert number_kept(app) == 0


def test_only_its_writer_deletes_it_by_saving(
    form: Form, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    token = address_of_kept(send_too_late(form, {"Title": WORDS})).rpartition("/")[2]
    other = visitor().sign_in(world.second(Role.REQUESTER))
    saved = {"title": "Saved", "experts_needed": "1", "kept_text": token}
    other.post("/requests/new", saved)
    assert number_kept(app) == 1
    own = visitor().sign_in(world.first(Role.REQUESTER))
    own.post("/requests/new", {**saved, "title": ""}, status=400)
    assert number_kept(app) == 1
    own.post("/requests/new", saved)
    assert number_kept(app) == 0


def test_a_megabyte_is_kept_and_more_is_refused(
    form: Form, world: factories.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "LARGEST", 3_000_000)
    text = "word " * 190_000
    page = sign_in_again(send_too_late(form, {"Background": text}), world.first(Role.REQUESTER))
    again = page.submit("Go on with your text", status=400)
    assert again.form("Save as draft").values["background"] == [text.strip()]
    pages = form.page.pages
    pages.client.delete_cookie("session")
    pages.post(form.action, form.filled({"Background": text * 2}), token=None, status=413)


def test_what_was_typed_into_a_profile_is_recorded_as_shown_and_gone_with_the_role(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, name="Ana Primer", signs_in=False)
    office = sign_in_as(Role.COORDINATOR)
    here = f"/roster/{expert.id}/write/about"
    page = office.get(here)
    sent = {name: values[0] for name, values in page.form("Save").values.items() if values}
    sent |= {sent_fields.PAGE: here, "csrf_token": office.own_token(), "summary": WORDS}
    token = office.client.post("/kept-texts/typing", data=sent).get_json()[sent_fields.TOKEN]
    with reading(app) as session:
        before = session.query(ProfileView).count()
    assert WORDS in office.get(f"/kept-texts/{token}").text
    with writing(app) as session:
        assert session.query(ProfileView).count() == before + 1
        chosen = sa.select(Account).join(KeptText, KeptText.account_id == Account.id)
        session.scalars(chosen).one().roles = factories.account(session, Role.REQUESTER).roles
    office.get(f"/kept-texts/{token}", status=404)
