"""The roster as coordinators use it: searching, reading a profile, deciding on its state."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import Evidence, EvidenceKind, Expert, ExpertState, ExpertTheme
from webapp.experts.standing_tables import PhoneCall

SignIn = Callable[..., Pages]


def names(page: Page) -> list[str]:
    return [words for words, url in page.links.items() if re.fullmatch(r"/roster/\d+", url)]


@pytest.fixture
def coordinator(sign_in_as: SignIn) -> Pages:
    return sign_in_as(Role.COORDINATOR)


def add(app: Flask, **values: Any) -> int:
    with writing(app) as session:
        return factories.expert(session, **values).id


def test_an_empty_roster_and_an_empty_result_say_so(app: Flask, coordinator: Pages) -> None:
    assert "The roster is empty" in coordinator.get("/roster").text
    add(app)
    page = coordinator.get("/roster").submit("Search", {"q": "nobody of this name"})
    assert "No profile has these words." in page.text


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "sehic"}, ["Šejla Šehić"]),
        ({"q": "ŠEHIĆ šejla"}, ["Šejla Šehić"]),
        ({"q": "dorde"}, ["Đorđe Primer"]),
        ({"q": "gendarmerie"}, ["Ana Zgled"]),
        ({"q": "forensic"}, ["Đorđe Primer"]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"theme": "SALW-POL"}, ["Ana Zgled"]),
        ({"jurisdiction": "XKX"}, ["Šejla Šehić"]),
        ({"state": "suspended"}, ["Đorđe Primer"]),
        ({"state": "active", "jurisdiction": "MNE", "q": "zgled"}, ["Ana Zgled"]),
        ({}, ["Ana Zgled", "Đorđe Primer", "Šejla Šehić"]),
    ],
)
def test_search_and_filters(
    app: Flask, coordinator: Pages, query: dict[str, str], found: list[str]
) -> None:
    add(app, name="Šejla Šehić", jurisdiction="XKX")
    add(app, name="Đorđe Primer", state=ExpertState.SUSPENDED, post="Forensic chemist")
    policy = [ExpertTheme(theme_code="SALW-POL", priority=9)]
    add(app, name="Ana Zgled", institution="Gendarmerie", themes=policy)
    page = coordinator.get("/roster").submit("Search", query)
    assert names(page) == found


@pytest.mark.parametrize(
    "query", [{"theme": "x"}, {"state": "vanished"}, {"jurisdiction": "??"}, {"q": "a" * 301},
              {"q": "a\x00"}],
)  # fmt: skip
def test_a_filter_that_does_not_exist_is_told(coordinator: Pages, query: dict[str, str]) -> None:
    assert coordinator.get("/roster", query=query, status=400).errors


@pytest.mark.parametrize("page", ["0", "-3", "9" * 40, "x", ""])
def test_absurd_page_numbers_lead_to_a_page(app: Flask, coordinator: Pages, page: str) -> None:
    add(app)
    assert len(names(coordinator.get("/roster", query={"page": page}))) == 1


@pytest.mark.long
@pytest.mark.thorough
def test_a_thousand_experts_are_listed_by_pages(app: Flask, coordinator: Pages) -> None:
    with writing(app) as session:
        for number in range(1000):
            factories.expert(session, signs_in=False, name=f"Ana {number:04d} Primer")
    assert len(coordinator.client.get("/roster").data) < 100_000
    page = coordinator.get("/roster", query={"q": "primer"})
    assert "1,000 experts found" in page.text
    seen = names(page)
    for _ in range(19):
        page = page.follow("Next")
        seen += names(page)
    assert "Next" not in page.links
    assert seen == [f"Ana {number:04d} Primer" for number in range(1000)]


def test_reading_a_profile_is_recorded_and_its_expert_is_told(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        account = expert.account
    own = visitor().come_in(account)
    assert "Nobody has seen your profile yet" in own.get("/profile").text
    page = coordinator.get(f"/roster/{expert.id}")
    assert page.heading.startswith(expert.name)
    assert account is not None
    assert account.email in page.text
    with reading(app) as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (event.action, event.subject, event.subject_id) == (
            "profile viewed", "expert", expert.id,
        )  # fmt: skip
        assert event.role == "coordinator"
        assert event.details == {
            "page": "experts.show", "path": f"/roster/{expert.id}", "experts": [expert.id],
        }  # fmt: skip
    told = own.get("/profile").text
    assert "Nobody has seen your profile yet" not in told
    assert "once: the whole profile" in told.partition("Who has seen your profile lately")[2]


def test_the_steps_of_an_expert(app: Flask, coordinator: Pages) -> None:
    url = f"/roster/{add(app, state=ExpertState.NOMINATED)}"
    page = coordinator.get(url).submit("Start screening").submit("Activate")
    refused = page.submit("Suspend", status=400)
    assert refused.errors["suspend-kind"] == "Please choose one."
    page = refused.submit(
        "Suspend", {"suspend-kind": "other", "suspend-reason": "The service opened a procedure."}
    )
    assert "is suspended now, and not ranked." in page.text
    assert "suspended the profile" in page.text
    assert "The service opened a procedure." in page.text
    page.submit("Reactivate")
    with reading(app) as session:
        assert session.scalars(sa.select(Expert)).one().state is ExpertState.ACTIVE


def test_what_is_noted_of_a_profile_is_noted_once_and_only_of_what_was_seen(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        expert.account_id = None
    page = coordinator.get(f"/roster/{expert.id}")
    said = {"note-that-it-is-still-true-kind": "by telephone"}
    page.submit("Note that it is still true", said)
    again = page.submit("Note that it is still true", said, status=409)
    assert "or this form was sent twice" in again.text
    page = coordinator.get(f"/roster/{expert.id}")
    with writing(app) as session:
        session.get_one(Expert, expert.id).summary = "Another summary."
    page.submit("Note that it is still true", said, status=409)
    unseen = {**said, "version": ""}
    coordinator.post(f"/roster/{expert.id}/note-that-it-is-still-true", unseen, status=409)
    with reading(app) as session:
        action = "expert: note that it is still true"
        assert session.query(AuditEvent).filter_by(action=action).count() == 1
        # Nobody is called to hear what they have said themselves.
        assert session.query(PhoneCall).count() == 0


@pytest.mark.parametrize(
    ("step", "status"),
    [("wake", 404), ("erase", 404), ("a%00", 404), ("activate", 409), ("reactivate", 409)],
)
def test_steps_cannot_be_skipped_by_posting(
    app: Flask, coordinator: Pages, step: str, status: int
) -> None:
    number = add(app, state=ExpertState.NOMINATED)
    coordinator.post(
        f"/roster/{number}/{step}",
        {f"{step}-kind": "other", f"{step}-reason": "Because."},
        status=status,
    )
    with reading(app) as session:
        assert session.get_one(Expert, number).state is ExpertState.NOMINATED


@pytest.mark.parametrize("number", ["0", "999", "2147483648", "9" * 30])
def test_an_expert_that_does_not_exist(coordinator: Pages, number: str) -> None:
    coordinator.get(f"/roster/{number}", status=404)
    coordinator.post(
        f"/roster/{number}/suspend", {"suspend-kind": "other", "suspend-reason": "Why."}, status=404
    )


def test_what_a_profile_lacks_is_named_for_what_it_is(app: Flask, coordinator: Pages) -> None:
    bare = [Evidence(kind=EvidenceKind.PROJECT, title="A register")]
    with writing(app) as session:
        expert = factories.expert(session, evidence=bare, summary="")
    page = coordinator.get(f"/roster/{expert.id}")
    assert "missing: summary, descriptions of some evidence" in page.text


def test_a_level_that_is_none_is_told_at_its_field(app: Flask, pages: Pages) -> None:
    with writing(app) as session:
        owner = factories.expert(session).account
    sent = {"version": "1", "ranked-0-theme": "SALW-MTR", "ranked-0-level": "a\x00b"}
    assert pages.come_in(owner).post("/profile/themes", sent, status=400).errors
