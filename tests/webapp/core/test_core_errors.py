"""Errors: a plain page with the right status and headers, and nothing of our inside."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask, abort

from tests import factories
from tests.databases import SECRET
from tests.pages import Pages
from webapp.core.access import Permission, requires
from webapp.core.db import db
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.responses import error_pages
from webapp.core.roles import Role
from webapp.core.words.translation import Message
from webapp.expertise_requests.models import RequestState

SENTENCE = "A sentence for the person who asked."
PLAIN = {status: str(title) for status, title in error_pages.TITLES.items()}
PLAIN[415] = PLAIN[400]
DOMAIN = {403: ForbiddenError, 404: NotFoundError, 409: ConflictError}


def fail(how: str) -> str:
    """Fail in the way that the address names."""
    if how == "fault":
        raise RuntimeError(f"a secret: {SECRET}")
    if how.startswith("domain-"):
        raise DOMAIN[int(how[7:])](Message(SENTENCE, {}))
    abort(int(how))


@pytest.fixture
def failing(app: Flask) -> Flask:
    """Return the application as in production, with a view that fails in many ways."""
    app.testing = False
    view = requires(Permission.PUBLIC)(fail)
    app.add_url_rule("/fail/<how>", "fail", view, methods=["GET", "POST"])
    return app


@pytest.mark.parametrize("status", PLAIN)
def test_each_status_has_its_plain_page(failing: Flask, pages: Pages, status: int) -> None:
    page = pages.get(f"/fail/{status}", status=status)
    assert page.heading == PLAIN[status]
    assert "/" in page.addresses


@pytest.mark.parametrize("status", DOMAIN)
def test_a_refusal_of_an_operation_is_shown_in_its_own_words(
    failing: Flask, pages: Pages, status: int
) -> None:
    page = pages.get(f"/fail/domain-{status}", status=status)
    assert page.heading == PLAIN[status]
    assert SENTENCE in page.text


@pytest.mark.parametrize("how", ["domain-403", "domain-404", "domain-409", "429", "503", "fault"])
def test_what_was_written_and_is_not_stored_is_shown_and_no_password(
    failing: Flask, sign_in_as: Callable[..., Pages], how: str
) -> None:
    written = {
        "note": "Was on both missions.", "password": "several words of mine",
        "payer": "to be agreed", "payer_2": "to be agreed", "rank": "Superintendent", "days": "4",
        "code": "123456", "drawn_at": "gAAAA", "version": "17-of-the-page", "agree": "y",
    }  # fmt: skip
    status = 500 if how == "fault" else int(how[-3:])
    page = sign_in_as(Role.COORDINATOR).post(f"/fail/{how}", written, status=status)
    assert "Was on both missions." in page.text
    assert "several words of mine" not in page.text
    assert page.text.count("to be agreed") == 1
    assert "Superintendent" in page.text
    for unsaid in ("123456", "gAAAA", "17-of-the-page"):
        assert unsaid not in page.response.text


def test_a_fault_gives_a_reference_and_shows_nothing_of_our_inside(
    failing: Flask, pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    page = pages.get("/fail/fault", status=500)
    reference = page.text.split("Reference: ")[1].split()[0]
    assert len(reference) == 12
    # Whoever looks for the reference finds the fault; the page tells nothing of it.
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text
    for inside in (SECRET, "Traceback", "RuntimeError", ".py", "secret"):
        assert inside not in page.response.text
    assert reference != pages.get("/fail/fault", status=500).text.split("Reference: ")[1].split()[0]


def test_what_was_typed_into_an_address_is_not_echoed(pages: Pages) -> None:
    page = pages.get("/<script>alert(1)</script>", status=404)
    assert "alert" not in page.response.text


@pytest.mark.parametrize("control", ["\x00", "\t", "\n", "\x1f", "\x7f", "\x85"])
def test_no_address_holds_a_control(app: Flask, pages: Pages, control: str) -> None:
    routes = app.url_map.bind("localhost")
    for before, after in (
        ("/profile/closed-jurisdictions/", "/remove"),
        ("/kept-texts/a", ""),
        ("/roster/1/", "b"),
    ):
        assert not routes.test(f"{before}{control}{after}", "GET")
        assert not routes.test(f"{before}{control}{after}", "POST")
    assert routes.test("/kept-texts/a", "GET")
    for before, after in (("/static/css/", "theme.css"), ("/static/css/theme.css", "")):
        pages.get(f"{before}{quote(control)}{after}", status=404)


@pytest.mark.both_databases
def test_an_error_of_the_database_does_not_tell_what_was_typed(app: Flask) -> None:
    """It goes into the log, which more people read than may read what others write."""
    with app.app_context(), pytest.raises(sa.exc.SQLAlchemyError) as caught:
        db.session.execute(sa.text("SELECT :typed FROM nowhere"), {"typed": SENTENCE})
    assert "nowhere" in str(caught.value)
    assert SENTENCE not in str(caught.value)


def test_a_method_that_does_not_exist_says_which_do(pages: Pages) -> None:
    response = pages.client.delete("/privacy")
    assert pages.check("/privacy", response).status == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_files_carry_the_headers_too_and_may_be_kept(pages: Pages) -> None:
    for url in ("/static/css/theme.css", "/static/js/page.js", "/static/img/mark.svg",
                "/bootstrap/static/css/bootstrap.min.css"):  # fmt: skip
        page = pages.check(url, pages.client.get(url))
        assert page.status == 200
        assert page.response.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("url", ["/static/", "/static/css/", "/static/..%2fconfig.py"])
def test_folders_cannot_be_listed_and_not_left(pages: Pages, url: str) -> None:
    pages.get(url, status=404)


def answers_unavailable(app: Flask, seconds: float = 5) -> None:
    """Check that a page that needs the database says in time that it cannot be had."""
    app.testing = False
    pages = Pages(app)
    began = time.monotonic()
    page = pages.get("/", status=503)
    assert time.monotonic() - began < seconds
    assert page.heading == PLAIN[503]
    assert "Traceback" not in page.response.text
    assert pages.client.get("/healthz").status_code == 200
    assert pages.client.get("/readyz").status_code == 503


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port whose listener takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


def test_a_file_that_cannot_be_opened_is_told_and_forgotten(
    make_app: Callable[..., Flask], instance: Path
) -> None:
    gone, back = instance / "platform.sqlite", instance / "elsewhere.sqlite"
    gone.rename(back)
    gone.mkdir()
    app = make_app()
    answers_unavailable(app)
    gone.rmdir()
    back.rename(gone)
    Pages(app).get("/")


@pytest.mark.parametrize("why", ["nobody listens", "somebody listens and is silent"])
def test_a_server_that_does_not_answer_is_told_in_time(
    make_app: Callable[..., Flask], silent_port: int, why: str
) -> None:
    port = silent_port if why.startswith("somebody") else 1
    answers_unavailable(make_app(f"postgresql://nobody@127.0.0.1:{port}/nothing"))


@pytest.mark.postgres
def test_a_server_that_was_away_is_used_again_by_itself(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    app.testing = False
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    pages.get("/queue")
    with app.app_context():
        other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    try:
        with other.connect() as connection:
            # What a restart of the server does to connections that are open.
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    finally:
        other.dispose()
    assert pages.get("/queue").heading


@pytest.mark.parametrize(("revision", "status"), [("0001", 503), ("newer", 200)])
def test_readiness_asks_for_tables_of_this_code_or_of_a_newer_one(
    revision: str, status: int, app: Flask, pages: Pages
) -> None:
    assert pages.client.get("/readyz").status_code == 200
    change = sa.text("UPDATE alembic_version SET version_num = :revision")
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(change, {"revision": revision})
    app.testing = False
    assert pages.client.get("/readyz").status_code == status


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429])
def test_somebody_who_has_signed_in_keeps_the_menu(
    failing: Flask, sign_in_as: Callable[..., Pages], status: int
) -> None:
    page = sign_in_as(Role.COORDINATOR).get(f"/fail/{status}", status=status)
    assert page.heading == PLAIN[status]
    assert page.links["Work queue"] == "/queue"
    assert page.links["To my first page"] == "/"


def test_what_is_hidden_and_what_is_not_there_look_the_same(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.second(Role.REQUESTER))
    hidden = pages.get(f"/requests/{world.other_request.id - 1}", status=404)
    missing = pages.get("/requests/99999", status=404)
    assert hidden.text == missing.text
    assert hidden.addresses == missing.addresses


def test_a_conflict_leads_back_to_the_thing(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().sign_in(world.first(Role.COORDINATOR))
    number = world.requests[RequestState.SUBMITTED].id
    page = pages.post(f"/requests/{number}/propose", status=409)
    assert page.follow("See how it stands now").url == f"/requests/{number}"
    assert page.links["Work queue"] == "/queue"
    requester = visitor().sign_in(world.first(Role.REQUESTER))
    page = requester.post(f"/requests/{number}/propose", status=403)
    assert "See how it stands now" not in page.links


def test_a_database_that_fails_while_the_menu_is_drawn_leaves_the_plain_page(
    failing: Flask, sign_in_as: Callable[..., Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_too(_permission: Permission) -> bool:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    pages = sign_in_as(Role.COORDINATOR)
    monkeypatch.setitem(failing.jinja_env.globals, "may", fail_too)
    page = pages.get("/fail/409", status=409)
    assert page.heading == PLAIN[409]
    assert "Work queue" not in page.links


@pytest.mark.postgres
def test_of_two_who_wait_for_each_other_one_is_told_that_somebody_was_quicker(
    failing: Flask,
) -> None:
    both_hold_one = threading.Barrier(2)

    def meet(first: int, second: int) -> str:
        for number in (first, second):
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
            if number == first:
                both_hold_one.wait(timeout=30)
        return "done"

    failing.add_url_rule(
        "/meet/<int:first>/<int:second>", "meet", requires(Permission.PUBLIC)(meet)
    )
    with ThreadPoolExecutor(2) as crowd:
        answers = crowd.map(
            lambda address: failing.test_client().get(address), ("/meet/1/2", "/meet/2/1")
        )
        told = sorted(((one.status_code, one.text) for one in answers), reverse=True)
    assert [status for status, _text in told] == [409, 200]
    assert "Somebody else changed this at the same moment" in told[0][1]


def test_readiness_is_not_told_in_the_log(
    app: Flask, pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    assert pages.client.get("/readyz").status_code == 200
    assert caplog.text == ""
    assert logging.getLogger("alembic").getEffectiveLevel() == logging.WARNING


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {f"field{n}": "x" for n in range(2001)}}, 413),
        ({"data": {"objectives": "x" * 3_000_000}}, 413),
        ({"json": {"title": "x"}}, 415),
    ],
    ids=["many", "long", "no form"],
)
def test_what_is_refused_before_a_view_begins_is_in_the_language_of_the_account(
    app: Flask, sign_in_as: Callable[..., Pages], sent: dict[str, Any], status: int
) -> None:
    pages = sign_in_as(Role.REQUESTER, language="ru")
    answer = pages.client.post("/requests/new", headers={"Accept-Language": "en"}, **sent)
    assert answer.status_code == status
    assert '<html lang="ru">' in answer.text
