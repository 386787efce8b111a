"""Made-up people with made-up careers, in the languages of the region: what their curricula say.

Headings, dates and levels are written as people write them, not as the tables of data/curricula do.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class Work(NamedTuple):
    """A post, a mission or a course given: months as year-month, an empty end goes on."""

    title: str
    where: str
    start: str
    end: str
    did: str


@dataclass(frozen=True)
class Person:
    """Whoever is made up; `languages` has the level that is meant and how it is written."""

    language: str
    name: str
    headings: dict[str, str]
    posts: tuple[Work, ...]
    missions: tuple[Work, ...]
    courses: tuple[str, ...]
    languages: tuple[tuple[str, str, str], ...]
    present: str
    months: tuple[str, ...]


def _person(row: dict[str, Any]) -> Person:
    works = {name: tuple(Work(*work) for work in row[name]) for name in ("posts", "missions")}
    lists = {name: tuple(row[name]) for name in ("courses", "months")}
    languages = tuple((code, level, written) for code, level, written in row["languages"])
    return Person(**{**row, **works, **lists, "languages": languages})


PEOPLE = tuple(
    map(_person, json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))
)
