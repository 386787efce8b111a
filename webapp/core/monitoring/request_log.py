"""What the log says of each request: its number, endpoint, status and time, and nothing of people.

With LOG_FORMAT=json every line is an object, for machines to gather. No line holds an address of
the network, an account, what was typed or the text of a fault, which may quote it: of a fault stand
its kind and the lines of code. The number of the request stands in the answer (`X-Request-ID`), in
every line that it leaves, and on the page of a fault, so that whoever reports one can be helped.
"""

import json
import logging
import traceback
import uuid
from time import gmtime, monotonic
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, g, has_app_context, has_request_context, request
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.core.db import WRITING, db
from webapp.core.words.text_rules import without_addresses

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
FACTS = "facts"
# Of a statement, without its values, so much is said.
_LONGEST = 600
_WRITES_SINCE = "writes since"


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object."""

    def __init__(self) -> None:
        super().__init__()
        self.converter = gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "at": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": without_addresses(record.getMessage(), "(an address)"),
        }
        if has_request_context():
            line["request"] = number()
        line |= getattr(record, FACTS, {})
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["frames"] = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
        return json.dumps(line, ensure_ascii=False)


def write_json() -> None:
    """Let all that this process logs be lines of JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("webapp").setLevel(logging.INFO)


def adopt(name: str) -> None:
    """Let the handlers that a library has given its logger write the same lines."""
    logger = logging.getLogger(name)
    logger.propagate = False
    for handler in logger.handlers:
        handler.setFormatter(JsonLines())


def number() -> str:
    """Return the number of this request."""
    if "request_number" not in g:
        g.request_number = uuid.uuid4().hex[:12]
    return str(g.request_number)


def seconds() -> float:
    """Return for how long this request has been answered."""
    return monotonic() - float(g.get("request_began", monotonic()))


def _begin() -> None:
    g.request_began = monotonic()


def _end(response: Response) -> Response:
    response.headers[HEADER] = number()
    facts = {
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "milliseconds": round(seconds() * 1000),
    }
    log.info("request", extra={FACTS: facts})
    return response


def _watch(engine: Engine, slow: float) -> None:
    @sa.event.listens_for(engine, "before_cursor_execute")
    def _before(*arguments: Any) -> None:
        arguments[4].statement_began = monotonic()

    @sa.event.listens_for(engine, "after_cursor_execute")
    def _after(*arguments: Any) -> None:
        statement, context = arguments[2], arguments[4]
        took = monotonic() - context.statement_began
        if took >= slow:
            words = " ".join(statement.split())[:_LONGEST]
            log.warning("a statement took %.0f ms at %s: %s", took * 1000, _here(), words)


def _watch_writers(engine: Engine, slow: float) -> None:
    """Tell who has held a writing transaction open: on SQLite nobody else wrote meanwhile, on
    PostgreSQL it may have waited itself for who held the same rows."""

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # On SQLite it was this one's turn by now (core/db.py listens first).
        if connection.get_execution_options().get(WRITING):
            connection.info[_WRITES_SINCE] = monotonic()

    # Not at the commit, which may wait for the disk.
    @sa.event.listens_for(engine, "checkin")
    def _ended(_connection: Any, record: ConnectionPoolEntry) -> None:
        since = record.info.pop(_WRITES_SINCE, None)
        if since is not None and (took := monotonic() - since) >= slow:
            log.warning(
                "a writing transaction was held open for %.0f ms at %s", took * 1000, _here()
            )


def _here() -> str:
    """Return the page or the job at which this process works, as the log calls it."""
    if has_request_context():
        return request.endpoint or "no page"
    return str(g.get("job", "a command")) if has_app_context() else "no work"


def init_app(app: Flask) -> None:
    """Give each request a number and a line, and tell of statements and writers that take long."""
    app.before_request(_begin)
    app.after_request(_end)
    with app.app_context():
        for engine in db.engines.values():
            _watch(engine, app.config["SLOW_STATEMENT"] / 1000)
            _watch_writers(engine, app.config["SLOW_WRITE"] / 1000)
