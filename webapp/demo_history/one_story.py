"""How one request goes: each turn it can take, how often it does, and how long that lasts."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from webapp.core.record.reasons import ReasonKind as K
from webapp.demo_history.stories import AnyStep, Event, Place, Story, World
from webapp.deployments.workflow import DeploymentStep as D
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.workflow import RequestStep as R
from webapp.matches.placing import FIRST
from webapp.matches.workflow import MatchStep as M

# Of each turn, how often it is taken.
RETURNED, DECLINED, WITHDRAWN_EARLY, WITHDRAWN_LATE = 0.12, 0.07, 0.03, 0.05
SAYS_YES, RELEASE_ASKED, RELEASED, NOBODY_CHOSEN, FALLS_OUT = 0.72, 0.65, 0.85, 0.03, 0.06
OUT_OF_TURN, KEPT, CURTAILED, NO_ANSWER = 0.3, 0.4, 0.05, 0.05
WHY_DECLINED = (K.OUTSIDE, K.ASKED_TWICE, K.TOO_LATE, K.NO_MEANS)
WHY_WITHDRAWN = (K.NEED_GONE, K.FOUND_ELSEWHERE, K.PUT_OFF, K.NO_MEANS)
# What is said most often stands there most often.
WHY_NO = (
    K.DATES, K.DATES, K.NEEDED_AT_HOME, K.NEEDED_AT_HOME, K.SUPERIOR, K.PERSONAL, K.LANGUAGE,
    K.SUBJECT, K.CONFLICT,
)  # fmt: skip
WHY_NOT_RELEASED = (K.NEEDED_AT_HOME, K.NEEDED_AT_HOME, K.DATES, K.NO_MEANS)
WHY_OUT_OF_TURN = (K.KNOWS_PLACE, K.ASKED_FOR, K.FOR_TEAM, K.SAYS_TOO_LITTLE)
WHY_NOT_CHOSEN = (K.ANOTHER_EXPERT, K.ANOTHER_EXPERT, K.SUBJECT, K.LANGUAGE)
WHY_FALLEN_OUT = (K.PERSONAL, K.SUPERIOR, K.DATES)
WHY_CURTAILED = (K.NEEDED_AT_HOME, K.NEED_GONE, K.PERSONAL)
# So long before the first day nobody is looked for any more.
TOO_LATE = timedelta(days=4)


class Diary(Protocol):
    """Who is free on which days."""

    def is_free(self, expert: int, start: date, end: date) -> bool:
        """Tell whether somebody is free from `start` to `end`."""

    def give(self, expert: int, start: date, end: date) -> None:
        """Take these days of somebody."""


class Telling:
    """One story while it is told; a smooth one has no refusals in it."""

    def __init__(
        self, rng: random.Random, world: World, diary: Diary, asker: int, content: Content,
        *, is_smooth: bool = False,
    ) -> None:  # fmt: skip
        self._rng, self._world, self._diary = rng, world, diary
        self._asker, self._content, self._is_smooth = asker, content, is_smooth
        if content.start is None or content.end is None:
            raise ValueError("a story needs its days")
        self._start, self._end = content.start, content.end
        self._events: list[Event] = []
        self._considered: list[Place] = []

    def tell(self, sent: datetime) -> Story:
        """Return the story of the request that was sent at a moment, to its end."""
        ranked = list(self._world.rank(self._content))
        if agreed := self._agree(sent):
            approved, latest = self._find(agreed, ranked)
            if latest:
                self._propose(approved, latest)
        self._events.sort(key=lambda event: event.at)
        first_ten = tuple(place.expert for place in ranked[:FIRST])
        return Story(
            self._asker, self._content, first_ten, tuple(self._considered), tuple(self._events)
        )

    def _note(
        self, at: datetime, step: AnyStep, whom: int | None = None, why: K | None = None
    ) -> datetime:
        self._events.append(Event(at, step, whom, why))
        return at

    def _turns(self, share: float) -> bool:
        """Tell whether something takes a turn that it takes so often."""
        return self._rng.random() < share and not self._is_smooth

    def _after(self, moment: datetime, least: int, most: int) -> datetime:
        """Return a moment of office hours so many days later, and later in any case."""
        day = moment.date() + timedelta(days=self._rng.randint(least, most))
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        clock = time(self._rng.randint(7, 14), self._rng.randint(0, 59), self._rng.randint(0, 59))
        later = datetime.combine(day, clock, UTC)
        return later if later > moment else moment + timedelta(minutes=self._rng.randint(5, 50))

    def _agree(self, sent: datetime) -> datetime | None:
        """Send the request; return when its terms of reference were accepted, if they were."""
        at = self._note(sent, R.SUBMIT)
        if self._turns(RETURNED):
            at = self._note(self._after(at, 1, 4), R.RETURN, why=K.COMMENT)
            at = self._note(self._after(at, 1, 9), R.SUBMIT)
        if self._turns(DECLINED):
            self._note(self._after(at, 1, 6), R.DECLINE, why=self._rng.choice(WHY_DECLINED))
            return None
        at = self._note(self._after(at, 0, 6), R.ACCEPT)
        if self._turns(WITHDRAWN_EARLY):
            self._note(self._after(at, 2, 10), R.WITHDRAW, why=self._rng.choice(WHY_WITHDRAWN))
            return None
        return at

    def _find(self, agreed: datetime, ranked: Sequence[Place]) -> tuple[list[int], datetime | None]:
        """Consider experts in two waves; return those approved, and when the last was.

        Where too few can go nobody is proposed, and the request ends without an expert.
        """
        free = [
            place for place in ranked if self._diary.is_free(place.expert, self._start, self._end)
        ]
        needed, at = self._content.experts_needed, self._after(agreed, 0, 7)
        approved: list[int] = []
        latest = at
        for wave in range(2):
            more = needed - len(approved) + (1 if wave == 0 else 2)
            chosen, free = free[:more], free[more:]
            if wave == 0 and free and self._turns(OUT_OF_TURN):
                chosen[-1:] = [free.pop(self._rng.randrange(len(free)))]
            begun = at if wave == 0 else self._after(latest, 0, 2)
            for place in chosen:
                whom, ended, is_approved = self._consider(place, begun)
                approved += [whom] if is_approved else []
                latest = max(latest, ended)
            if len(approved) >= needed:
                return approved, latest
        why = K.NOBODY_FREE if self._considered else K.NOBODY_FITS
        self._note(self._after(latest, 1, 5), R.LEAVE_UNFILLED, why=why)
        return approved, None

    def _consider(self, place: Place, begun: datetime) -> tuple[int, datetime, bool]:
        """Ask one expert and their authority; return who it is, when that ended, and how."""
        whom, person = len(self._considered), self._world.roster[place.expert]
        self._considered.append(place)
        why = self._rng.choice(WHY_OUT_OF_TURN) if place.placing.out_of_turn else None
        at = self._note(self._after(begun, 0, 1), M.SHORTLIST, whom, why)
        at = self._note(self._after(at, 0, 1), M.INVITE, whom)
        if self._turns(NO_ANSWER):
            return whom, self._note(self._after(at, 8, 12), M.CANCEL, whom, K.ANOTHER_EXPERT), False
        at = self._after(at, 1, 7)
        if not self._is_smooth and self._rng.random() > SAYS_YES:
            no = M.DECLINE if person.answers else M.NOTE_NO
            return whom, self._note(at, no, whom, self._rng.choice(WHY_NO)), False
        if person.answers:
            self._note(at, M.ACCEPT, whom)
        else:
            self._note(at, M.NOTE_YES, whom, self._rng.choice((K.BY_TELEPHONE, K.IN_WRITING)))
        return (whom, *self._ask_release(whom, at))

    def _ask_release(self, whom: int, at: datetime) -> tuple[datetime, bool]:
        """Ask the authority of somebody who has said yes, or approve them without."""
        place = self._considered[whom]
        by_itself = self._world.roster[place.expert].is_released
        why = None
        if self._rng.random() < RELEASE_ASKED:
            at = self._note(self._after(at, 0, 2), M.ASK_RELEASE, whom)
            at = self._after(at, 2, 14)
            if self._turns(1 - RELEASED):
                no = M.REFUSE_RELEASE if by_itself else M.RECORD_REFUSAL
                return self._note(at, no, whom, self._rng.choice(WHY_NOT_RELEASED)), False
            if by_itself:
                self._note(at, M.RELEASE, whom)
            else:
                self._note(at, M.RECORD_RELEASE, whom, K.IN_WRITING)
        else:
            why = self._rng.choice((K.NO_RELEASE_NEEDED, K.RELEASED_BEFORE))
        at = self._after(at, 0, 2)
        if at.date() > self._start - TOO_LATE:
            return self._note(at, M.CANCEL, whom, K.DATES), False
        self._diary.give(place.expert, self._start, self._end)
        return self._note(at, M.APPROVE, whom, why), True

    def _propose(self, approved: list[int], latest: datetime) -> None:
        """Propose those approved, and let the requester answer."""
        at = self._note(self._after(latest, 0, 2), R.PROPOSE)
        if self._turns(WITHDRAWN_LATE):
            self._note(self._after(at, 2, 8), R.WITHDRAW, why=self._rng.choice(WHY_WITHDRAWN))
            return
        at = self._after(at, 1, 7)
        if at.date() >= self._start - timedelta(days=1):
            self._note(at, R.LEAVE_UNFILLED, why=K.TOO_LATE)
            return
        if self._turns(NOBODY_CHOSEN):
            for whom in approved:
                at = self._note(self._soon(at), M.PASS_OVER, whom, self._rng.choice(WHY_NOT_CHOSEN))
            self._note(self._after(at, 1, 3), R.LEAVE_UNFILLED, why=K.NOBODY_CHOSEN)
            return
        self._select(approved, at)

    def _select(self, approved: list[int], at: datetime) -> None:
        needed = self._content.experts_needed
        chosen, others = approved[:needed], approved[needed:]
        reserve = [whom for whom in others if self._turns(KEPT)][:1]
        for whom in others:
            if whom in reserve:
                at = self._note(self._soon(at), M.KEEP_AS_ALTERNATE, whom)
            else:
                why = self._rng.choice(WHY_NOT_CHOSEN)
                at = self._note(self._soon(at), M.PASS_OVER, whom, why)
        for whom in chosen:
            at = self._note(self._soon(at), M.SELECT, whom)
        if self._turns(FALLS_OUT):
            why = self._rng.choice(WHY_FALLEN_OUT)
            at = self._note(self._soon(at), M.TAKE_BACK, chosen.pop(), why)
            if not reserve and not chosen:
                self._note(self._soon(at), R.LEAVE_UNFILLED, why=K.TOO_LATE)
                return
            if reserve:
                chosen.append(reserve.pop())
                at = self._note(self._soon(at), M.SELECT, chosen[-1])
        self._go(chosen, reserve, at)

    def _soon(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self._rng.randint(3, 12))

    def _go(self, chosen: list[int], reserve: list[int], selected: datetime) -> None:
        """Let a team go and come back, and close the request when it leaves."""
        leaving = datetime.combine(self._start, time(4), UTC)
        eve = max(selected, leaving - timedelta(days=self._rng.randint(1, 6)))
        at = eve
        for whom in chosen:
            at = self._note(self._soon(at), D.CLEAR, whom)
        if len(chosen) == self._content.experts_needed:
            self._note(self._soon(at), R.CLOSE)
        else:
            self._note(self._soon(at), R.CLOSE_WITH_SELECTED, why=K.TOO_LATE)
        for whom in reserve:
            self._note(leaving + timedelta(minutes=whom), M.TAKE_BACK, whom, K.FILLED)
        asked = []
        for whom in chosen:
            left = self._note(leaving + timedelta(hours=1, minutes=whom), D.DEPART, whom)
            asked.append(self._come_back(whom, left))
        for whom in chosen:
            self._note(max(asked), D.FOLLOW_UP, whom)

    def _come_back(self, whom: int, left: datetime) -> datetime:
        """Let one of a team come back and report, which the requester does when all are back; and
        return when one may ask what has become of it."""
        length = (self._end - self._start).days
        if length > 1 and self._turns(CURTAILED):
            day = self._start + timedelta(days=self._rng.randint(1, length - 1))
            at = datetime.combine(day, time(15, whom), UTC)
            self._note(at, D.CURTAIL, whom, self._rng.choice(WHY_CURTAILED))
        else:
            at = datetime.combine(self._end, time(18, whom), UTC)
            self._note(max(at, left + timedelta(hours=2)), D.RETURN, whom)
        home = datetime.combine(self._end, time(18, whom), UTC)
        at = self._note(self._after(home, 3, 30), D.REPORT, whom, K.COMMENT)
        return self._after(at, 90, 170)
