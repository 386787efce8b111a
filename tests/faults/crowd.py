"""Many people who press a button at one moment, at a server with two workers."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from flask import Flask

from tests import factories, html
from tests.conftest import ROOT
from tests.databases import environment, writing
from tests.live import Answer, Visitor
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.messages import alarms

CLIENTS = 8
# Somebody, where they send a form, and what is in it.
Click = tuple[Visitor, str, Mapping[str, str]]


class Office:
    """A server and the people who work at it."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url

    def staff(self, role: Role, number: int = CLIENTS) -> list[Visitor]:
        """Return people of a role who have signed in, each on a browser of their own."""
        with writing(self.app) as session:
            people = [factories.account(session, role) for _ in range(number)]
        return [Visitor(self.url).sign_in(person) for person in people]

    def enters(self, person: Account) -> Visitor:
        """Return somebody who has signed in."""
        return Visitor(self.url).sign_in(person)


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


def presses(visitors: Sequence[Visitor], path: str, **values: str) -> list[Click]:
    """Return a click of each visitor on the same button."""
    return [(who, path, {"csrf_token": who.token("/account"), **values}) for who in visitors]


def form_values(visitor: Visitor, title: str) -> dict[str, str]:
    """Return a new form of a request, filled in."""
    answer = visitor.get("/requests/new")
    assert answer.status == 200, answer.body[:500]
    page = answer.body
    hidden = {name: page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
              for name in ("csrf_token", "form_token")}  # fmt: skip
    return {**hidden, "title": title, "experts_needed": "1", "action": "save"}


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


def keep_job_workers_awake(app: Flask, *others: str) -> None:
    """Let the job worker of this host, and those of some others, not fall silent for hours, so that
    nobody is told of it meanwhile, however long a test takes."""
    with writing(app) as session:
        for host in (app.config["HOST_NAME"], *others):
            alarms.beat(session, host, clock.now() + timedelta(hours=3))


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
    # What is only to be known, as of mails that were given up, is told before.
    return (made.returncode, made.stdout.splitlines()[-1:]) == (0, ["The database is sound."])


def filled(visitor: Visitor, path: str) -> dict[str, str]:
    """Return what the form that is sent to this address holds on the page of the same address."""
    tree = html.parse(visitor.get(path).body).tree
    element = next(one for one in tree.iter("form") if one.get("action") == path)
    return {
        str(control.get("name")): control.get("value", "") or "".join(control.itertext())
        for control in element.iter()
        if control.tag in {"input", "textarea"}
        and control.get("name")
        and control.get("type") != "checkbox"
    }
