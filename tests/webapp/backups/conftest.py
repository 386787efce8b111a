"""Commands that make and bring back backups, a backup of the world, and places to restore it in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import databases, factories

Run = Callable[..., Result]


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    """Return a file with the passphrase of a backup."""
    path = tmp_path / "passphrase"
    path.write_text("of the tests and of nothing else\n")
    return path


@pytest.fixture
def run(app: Flask, passphrase: Path) -> Run:
    """Return a function that runs a command as on the command line."""

    def run_command(*arguments: object, on: Flask = app, word: Path = passphrase) -> Result:
        with on.app_context():
            return on.test_cli_runner().invoke(
                args=[str(argument) for argument in arguments],
                env={"BACKUP_PASSPHRASE_FILE": str(word)},
            )

    return run_command


@pytest.fixture
def backup(world: factories.World, run: Run, tmp_path: Path) -> Path:
    """Return the folder of a backup of the world."""
    folder = tmp_path / "backup"
    result = run("backup", folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(params=databases.KINDS)
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Return an installation of either kind that nobody has used, with keys of its own."""
    maker = request.getfixturevalue(
        {"sqlite": "sqlite_databases", "postgresql": "postgres_databases"}[request.param]
    )
    folder = tmp_path / "another"
    folder.mkdir()
    with ExitStack() as stack:
        made = databases.make_app(folder, stack.enter_context(maker.empty(folder)))
        stack.callback(databases.close, made)
        yield made
