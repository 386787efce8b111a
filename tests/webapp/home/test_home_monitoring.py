"""Figures for monitoring are for who knows the token, and no line of the log tells of people."""

import itertools
import json
import logging
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import serving
from tests.databases import writing
from tests.live import Visitor
from tests.pages import Pages
from webapp.config import ConfigurationError, settings
from webapp.core import job_runs
from webapp.core.access import Permission, requires
from webapp.core.db import db
from webapp.core.monitoring import request_log
from webapp.core.monitoring.request_log import FACTS, JsonLines
from webapp.core.roles import Role
from webapp.core.transactions import transaction

TOKEN = "QW4gb2xkZXIga2V5IHRoYXQgd2FzIGluIHVzZSBiZWZvcmU"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}
CANARY = "zyxcanary"


@pytest.fixture
def watched(make_app: Callable[..., Flask]) -> Flask:
    """Return an application whose figures may be asked for."""
    return make_app(METRICS_TOKEN=TOKEN)


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """Return what is logged as JSON, as it comes."""
    written: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    logging.getLogger("webapp").setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    logging.getLogger("webapp").setLevel(logging.NOTSET)


def figure(text: str, name: str) -> float:
    """Return the value of a figure by its name and labels."""
    return float(next(line for line in text.splitlines() if line.startswith(name)).split()[-1])


@pytest.mark.both_databases
def test_who_knows_the_token_reads_how_the_installation_stands(watched: Flask) -> None:
    client = watched.test_client()
    client.get("/privacy")
    client.get("/no-such-page")
    text = client.get("/metrics", headers=KNOWN).get_data(as_text=True)
    one = 'platform_requests_total{endpoint="home.privacy",method="GET",status="200"}'
    assert figure(text, one) >= 1
    assert figure(text, 'platform_requests_total{endpoint="none",method="GET",status="404"}') >= 1
    assert figure(text, 'platform_request_seconds_count{endpoint="home.privacy"}') >= 1
    assert figure(text, "platform_database_answers") == 1
    assert figure(text, "platform_disk_free_bytes") > 0
    assert figure(text, "platform_mails_waiting") == 0


def test_nobody_else_finds_the_page(app: Flask, watched: Flask) -> None:
    for given in ({}, {"Authorization": "Bearer another"}, {"Authorization": TOKEN}):
        assert watched.test_client().get("/metrics", headers=given).status_code == 404
    assert (
        app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    )


def test_a_database_that_does_not_answer_is_a_figure(watched: Flask, instance: Path) -> None:
    (instance / "platform.sqlite").write_bytes(b"no database" * 1000)
    answer = watched.test_client().get("/metrics", headers=KNOWN)
    assert answer.status_code == 200
    assert figure(answer.get_data(as_text=True), "platform_database_answers") == 0


@pytest.mark.thorough
def test_what_two_workers_have_counted_is_added_up_and_logged_as_json(
    app: Flask, instance: Path, database_url: str
) -> None:
    with serving(instance, database_url, METRICS_TOKEN=TOKEN, LOG_FORMAT="json") as url:
        visitor = Visitor(url)
        for _number in range(30):
            assert visitor.get("/privacy").status == 200
        asked = urllib.request.Request(f"{url}/metrics", headers=KNOWN)  # noqa: S310 - our own.
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            text = answer.read().decode()
    one = 'platform_requests_total{endpoint="home.privacy",method="GET",status="200"}'
    assert figure(text, one) == 30
    found = [json.loads(line) for line in (instance / "server.log").read_text().splitlines()]
    assert sum(line.get("endpoint") == "home.privacy" for line in found) == 30
    assert {"at", "level", "logger", "message"} <= set.intersection(*map(set, found))


def test_no_line_tells_of_people_or_of_what_they_have_typed(
    app: Flask, pages: Pages, lines: list[dict[str, Any]]
) -> None:
    app.testing = False

    def fail() -> str:
        raise RuntimeError(f"{CANARY} was typed")

    app.add_url_rule("/fail", "fail", requires(Permission.PUBLIC)(fail))
    with writing(app) as session:
        person = factories.account(
            session, Role.COORDINATOR, name=f"Ana {CANARY}", email=f"{CANARY}@example.org"
        )
    client = pages.sign_in(person).client
    client.get(f"/roster?q={CANARY}", headers={"User-Agent": CANARY, "X-Forwarded-For": CANARY})
    client.get(f"/{CANARY}")
    client.post("/login", data={"email": f"{CANARY}@example.org", "password": CANARY})
    client.post(f"/requests/1?{CANARY}", data={"title": CANARY, "csrf_token": CANARY})
    assert client.get("/fail").status_code == 500
    logging.getLogger("webapp").warning("refused: {'%s@example.org': 550}", CANARY)
    with app.app_context(), db.engine.connect() as connection:
        request_log._watch(db.engine, 0)
        connection.execute(sa.text("SELECT :word"), {"word": CANARY})
    said = json.dumps(lines)
    assert CANARY not in said
    assert person.email not in said
    assert any(line.get("fault") == "RuntimeError" for line in lines)
    assert any("SELECT" in line["message"] for line in lines)


def test_the_number_of_a_request_is_in_its_answer_its_lines_and_the_page_of_a_fault(
    app: Flask, lines: list[dict[str, Any]]
) -> None:
    app.testing = False

    def fail() -> str:
        raise RuntimeError

    app.add_url_rule("/fail", "fail", requires(Permission.PUBLIC)(fail))
    answer = app.test_client().get("/fail", headers={"X-Request-ID": "mine"})
    given = answer.headers["X-Request-ID"]
    assert given != "mine"
    assert given in answer.get_data(as_text=True)
    assert {line["request"] for line in lines} == {given}
    assert [line["status"] for line in lines if "status" in line] == [500]


def test_what_a_line_holds_besides_is_facts(lines: list[dict[str, Any]]) -> None:
    logging.getLogger("webapp").info("told", extra={FACTS: {"rows": 3}})
    assert lines[0]["rows"] == 3


@pytest.mark.both_databases
def test_who_keeps_others_from_writing_for_long_is_told_by_job_and_by_page(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]]
) -> None:
    app, seconds = make_app(SLOW_WRITE=2000), itertools.count()
    # Each look at the clock is a second later: at the beginning, around the statement, at the end.
    monkeypatch.setattr(request_log, "monotonic", lambda: next(seconds))

    def write() -> None:
        with transaction() as session:
            session.execute(sa.text("SELECT 1"))

    def read() -> None:
        db.session.execute(sa.text("SELECT 1"))
        db.session.rollback()

    with app.app_context():
        read()
        job_runs.watched(write)  # How it went is noted in another transaction.
    with app.test_request_context("/health"):
        write()
    told = [
        line["message"]
        for line in lines
        if "a writing transaction was held open for" in line["message"]
    ]
    assert [one.rpartition(" at ")[2] for one in told] == [
        job_runs.name_of(write),
        job_runs.name_of(write),
        "messages.health",
    ]
    assert "3000 ms" in told[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_FORMAT", "xml"),
        ("METRICS_TOKEN", "short"),
        ("SLOW_STATEMENT_MS", "soon"),
        ("SLOW_WRITE_MS", "never"),
        ("HOST_NAME", "a/b"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(
    name: str, value: str, instance: Path
) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings({"INSTANCE": str(instance), name: value})
