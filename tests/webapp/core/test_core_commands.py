"""Commands: each does what it says and leaves an event, or refuses in one sentence."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from tests import databases, factories
from tests.commands import refused
from tests.databases import reading, writing
from tests.pages import Pages
from webapp import gunicorn_conf
from webapp.accounts.models import Account
from webapp.config import ROOT
from webapp.core.db import db
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.membership import queries
from webapp.platform_settings.queries import get_settings, is_demonstration

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Return a function that runs a command as on the command line."""

    def run_command(*arguments: str, on: Flask = app) -> Result:
        with on.app_context():
            return on.test_cli_runner().invoke(args=list(arguments))

    return run_command


def changes(app: Flask) -> list[str]:
    """Return what the audit log tells of what the system itself did to accounts that exist."""
    with reading(app) as session:
        assert audit.verify(session) == []
        done = session.query(AuditEvent).filter_by(role="system", subject="account")
        return [e.action for e in done.order_by(AuditEvent.id) if e.action != "account created"]


def test_the_commands_of_the_library_are_gone(app: Flask) -> None:
    """They said that an account was changed, and it was not."""
    assert not {"users", "roles", "db"} & app.cli.commands.keys()


@pytest.mark.both_databases
def test_an_account_is_deactivated_and_reactivated_and_its_sessions_end(
    app: Flask, run: Run, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
    pages = visitor().sign_in(person)
    pages.get("/queue")
    assert "can no longer sign in" in run("accounts", "deactivate", person.email.upper()).output
    pages.get("/queue", status=302)
    assert "(disabled)" in run("accounts", "list").output
    assert "can sign in again" in run("accounts", "reactivate", person.email).output
    # What was open before does not come back with the account.
    pages.get("/queue", status=302)
    again = visitor().sign_in(person)
    again.get("/queue")
    assert "sign in anew" in run("accounts", "end-sessions", person.email).output
    again.get("/queue", status=302)
    assert changes(app) == [
        "account disabled", "sessions ended", "account reactivated", "sessions ended",
    ]  # fmt: skip


@pytest.mark.both_databases
def test_roles_are_given_and_taken(app: Flask, run: Run, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
    pages = visitor().sign_in(person)
    result = run("accounts", "set-roles", person.email, "requester", "expert")
    assert f"{person.email} has these roles: expert, requester." in result.output
    pages.get("/queue", status=302)  # Her session ended with the role.
    visitor().sign_in(person).get("/requests")
    assert changes(app) == ["roles changed", "sessions ended"]
    assert run("accounts", "set-roles", person.email, "emperor").exit_code == 2


def test_the_only_administrator_stays(app: Flask, run: Run) -> None:
    with writing(app) as session:
        email = factories.account(session, Role.ADMINISTRATOR).email
    refused(run("accounts", "deactivate", email), "only administrator")
    refused(run("accounts", "set-roles", email, "expert"), "only administrator")
    refused(run("accounts", "deactivate", "nobody@example.org"), "no account")
    assert changes(app) == []
    with writing(app) as session:
        factories.account(session, Role.ADMINISTRATOR)
    assert run("accounts", "deactivate", email).exit_code == 0


@pytest.mark.both_databases
def test_the_first_administrator_is_made_once(app: Flask, run: Run) -> None:
    assert run("create-administrator", "first@example.org", "First").exit_code == 0
    refused(run("create-administrator", "second@example.org", "Second"), "administrator already")
    with reading(app) as session:
        assert [a.email for a in queries.list_administrators(session)] == ["first@example.org"]


@pytest.mark.thorough
def test_the_demo_is_loaded_once_and_every_page_says_so(
    app: Flask, run: Run, visitor: Callable[[], Pages]
) -> None:
    said = "Demonstration: fictional people, no real data, and no second factor"
    assert said not in visitor().get("/").text
    assert run("demo").exit_code == 0
    assert run("demo").exit_code == 0
    with reading(app) as session:
        assert is_demonstration(session)
        asked = session.query(ExpertiseRequest).all()
        assert {row.jurisdiction == row.requester.jurisdiction for row in asked} == {True}
    for path, status in (("/", 200), ("/login", 200), ("/privacy", 200), ("/nowhere", 404)):
        assert said in visitor().get(path, status=status).text


def test_the_demo_is_refused_where_people_are_real(
    app: Flask, run: Run, make_app: Callable[..., Flask]
) -> None:
    refused(run("demo", on=make_app(PRODUCTION=True)), "people are real")
    with writing(app) as session:
        factories.account(session, Role.EXPERT)
    refused(run("demo"), "has accounts")
    with reading(app) as session:
        assert not is_demonstration(session)
        assert session.query(Account).count() == 1


@pytest.fixture
def as_demo(app: Flask) -> Flask:
    """Return the application on a database that is the demo's."""
    with writing(app) as session:
        get_settings(session).demonstration = True
    return app


def test_the_demo_is_not_served_where_people_are_real(
    as_demo: Flask, run: Run, make_app: Callable[..., Flask]
) -> None:
    started = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: as_demo))
    gunicorn_conf.on_starting(started)
    assert run("check").exit_code == 0
    as_demo.config["PRODUCTION"] = True
    with pytest.raises(SystemExit, match="cannot start: the database is the demo's"):
        gunicorn_conf.on_starting(started)
    # Its passwords are not shown once more, either.
    refused(run("demo"), "people are real")
    checked = run("check")
    assert (checked.exit_code, "Nobody is let in: the database is" in checked.output) == (1, True)


