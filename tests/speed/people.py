"""People at work, for Locust: who reads, ranks, writes and administers.

tests/speed/load.py fills a database, serves it, and starts this in an environment of its own, so it
imports nothing of the platform. Each has an account of their own, named in the file PEOPLE. Pages
have the names that tests/speed/pages.py has for them.
"""

import json
import os
import random
import re
import time
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from locust import HttpUser, between, task

PEOPLE: dict[str, Any] = json.loads(Path(os.environ["PEOPLE"]).read_text())
HIDDEN = re.compile(r'name="(csrf_token|form_token)"[^>]* value="([^"]+)"')
_numbers, _here = count(), count(1)


class Person(HttpUser):
    """Somebody who has signed in and looks at each page for a while."""

    abstract = True
    wait_time = between(2, 6)
    role = ""

    def on_start(self) -> None:
        """Sign in with an account that nobody else uses."""
        accounts: list[str] = PEOPLE[self.role]
        number = next(_numbers)
        # From an address of their own: from one, tries to sign in are counted together.
        self.client.headers["X-Forwarded-For"] = f"192.0.2.{number % 250 + 1}"
        values = self.hidden("/login")
        values["email"] = accounts[number % len(accounts)]
        values["password"] = PEOPLE["password"]
        # Passwords are hashed by few at a time; who is told to come again does so.
        while not self._is_let_in(values):
            time.sleep(3)
            values |= self.hidden("/login")
        if next(_here) == self.environment.runner.target_user_count:
            self._begin()

    def _is_let_in(self, values: dict[str, str]) -> bool:
        with self.client.post("/login", values, name="sign in", catch_response=True) as answer:
            answer.success()
            if self._is_outside(answer):
                print(
                    answer.status_code,
                    re.sub(r"<[^>]+>|\s+", " ", answer.text)[:1500],
                    flush=True,
                )
            return bool(answer.ok) and not self._is_outside(answer)

    @staticmethod
    def _is_outside(answer: Any) -> bool:
        """Tell whether the page is that of signing in, which whoever is not let in reads."""
        return "/login" in answer.url

    def _begin(self) -> None:
        """Forget what was before all had come, and end after the time that is told of."""
        self.environment.stats.reset_all()
        gevent.spawn_later(float(os.environ["SECONDS"]), self.environment.runner.quit)

    def hidden(self, path: str, name: str | None = None) -> dict[str, str]:
        """Return what the forms of a page send by themselves."""
        return dict(HIDDEN.findall(self.client.get(path, name=name or path).text))

    def open(self, path: str, name: str) -> None:
        """Open a page."""
        with self.client.get(path, name=name, catch_response=True) as answer:
            if self._is_outside(answer):
                answer.failure("asked to sign in")


class Expert(Person):
    """Looks at the own profile and at invitations."""

    weight = 10
    role = "expert"

    @task
    def read_profile(self) -> None:
        """Open the own profile."""
        self.open("/profile", "own profile")

    @task
    def read_invitations(self) -> None:
        """Open the invitations."""
        self.open("/invitations", "invitations")

    @task
    def read_notices(self) -> None:
        """Open the notices."""
        self.open("/notices", "notices")


class Coordinator(Person):
    """Opens the queue, requests and their rankings, and looks for people."""

    weight = 5
    role = "coordinator"

    @task(3)
    def see_queue(self) -> None:
        """Open the work queue."""
        self.open("/queue", "work queue")

    @task(5)
    def rank(self) -> None:
        """Read a request, then its ranking."""
        number = random.choice(PEOPLE["requests"])
        self.open(f"/requests/{number}", "a request")
        self.wait()
        self.open(f"/requests/{number}/matches", "ranking")

    @task(2)
    def search(self) -> None:
        """Search the roster."""
        self.open("/roster?q=police", "roster search")

    @task(1)
    def see_deployments(self) -> None:
        """Open the calendar of missions."""
        self.open("/deployments", "deployments")


class Requester(Person):
    """Writes drafts."""

    weight = 5
    role = "requester"

    @task(3)
    def write(self) -> None:
        """Save a draft."""
        values = self.hidden("/requests/new", "form of a request")
        values |= {"title": f"Draft {random.random()}", "experts_needed": "1", "action": "save"}
        self.client.post("/requests/new", values, name="save a draft", allow_redirects=False)

    @task(1)
    def read(self) -> None:
        """Open the own requests."""
        self.open("/requests", "own requests")


class Administrator(Person):
    """Looks at accounts, the log and the jobs; there is one."""

    fixed_count = 1
    role = "administrator"

    @task
    def see_accounts(self) -> None:
        """Open the accounts."""
        self.open("/accounts", "accounts")

    @task
    def read_log(self) -> None:
        """Open the audit log."""
        self.open("/audit", "audit log")

    @task
    def see_jobs(self) -> None:
        """Open the page of jobs and mail."""
        self.open("/health", "jobs and mail")
