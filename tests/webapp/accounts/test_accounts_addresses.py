"""E-mail addresses that are typed are kept in one spelling, whatever form asks for them."""

import unicodedata
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_wtf import FlaskForm
from wtforms.fields.core import UnboundField

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.rules import domain_of_computers, is_address, looks_like_another, spelled_once
from webapp.core.forms.checks import of_one_script
from webapp.core.roles import Role
from webapp.core.words.text_rules import mixed_word
from webapp.experts.models import Expert


def forms(kind: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """Yield all forms of the platform."""
    for one in kind.__subclasses__():
        yield from forms(one)
        if one.__module__.startswith("webapp."):
            yield one


def test_every_form_that_asks_for_an_address_reads_it_in_one_spelling(app: Flask) -> None:
    asked = {
        (form.__name__, name): field
        for form in forms()
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and "email" in name
    }
    assert len(asked) > 6
    for where, field in asked.items():
        assert field.field_class.__name__ == "EmailField", where
        typed = "\u200e Ana@EXAMPLE.org\u200b"
        for read in field.kwargs["filters"]:
            typed = read(typed)
        assert spelled_once(typed) == typed == "ana@example.org", where


@pytest.mark.parametrize("name", ["J\u030cohn", "H\u0331ans", "T\u0308im", "W\u030aanda", "ANA"])
def test_an_address_in_its_one_spelling_stays_as_it_is(name: str) -> None:
    """Some letters are one with their mark when they are small, and two when they are capitals."""
    once = spelled_once(f"{name}@Example.org")
    assert spelled_once(once) == once == unicodedata.normalize("NFC", once.lower())
    assert spelled_once(unicodedata.normalize("NFD", once)) == once


@pytest.mark.parametrize("typed", ["\u200eAna@Example.ORG ", "ana@ｅｘａｍｐｌｅ.org\u200b"])
def test_the_address_of_somebody_without_an_account_is_kept_in_one_spelling(
    app: Flask, sign_in_as: Callable[..., Pages], typed: str
) -> None:
    pages = sign_in_as(Role.COORDINATOR)
    pages.get("/experts/add").submit(
        "Add to the roster", {"Name": "Ana Primer", "E-mail address": typed}
    )
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.contact_email)).one() == "ana@example.org"


@pytest.mark.parametrize(
    ("typed", "looks_alike"),
    [
        ("ana@mup.g\u043ev.rs", True),
        ("ana@mup.xn--gv-fmc.rs", True),
        ("\u0430na@mup.gov.rs", True),
        ("micr\u03bfsoft@example.org", True),
        ("ana@ex\u03b1mple.org", True),
        ("ana@mup\ud55c.example.org", True),
        ("ana@mup.gov.rs", False),
        ("o\u02bcana@mup.gov.rs", False),
        ("ana@m\u00fcp.example.org", False),
        ("ана@муп.срб", False),
    ],
)
def test_an_address_that_reads_as_another_is_none(typed: str, looks_alike: bool) -> None:
    assert looks_like_another(typed) is looks_alike
    assert is_address(typed) is not looks_alike


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("\u0391na Petrova", "\u0391na"),
        ("Ana P\u0435trova", "P\u0435trova"),
        ("Ana \u10d0\u10dc\u10d0", None),
        ("Ма\u02bcр\u02bcяна O\u2019Hara (Ana, \u0410\u043d\u0430)", None),
        ("\u0405\u0430na", "\u0405\u0430na"),
    ],
)
def test_a_word_of_two_alphabets_is_found_whichever_they_are(name: str, word: str | None) -> None:
    assert mixed_word(name) == word


def test_every_name_of_a_person_is_written_in_one_script() -> None:
    """The names of things, such as of an organisation, can have both."""
    things = {"OrganisationForm"}
    named = {
        form.__name__: field.kwargs["validators"]
        for form in forms()
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and name == "name" and "validators" in field.kwargs
    }
    asked = {form for form, checks in named.items() if of_one_script in checks}
    assert {"AskForm", "InviteForm", "OwnAccountForm", "NomineeForm"} <= asked
    assert named.keys() - asked <= things, named.keys() - asked


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ana@mıp.example.org", "xn--mp-hpa.example.org"),
        ("ana@müp.example.org", "xn--mp-xka.example.org"),
        ("ana@мвр.срб", "xn--b1atn.xn--90a3ac"),
        ("žana@mup.example.org", ""),
        ("ana@mup.example.org", ""),
        ("no address", ""),
    ],
)
def test_a_domain_that_may_read_as_another_is_shown_as_computers_write_it_too(
    address: str, written: str
) -> None:
    assert domain_of_computers(address) == written


def test_whoever_decides_on_a_request_reads_where_its_address_leads(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email="ana@mıp.example.org")
    shown = sign_in_as(Role.COORDINATOR).get("/accounts/requests").text
    assert "(xn--mp-hpa.example.org)" in shown
