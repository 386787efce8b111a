"""The page of one's own account: name, language, and mails to an address that somebody types."""

from collections.abc import Callable

from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.roles import Role

EMAIL = "vesna@example.org"


def test_name_and_language_are_kept(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    page = visitor().sign_in(person).get("/account")
    page = page.submit(
        "Save", {"Name": "Nova Testova", "Language of pages and mails": "ru"}, status=None
    )
    with reading(app) as session:
        kept = session.get_one(Account, person.id)
        assert (kept.name, kept.language) == ("Nova Testova", "ru")


def test_nobody_sends_any_number_of_mails_to_an_address_that_they_type(
    sign_in_as: Callable[..., Pages],
) -> None:
    pages = sign_in_as(Role.REQUESTER)
    data = {
        "csrf_token": pages.own_token(), "email": "somebody@example.org",
        "old_password": factories.PASSWORD,
    }  # fmt: skip
    answers = [pages.client.post("/account/e-mail", data=data).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_a_name_given_in_another_window_meanwhile_is_not_overwritten_unread(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, email=EMAIL)
    pages = visitor().sign_in(person)
    earlier = pages.get("/account")
    pages.get("/account").submit("Save", {"Name": "Nova Testova"}, status=303)
    refused = earlier.submit("Save", {"Name": "Stara Testova"}, status=409)
    assert "It is now: Nova Testova" in refused.text
    assert refused.form("Save").values["name"] == ["Stara Testova"]
    refused.submit("Save", {}, status=303)
    with reading(app) as session:
        assert session.get_one(Account, person.id).name == "Stara Testova"
