"""Requests for an account that have one address stand side by side, and are decided as read."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.errors import ConflictError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.membership import granting, queries
from webapp.membership.models import AccountRequest
from webapp.platform_settings.queries import get_settings

EMAIL = "victim@mup.example.org"
INVITE = "Invite as a requester: Real Person"
ROSTER = "reached by this address"


@pytest.fixture(autouse=True)
def _open(app: Flask) -> None:
    with writing(app) as session:
        settings = get_settings(session)
        settings.accounts_on_request = settings.experts_on_request = True


def ask(visitor: Callable[[], Pages], status: int | None = None, **said: str) -> Any:
    given = {
        "role": "requester", "name": "Real Person", "email": EMAIL, "institution": "MUP",
        "jurisdiction": "KGZ", "reason": "A trainer",
    }  # fmt: skip
    return visitor().get("/ask-for-an-account").submit("Send", given | said, status=status)


def names(app: Flask) -> list[str]:
    with reading(app) as session:
        return list(session.scalars(sa.select(AccountRequest.name).order_by(AccountRequest.id)))


@pytest.mark.both_databases
def test_nobody_takes_the_request_of_another_away_by_knowing_the_address(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    ask(visitor)
    seen = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    assert "same address" not in seen.text
    ask(visitor, email="Victim@MUP.example.org", name="Lord Voldemort", institution="Nowhere")
    assert names(app) == ["Real Person", "Lord Voldemort"]
    refused = seen.submit(INVITE)
    assert "once more since you opened the page" in refused.text
    assert refused.text.count("One other request has the same address") == 2
    assert "The invitation is on its way" in refused.submit(INVITE).text
    with reading(app) as session:
        (made,) = session.scalars(sa.select(Account).where(Account.email == EMAIL))
        assert (made.name, made.institution) == ("Real Person", "MUP")
    page = sign_in_as(Role.ADMINISTRATOR).get("/accounts/requests")
    assert "There is an account with this address already" in page.text


def test_the_same_sent_twice_is_one_request(app: Flask, visitor: Callable[[], Pages]) -> None:
    ask(visitor)
    ask(visitor)
    assert names(app) == ["Real Person"]


def test_requests_of_one_address_stand_together(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        for email, name in ((EMAIL, "First"), ("b@example.org", "Between"), (EMAIL, "Second")):
            factories.account_request(session, email=email, name=name)
    text = sign_in_as(Role.COORDINATOR).get("/accounts/requests").text
    assert text.index("First") < text.index("Second") < text.index("Between")


def test_a_page_that_is_older_says_that_the_request_waits_no_more(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    ask(visitor)
    seen = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    with writing(app) as session:
        session.execute(sa.delete(AccountRequest))
    assert "decided on, or deleted" in seen.submit(INVITE, status=404).text


def test_so_many_wait_and_no_more_whoever_asks(
    app: Flask,
    visitor: Callable[[], Pages],
    sign_in_as: Callable[..., Pages],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(granting, "MOST_WAITING", 1)
    ask(visitor)
    said = [ask(visitor), ask(visitor, 409, email="nobody@example.org")]
    # The very same once more is the first one, and is kept.
    assert "no further one can be taken now" not in said[0].text
    assert "no further one can be taken now" in said[1].text
    assert "A trainer" in said[1].text
    assert names(app) == ["Real Person"]


@pytest.mark.both_databases
@pytest.mark.parametrize("same", [True, False])
def test_of_several_who_ask_at_one_moment_no_more_are_kept_than_may_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch, *, same: bool
) -> None:
    count = queries.count_requests

    def slowly(session: Session) -> int:
        found = count(session)
        time.sleep(0.2)  # The others have come as far by then, if nothing holds them.
        return found

    monkeypatch.setattr(queries, "count_requests", slowly)
    monkeypatch.setattr(granting, "MOST_WAITING", 4 if same else 1)

    def come(number: int) -> bool:
        email = EMAIL if same else f"n{number}@example.org"
        try:
            with writing(app) as session:
                granting.ask_for_account(
                    factories.work(session), email=email, name="Real Person", institution="MUP",
                    jurisdiction="KGZ", reason="A trainer", language="en",
                )  # fmt: skip
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        kept = list(crowd.map(come, range(4)))
    assert kept.count(True) == (4 if same else 1)
    assert names(app) == ["Real Person"]


def stands_on_roster(app: Flask) -> int:
    with writing(app) as session:
        return factories.expert(session, signs_in=False, name="Ana Roster", contact_email=EMAIL).id


def test_who_stands_on_the_roster_is_shown_to_those_who_decide_and_gets_no_second_profile(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    expert_id = stands_on_roster(app)
    assert "roster is" not in ask(visitor, role="expert").text
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    with reading(app) as session:
        shown = sa.select(AuditEvent.details).where(AuditEvent.action == Action.PROFILE_VIEWED)
        assert [expert_id in seen["experts"] for seen in session.scalars(shown)] == [True]
    profile = page.follow("Ana Roster")
    assert profile.url == f"/roster/{expert_id}"
    refused = page.submit("Invite as an expert: Real Person")
    assert ROSTER in refused.text
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Expert)) == 1
        assert session.scalars(sa.select(Account).where(Account.email == EMAIL)).all() == []
    told = sign_in_as(Role.ADMINISTRATOR).get("/accounts/requests").text
    assert "A coordinator invites them" in told
    assert "Ana Roster" not in told
    profile.submit("Invite to an account")
    with reading(app) as session:
        assert session.get_one(Expert, expert_id).account_id is not None


def test_who_has_left_the_roster_may_ask_for_an_account_anew(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.expert(session, signs_in=False, contact_email=EMAIL, state=ExpertState.WITHDRAWN)
    ask(visitor, role="expert")
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    assert ROSTER not in page.text
    assert "The invitation is on its way" in page.submit("Invite as an expert: Real Person").text


def test_who_does_not_say_what_they_have_read_grants_none_of_several(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    ask(visitor)
    ask(visitor, name="Lord Voldemort")
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    assert "once more since you opened" in page.submit(INVITE, {"version": []}).text
    assert names(app) == ["Real Person", "Lord Voldemort"]


def test_what_is_decided_on_a_later_page_leads_back_to_it_and_loses_no_word(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        for number in range(8):
            factories.account_request(session, email=f"a{number}@example.org", name=f"N{number}")
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests?page=2")
    given = {"refuse-8-reason": "Nobody knows them."}
    page = page.submit("Refuse and delete", given, action="/accounts/requests/8/refuse", status=400)
    assert "N7" in page.text
    (typed,) = page.form("Refuse and delete", action="/accounts/requests/8/refuse").values[
        "refuse-8-reason"
    ]
    assert typed == "Nobody knows them."
    assert page.submit("Invite as a requester: N6").url == "/accounts/requests?page=2"


def test_neither_is_one_made_by_an_administrator_who_invites(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    stands_on_roster(app)
    given = {
        "Name": "Ana", "E-mail address": EMAIL, "roles": ["expert"], "Institution": "MUP",
        "Jurisdiction": "KGZ",
    }  # fmt: skip
    page = sign_in_as(Role.ADMINISTRATOR).get("/accounts/invite")
    assert ROSTER in page.submit("Send the invitation", given, status=400).text


def test_a_page_of_the_longest_requests_is_small(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        for number in range(20):
            said = {"reason": "\U0001f600" * 2000, "name": "Ж" * 200, "institution": "Ж" * 200}
            factories.account_request(session, email=f"n{number}@example.org", **said)
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    assert len(page.response.get_data()) < 100_000
    assert "20" in page.text
