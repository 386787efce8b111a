"""People at work, for Locust: experts who read, coordinators who rank, requesters who write.

tests/speed/load.py fills a database, serves it, and starts this in an environment of its own, so it
imports nothing of the platform. Each has an account of their own, named in the file PEOPLE.
"""

import json
import os
import random
import re
import time
from itertools import count
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

PEOPLE: dict[str, Any] = json.loads(Path(os.environ["PEOPLE"]).read_text())
HIDDEN = re.compile(r'name="(csrf_token|form_token)"[^>]* value="([^"]+)"')
_numbers = count()


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
        values = self._hidden("/login")
        values["email"] = accounts[number % len(accounts)]
        values["password"] = PEOPLE["password"]
        # Passwords are hashed by few at a time; who is told to come again does so.
        while not self.client.post("/login", values, name="sign in").ok:
            time.sleep(3)

    def _hidden(self, path: str, name: str | None = None) -> dict[str, str]:
        """Return what the forms of a page send by themselves."""
        return dict(HIDDEN.findall(self.client.get(path, name=name or path).text))

    def open(self, path: str, name: str) -> None:
        """Open a page."""
        self.client.get(path, name=name)


class Expert(Person):
    """Looks at the own profile and at invitations."""

    weight = 10
    role = "experts"

    @task
    def read(self) -> None:
        """Open one of the pages of an expert."""
        path = random.choice(["/profile", "/invitations", "/notices"])
        self.open(path, path)


class Coordinator(Person):
    """Opens the queue and rankings."""

    weight = 5
    role = "coordinators"

    @task(2)
    def see_queue(self) -> None:
        """Open the work queue."""
        self.open("/queue", "/queue")

    @task(3)
    def rank(self) -> None:
        """Open a ranking."""
        self.open(f"/requests/{random.choice(PEOPLE['requests'])}/matches", "ranking")

    @task(1)
    def search(self) -> None:
        """Search the roster."""
        self.open("/roster?q=police", "roster search")


class Requester(Person):
    """Writes drafts."""

    weight = 5
    role = "requesters"

    @task
    def write(self) -> None:
        """Save a draft."""
        values = self._hidden("/requests/new", "the form of a request")
        values |= {"title": f"Draft {random.random()}", "experts_needed": "1", "action": "save"}
        self.client.post("/requests/new", values, name="save a draft", allow_redirects=False)
