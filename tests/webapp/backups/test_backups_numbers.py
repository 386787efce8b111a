"""A number is given once, also where the database is another one by now."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests import databases, factories
from tests.databases import writing

pytestmark = pytest.mark.thorough

Run = Callable[..., Result]


def asked_and_refused(app: Flask, *, remove: bool = True) -> int:
    """Return the number of a row that was stored, and removed again without a word in the log."""
    with writing(app) as session:
        asked = factories.account_request(session)
        number = asked.id
        if remove:
            session.delete(asked)
    return number


@pytest.mark.both_databases
def test_numbers_go_on_after_those_of_rows_that_were_gone_before_the_backup(
    app: Flask, another: Flask, run: Run, tmp_path: Path
) -> None:
    kept = asked_and_refused(app, remove=False)
    gone = [asked_and_refused(app) for _ in range(3)]
    assert gone == [kept + 1, kept + 2, kept + 3]
    assert run("backup", tmp_path / "backup").exit_code == 0
    result = run("restore", tmp_path / "backup", on=another)
    assert result.exit_code == 0, result.output
    assert asked_and_refused(another) == gone[-1] + 1


def test_numbers_go_on_where_everything_moves_to_postgresql(
    app: Flask, run: Run, postgres_databases: Any, instance: Path
) -> None:
    gone = [asked_and_refused(app) for _ in range(3)][-1]
    with postgres_databases.empty(instance) as url:
        result = run("move-to", url)
        assert result.exit_code == 0, result.output
        moved = databases.make_app(instance, url)
        assert asked_and_refused(moved) == gone + 1
        databases.close(moved)


@pytest.mark.both_databases
def test_what_is_replaced_goes_on_after_the_numbers_of_the_backup_and_its_own(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    gone = asked_and_refused(app)
    assert run("backup", tmp_path / "backup").exit_code == 0
    since = asked_and_refused(app)
    result = run("restore", tmp_path / "backup", "--replace")
    assert result.exit_code == 0, result.output
    assert (since, asked_and_refused(app)) == (gone + 1, gone + 2)
