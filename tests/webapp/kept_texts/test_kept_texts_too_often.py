"""Whoever sends a form too often is told so, and finds all that they wrote in it again."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import forget_limits, writing
from tests.ended_sessions import number_kept
from tests.pages import Form, Page, Pages
from webapp.core import limits
from webapp.core.put_off import PUT_OFF
from webapp.experts.views.confirming import ASKING
from webapp.kept_texts import rules
from webapp.membership.views.joining import ASKING as OF_STRANGERS
from webapp.platform_settings.queries import get_settings

TYPED = {"name": "Primer", "organisation": "Academy", "email": "vera@example.org"}
GO_ON = "Go on with what you wrote"


@pytest.fixture
def form(app: Flask, visitor: Callable[[], Pages]) -> Form:
    """Return a form that its reader has sent as often as anybody may."""
    with writing(app) as session:
        expert = factories.expert(session)
        address = f"/profile/evidence/{expert.evidence[0].id}/confirmation"
        account = expert.account
    assert account is not None
    form = visitor().come_in(account).get(address).form("Send the mail")
    use_up(app, ASKING, str(account.id))
    return form


def use_up(app: Flask, limit: limits.Limit, who: str) -> None:
    with app.app_context():
        while not limits.count(limit, who):
            pass


def send(form: Form) -> Page:
    return form.page.pages.post(form.action, form.filled({}) | TYPED, token=None, status=429)


@pytest.mark.both_databases
def test_single_words_are_kept_and_stand_in_their_form_again(app: Flask, form: Form) -> None:
    page = send(form)
    assert "It is kept, and not sent yet." in page.text
    forget_limits(app)
    kept = page.follow(GO_ON).form("Go on with your text")
    again = kept.page.pages.post(kept.action, kept.filled({}), token=None)
    sent = again.form("Send the mail")
    assert {name: sent.values[name][0] for name in TYPED} == TYPED
    sent.page.submit("Send the mail")
    assert number_kept(app) == 0


def test_a_program_that_goes_on_has_no_more_kept_and_reads_what_it_sent(
    app: Flask, form: Form
) -> None:
    for _ in range(PUT_OFF.items[0].amount):
        send(form)
    kept = number_kept(app)
    page = send(form)
    assert number_kept(app) == kept < rules.MOST_PER_ACCOUNT
    assert GO_ON not in page.text
    assert "It is not stored." in page.text
    assert all(word in page.text for word in TYPED.values())


def test_a_stranger_who_waits_reads_what_they_typed(app: Flask, pages: Pages) -> None:
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    use_up(app, OF_STRANGERS, "127.0.0.1")
    form = pages.get("/ask-for-an-account").form("Send")
    typed = {
        "name": "Primer", "email": "nova@example.org", "institution": "Academy",
        "jurisdiction": "KGZ", "reason": "A trainer",
    }  # fmt: skip
    page = pages.post(form.action, form.filled({}) | typed, token=None, status=429)
    assert all(word in page.text for word in typed.values())
    assert number_kept(app) == 0
