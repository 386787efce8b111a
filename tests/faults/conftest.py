"""What every test of faults may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import serving
from tests.faults.crowd import Office, is_sound


@pytest.fixture
def ends_sound(app: Flask, instance: Path, database_url: str) -> Iterator[None]:
    """Let the command look through the database when the test, and its server, have ended."""
    yield
    assert is_sound(instance, database_url)


@pytest.fixture
def watched_url(instance: Path, database_url: str) -> Iterator[str]:
    """Return the address of a server whose workers say who they are, and are watched."""
    entry = "tests.faults.watched_workers:app"
    with serving(instance, database_url, entry=entry, WATCHED_WORKERS="1") as address:
        yield address


@pytest.fixture
def office(app: Flask, live_url: str) -> Office:
    """Return people at a server with two workers."""
    return Office(app, live_url)
