"""What the processes of the platform share, and what none of them may take from another."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import databases, factories
from webapp import gunicorn_conf
from webapp.core.responses import compression
from webapp.experts import queries
from webapp.experts.models import Expert, ExpertState

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"matcher", "numpy", "scipy", "sklearn"}


@pytest.fixture
def started(app: Flask, world: factories.World) -> Iterator[Flask]:
    """Do for `app` what gunicorn does before it forks the workers."""
    compression.compress_once.cache_clear()
    gunicorn_conf.when_ready(SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))
    yield app
    gc.unfreeze()


def open_files() -> set[str]:
    """Return the files that this process holds open."""
    held = Path("/proc/self/fd").iterdir()
    return {os.readlink(path) for path in held if path.is_symlink()}


@pytest.mark.parametrize("module", ["webapp.worker", "webapp.cli"])
def test_the_job_worker_and_the_commands_do_without_the_matcher(
    module: str, instance: Path
) -> None:
    script = f"import sys, {module}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    environ = databases.environment(instance, f"sqlite:///{instance / 'platform.sqlite'}")
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.split() == []


def test_workers_are_forked_from_a_process_that_has_read_the_roster(
    started: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "list_changed_since", lambda *_: pytest.fail("read once more"))
    with databases.reading(started) as session:
        index, _ = started.extensions["roster"].current(session)
        active = sa.select(sa.func.count()).where(Expert.state == ExpertState.ACTIVE)
        assert len(index) == (session.scalar(active) or 0) > 0


def test_no_connection_to_a_database_is_left_to_the_workers(started: Flask, instance: Path) -> None:
    assert not [name for name in open_files() if name.startswith(str(instance))]


def test_no_visitor_waits_for_the_compression_of_a_file(started: Flask) -> None:
    before = compression.compress_once.cache_info().misses
    with started.test_request_context():
        url = started.url_for("bootstrap.static", filename="css/bootstrap.min.css")
    for encoding in ("br", "gzip"):
        answer = started.test_client().get(url, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
    assert compression.compress_once.cache_info().misses == before


def test_a_database_that_does_not_answer_does_not_keep_the_platform_from_starting(
    app: Flask, instance: Path
) -> None:
    (instance / "platform.sqlite").write_bytes(b"no database")
    gunicorn_conf.when_ready(SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))
    gc.unfreeze()
    assert app.test_client().get("/healthz").status_code == 200
