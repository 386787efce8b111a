"""Fixtures that every test can use.

`app`        the application on a fresh, migrated database; SQLite unless a mark says otherwise:
             `@pytest.mark.postgres` asks for PostgreSQL, `@pytest.mark.both_databases` runs the
             test on each of them. Write rows with `writing(app)` and the functions of
             `tests.factories`, look at them with `reading(app)`.
`session`    a session in an application context, for tests of operations and queries; its changes
             are never committed.
`pages`      a visitor who checks every page it gets (tests/pages.py); `sign_in_as(Role.X)` and
             `visitor()` give more of them.
`world`      two people of each role with things in every state (tests/factories/world.py), in the
             database of `app`; made once and copied, so it is as quick as an empty database.
`rewind`     a function that brings the world's database back to how it was (SQLite only).
`clock`      time that stands still until a test moves it: `clock.shift(timedelta(hours=3))`.
`outbox`     the mails that left.
`live_url`   the address of a real server with two workers on the test's database, for browsers.
`chromium`   a running browser (playwright); tests that use it carry the mark `browser`.
"""

import gc
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import databases, factories, postgresql
from tests.pages import Pages
from webapp.accounts.models import AccountSession
from webapp.core.roles import Role

SESSIONS = AccountSession.metadata.tables["account_session"]
ROOT = Path(__file__).resolve().parents[1]
# Hosts that tests put into networks of their own have these addresses, which nobody else has: they
# are for documentation (RFC 5737).
OWN_NETWORK = "198.51.100."
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_configure() -> None:
    """Leave garbage alone until the tests are known: nearly all that is made until then stays."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that say so; the others keep the order that was drawn for them."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From here on look for garbage only among what tests make, and seldom.

    With the thresholds of Python a quarter of the time of the tests would go to it: each test
    leaves an application, and each full search would go through all modules and tests again.
    """
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database on the kinds that its marks ask for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("both_databases"):
        kinds: tuple[str, ...] = databases.KINDS
    elif metafunc.definition.get_closest_marker("postgres"):
        kinds = ("postgresql",)
    else:
        return
    # Each gets a database of its own on the server, which takes a second and more.
    on_the_server = [pytest.mark.postgres, pytest.mark.thorough]
    if metafunc.definition.get_closest_marker("long_on_postgresql"):
        on_the_server.append(pytest.mark.long)
    metafunc.parametrize(
        "database_kind",
        [pytest.param(kind, marks=on_the_server if kind == "postgresql" else []) for kind in kinds],
        indirect=True,
    )


