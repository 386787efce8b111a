"""People who read and write without a pause while things break, and what became of it."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import forget_limits, reading, writing
from tests.faults.hosts import wait_until
from tests.live import Visitor
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestMessage, RequestState
from webapp.messages.models import OutboxMessage

WRITERS = 3
# Seconds between what one person does: they are not measured, and a day has a limit.
PAUSE = 0.3
# What somebody may be told while something is broken, by the platform or by nginx.
TOLD = {500, 502, 503, 504}


class Traffic:
    """Requesters who write to SEESAC about their requests, and coordinators who read.

    Whoever is not told that a message was sent sends it again, as people do, so each is written
    once, whatever happened to the first.
    """

    def __init__(self, app: Flask, url: str) -> None:
        self._app, self._stop = app, threading.Event()
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._faults: list[BaseException] = []
        with writing(app) as session:
            coordinator = factories.account(session, Role.COORDINATOR)
            asked = [factories.request(session, RequestState.ACCEPTED) for _ in range(WRITERS)]
            people = [(request.id, request.requester) for request in asked]
        self._threads = [
            threading.Thread(
                target=self._watched(self._write), args=[Visitor(url).sign_in(person), number]
            )
            for number, person in people
        ]
        pages = ["/queue", f"/requests/{people[0][0]}/matches"]
        self._threads += [
            threading.Thread(
                target=self._watched(self._read), args=[Visitor(url).sign_in(coordinator), path]
            )
            for path in pages
        ]

    def _watched(self, act: Callable[..., None]) -> Callable[..., None]:
        def go_on(*arguments: object) -> None:
            try:
                act(*arguments)
            except BaseException as error:
                self._faults.append(error)

        return go_on

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        assert not self._faults, self._faults

    def _write(self, visitor: Visitor, request_id: int) -> None:
        path, number = f"/requests/{request_id}/messages", 0
        token = visitor.token(path)
        while not self._stop.is_set():
            text = f"Message {number} about {request_id}."
            if self._is_sent(visitor, path, {"text": text, "csrf_token": token}):
                self.acknowledged.append(text)
                number += 1
            time.sleep(PAUSE)

    def _is_sent(self, visitor: Visitor, path: str, values: dict[str, str]) -> bool:
        try:
            answer = visitor.post(path, values)
        except (OSError, http.client.HTTPException):
            return False  # The line was cut; nobody knows what became of it.
        self._count(answer.status, 302)
        if answer.status != 302:
            return False
        assert answer.headers["Location"].endswith(path), answer.headers["Location"]
        return True

    def _read(self, visitor: Visitor, path: str) -> None:
        while not self._stop.is_set():
            try:
                self._count(visitor.get(path).status, 200)
            except (OSError, http.client.HTTPException):
                continue
            finally:
                time.sleep(PAUSE)

    def _count(self, status: int, wanted: int) -> None:
        assert status in {wanted, *TOLD}, status
        self.statuses[status] += 1

    def go_on(self, more: int = 2 * WRITERS) -> None:
        """Return when so many more messages were acknowledged; fail if they are not."""
        wanted = len(self.acknowledged) + more
        wait_until(
            "people can write again",
            lambda: len(self.acknowledged) >= wanted or bool(self._faults),
        )
        assert not self._faults, self._faults
        forget_limits(self._app)

    def written(self) -> Counter[str]:
        """Return how often each message stands in the database."""
        with reading(self._app) as session:
            return Counter(session.scalars(sa.select(RequestMessage.text)))

    def nothing_is_lost_or_doubled(self) -> None:
        """Check that what was acknowledged is there, and each message once."""
        written = self.written()
        assert set(self.acknowledged) <= set(written)
        assert set(written.values()) == {1}
        # What nobody was told of may be there as well: the last message of each.
        assert len(written) <= len(self.acknowledged) + WRITERS

    def mails(self) -> set[str]:
        """Return the Message-IDs of all mails, when each has left."""
        unsent = sa.select(sa.func.count()).where(OutboxMessage.sent_at.is_(None))
        with writing(self._app) as session:
            # As if ten minutes had gone by: what a killed worker has claimed is free again.
            session.execute(sa.update(OutboxMessage).values(claimed_until=None))

        def have_left() -> bool:
            with reading(self._app) as session:
                return session.scalar(unsent) == 0

        wait_until("all mails have left", have_left, 180)
        with reading(self._app) as session:
            return set(session.scalars(sa.select(OutboxMessage.message_id)))
