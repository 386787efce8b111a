"""How many experts a request could find, told to its writer so that nobody is known by it.

Few are not counted, for a count of one or two tells of persons. What is written can be changed word
by word to see whom a count follows, so that of texts only steps of several experts are told, and
each writer may ask a few times an hour alone (`views/writing.py`). Neither count looks at days,
languages or jurisdictions, which would leave a single expert over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import current_app
from sqlalchemy.orm import Session

from webapp.core.words.formats import number_name
from webapp.core.words.translation import Deferred, Message, _n
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme

# Where the package that knows the experts puts what counts them.
COUNTS = "requests.coverage"
# Fewer than so many are not told; texts are counted in steps of as many.
LEAST = 5


class Counts(Protocol):
    """What counts experts who are active on the roster."""

    def by_theme(self, session: Session, codes: Sequence[str]) -> Mapping[str, int]:
        """Return how many claim each theme; a theme that nobody claims may be left out."""

    def by_text(self, session: Session, request: ExpertiseRequest) -> int:
        """Return how many have done work like that which a request is about."""


@dataclass(frozen=True)
class ThemeCoverage:
    """A theme of a request, and how many experts claim it, in words."""

    row: RequestTheme
    said: Message


def of_themes(session: Session, request: ExpertiseRequest) -> list[ThemeCoverage]:
    """Return for each theme of a request how many experts claim it, in words."""
    counts = _counts().by_theme(session, [row.theme_code for row in request.themes])
    return [ThemeCoverage(row, say(counts.get(row.theme_code, 0))) for row in request.themes]


def of_text(session: Session, request: ExpertiseRequest) -> Message:
    """Return in words how many experts have done work like that which is written."""
    return say_roughly(_counts().by_text(session, request))


def say(count: int) -> Message:
    """Return a count of experts who claim a theme in words, unless they are few."""
    if count < LEAST:
        return _n(
            "fewer than %(num)s active expert on the roster names this theme",
            "fewer than %(num)s active experts on the roster name this theme",
            LEAST,
        )
    return _n(
        "%(count)s active expert on the roster names this theme",
        "%(count)s active experts on the roster name this theme",
        count,
        count=Deferred(number_name, count),
    )


def say_roughly(count: int) -> Message:
    """Return in words how many experts there are at least, in steps of several."""
    if count < LEAST:
        return _n(
            "fewer than %(num)s active expert on the roster has done work like this",
            "fewer than %(num)s active experts on the roster have done work like this",
            LEAST,
        )
    told = count - count % LEAST
    return _n(
        "at least %(count)s active expert on the roster has done work like this",
        "at least %(count)s active experts on the roster have done work like this",
        told,
        count=Deferred(number_name, told),
    )


def _counts() -> Counts:
    found: Counts = current_app.extensions[COUNTS]
    return found
