"""A sound log is called sound while others write: what is compared is of one moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, writing
from tests.pages import Pages
from webapp.audit_log import publishing
from webapp.core.db import db
from webapp.core.roles import Role


@contextmanager
def something_happens_at(app: Flask, table: str) -> Iterator[list[str]]:
    """Let somebody write, and the head be published, as soon as a table is read for the first time;
    give the list that holds the statement then."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def happen() -> None:
        with writing(app) as session:
            factories.account(session, Role.REQUESTER)
        with app.app_context():
            publishing.publish_due()

    def look(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not seen and f"FROM {table}" in statement:
            seen.append(statement)
            other = Thread(target=happen)
            other.start()
            other.join()

    with listening(engine, "before_cursor_execute", look):
        yield seen


@pytest.mark.both_databases
@pytest.mark.parametrize("command", ["check", "audit-verify"])
@pytest.mark.parametrize("table", ["audit_head", "audit_event"])
def test_a_command_compares_what_is_of_one_moment(app: Flask, command: str, table: str) -> None:
    with writing(app) as session:
        factories.account(session, Role.REQUESTER)
    with something_happens_at(app, table) as seen, app.app_context():
        shown = app.test_cli_runner().invoke(args=[command])
    assert (shown.exit_code, "is sound." in shown.output) == (0, True), shown.output
    assert seen
    with app.app_context():
        assert Path(app.config["AUDIT_HEADS_FILE"]).read_text("ascii")


@pytest.mark.both_databases
@pytest.mark.parametrize("table", ["audit_head", "audit_event"])
def test_the_page_compares_what_is_of_one_moment(
    app: Flask, sign_in_as: Callable[[Role], Pages], table: str
) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    with something_happens_at(app, table) as seen:
        page = administrator.get("/audit?verify=1")
    assert seen
    assert "The log is sound" in page.text
