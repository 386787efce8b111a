"""The missions of January 2016 to June 2017 in outline: seven that went, and what did not come off.

Who went where is made up; that seven missions sent seventeen experts is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webapp.core.record.reasons import ReasonKind as K
from webapp.demo_history.made_up import EXPLANATION
from webapp.demo_history.stories import AnyStep, Asker, Event, Person, Place, Story, World
from webapp.deployments.workflow import DeploymentStep as D
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.workflow import RequestStep as R
from webapp.experts.models import Gender
from webapp.matches.placing import Placing
from webapp.matches.workflow import MatchStep as M

W, X = Gender.FEMALE, Gender.MALE
# Eighteen experts; who is named by a number below stands here.
ROSTER = [
    Person(gender, home, ("SALW-TRF",))
    for gender, home in (
        (W, "BIH"), (W, "BIH"), (X, "BIH"), (X, "BIH"), (W, "SRB"), (X, "SRB"), (W, "SRB"),
        (X, "MKD"), (W, "MNE"), (X, "MNE"), (W, "ALB"), (X, "ALB"), (W, "HRV"), (X, "HRV"),
        (W, "BIH"), (X, "SRB"), (W, "MKD"), (X, "MDA"),
    )
]  # fmt: skip
ASKERS = [Asker("KGZ", "Bishkek"), Asker("GEO", "Tbilisi"), Asker("UKR", "Kyiv")]


@dataclass(frozen=True)
class Told:
    """A request in outline: who is considered and what becomes of each, and how it ends."""

    asker: int
    title: str
    start: date
    days: int
    team: tuple[tuple[int, str], ...]
    ends: R = R.CLOSE
    why: K | None = None
    theme: str = "SALW-TRF"


MISSIONS = (
    Told(0, "A speaker at a conference", date(2016, 3, 7), 2, ((0, "goes"),), theme="GEN-POL"),
    Told(1, "Instructors for a course", date(2016, 6, 6), 12, tuple(
        (number, "goes") for number in (1, 2, 3, 4, 5, 7, 8)
    ), theme="GEN-MIL"),
    Told(2, "The one asked first declines", date(2016, 9, 5), 3, (
        (6, "declines"), (9, "goes"), (10, "goes"),
    )),
    Told(0, "An authority refuses the release", date(2016, 10, 3), 5, (
        (11, "refused"), (12, "goes"), (13, "goes"),
    )),
    Told(1, "One falls out, and another goes", date(2016, 11, 7), 4, (
        (14, "goes"), (15, "falls out"), (16, "goes instead"),
    )),
    Told(2, "One is called home", date(2017, 2, 6), 10, ((2, "goes"), (5, "curtailed"))),
    Told(0, "A second conference", date(2017, 5, 8), 2, ((0, "goes"),), theme="GEN-POL"),
    # What did not come off, and a mission after the period.
    Told(1, "Nobody is free", date(2016, 4, 4), 3, ((6, "declines"),), R.LEAVE_UNFILLED,
         K.NOBODY_FREE),
    Told(2, "Outside of what the platform does", date(2016, 5, 2), 3, (), R.DECLINE, K.OUTSIDE),
    Told(0, "Found elsewhere", date(2016, 7, 4), 3, (), R.WITHDRAW, K.FOUND_ELSEWHERE),
    Told(1, "Cancelled on its eve", date(2017, 3, 6), 3, ((9, "falls out"),), R.LEAVE_UNFILLED,
         K.TOO_LATE),
    Told(1, "After the period", date(2017, 9, 4), 3, ((9, "goes"),)),
)  # fmt: skip


def world() -> World:
    """Return who asks and who is on the roster; nobody is ranked."""
    return World(ASKERS, ROSTER, lambda _content: ())


def stories() -> list[Story]:
    """Return the requests as stories."""
    return [_story(told) for told in MISSIONS]


def _story(told: Told) -> Story:
    end = told.start + timedelta(days=told.days - 1)
    needed = sum(what in {"goes", "curtailed", "goes instead"} for _, what in told.team)
    content = Content(
        title=told.title, objectives="Help.", themes=(told.theme,), start=told.start, end=end,
        jurisdiction=ASKERS[told.asker].jurisdiction, experts_needed=needed or 1,
    )  # fmt: skip
    places = tuple(
        Place(expert, Placing(0.5, number, 18, 1, EXPLANATION))
        for number, (expert, _) in enumerate(told.team, 1)
    )
    begun = datetime.combine(told.start - timedelta(days=60), time(8), UTC)
    before = [
        Event(begun + timedelta(hours=number), *event) for number, event in enumerate(_before(told))
    ]
    return Story(told.asker, content, (), places, (*before, *_mission(told, end)))


def _before(told: Told) -> Iterator[tuple[AnyStep, int | None, K | None]]:
    yield R.SUBMIT, None, None
    if told.ends is R.DECLINE:
        yield R.DECLINE, None, told.why
        return
    yield R.ACCEPT, None, None
    for whom, (_, what) in enumerate(told.team):
        yield M.SHORTLIST, whom, None
        yield M.INVITE, whom, None
        if what == "declines":
            yield M.NOTE_NO, whom, K.DATES
            continue
        yield M.NOTE_YES, whom, K.BY_TELEPHONE
        yield M.ASK_RELEASE, whom, None
        if what == "refused":
            yield M.RECORD_REFUSAL, whom, K.NEEDED_AT_HOME
            continue
        yield M.RECORD_RELEASE, whom, K.IN_WRITING
        yield M.APPROVE, whom, None
    yield from _choice(told)
    if told.ends is not R.CLOSE:
        yield told.ends, None, told.why


def _choice(told: Told) -> Iterator[tuple[AnyStep, int | None, K | None]]:
    by_end = {what: whom for whom, (_, what) in enumerate(told.team)}
    chosen = [
        whom for whom, (_, what) in enumerate(told.team)
        if what in {"goes", "curtailed", "falls out"}
    ]  # fmt: skip
    if chosen:
        yield R.PROPOSE, None, None
    for whom in chosen:
        yield M.SELECT, whom, None
    if "falls out" in by_end:
        yield M.TAKE_BACK, by_end["falls out"], K.PERSONAL
    if "goes instead" in by_end:
        yield M.SELECT, by_end["goes instead"], None


def _mission(told: Told, end: date) -> Iterator[Event]:
    if told.ends is not R.CLOSE:
        return
    leaving = datetime.combine(told.start, time(6), UTC)
    yield Event(leaving - timedelta(days=3), R.CLOSE)
    going = [
        (whom, what) for whom, (_, what) in enumerate(told.team)
        if what in {"goes", "curtailed", "goes instead"}
    ]  # fmt: skip
    for whom, what in going:
        yield Event(leaving - timedelta(days=2), D.CLEAR, whom)
        yield Event(leaving, D.DEPART, whom)
        back = datetime.combine(end, time(18), UTC)
        if what == "curtailed":
            # On its fourth day.
            back = leaving + timedelta(days=3)
            yield Event(back, D.CURTAIL, whom, K.NEEDED_AT_HOME)
        else:
            yield Event(back, D.RETURN, whom)
        yield Event(back + timedelta(days=10), D.REPORT, whom, K.COMMENT)
