"""Where the database is, and how long anybody waits for it."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from webapp.config.environment import ConfigurationError, Environment
from webapp.config.hosts import is_this_machine

DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
# With these the connection is refused unless the server proves whose it is.
VERIFIED = frozenset({"verify-full", "verify-ca"})


# What the server is asked for on each connection. What nobody waits for any more, it gives up. A
# host whose power or network goes says no word, and what it had locked would be kept from all
# others for hours: the server asks after five seconds, and lets go four later.
ASKED_OF_SERVER = (
    "-c client_connection_check_interval=2s -c tcp_user_timeout=4000"
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2"
)


def databases(environment: Environment, instance: Path) -> dict[str, dict[str, Any]]:
    """Return the settings of the engines. Raises ConfigurationError for what could not be used.

    The application works as "default"; where an "owner" is given, that one migrates.
    """
    engines = {"default": _engine(environment, _url(environment, instance))}
    if environment.text("MIGRATION_DATABASE_URL"):
        owner = _url(environment, instance, "MIGRATION_DATABASE_URL")
        engines["owner"] = _engine(environment, owner)
    return engines


def _engine(environment: Environment, url: URL) -> dict[str, Any]:
    # An error would otherwise write the parameters of its statement into the log, and with them
    # what people have typed.
    address = url.render_as_string(hide_password=False)
    options: dict[str, Any] = {"url": address, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        return options
    _refuse_open_line(environment, url)
    return {
        **options,
        # A connection that a restart of the server has cut is replaced before it is used.
        "pool_pre_ping": True,
        # Fewer than a process has threads (gunicorn_conf.py): while all connections wait for a
        # server that is silent, the others can still say so. And more than people who wait for one
        # row: who needs it not, and asks only who somebody is, must not wait with them.
        "pool_size": 12,
        "max_overflow": 1,
        "pool_timeout": 2,
        "connect_args": {
            "connect_timeout": 3,
            # What is sent and not acknowledged, or not asked for, tells that the line is cut.
            "tcp_user_timeout": 4000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "options": ASKED_OF_SERVER,
        },
    }


def is_elsewhere(environment: Environment, instance: Path) -> bool:
    """Tell whether the database is on another machine."""
    url = _url(environment, instance)
    return url.get_backend_name() != "sqlite" and bool(_hosts_elsewhere(environment, url))


def _url(environment: Environment, instance: Path, name: str = "DATABASE_URL") -> URL:
    given = environment.text(name)
    if not given:
        return URL.create("sqlite", database=str(instance / "platform.sqlite"))
    try:
        url = sa.make_url(given)
    except (sa.exc.ArgumentError, ValueError):
        url = None  # The error itself would show the password.
    if (
        url is None
        or url.drivername not in DRIVERS
        or not url.database
        or (url.get_backend_name() == "sqlite" and _is_in_memory(url))
    ):
        raise ConfigurationError(
            f"{name} must be such as postgresql://user:password@host/database"
            " or sqlite:////folder/file"
        )
    return url


def _is_in_memory(url: URL) -> bool:
    """Tell whether SQLite would write to no file, by either way to say so: it would be forgotten
    with the process, and each has its own."""
    return ":memory:" in str(url.database) or _values(url, "mode") == ["memory"]


def _hosts_elsewhere(environment: Environment, url: URL) -> list[str]:
    hosts = [url.host or "", *_values(url, "host"), *_values(url, "hostaddr")]
    if not any(hosts):
        hosts = environment.words("PGHOST")
    # Where a service stands in a file of its own, it may be anywhere.
    services = [*_values(url, "service"), *environment.words("PGSERVICE")]
    hosts += [*environment.words("PGHOSTADDR"), *(f"service {name}" for name in services if name)]
    return [host for host in hosts if not _is_local(host)]


def _refuse_open_line(environment: Environment, url: URL) -> None:
    mode = next(iter(_values(url, "sslmode")), environment.text("PGSSLMODE"))
    if _hosts_elsewhere(environment, url) and mode not in VERIFIED:
        raise ConfigurationError(
            "DATABASE_URL: a server on another machine needs ?sslmode=verify-full"
            " (and sslrootcert), so that nobody else can pretend to be it"
        )


def _values(url: URL, name: str) -> list[str]:
    given = url.query.get(name, ())
    return ",".join([given] if isinstance(given, str) else given).split(",") if given else []


def _is_local(host: str) -> bool:
    # Nothing, or a path, is a socket of this machine.
    return not host or host.startswith(("/", "@")) or is_this_machine(host)
