"""Tells a history: how each request went, with the reasons people give, all from one seed.

A story is told to its end, and what would come after today is left out. So a history holds missions
of the past, teams under way, and requests in every state in which they can wait.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from webapp.demo_history.one_story import Telling
from webapp.demo_history.stories import Story, World
from webapp.demo_history.subjects import NAMES_AHEAD, compose

# A history reaches so far back, and its latest requests have just been sent.
LONGEST_AGO, LATEST = 400, 2
# Between two missions experts are at home for so long.
REST = timedelta(days=20)


class Diaries:
    """The days of experts that were given to one mission or another, whatever became of it."""

    def __init__(self) -> None:
        self._given: dict[int, list[tuple[date, date]]] = {}

    def is_free(self, expert: int, start: date, end: date) -> bool:
        """Tell whether somebody is at home from `start` to `end`, with a rest before and after."""
        given = self._given.get(expert, [])
        return all(end + REST < first or last + REST < start for first, last in given)

    def give(self, expert: int, start: date, end: date) -> None:
        """Give days of an expert away."""
        self._given.setdefault(expert, []).append((start, end))


def tell(size: int, seed: int, now: datetime, world: World) -> list[Story]:
    """Return so many stories, in the order in which their requests were sent.

    One of them is of a team that is on its mission now.
    """
    rng = random.Random(seed)  # noqa: S311 - it makes a history and no secret.
    ago = sorted((rng.uniform(LATEST, LONGEST_AGO) for _ in range(size - 1)), reverse=True)
    diaries = Diaries()
    stories = [_team_under_way(rng, now, world, diaries)]
    for days in ago:
        sent = _in_office(rng, now - timedelta(days=days))
        asker = rng.randrange(len(world.askers))
        content = compose(rng, world.askers[asker], sent.date())
        stories.append(_until(Telling(rng, world, diaries, asker, content).tell(sent), now))
    return sorted(stories, key=lambda story: story.begun)


def _until(story: Story, now: datetime) -> Story:
    """Leave out what comes later."""
    return replace(story, events=tuple(event for event in story.events if event.at < now))


def _team_under_way(rng: random.Random, now: datetime, world: World, diaries: Diaries) -> Story:
    sent, start = _in_office(rng, now - timedelta(days=75)), now.date() - timedelta(days=3)
    content = replace(
        compose(rng, world.askers[0], sent.date()),
        title=f"Instructors for a course of trainers, {world.askers[0].town}",
        objectives="Instructors of the academy teach gender equality and weapons control.",
        themes=("TRN-TOT", "GEN-MIL", "GEN-POL"),
        start=start,
        names_by=start - NAMES_AHEAD,
        days_needed=None,
        end=now.date() + timedelta(days=4),
        experts_needed=4,
    )
    telling = Telling(rng, world, diaries, 0, content, is_smooth=True)
    return _until(telling.tell(sent), now)


def _in_office(rng: random.Random, moment: datetime) -> datetime:
    """Return a moment of office hours on this day, or on the last working day before it."""
    day = moment.date() - timedelta(days=max(0, moment.weekday() - 4))
    return datetime.combine(day, time(rng.randint(7, 14), rng.randint(0, 59)), UTC)