def _is_loopback(address: Any) -> bool:
    if isinstance(address, str | bytes):
        return True  # A socket of the file system.
    return address[0] in {"localhost", "::1"} or address[0].startswith(("127.", OWN_NETWORK))


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Fail whatever opens a connection beyond this machine, or asks for the address of one."""
    resolve = socket.getaddrinfo

    def local(connect: Callable[..., Any]) -> Callable[..., Any]:
        def local_connect(self: socket.socket, address: Any) -> Any:
            if not _is_loopback(address):
                pytest.fail(f"a test may not connect to {address!r}")
            return connect(self, address)

        return local_connect

    def local_resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None and not _is_loopback((host,)):
            pytest.fail(f"a test may not look up {host!r}")
        return resolve(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, local(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", local_resolve)
        yield


def unavailable(what: str, switch: str, error: object) -> NoReturn:
    """Skip a test for want of something; fail it where the environment says that it is needed."""
    message = f"{what} is not available: {error}"
    if os.environ.get(switch) == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> databases.SqliteDatabases:
    """Return the maker of SQLite databases."""
    return databases.SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[databases.PostgresDatabases]:
    """Return the maker of PostgreSQL databases, or skip if there is no server."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgresql.postgresql_server(postgresql.in_memory()))
            made = databases.PostgresDatabases(tmp_path_factory.mktemp("postgresql"), url)
        except Exception as error:
            unavailable("PostgreSQL", "REQUIRE_POSTGRES", error)
        yield made
        made.drop_templates()


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Return "sqlite" or "postgresql", as the marks of the test ask for."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database_maker(database_kind: str, request: pytest.FixtureRequest) -> Any:
    """Return the maker of databases of the kind that the test runs on."""
    makers = {"sqlite": "sqlite_databases", "postgresql": "postgres_databases"}
    return request.getfixturevalue(makers[database_kind])


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Return the folder of the test's installation."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture
def database_url(
    database_maker: Any, instance: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Return the URL of a migrated database of the test's own, with the world if it asks for it."""
    with_world = "world" in request.fixturenames
    made = database_maker.populated if with_world else database_maker.fresh
    with made(instance) as url:
        yield url


@pytest.fixture
def empty_database_url(database_maker: Any, instance: Path) -> Iterator[str]:
    """Return the URL of a database without tables."""
    with database_maker.empty(instance) as url:
        yield url


@pytest.fixture
def make_app(instance: Path, database_url: str) -> Iterator[Callable[..., Flask]]:
    """Return a function that builds one more application, with settings of its own."""
    made: list[Flask] = []

    def make(url: str = database_url, **overrides: Any) -> Flask:
        made.append(databases.make_app(instance, url, overrides))
        return made[-1]

    yield make
    for app in made:
        databases.close(app)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """Return the application on a fresh, migrated database."""
    return make_app()


@pytest.fixture
def world(app: Flask, database_maker: Any) -> factories.World:
    """Return people and things in every state, in the database of `app`."""
    made: factories.World = database_maker.world
    return made


@pytest.fixture
def rewind(
    app: Flask, browsers: list[Pages], sqlite_databases: databases.SqliteDatabases,
    world: factories.World,
) -> Callable[[], None]:  # fmt: skip
    """Return a function that undoes all that was done to the world; people stay signed in.

    Who has signed out or erased their account meanwhile is signed in again: without that, each
    form that is sent afterwards would be refused to a stranger, and nothing of it tried.
    """
    known: dict[Any, dict[str, Any]] = {}

    def bring_back() -> None:
        with databases.reading(app) as session:
            for row in session.execute(SESSIONS.select()).mappings():
                # Its number may be somebody else's by now; the token is what the browser holds.
                held = {name: value for name, value in row.items() if name != "id"}
                known.setdefault(row["token_hash"], held)
        databases.close(app)
        shutil.copyfile(sqlite_databases.template_with_world, databases.file_of(app))
        if known:
            with databases.writing(app) as session:
                session.execute(SESSIONS.insert(), list(known.values()))
        for browser in browsers:
            browser.come_back()

    return bring_back


@pytest.fixture
def clock() -> Iterator[Any]:
    """Return a clock that stands still until it is moved: `clock.shift(timedelta(...))`."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Return a session in an application context; what it writes is rolled back."""
    with databases.reading(app) as session:
        yield session


@pytest.fixture
def outbox(app: Flask) -> list[Any]:
    """Return the list of mails that left."""
    left: list[Any] = []
    app.extensions["mailman"].outbox = left
    return left


@pytest.fixture
def browsers() -> list[Pages]:
    """Return the list of all who came by `visitor`."""
    return []


@pytest.fixture
def visitor(app: Flask, browsers: list[Pages]) -> Callable[[], Pages]:
    """Return a function that gives one more stranger with cookies of their own."""

    def come() -> Pages:
        browsers.append(Pages(app))
        return browsers[-1]

    return come


@pytest.fixture
def pages(visitor: Callable[[], Pages]) -> Pages:
    """Return a stranger who checks every page they get; `pages.sign_in(account)` signs in."""
    return visitor()


@pytest.fixture
def sign_in_as(app: Flask, visitor: Callable[[], Pages]) -> Callable[..., Pages]:
    """Return a function that makes an account of a role and lets it in by a browser of its own."""

    def sign_in(role: Role, **values: Any) -> Pages:
        with databases.writing(app) as session:
            account = factories.account(session, role, **values)
        return visitor().come_in(account)

    return sign_in


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], url: str, seconds: float = 300) -> None:
    """Return when the server at `url` answers; fail if its process ends or time runs out."""
    deadline = time.monotonic() + seconds
    # By this name health is told at any address.
    asked = urllib.request.Request(f"{url}/readyz", headers={"Host": "localhost"})  # noqa: S310
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(asked, timeout=5):  # noqa: S310 - our own.
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer in time")


@contextmanager
def serving(
    instance: Path, database_url: str, *, entry: str = "wsgi:app", **environ: str
) -> Iterator[str]:
    """Start the platform as in real use, with more settings, and give its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = (instance / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", entry],
        cwd=ROOT,
        env={**databases.environment(instance, database_url), "PORT": str(port), **environ},
        stdout=log,
        stderr=log,
    )
    try:
        wait_until_ready(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=90)
        log.close()


@pytest.fixture
def live_url(instance: Path, database_url: str) -> Iterator[str]:
    """Start the platform as in real use, on the test's database, and return its address."""
    with serving(instance, database_url) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a running Chromium, or skip if there is none."""
    from playwright.sync_api import Error, sync_playwright

    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        unavailable("Chromium", "REQUIRE_BROWSER", f"there is no {path}")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS])
        except Error as error:
            unavailable("Chromium", "REQUIRE_BROWSER", error)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Any, live_url: str) -> Iterator[Any]:
    """Return a page of a fresh browser profile; addresses may begin at the server's root."""
    context = chromium.new_context(base_url=live_url, locale="en-GB")
    yield context.new_page()
    context.close()
