"""A world for histories of any size: as many made-up experts as the requests need, ranked by theme.

It stands in for a roster where reading and ranking a real one would take all the time.
"""

import random
from collections.abc import Sequence

from webapp.demo_history.stories import Asker, Person, Place, World
from webapp.demo_history.subjects import SUBJECTS
from webapp.expertise_requests.content import Content
from webapp.experts.models import Gender
from webapp.matches.models import OutOfTurn
from webapp.matches.placing import Placing
from webapp.matches.rules import ABOVE_AT_MOST

ASKERS = tuple(
    Asker(code, town)
    for code, town in (
        ("KGZ", "Bishkek"), ("MDA", "Chișinău"), ("GEO", "Tbilisi"), ("UKR", "Kyiv"),
        ("ARM", "Yerevan"), ("TJK", "Dushanbe"), ("KAZ", "Astana"), ("TUN", "Tunis"),
    )
)  # fmt: skip
HOMES = (
    "BIH", "BIH", "SRB", "SRB", "ALB", "HRV", "MNE", "MKD", "XKX", "MDA", "ROU", "BGR",
)  # fmt: skip
# So many experts for each request, and never fewer than the demo has.
SHARE, FEWEST = 0.25, 60
EXPLANATION: dict[str, list[str]] = {"terms": [], "entries": [], "lacking": []}


def world_of(size: int, seed: int) -> World:
    """Return a world in which so many requests a year find their experts."""
    rng = random.Random(seed)  # noqa: S311 - it makes a history and no secret.
    count = max(FEWEST, int(size * SHARE))
    roster = [_person(rng, number, count) for number in range(count)]
    return World(ASKERS, roster, _Ranker(roster).rank)


def _person(rng: random.Random, number: int, count: int) -> Person:
    codes = rng.choice(SUBJECTS).themes + rng.choice(SUBJECTS).themes
    gender = rng.choice((Gender.FEMALE, Gender.MALE, Gender.MALE, None) if number % 9 else (None,))
    return Person(gender, rng.choice(HOMES), tuple(dict.fromkeys(codes))[:3], number < count // 2)


class _Ranker:
    """Ranks by how many themes somebody shares with a request, and then by their number."""

    def __init__(self, roster: Sequence[Person]) -> None:
        self._roster = roster
        self._known: dict[tuple[str, ...], list[Place]] = {}

    def rank(self, content: Content) -> list[Place]:
        if content.themes not in self._known:
            self._known[content.themes] = self._rank(content.themes)
        return self._known[content.themes]

    def _rank(self, themes: tuple[str, ...]) -> list[Place]:
        shared = {
            number: len(set(themes) & set(person.themes))
            for number, person in enumerate(self._roster)
        }
        order = sorted((n for n in shared if shared[n]), key=lambda n: (-shared[n], n))
        return [
            Place(number, _placing(rank, len(order), shared[number] / len(themes)))
            for rank, number in enumerate(order, 1)
        ]


def _placing(rank: int, among: int, score: float) -> Placing:
    out_of_turn = OutOfTurn.FAR_BELOW if rank > ABOVE_AT_MOST else None
    return Placing(score, rank, among, 1, EXPLANATION, out_of_turn)
