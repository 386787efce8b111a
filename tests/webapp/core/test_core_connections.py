"""What each of a process's connections to SQLite keeps for itself."""

from flask import Flask

from tests.databases import reading
from webapp.core.db import PAGES_KEPT


def test_a_dozen_connections_do_not_keep_the_same_pages_a_dozen_times(app: Flask) -> None:
    with reading(app) as session:
        kept = session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one()
    assert kept == -PAGES_KEPT
    assert 13 * PAGES_KEPT < 8_000
