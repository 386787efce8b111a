"""Many people who press at one moment, within this process.

On PostgreSQL everybody has read before anybody writes: each request is held before its first write.
SQLite lets one after the other write. At a server with two workers, crowd.py has the like.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError, local
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from webapp.core import invariants
from webapp.core.db import db
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role

MANY = 8
# Where a form is sent, and what is in it.
Sent = tuple[str, Mapping[str, str]]
Prepare = Callable[[Session], Sent]
# They are written beside the request, in transactions of their own.
BY_THE_WAY = ("account_session", "limit_counter")


def _writes(statement: str) -> bool:
    changes = statement.startswith(("INSERT", "UPDATE", "DELETE")) or "FOR " in statement
    return changes and not any(table in statement for table in BY_THE_WAY)


@contextmanager
def held_before_writing(app: Flask, crowd: int) -> Iterator[None]:
    """Let requests on PostgreSQL wait for each other before the first write of each."""
    barrier, seen = Barrier(crowd), local()

    def hold(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if _writes(statement) and not getattr(seen, "waited", False):
            seen.waited = True
            try:
                barrier.wait(5)
            except BrokenBarrierError:
                return  # One of them has nothing to write.

    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        yield
        return
    with listening(engine, "before_cursor_execute", hold):
        yield


def press_at_once(app: Flask, visitors: Sequence[Pages], sent: Sequence[Sent]) -> list[int]:
    """Let each visitor send a form at one moment; return the statuses in their order."""
    tokens = [pages.own_token() for pages in visitors]

    def press(number: int) -> int:
        path, values = sent[number]
        data = {"csrf_token": tokens[number], **values}
        return visitors[number].client.post(path, data=data).status_code

    with held_before_writing(app, len(sent)), ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(press, range(len(sent))))


def staff(app: Flask, role: Role, number: int = MANY) -> list[Pages]:
    """Return people of a role who have signed in."""
    with writing(app) as session:
        people = [factories.account(session, role).email for _ in range(number)]
    return [Pages(app).sign_in(email) for email in people]


def count(app: Flask, action: str) -> int:
    """Return how often something stands in the log, after a look that all is sound."""
    with reading(app) as session:
        assert invariants.run(session) == []
        return session.query(AuditEvent).filter_by(action=action).count()


def done_once(app: Flask, visitors: Sequence[Pages], prepare: Prepare, action: str) -> list[int]:
    """Let all visitors send what `prepare` gives; the log must tell of it once. Return statuses."""
    with writing(app) as session:
        sent = prepare(session)
        # Two decisions may begin with the same row; each is looked at by itself.
        before = session.query(AuditEvent).filter_by(action=action).count()
    found = press_at_once(app, visitors, [sent] * len(visitors))
    # On a machine that is busy somebody may wait too long, and is told that nothing was changed.
    assert set(found) <= {200, 302, 303, 400, 401, 404, 409, 410, 503}, (sent[0], found)
    assert count(app, action) - before == 1, (sent[0], found)
    return found
