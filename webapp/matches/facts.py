"""What a coordinator has to know of experts to choose among them, beside what the remarks warn of.

All of it is told of a mission: the load is that of its year, and the rest is what lies before it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import commitments
from webapp.matches.models import Match
from webapp.matches.remarks import level_in


@dataclass(frozen=True)
class Spoken:
    """A language that a request asks for, and the level that an expert has in it, if any.

    Where a language is accepted for another, its level is that of the other.
    """

    language: str
    needed: CefrLevel
    need: LanguageNeed
    has: CefrLevel | None

    @property
    def is_enough(self) -> bool:
        """Tell whether the level is as good as asked."""
        return self.has is not None and self.has.reaches(self.needed)


# In this order they are told.
_NEEDS = list(LanguageNeed)


@dataclass(frozen=True)
class Facts:
    """What is known of one expert for one request.

    `missions` and `days` are what is booked in the year of the request, `last_day` is the last one
    booked before it, and `rest` how many days lie between. `there` are missions by the platform to
    the jurisdiction of the request, and `like` to others of its region.
    """

    languages: Sequence[Spoken]
    missions: int
    days: int
    last_day: date | None
    rest: int | None
    elsewhere: Sequence[Match]
    there: Sequence[Match]
    like: Sequence[Match]


def list_facts(
    session: Session, actor: Actor, request: ExpertiseRequest, people: Collection[Expert]
) -> Mapping[int, Facts]:
    """Return, by expert, what is known for a request; a query for each kind, however many."""
    ids = [expert.id for expert in people]
    start = request.first_day or clock.today()
    missions = commitments.count_missions(session, actor, ids, start.year, besides=request.id)
    days = commitments.count_days_taken(session, actor, ids, start.year)
    last_days = commitments.get_last_days(session, actor, ids, start, besides=request.id)
    elsewhere = _by_expert(commitments.list_elsewhere(session, actor, ids, besides=request.id))
    past = _by_expert(commitments.list_missions_before(session, actor, ids, start))
    like = _region_of(request.jurisdiction)
    return {
        expert.id: Facts(
            languages=_spoken(expert, request),
            missions=missions.get(expert.id, 0),
            days=days.get(expert.id, 0),
            last_day=last_days.get(expert.id),
            rest=_rest(last_days.get(expert.id), start),
            elsewhere=elsewhere.get(expert.id, []),
            there=_to(past.get(expert.id, []), {request.jurisdiction}),
            like=_to(past.get(expert.id, []), like),
        )
        for expert in people
    }


def _spoken(expert: Expert, request: ExpertiseRequest) -> list[Spoken]:
    asked = sorted(request.languages, key=lambda row: _NEEDS.index(row.need))
    told = [
        Spoken(row.language, row.level, row.need, level_in(expert, row.language)) for row in asked
    ]
    # Where one is enough, nobody lacks the others.
    has_one = any(one.need is LanguageNeed.ONE_OF and one.is_enough for one in told)
    return [
        one for one in told if one.need is not LanguageNeed.ONE_OF or one.is_enough or not has_one
    ]


def _rest(last_day: date | None, start: date) -> int | None:
    """Return how many whole days lie between the last one away and the first of the mission."""
    return None if last_day is None else (start - last_day).days - 1


def _by_expert(matches: Collection[Match]) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = {}
    for match in matches:
        found.setdefault(match.expert_id, []).append(match)
    return found


def _to(matches: Sequence[Match], jurisdictions: Collection[str | None]) -> list[Match]:
    wanted = set(jurisdictions) - {None}
    return [match for match in matches if match.request.jurisdiction in wanted]


def _region_of(jurisdiction: str | None) -> Collection[str]:
    from matcher import regions

    return regions().get(jurisdiction, frozenset()) if jurisdiction else frozenset()
