"""A backup is restored while two workers run: neither ranks or quotes what is no more."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.faults.crowd import is_sound
from tests.live import Visitor
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

pytestmark = [pytest.mark.thorough, pytest.mark.both_databases]
# More often than there are workers, so that each is asked.
TIMES = 12


@pytest.fixture
def run(make_app: Callable[..., Flask], tmp_path: Path) -> Callable[..., None]:
    """Return a function that runs a command, which must succeed."""
    word = tmp_path / "passphrase"
    word.write_text("of the tests and of nothing else")

    def run_command(*arguments: str) -> None:
        app = make_app()
        with app.app_context():
            result = app.test_cli_runner().invoke(
                args=list(arguments), env={"BACKUP_PASSPHRASE_FILE": str(word)}
            )
        assert result.exit_code == 0, result.output

    return run_command


def pages_of(url: str, person: Account, request_id: int) -> str:
    """Return a ranking as every worker shows it, to somebody who signs in anew."""
    visitor = Visitor(url).sign_in(person)
    answers = [visitor.get(f"/requests/{request_id}/matches") for _ in range(TIMES)]
    assert {answer.status for answer in answers} == {200}
    return "".join(answer.body for answer in answers)


def test_a_profile_of_the_lost_history_is_ranked_by_no_worker(
    app: Flask,
    live_url: str,
    run: Callable[..., None],
    instance: Path,
    database_url: str,
    tmp_path: Path,
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        asked = factories.request(session, RequestState.ACCEPTED, title="Marking of firearms")
    run("backup", str(tmp_path / "backup"))
    with writing(app) as session:
        factories.expert(session, summary="Marking of firearms, in the lost history.")
    assert pages_of(live_url, coordinator, asked.id).count("lost history") >= TIMES
    run("restore", str(tmp_path / "backup"), "--replace")
    with writing(app) as session:
        factories.expert(session, summary="Marking of firearms, in the history that follows.")
    said = pages_of(live_url, coordinator, asked.id)
    assert "lost history" not in said
    assert said.count("history that follows") >= TIMES
    assert is_sound(instance, database_url)
