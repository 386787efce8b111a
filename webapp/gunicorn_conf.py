"""How gunicorn serves the platform; a buffering proxy stands in front of it in production.

The application is loaded once, before the workers are forked from it, so that they share in memory
what none of them changes.
"""

import gc
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.config import LOG_FORMATS, ConfigurationError, Environment
from webapp.core.db import close_connections, db
from webapp.core.monitoring import metrics, request_log
from webapp.core.responses import security_headers, static_files
from webapp.core.schema.upgrading import refuse_to_serve_newer
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.platform_settings.wiring import refuse_to_serve_demo

log = logging.getLogger(__name__)

# NumPy would otherwise start threads, which do not live on in a worker that is forked.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class _WithHeaders:
    """A socket whose answers get further headers after their first line."""

    def __init__(self, sock: Any, headers: Mapping[str, str]) -> None:
        self._sock = sock
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def sendall(self, answer: bytes) -> None:
        """Send a whole answer."""
        first, end, rest = answer.partition(b"\r\n")
        self._sock.sendall(first + end + self._headers.encode("ascii") + rest)


class Worker(ThreadWorker):
    """Gunicorn's worker, whose own answers carry the platform's headers.

    What is no HTTP, or has too long an address or headers, gunicorn refuses without asking us.
    """

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Tell a client what is wrong with the request."""
        headers = security_headers.headers_of(self.wsgi)
        super().handle_error(req, _WithHeaders(client, headers), addr, exc)

    def is_parent_alive(self) -> bool:
        """Tell whether the master is alive, which is asked every second.

        Without it nobody else may be kept from the port: what is under way is still answered, and
        who comes now is left to the next master instead of waiting here for nothing.
        """
        alive: bool = super().is_parent_alive()
        if not alive:
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive


class Log(Logger):
    """Gunicorn's log, whose lines may be JSON like all others."""

    def setup(self, cfg: Any) -> None:
        """Open the log."""
        super().setup(cfg)
        if _format == "json":
            request_log.adopt("gunicorn.error")


_environment = Environment(os.environ)
try:
    _format = _environment.choice("LOG_FORMAT", LOG_FORMATS)
    _host = _environment.text("HOST", "127.0.0.1")
    bind = f"{_host}:{_environment.number('PORT', 8000, 1, 65535)}"
    workers = _environment.number("WEB_WORKERS", 2, 1, 64)
except ConfigurationError as error:
    raise SystemExit(f"The platform cannot start: {error}.") from None
worker_class = Worker
logger_class = Log
# More than a process has connections to the database (config/database.py).
threads = 16
umask = 0o077
timeout = 60
graceful_timeout = 20
preload_app = True
# The control socket would be one more way in; nobody uses it.
control_socket_disable = True
# No header of a request says how the request came in; what a proxy says of it is read where it is
# known how many there are (core/origins.py).
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
accesslog = None


def on_starting(server: Any) -> None:
    """Refuse a database of a newer code or of the demo in a sentence, before anybody comes in."""
    app: Flask = server.app.wsgi()
    refuse_to_serve_newer(app)
    refuse_to_serve_demo(app)
    if app.config["METRICS_TOKEN"]:
        metrics.share(Path(app.config["INSTANCE_FOLDER"]) / "metrics")


def when_ready(server: Any) -> None:
    """Load what the workers will share, and leave nothing open that they must not share."""
    app: Flask = server.app.wsgi()
    static_files.compress_all(app)
    with app.app_context():
        _with_each_roster(app, RosterIndex.prepare)
    close_connections(app)
    # The collector would otherwise write into each shared object when it first looks at it.
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Begin to read a large roster: one worker does, and the others wait for its files."""
    app: Flask = worker.app.wsgi()
    with app.app_context():
        _with_each_roster(app, RosterIndex.begin)


def _with_each_roster(app: Flask, act: Callable[[RosterIndex, Session], None]) -> None:
    try:
        for name in ("roster", "roster.not_ranked"):
            act(app.extensions[name], db.session)
    except SQLAlchemyError as error:
        # People are told by the pages until the database is back, and each worker then reads it.
        log.warning("the roster could not be read at the start: %s", error)
