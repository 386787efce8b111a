"""On PostgreSQL the application's role can write events, and nothing undoes what it wrote."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import (
    SqliteDatabases,
    close,
    environment,
    is_sound,
    make_app,
    reading,
    writing,
)
from tests.pages import Pages
from webapp.cli import install_platform
from webapp.config import settings
from webapp.core import invariants
from webapp.core.db import alembic, db
from webapp.core.roles import Role
from webapp.experts.models import ProfileView

pytestmark = pytest.mark.postgres

# Roles belong to the whole server, which other processes of the tests may use too.
OWNER, APPLICATION = f"rssrp_test_owner_{os.getpid()}", f"rssrp test-application {os.getpid()}"
FORBIDDEN = [
    "UPDATE audit_event SET reason = 'another'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event CASCADE",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "CREATE OR REPLACE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NULL; END; $$",
    "DROP TABLE audit_event CASCADE",
    "ALTER TABLE audit_event RENAME TO hidden",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head SELECT * FROM audit_head",
    "DELETE FROM profile_view",
    "UPDATE profile_view SET day = day",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET session_replication_role = replica",
    "CREATE TABLE of_mine (id integer)",
]


@pytest.fixture
def roles(empty_database_url: str) -> Iterator[tuple[str, str]]:
    """Return the addresses by which owner and application reach an empty database."""
    url = sa.make_url(empty_database_url)
    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'of-the-tests'")
        connection.execute(f'GRANT CREATE, USAGE ON SCHEMA public TO "{OWNER}"')
        owner, application = (
            url.set(username=role, password="of-the-tests").render_as_string(hide_password=False)
            for role in (OWNER, APPLICATION)
        )
        yield owner, application
        for role in (APPLICATION, OWNER):
            connection.execute(f'DROP OWNED BY "{role}" CASCADE')
            connection.execute(f'DROP ROLE "{role}"')


@contextmanager
def installing(instance: Path, owner: str, application: str) -> Iterator[Flask]:
    """Give an application that may install, in its context, and then one that may not."""
    given = {**environment(instance, application), "MIGRATION_DATABASE_URL": owner}
    engines = settings(given)["SQLALCHEMY_ENGINES"]
    made = make_app(instance, application, {"SQLALCHEMY_ENGINES": engines})
    with made.app_context():
        yield made
    close(made)


@pytest.fixture
def app(roles: tuple[str, str], instance: Path) -> Iterator[Flask]:
    """Return the application on a database that another role has installed."""
    with installing(instance, *roles):
        install_platform()
        install_platform()
        assert not alembic.engines
    made = make_app(instance, roles[1])
    yield made
    close(made)


def test_what_was_moved_here_as_the_owner_gets_the_application_s_rights(
    roles: tuple[str, str], instance: Path, sqlite_databases: SqliteDatabases
) -> None:
    owner, application = roles
    with sqlite_databases.fresh(instance) as url:
        before = make_app(instance, url)
        with writing(before) as session:
            person = factories.account(session, Role.REQUESTER)
        with before.app_context():
            result = before.test_cli_runner().invoke(args=["move-to", owner])
        assert result.exit_code == 0, result.output
        close(before)
    with installing(instance, owner, application):
        install_platform()
    after = make_app(instance, application)
    Pages(after).sign_in(person).get("/requests")
    assert is_sound(after)
    close(after)


def test_the_application_works_and_cannot_undo_the_log(app: Flask) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
    Pages(app).sign_in(coordinator).get(f"/roster/{expert.id}")
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ProfileView))
        assert invariants.run(session) == []
    for statement in FORBIDDEN:
        with (
            app.app_context(),
            pytest.raises(sa.exc.DBAPIError, match=r"permission denied|must be owner"),
            db.engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    with writing(app) as session:
        session.execute(sa.text("DELETE FROM expert WHERE id = :id"), {"id": expert.id})
        assert session.scalar(sa.select(sa.func.count()).select_from(ProfileView)) == 0
