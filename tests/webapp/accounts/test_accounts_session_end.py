"""When a session ends: two hours after its last request, and twelve after the sign-in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import factories
from tests.databases import SECRET
from tests.pages import Page, Pages
from webapp.config import ConfigurationError, settings
from webapp.core.roles import Role

IDLE, LIMIT = timedelta(hours=2), timedelta(hours=12)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(clock: Any, world: factories.World, visitor: Callable[[], Pages]) -> Pages:
    """Return a coordinator who has just signed in."""
    return visitor().sign_in(world.first(Role.COORDINATOR))


def go_on_working(person: Pages) -> None:
    """Open a page that only people who have signed in can open."""
    response = person.client.get("/queue")
    assert response.status_code == 200, response.location


def promised(page: Page) -> Any:
    """Return what the page says of the session: when it ends, and whether it can be prolonged."""
    body = page.tree.find("body")
    assert body is not None
    left = body.get("data-session-left")
    if left is None:
        return None
    return {"seconds": int(left), "extensible": body.get("data-session-extensible") is not None}


def extensible(duration: timedelta) -> dict[str, Any]:
    """Return what is said of a session that lasts so long and is prolonged by a request."""
    return {"seconds": duration.total_seconds(), "extensible": True}


def last(duration: timedelta) -> dict[str, Any]:
    """Return what is said of a session that ends after so long, whatever comes."""
    return {"seconds": duration.total_seconds(), "extensible": False}


def is_forgotten(person: Pages) -> bool:
    """Tell whether the browser holds nothing of a session any more."""
    with person.client.session_transaction() as session:
        return session.keys().isdisjoint({"session_token", "_user_id"})


def test_a_session_ends_two_hours_after_the_last_request(person: Pages, clock: Any) -> None:
    clock.shift(IDLE - MINUTE)
    go_on_working(person)
    clock.shift(IDLE + MINUTE)
    person.get("/queue", status=302)


def test_every_request_renews_the_session(person: Pages, clock: Any) -> None:
    for _ in range(5):
        clock.shift(IDLE - MINUTE)
        go_on_working(person)


def test_a_page_that_was_not_there_renews_it_as_well(person: Pages, clock: Any) -> None:
    clock.shift(IDLE - MINUTE)
    person.get("/nothing", status=404)
    clock.shift(IDLE - MINUTE)
    go_on_working(person)


def test_files_and_questions_of_machines_do_not_renew_it(person: Pages, clock: Any) -> None:
    clock.shift(IDLE - MINUTE)
    for url in ("/static/css/theme.css", "/healthz", "/readyz"):
        answer = person.client.get(url)
        assert answer.headers.getlist("Set-Cookie") == [], url
        answer.close()
    clock.shift(2 * MINUTE)
    person.get("/queue", status=302)


def test_a_session_ends_twelve_hours_after_the_sign_in_however_busy(
    person: Pages, clock: Any
) -> None:
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        go_on_working(person)
    clock.shift(timedelta(hours=1))
    person.get("/queue", status=302)
    assert is_forgotten(person)


def test_the_hours_begin_anew_with_each_sign_in(
    person: Pages, clock: Any, world: factories.World
) -> None:
    clock.shift(LIMIT)
    person.sign_in(world.first(Role.COORDINATOR))
    clock.shift(IDLE - MINUTE)
    go_on_working(person)


def test_a_cookie_without_the_token_of_its_session_is_a_stranger_s(person: Pages) -> None:
    with person.client.session_transaction() as session:
        del session["session_token"]
    person.get("/queue", status=302)


def test_a_page_says_when_the_session_ends(person: Pages, clock: Any) -> None:
    assert promised(person.get("/queue")) == extensible(IDLE)
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        go_on_working(person)
    clock.shift(20 * MINUTE)
    assert promised(person.get("/queue")) == last(40 * MINUTE)


def test_a_use_too_soon_after_another_to_be_written_down_leaves_it_extensible(
    person: Pages, clock: Any
) -> None:
    go_on_working(person)
    clock.shift(MINUTE / 2)
    assert promised(person.get("/queue")) == extensible(IDLE - MINUTE / 2)


def test_it_can_be_prolonged_until_two_hours_before_its_greatest_age(
    person: Pages, clock: Any
) -> None:
    for _ in range(9):
        clock.shift(timedelta(hours=1))
        go_on_working(person)
    clock.shift(timedelta(hours=1) - MINUTE)
    assert promised(person.get("/queue")) == extensible(IDLE)
    clock.shift(MINUTE)
    assert promised(person.get("/queue")) == last(IDLE)


def test_it_is_never_said_to_be_over_before_it_is(person: Pages, clock: Any) -> None:
    clock.shift(timedelta(milliseconds=1))
    assert promised(person.get("/queue"))["seconds"] == IDLE.total_seconds()


def test_strangers_are_not_told_of_a_session(pages: Pages) -> None:
    for url in ("/", "/login", "/privacy"):
        page = pages.get(url)
        assert promised(page) is None
        assert "session-end" not in page.response.text


def test_asking_for_the_session_renews_it_and_tells_its_end(person: Pages, clock: Any) -> None:
    clock.shift(IDLE - MINUTE)
    assert person.client.get("/session").json == extensible(IDLE)
    clock.shift(IDLE - MINUTE)
    assert person.client.get("/session").status_code == 200


def test_asking_for_a_session_that_has_ended_does_not_bring_it_back(
    person: Pages, clock: Any
) -> None:
    clock.shift(IDLE + MINUTE)
    answer = person.client.get("/session")
    assert answer.status_code == 302
    assert is_forgotten(person)
    assert "You were signed out" in person.get("/login").text
    person.get("/queue", status=302)


def test_the_times_can_be_set(tmp_path: Any) -> None:
    given = {"INSTANCE": str(tmp_path), "SECRET_KEY": SECRET}
    short = settings({**given, "SESSION_IDLE_MINUTES": "0.5", "SESSION_LIMIT_MINUTES": "60"})
    assert short["SESSION_IDLE"] == timedelta(seconds=30)
    assert short["SESSION_LIMIT"] == timedelta(hours=1)
    assert settings(given)["SESSION_IDLE"] == IDLE
    assert settings(given)["SESSION_LIMIT"] == LIMIT


@pytest.mark.parametrize("bad", ["soon", "0", "-5", "nan", "1e400", "1e10"])
def test_times_that_would_let_nobody_work_are_refused(bad: str, tmp_path: Any) -> None:
    with pytest.raises(ConfigurationError, match="SESSION_IDLE_MINUTES"):
        settings(
            {
                "INSTANCE": str(tmp_path),
                "SECRET_KEY": SECRET,
                "SESSION_IDLE_MINUTES": bad,
            }
        )
