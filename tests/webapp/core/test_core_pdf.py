"""PDF files take seconds: nobody waits for a lock meanwhile, and few are made at one moment."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.db import begin_writing, db
from webapp.core.errors import TooOftenError
from webapp.core.files import pdf
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role


def test_one_is_made_at_a_time_and_the_next_is_refused_in_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "WAITING_AT_MOST", 0.01)
    begun, end = threading.Event(), threading.Event()

    def make(_html: str) -> bytes:
        begun.set()
        end.wait()
        return b"made"

    monkeypatch.setattr(pdf, "lay_out", make)

    def ask() -> bytes:
        with app.app_context():
            return pdf.make_pdf("<p>")

    with ThreadPoolExecutor(1) as people:
        first = people.submit(ask)
        begun.wait()
        with pytest.raises(TooOftenError, match="Other documents"):
            ask()
        end.set()
        assert first.result() == b"made"
    assert ask() == b"made"


def test_none_is_made_where_others_would_wait_for_it(app: Flask) -> None:
    with app.app_context():
        begin_writing()
        with pytest.raises(RuntimeError, match="lock of those who write"):
            pdf.make_pdf("<p>")
        db.session.rollback()


@pytest.mark.both_databases
def test_whoever_has_a_copy_made_keeps_nobody_from_writing_and_the_log_tells_of_it(
    app: Flask,
    world: factories.World,
    visitor: Callable[[], Pages],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expert = world.first(Role.EXPERT)

    def make(_html: str) -> bytes:
        with writing(app) as session:
            session.get_one(Account, expert.id).name = "Written meanwhile"
        return b"%PDF-"

    monkeypatch.setattr(pdf, "lay_out", make)
    pages = visitor().sign_in(expert)
    sent = {"csrf_token": pages.own_token()}
    answer = pages.client.post("/my-data/document", data=sent)
    assert (answer.status_code, answer.data) == (200, b"%PDF-")
    with reading(app) as session:
        assert session.get_one(Account, expert.id).name == "Written meanwhile"
        copied = sa.select(AuditEvent.actor_id).where(AuditEvent.action == Action.DATA_COPIED)
        assert list(session.scalars(copied)) == [expert.id]


def test_the_process_that_lays_out_ends_without_unloading_what_may_still_run() -> None:
    told = "import atexit; atexit.register(print, 'unloaded', flush=True)\n"
    page = '<html lang="en"><title>A page</title><h1>A page</h1></html>'
    done = subprocess.run(
        [sys.executable, "-I", "-c", told + pdf._MAKING, str(pdf._STYLES)],
        input=page.encode(),
        capture_output=True,
        check=True,
    )

    assert done.stdout.rstrip().endswith(b"%%EOF")
