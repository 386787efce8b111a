"""Many people who press a button at one moment, at a server with two workers."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from tests.conftest import ROOT
from tests.databases import environment
from tests.live import Answer, Visitor

CLIENTS = 8
# Somebody, where they send a form, and what is in it.
Click = tuple[Visitor, str, Mapping[str, str]]


def at_once(clicks: Sequence[Click]) -> list[Answer]:
    """Send all forms at one moment and return the answers, in the order of the forms."""
    barrier = Barrier(len(clicks))

    def send(click: Click) -> Answer:
        visitor, path, values = click
        barrier.wait(60)
        return visitor.post(path, values)

    with ThreadPoolExecutor(len(clicks)) as crowd:
        return list(crowd.map(send, clicks))


def by_turns(act: Callable[[], Answer], times: int = CLIENTS) -> list[Answer]:
    """Do the same so often, side by side, that both workers have met it."""
    with ThreadPoolExecutor(times) as crowd:
        return [one.result() for one in [crowd.submit(act) for _ in range(times)]]


def copy_of(visitor: Visitor) -> Visitor:
    """Return somebody with a copy of the visitor's cookies."""
    copied = Visitor(f"http://{visitor.host}")
    copied.cookies = dict(visitor.cookies)
    return copied


def statuses(answers: Sequence[Answer]) -> list[int]:
    """Return the statuses in order, after a look that every refusal is a page in words."""
    for answer in answers:
        if answer.status >= 400:
            assert answer.missing == set()
            assert "<h1" in answer.body, answer.body[:500]
    return sorted(answer.status for answer in answers)


def is_sound(instance: Path, database_url: str) -> bool:
    """Let the command look through the database."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    made = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(instance, database_url),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return (made.returncode, made.stdout.strip()) == (0, "The database is sound.")
