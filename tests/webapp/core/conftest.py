"""Fixtures for tests of what all packages use."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask


@pytest.fixture
def beside(app: Flask, database_url: str) -> Iterator[sa.Engine]:
    """Return an engine of somebody who is not the platform."""
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()
