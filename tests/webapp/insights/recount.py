"""The statistics once more, counted in plain Python over the stories of a made-up history."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import ceil
from typing import Any

from webapp.core.record.reasons import ReasonKind
from webapp.demo_history.afterwards import costs_of, said_of
from webapp.demo_history.outcomes import Considered, Outcome
from webapp.demo_history.stories import World
from webapp.deployments.models import DeploymentState
from webapp.expertise_requests.models import RequestState
from webapp.insights.kinds import Asked
from webapp.insights.queries.steps import Steps
from webapp.insights.queries.supply import Themed
from webapp.insights.queries.times import Quartiles, Wait
from webapp.matches.models import MatchState
from webapp.mission_costs.content import Cost
from webapp.mission_costs.models import CostItem

AHEAD = {DeploymentState.PLANNED, DeploymentState.CLEARED, DeploymentState.CANCELLED}


class Recount:
    """What a history comes to for one question."""

    def __init__(self, world: World, outcomes: Sequence[Outcome], asked: Asked) -> None:
        self._roster, self._asked = world.roster, asked
        self._all = outcomes
        self._fitting = [one for one in outcomes if self._fits(one)]
        self._sent = [one for one in self._fitting if self._holds(one.sent.date())]

    def _fits(self, one: Outcome) -> bool:
        theme, host = self._asked.theme, self._asked.jurisdiction
        content = one.story.content
        return (not theme or theme in content.themes) and host in {None, content.jurisdiction}

    def _holds(self, day: date) -> bool:
        return self._asked.first <= day <= self._asked.last

    def _matches(self) -> Iterator[Considered]:
        for one in self._sent:
            yield from one.considered.values()

    def _went(self) -> Iterator[tuple[Outcome, Considered]]:
        for one, considered in _begun(self._fitting):
            if considered.mission and self._holds(considered.mission.start):
                yield one, considered

    def themes(self) -> dict[str, Themed]:
        """Count requests, unfilled ones and experts by theme."""
        requests = Counter(code for one in self._sent for code in one.story.content.themes)
        unfilled = Counter(
            code
            for one in self._sent
            if one.state is RequestState.UNFILLED
            for code in one.story.content.themes
        )
        experts = Counter(code for person in self._roster for code in person.themes)
        shown = set(requests) if self._asked.jurisdiction else {*requests, *experts}
        if self._asked.theme:
            shown &= {self._asked.theme}
        return {code: Themed(requests[code], unfilled[code], experts[code]) for code in shown}

    def states(self) -> dict[RequestState, int]:
        """Count requests by state."""
        return dict(Counter(one.state for one in self._sent))

    def genders(self) -> dict[Any, Steps]:
        """Count women and men at each step."""
        found: dict[Any, list[int]] = {}
        for person in self._roster:
            line = found.setdefault(person.gender, [0] * 5)
            line[0] += not self._asked.theme or self._asked.theme in person.themes
        for one in self._matches():
            line = found[self._roster[one.place.expert].gender]
            line[2] += one.invited is not None
            line[3] += one.proposed is not None
            line[4] += one.mission is not None and one.mission.state not in AHEAD
        for number in (n for one in self._sent if one.shortlisted for n in one.story.first_ten):
            found[self._roster[number].gender][1] += 1
        return {gender: Steps(*line) for gender, line in found.items()}

    def loads(self) -> dict[int, int]:
        """Count experts by how many missions they had."""
        had = Counter(one.place.expert for _, one in self._went())
        return dict(Counter(had[number] for number in range(len(self._roster))))

    def share_of_busiest_tenth(self) -> int | None:
        """Return how many of a hundred missions those had who went most often."""
        had = Counter(one.place.expert for _, one in self._went())
        most = sorted((had[number] for number in range(len(self._roster))), reverse=True)
        busiest = most[: ceil(len(most) / 10)]
        return round(100 * sum(busiest) / sum(most)) if sum(most) else None

    def past(self) -> tuple[int, int, int, date]:
        """Return what the landing page tells of all time: missions, people, hosts, since when."""
        begun = list(_begun(self._all))
        return (
            len({id(of) for of, _ in begun}),
            len({one.place.expert for _, one in begun}),
            len({of.story.content.jurisdiction for of, _ in begun}),
            min(one.mission.start for _, one in begun if one.mission),
        )

    def homes(self) -> dict[str, tuple[int, ...]]:
        """Count experts sent by where they came from."""
        sent = Counter(self._roster[one.place.expert].jurisdiction for _, one in self._went())
        return {home: (count,) for home, count in sent.items()}

    def hosts(self) -> dict[str | None, tuple[int, ...]]:
        """Count missions and experts sent by where they went."""
        return self._teams_by(lambda of: of.story.content.jurisdiction)

    def about(self) -> dict[str | None, tuple[int, ...]]:
        """Count missions and experts sent by the main theme."""
        return self._teams_by(lambda of: of.story.content.themes[0])

    def _teams_by(self, key: Callable[[Outcome], str | None]) -> dict[str | None, tuple[int, ...]]:
        went = [of for of, _ in self._went()]
        sent = Counter(key(of) for of in went)
        teams = Counter(key(of) for of in {id(of): of for of in went}.values())
        return {one: (teams[one], sent[one]) for one in sent}

    def participants(self) -> tuple[int, int]:
        """Count women and men who took part, once for a team, as its requester has reported."""
        teams = {id(of): of for of, _ in self._went()}.values()
        said = [
            told.by_requester
            for of in teams
            if (told := said_of(of.story.content)) and _is_reported(of)
        ]
        return sum(one.women or 0 for one in said), sum(one.men or 0 for one in said)

    def costs(self, by: Callable[[CostItem, Cost], Any]) -> dict[Any, tuple[Decimal, Decimal]]:
        """Add up what missions cost that were reported, planned and paid."""
        found: dict[Any, tuple[Decimal, Decimal]] = {}
        for of in self._fitting:
            for whom, one in of.considered.items():
                mission = one.mission
                if mission and mission.reported and self._holds(mission.start):
                    amounts = costs_of(of.story.content, whom, mission.start, mission.end)
                    for item, cost in amounts.items():
                        planned, paid = found.get(by(item, cost), (Decimal(), Decimal()))
                        sums = planned + (cost.planned or 0), paid + (cost.actual or 0)
                        found[by(item, cost)] = sums
        return found

    def places(self) -> dict[str | None, tuple[int, int]]:
        """Return how often somebody was sent from each jurisdiction, and received there."""
        found: dict[str | None, tuple[int, int]] = {}
        for (home, host), count in self.ways().items():
            sent, received = found.get(home, (0, 0))
            found[home] = sent + count, received
            sent, received = found.get(host, (0, 0))
            found[host] = sent, received + count
        return found

    def ways(self) -> dict[tuple[str, str | None], int]:
        """Count experts sent by where from and where to."""
        return dict(
            Counter(
                (self._roster[one.place.expert].jurisdiction, of.story.content.jurisdiction)
                for of, one in self._went()
            )
        )

    def waits(self) -> dict[Wait, Quartiles]:
        """Find the quartiles of each wait."""
        found: dict[Wait, list[float]] = {}
        for one in self._sent:
            moments = [one.sent, one.accepted, *_first_moments(one)]
            for wait, earlier, later in zip(Wait, moments, moments[1:], strict=False):
                if earlier and later:
                    found.setdefault(wait, []).append((later - earlier).total_seconds() / 86400)
        return {wait: _quartiles(sorted(days)) for wait, days in found.items()}

    def out_of_turn(self) -> dict[tuple[ReasonKind, Any], int]:
        """Count choices out of turn by reason and standing."""
        return dict(
            Counter(
                (one.choice, one.place.placing.out_of_turn) for one in self._matches() if one.choice
            )
        )

    def refusals(self) -> dict[tuple[ReasonKind, MatchState], int]:
        """Count those who fell out by whose no, and why."""
        no = {MatchState.DECLINED, MatchState.REFUSED, MatchState.NOT_SELECTED}
        return dict(
            Counter((one.why, one.state) for one in self._matches() if one.why and one.state in no)
        )

    def shortlisted(self) -> int:
        """Count those put on a shortlist."""
        return sum(1 for _ in self._matches())

    def sent(self) -> tuple[int, int, int, dict[Any, int]]:
        """Count how often somebody was sent, how many people, how many days, and who."""
        went = [one for _, one in self._went()]
        days = sum((one.mission.end - one.mission.start).days + 1 for one in went if one.mission)
        genders = Counter(self._roster[one.place.expert].gender for one in went)
        return len(went), len({one.place.expert for one in went}), days, dict(genders)

    def missions(self) -> int:
        """Count the teams that were sent."""
        return len({id(of) for of, _ in self._went()})

    def otherwise(self) -> tuple[int, int]:
        """Count missions that ended early, and those that did not begin."""
        missions = [
            considered.mission
            for one in self._fitting
            for considered in one.considered.values()
            if considered.mission and self._holds(considered.mission.start)
        ]
        early = sum(1 for one in missions if one.why and one.state not in AHEAD)
        return early, sum(1 for one in missions if one.state is DeploymentState.CANCELLED)


def _is_reported(one: Outcome) -> bool:
    return any(c.mission and c.mission.reported for c in one.considered.values())


def _begun(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, Considered]]:
    for one in outcomes:
        for considered in one.considered.values():
            if considered.mission and considered.mission.state not in AHEAD:
                yield one, considered


def _first_moments(one: Outcome) -> list[datetime | None]:
    considered = one.considered.values()
    created = [each.created for each in considered]
    selected = [each.since for each in considered if each.state is MatchState.SELECTED]
    left = [
        datetime.combine(each.mission.start, time(), UTC)
        for each in considered
        if each.mission and each.mission.state not in AHEAD
    ]
    return [min(moments, default=None) for moments in (created, selected, left)]


def _quartiles(days: list[float]) -> Quartiles:
    count = len(days)
    return Quartiles(count, *(days[ceil(count * quarters / 4) - 1] for quarters in (1, 2, 3)))
