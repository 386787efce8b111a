"""What both sides say after a mission of a made-up history, and what it cost.

It follows from the request alone, so that each telling says the same. Of some missions nothing is
on the platform: their reports came by mail.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from webapp.core.words.vocabularies import HelpKind
from webapp.demo_history.remains import OF_SUBJECTS, Remains
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import Payer
from webapp.mission_costs.content import Cost
from webapp.mission_costs.models import CostItem
from webapp.mission_reports.content import Afterwards, Answers, Present, points_asked, sums_of
from webapp.mission_reports.content import Said as Point
from webapp.mission_reports.models import Again

# Of so many missions reports came by mail, has a coordinator kept a lesson, and are costs known.
BY_MAIL, TAUGHT, WITH_COSTS = 0.15, 0.6, 0.85
# Most help is found very good or good.
RATINGS = (5, 5, 5, 4, 4, 4, 3)
AGAIN = (Again.YES, Again.YES, Again.YES, Again.YES, Again.OTHERWISE)
_WANTED = (
    "A second course for the regions.",
    "A visit to the colleagues at home.",
    "Advice by telephone when the first report is due.",
    "The same for the academy.",
    "",
)
_ALL_DONE = (
    "All tasks of the terms of reference were done.",
    "What was agreed was done, and a day was spent on questions of our own.",
    "All tasks but the last were done; that one needs a law first.",
)
_UNITS = ("Police", "Ministry of Interior", "Academy", "Customs", "Prosecutors", "Armed forces")
# How many come, by the kind of help.
_AUDIENCE = {
    HelpKind.TRAINER: (11, 26),
    HelpKind.SPEAKER: (38, 90),
    HelpKind.MENTOR: (6, 14),
    HelpKind.ADVISER: (5, 12),
    HelpKind.ASSESSOR: (5, 16),
}


@dataclass(frozen=True)
class Said:
    """What was said of the mission of a team; a lesson is empty where nobody kept one."""

    by_requester: Answers
    months_after: Afterwards
    lesson: str
    seed: str
    asked: tuple[Point, ...]

    def by_expert(self, whom: int) -> Answers:
        """Return what one of the team reports."""
        rng = self._rng(whom)
        told, report = self._remains, self.by_requester
        return Answers(
            points=_answered(self.asked, told.done), women=report.women, men=report.men,
            participants=report.participants,
            outputs=told.outputs, lacking=told.lacking,
            rating=rng.choice(RATINGS), again=rng.choice(AGAIN),
        )  # fmt: skip

    def judgement(self, whom: int) -> tuple[int, Again]:
        """Return how useful the requester found the help of one of the team."""
        rng = self._rng(100 + whom)
        return rng.choice(RATINGS), rng.choice(AGAIN)

    @property
    def _remains(self) -> Remains:
        return OF_SUBJECTS[self.seed.partition("|")[0]]

    def _rng(self, number: int) -> random.Random:
        return _rng(f"{self.seed}|{number}")


def said_of(content: Content) -> Said | None:
    """Return what is said of the mission of a request; None where it came by mail."""
    remains = OF_SUBJECTS.get(content.objectives)
    seed = f"{content.objectives}|{content.title}|{content.start}"
    rng = _rng(seed)
    if remains is None or rng.random() < BY_MAIL:
        return None
    asked = tuple(points_asked(content.tasks, content.outputs))
    participants = _audience(rng, content)
    women, men = sums_of(participants)
    return Said(
        Answers(
            points=_answered(asked, rng.choice(_ALL_DONE)), women=women, men=men,
            participants=participants,
            outputs=remains.outputs, lacking=rng.choice(("", remains.lacking)),
        ),
        Afterwards(remains.in_use, remains.changed, rng.choice(_WANTED)),
        remains.lesson if rng.random() < TAUGHT else "",
        seed,
        asked,
    )  # fmt: skip


def _answered(asked: Sequence[Point], words: str) -> tuple[Point, ...]:
    return tuple(replace(one, said=words) for one in asked)


def costs_of(content: Content, whom: int, start: date, end: date) -> dict[CostItem, Cost]:
    """Return what the mission of one of the team cost; nothing where nobody wrote it down."""
    rng = _rng(f"{content.title}|{content.start}|costs|{whom}")
    if rng.random() >= WITH_COSTS:
        return {}
    days = (end - start).days + 1
    travel = Decimal(rng.randint(180, 720))
    paid = travel + Decimal(rng.randint(-4000, 2500)) / 100
    nights = Decimal(rng.randint(55, 95)) * days
    return {
        CostItem.TRAVEL: Cost(travel, paid, _payer(rng)),
        CostItem.ALLOWANCE: Cost(Decimal(65) * days, Decimal(65) * days, Payer.SEESAC),
        CostItem.ACCOMMODATION: Cost(nights, nights, rng.choice((Payer.REQUESTER, Payer.SEESAC))),
        CostItem.INSURANCE: Cost(Decimal("38.50"), Decimal("38.50"), Payer.SEESAC),
    }


def _payer(rng: random.Random) -> Payer:
    return rng.choice((Payer.SEESAC, Payer.SEESAC, Payer.SEESAC, Payer.REQUESTER))


def _audience(rng: random.Random, content: Content) -> tuple[Present, ...]:
    """Return how many women and men took part, and from where."""
    everybody = rng.randint(*_AUDIENCE[content.help_kind or HelpKind.TRAINER])
    is_on_gender = any(code.startswith("GEN") for code in content.themes)
    share = rng.uniform(0.4, 0.7) if is_on_gender else rng.uniform(0.12, 0.4)
    women = round(everybody * share)
    first, second = rng.sample(_UNITS, 2)
    theirs = everybody * rng.randint(5, 8) // 10
    women_there = min(round(women * theirs / everybody), theirs)
    return (
        Present(first, women_there, theirs - women_there),
        Present(second, women - women_there, everybody - theirs - (women - women_there)),
    )


def _rng(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - it makes a history and no secret.
