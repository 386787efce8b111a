"""What costs a worker much, passwords and files that do harm, keeps nobody from their pages."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.faults import watched_workers
from tests.faults.crowd import by_turns, statuses
from tests.faults.hosts import wait_until
from tests.live import Answer, Visitor
from tests.webapp.curricula.made_files import docx_of, paragraph
from tests.webapp.curricula.test_curricula_reading import BOMBS
from tests.webapp.roster_imports.test_imports_hostile import bomb
from webapp.core.roles import Role
from webapp.experts.calendar import LARGEST_FILE

pytestmark = [
    pytest.mark.attack,
    pytest.mark.both_databases,
    pytest.mark.long,
    pytest.mark.usefixtures("ends_sound"),
]

WORKERS, CLIENTS = 2, 30
WRONG = "maslina vrbas kajak"
BUSY = "Many people are signing in at this moment."
NEVER = (
    "BEGIN:VEVENT\r\nDTSTART:20270101\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\n"
)
# How often eight open a page at most, until each worker has answered one of them.
ROUNDS = 20
# How often each file is sent.
TIMES = 4


def enters(app: Flask, watched_url: str, role: Role) -> Visitor:
    """Return somebody new of a role who has signed in."""
    with writing(app) as session:
        account = factories.account(session, role)
        if role is Role.EXPERT:
            factories.expert(session, person=account)
    return Visitor(watched_url).sign_in(account)


def attempt(visitor: Visitor, token: str, email: str) -> Answer:
    """Try a wrong password."""
    return visitor.post("/login", {"csrf_token": token, "email": email, "password": WRONG})


def insist(instance: Path, watched_url: str, number: int) -> Answer:
    """Try a wrong password until it is compared, or both workers are kept by the tries of others.

    One worker alone may have met all the first ones.
    """
    visitor = Visitor(watched_url)
    # Who is compared is answered last of all.
    visitor.patience = 600
    token = visitor.token("/login")
    while True:
        kept = watched_workers.held(instance)
        answer = attempt(visitor, token, f"somebody{number}@example.org")
        if answer.status != 429 or len(kept) == WORKERS:
            return answer


def test_while_thirty_try_passwords_pages_are_answered_and_the_others_refused_early(
    app: Flask, instance: Path, watched_url: str
) -> None:
    """Whoever hashes goes on only after all others were answered: none of these waits for them."""
    reader = enters(app, watched_url, Role.REQUESTER)
    watched_workers.hold(instance)
    with ThreadPoolExecutor(CLIENTS) as crowd:
        tries = [crowd.submit(insist, instance, watched_url, number) for number in range(CLIENTS)]
        wait_until("both workers hash", lambda: len(watched_workers.held(instance)) == WORKERS)
        pages = by_both(lambda: reader.get("/requests"))
        strangers = by_both(lambda: Visitor(watched_url).get("/"))
        wait_until("the others are refused", lambda: done(tries) == CLIENTS - WORKERS)
        refused = [each.result() for each in tries if each.done()]
        watched_workers.release(instance)
        compared = [each.result() for each in tries if each.result() not in refused]
    assert set(statuses([*pages, *strangers])) == {200}
    assert statuses(refused) == [429] * (CLIENTS - WORKERS)
    assert all(BUSY in answer.body and "@example.org" in answer.body for answer in refused)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert statuses(compared) == [200] * WORKERS
    enters(app, watched_url, Role.REQUESTER)


def by_both(act: Callable[[], Answer]) -> list[Answer]:
    """Open a page until both workers have answered, who hash meanwhile."""
    answers: list[Answer] = []
    for _ in range(ROUNDS):
        answers += by_turns(act)
        if len({answer.headers[watched_workers.HEADER] for answer in answers}) == WORKERS:
            return answers
    pytest.fail("one of the workers answers nobody")


def done(tries: list[Future[Answer]]) -> int:
    """Count those that were answered."""
    return sum(each.done() for each in tries)


@dataclass(frozen=True)
class Sent:
    """A file that does harm, and the words of which one refuses it."""

    role: Role
    path: str
    page: str
    name: str
    make: Callable[[], bytes]
    words: tuple[str, ...]


# A machine that is busy comes to no other answer, and neither do two that send at one moment.
OTHERS, SLOW = "Other files are being read.", "took too long"
KINDS = {
    "a zip bomb": Sent(
        Role.EXPERT, "/profile/curriculum", "/profile/curriculum", "life.docx",
        lambda: docx_of(paragraph("a" * 20_000_000)), ("far larger", OTHERS, SLOW),
    ),
    "a PDF bomb": Sent(
        Role.EXPERT, "/profile/curriculum", "/profile/curriculum", "life.pdf",
        BOMBS["a PDF with endless words"], (OTHERS, SLOW),
    ),
    "a table": Sent(
        Role.COORDINATOR, "/roster/imports", "/roster/imports", "roster.xlsx",
        bomb, ("far larger than a roster", OTHERS, SLOW),
    ),
    "a calendar": Sent(
        Role.EXPERT, "/profile/unavailable/file", "/profile/unavailable", "days.ics",
        lambda: f"BEGIN:VCALENDAR\r\n{NEVER * 3000}END:VCALENDAR\r\n".encode()[:LARGEST_FILE],
        ("This is no calendar file",),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """An answer, and when it was asked for and given."""

    answer: Answer
    began: float
    ended: float

    def lies_within(self, other: "Moment") -> bool:
        """Tell whether all of this one happened during the other."""
        return other.began < self.began and self.ended < other.ended


def timed(act: Callable[[], Answer]) -> Moment:
    began = time.monotonic()
    return Moment(act(), began, time.monotonic())


def send_on(visitor: Visitor, sent: Sent) -> list[Moment]:
    """Send a file some times, and return how each was answered."""
    values, data = {"csrf_token": visitor.token(sent.page)}, sent.make()
    send = partial(visitor.send_file, sent.path, values, sent.name, data)
    return [timed(send) for _ in range(TIMES)]


def read_until(ended: Event, reader: Visitor) -> list[Moment]:
    """Open a page again and again."""
    pages = []
    while not ended.is_set():
        pages.append(timed(lambda: reader.get("/requests")))
    return pages


def test_while_files_that_do_harm_are_read_the_pages_of_others_are_answered(
    app: Flask, watched_url: str
) -> None:
    """Somebody's page is asked for, and there, while a file of each kind is still being read."""
    readers = [enters(app, watched_url, Role.REQUESTER) for _ in range(2)]
    senders = {kind: enters(app, watched_url, sent.role) for kind, sent in KINDS.items()}
    ended = Event()
    with ThreadPoolExecutor(len(readers) + len(senders)) as crowd:
        reading = [crowd.submit(read_until, ended, reader) for reader in readers]
        sending = {kind: crowd.submit(send_on, senders[kind], KINDS[kind]) for kind in KINDS}
        wait(sending.values())
        ended.set()
        pages = [page for each in reading for page in each.result()]
    assert set(statuses([page.answer for page in pages])) == {200}
    for kind, each in sending.items():
        moments = each.result()
        assert set(statuses([moment.answer for moment in moments])) <= {400, 429}, kind
        for moment in moments:
            said = moment.answer.body.partition("<main")[2]
            assert any(words in said for words in KINDS[kind].words), (kind, said)
        assert any(page.lies_within(moment) for moment in moments for page in pages), kind
