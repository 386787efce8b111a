"""What every test of faults may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.crowd import is_sound


@pytest.fixture
def ends_sound(app: Flask, instance: Path, database_url: str) -> Iterator[None]:
    """Let the command look through the database when the test, and its server, have ended."""
    yield
    assert is_sound(instance, database_url)
