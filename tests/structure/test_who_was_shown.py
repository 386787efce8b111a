"""Whoever is shown an expert leaves a record: on every endpoint, in every role, refused or not.

The pages are searched for the names and addresses of experts. A page that shows one to somebody
else and is not recorded fails, whether anybody has thought of it or not.
"""

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.databases import forget_limits, reading
from tests.pages import Pages
from tests.structure.test_access_matrix import addresses, visitors
from webapp.accounts.models import Account
from webapp.core.access import Permission, requires
from webapp.core.record.disclosure import page_words
from webapp.core.roles import Role
from webapp.experts.models import Expert, ProfileView
from webapp.matches.models import MatchState

pytestmark = pytest.mark.long

# Who, on which endpoint, and of which expert.
Sight = tuple[int, str, int]


@pytest.fixture
def marks(app: Flask, world: factories.World) -> dict[int, list[str]]:
    """Return, by expert, the words that are nobody else's: name and e-mail address."""
    with reading(app) as session:
        rows = session.execute(
            sa.select(Expert.id, Expert.name, Account.name, Account.email).join(Expert.account)
        )
        return {number: words for number, *words in rows}


def shown_in(text: str, marks: dict[int, list[str]]) -> Iterator[int]:
    """Yield the experts of whom something stands on a page."""
    for number, words in marks.items():
        # A name ends with a number, and must not be the beginning of another.
        if any(re.search(rf"{re.escape(word)}\b", text) for word in words):
            yield number


def recorded(app: Flask) -> set[Sight]:
    """Return what the database tells of who was shown whom, and where."""
    chosen = sa.select(ProfileView.account_id, ProfileView.page, ProfileView.expert_id)
    with reading(app) as session:
        return {(account, page, expert) for account, page, expert in session.execute(chosen)}


def text_of(answer: TestResponse) -> str:
    """Return what was sent. Documents are no text; whom they name is asked where they are made."""
    return answer.get_data().decode("utf-8", "replace")


def pages_of(app: Flask, world: factories.World, pages: Pages) -> Iterator[tuple[str, str]]:
    """Yield what somebody gets from every address: read, and by forms that are refused."""
    known = [address for address in addresses(app, world) if address.url != "/logout"]
    for address in known:
        if "GET" in address.methods:
            forget_limits(app)
            yield address.endpoint, text_of(pages.client.get(address.url))
    proposed = world.matches[MatchState.PROPOSED]
    yield "expertise_requests.show", pages.client.get(f"/requests/{proposed.request_id}").text
    # What was proposed is not invited any more.
    posts = [
        ("matches.take_step", f"/matches/{proposed.id}/invite"),
        ("matches.choose", f"/proposals/{proposed.id}/pass-over"),
        # A mission that is planned is not over.
        ("deployments.take_step", f"/deployments/{world.deployment_id}/return"),
        *((address.endpoint, address.url) for address in known if "POST" in address.methods),
    ]
    for endpoint, url in posts:
        forget_limits(app)
        for token in ("wrong", pages.own_token()):
            answer = pages.client.post(url, data={"csrf_token": token})
            # What is said after a step stands on the page that it leads to, and not on the next one
            # that this walk happens to open.
            with pages.client.session_transaction() as session:
                session.pop("_flashes", None)
            yield endpoint, text_of(answer)


def test_whoever_is_shown_an_expert_leaves_a_record(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], rewind: Callable[[], None],
    marks: dict[int, list[str]],
) -> None:  # fmt: skip
    people = {role: world.first(role) for role in Role} | {"nobody": world.nobody}
    with reading(app) as session:
        owners = dict(session.execute(sa.select(Expert.id, Expert.account_id)).all())
    seen: dict[Sight, str] = {}
    told: set[Sight] = set()
    for who, pages in visitors(world, visitor):
        account = people.get(who)
        if account is None:
            continue
        for endpoint, text in pages_of(app, world, pages):
            for expert in shown_in(text, marks):
                if owners[expert] != account.id:
                    seen[account.id, endpoint, expert] = f"{who} at {endpoint}: {marks[expert]}"
        told |= recorded(app)
        # Some forms ask for nothing: the next visitor must not find what this one has ended.
        rewind()
    assert not [seen[sight] for sight in seen.keys() - told]
    assert {(endpoint, expert) for _, endpoint, expert in seen} >= {
        (endpoint, world.experts[0].id)
        for endpoint in (
            "experts.show", "experts.take_step", "roster.index", "matches.queue",
            "matches.ranking", "matches.team", "matches.show", "matches.check", "matches.take_step",
            "matches.check_proposal", "matches.check_invitations", "matches.proposed",
            "matches.check_choice", "matches.choose", "deployments.index", "deployments.show",
            "deployments.take_step", "membership.accounts_list", "membership.account_page",
            "expertise_requests.show", "authorities.index", "authorities.official",
            "authorities.release",
        )
    }  # fmt: skip
    assert not [sight for sight in told if sight[0] == owners[sight[2]]], "one's own is no view"
    with app.app_context():
        unnamed = {page for _, page, _ in told if page_words(page) == page_words("no page")}
    assert not unnamed, "say with `shows` what kind of page this is"


def test_a_page_that_nobody_thought_of_is_found(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], marks: dict[int, list[str]]
) -> None:
    """Words that Python has put together are not seen by the templates, but by the test above."""
    expert = world.experts[0]
    told = requires(Permission.ROSTER_READ)(lambda: f"<!doctype html><p>{expert.name}")
    app.add_url_rule("/leak", "leak", told)
    pages = visitor().come_in(world.first(Role.COORDINATOR))
    assert list(shown_in(pages.client.get("/leak").text, marks)) == [expert.id]
    assert not [sight for sight in recorded(app) if sight[1] == "leak"]


def test_a_new_template_is_recorded_without_anybodys_doing(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    expert, reader = world.experts[0], world.first(Role.COORDINATOR)

    def new_page() -> str:
        from flask import render_template_string

        from webapp.core.db import db

        found = db.session.get_one(Expert, expert.id)
        return render_template_string("<!doctype html><p>{{ expert.post }}", expert=found)

    app.add_url_rule("/new", "new", requires(Permission.ROSTER_READ)(new_page))
    visitor().come_in(reader).client.get("/new")
    assert (reader.id, "new", expert.id) in recorded(app)
