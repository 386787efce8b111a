"""The browsers of all who act in the seven missions, on days that a test chooses."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from tests.browser import looking, moved_clock, seven_missions
from tests.browser.seven_missions import Mission, Official
from tests.databases import forget_limits
from webapp.accounts.models import Account


class Desks:
    """The browsers of all people on a day; whoever comes back on a later one signs in again."""

    def __init__(self, app: Flask, open_as: Callable[[Account], Any], instance: Path) -> None:
        self.people = seven_missions.join(app)
        self._app, self._open_as, self._instance = app, open_as, instance
        self._pages: dict[int, Any] = {}
        self._here: set[int] = set()
        self.day = seven_missions.JOINED

    def move_to(self, day: date) -> None:
        """Let it be the morning of another day."""
        moved_clock.move_to(self._instance, day)
        self.day = day
        self._here.clear()

    def of(self, person: Account) -> Any:
        """Return the page of somebody who is signed in today."""
        # These browsers press faster than people, who are slowed from sixty pages a minute on.
        forget_limits(self._app)
        if person.id not in self._pages:
            self._pages[person.id] = self._open_as(person)
        elif person.id not in self._here:
            looking.sign_in(self._pages[person.id], person.email)
        self._here.add(person.id)
        return self._pages[person.id]

    @property
    def office(self) -> Any:
        """Return the page of SEESAC."""
        return self.of(self.people.office)

    def requester(self, mission: Mission) -> Any:
        """Return the page of who asks for a mission."""
        return self.of(self.people.requesters[mission.host])

    def expert(self, one: Official) -> Any:
        """Return the page of an expert."""
        return self.of(self.people.experts[one.name])

    def ministry(self, one: Official) -> Any:
        """Return the page of who answers for an official's ministry."""
        return self.of(self.people.ministries[one.home])