@pytest.mark.thorough
def test_no_process_of_production_starts_on_the_demo(
    as_demo: Flask, instance: Path, database_url: str
) -> None:
    serving = {"BEHIND_TLS": "1", "PLATFORM_URL": "https://platform.example.org",
               "TRUSTED_PROXIES": "1", "MAIL_SERVER": "127.0.0.1",
               "MAIL_DEFAULT_SENDER": "platform@example.org"}  # fmt: skip
    for command in (
        ["-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "wsgi:app"],
        ["-c", "import webapp.worker"],
    ):
        made = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT, env={**databases.environment(instance, database_url), **serving},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert made.returncode != 0
        assert "cannot start: the database is the demo's" in made.stderr


def test_nobody_of_the_demo_signs_in_where_people_are_real(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """A database can be put there while processes run."""
    with writing(app) as session:
        fictional = factories.account(session, Role.ADMINISTRATOR)
        real = factories.account(session, Role.REQUESTER, demo=False)
        factories.consent(session, real)
    app.config["PRODUCTION"] = True
    sent = {"email": fictional.email, "password": factories.PASSWORD}
    page = visitor().get("/login").submit("Sign in", sent, status=409)
    assert "an account of the demonstration" in page.text
    visitor().sign_in(real).get("/requests")


@pytest.mark.both_databases
def test_a_database_of_a_newer_code_is_left_alone(app: Flask, run: Run) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
    refused(run("install"), "newer version of the platform (newer)")
    for command in (["check"], ["demo"], ["accounts", "list"], ["create-administrator", "a", "b"]):
        refused(run(*command), "another version than the code")


@pytest.mark.parametrize("command", ["install", "check", "demo", "accounts list"])
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    command: str, make_app: Callable[..., Flask], run: Run
) -> None:
    away = make_app("postgresql://somebody:hidden@127.0.0.1:1/platform")
    result = run(*command.split(), on=away)
    refused(result, "somebody:***@127.0.0.1:1/platform")
    assert "hidden" not in result.output


def test_an_installation_needs_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    environ = databases.environment(folder, f"sqlite:///{folder / 'platform.sqlite'}")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "install"]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    assert (folder / "platform.sqlite").is_file()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.thorough
def test_whatever_an_installation_keeps_only_its_owner_can_read(tmp_path: Path) -> None:
    """On a machine that gives new files to everybody, and where older ones are open as well."""
    folder = tmp_path / "instance"
    (folder / "mail").mkdir(parents=True)
    old = folder / "mail" / "old.log"
    old.write_text("To: somebody@example.org")
    old.chmod(0o644)
    environ = databases.environment(folder, "")
    for name in ("DATABASE_URL", "SECRET_KEY", "PASSWORD_SALT", "TOTP_KEY"):
        environ.pop(name)
    flask = f"umask 0; '{sys.executable}' -m flask --app wsgi"
    for command in ("install", "create-administrator a@example.org A", "rotate-secret"):
        subprocess.run(f"{flask} {command}", shell=True, cwd=ROOT, env=environ, check=True)  # noqa: S602 - our own words.
    kept = list(folder.rglob("*"))
    assert {"platform.sqlite", "secret-key", "migration.lock"} <= {path.name for path in kept}
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
