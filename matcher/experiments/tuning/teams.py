"""What a suggested team is worth against taking the first of the ranking.

There are no judged teams. For a request about one thing a team is as good as its members: the mean
of their grades. For two requests joined into one, of which no expert suits both, it is as good as
the best member for each half: the mean of those two grades.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from matcher.assignment import TeamRules, candidates_of, suggest_team
from matcher.experiments.metrics import FIRST_CHOICE_GRADE
from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.records import Request
from matcher.scoring import tie_key

# Whoever has this grade for both halves of a joined request makes it a request about one thing.
_SUITED: Final = 2
_CANDIDATES: Final = 40

Grades = Mapping[str, int]


def joined_requests(collection: Collection, number: int) -> list[tuple[Request, Request]]:
    """``number`` pairs of requests that each have a first choice and that nobody suits both of, the
    same ones each time."""
    able = [
        request
        for request in collection.judged
        if max(collection.judgments[request.id].values(), default=0) >= FIRST_CHOICE_GRADE
    ]
    pairs = [pair for pair in combinations(able, 2) if not _somebody_suits_both(collection, pair)]
    return sorted(pairs, key=lambda pair: tie_key(pair[0].id, pair[1].id))[:number]


def _somebody_suits_both(collection: Collection, pair: tuple[Request, Request]) -> bool:
    one, other = (collection.judgments[request.id] for request in pair)
    return any(min(grade, other.get(who, 0)) >= _SUITED for who, grade in one.items())


def member_grades(collection: Collection, size: int, coverage: float | None) -> list[float]:
    """The mean grade of the members for each judged request; ``coverage`` is the weight of
    :class:`matcher.assignment.TeamRules`, None takes the first ``size`` of the ranking."""
    cases = [(request, [collection.judgments[request.id]]) for request in collection.judged]
    return [
        sum(grades.get(who, 0) for who in team) / size
        for team, (grades,) in _teams(collection, cases, size, coverage)
    ]


def half_grades(
    collection: Collection, number: int, size: int, coverage: float | None
) -> list[float]:
    """The mean over both halves of the best member's grade, for each of ``number`` joined
    requests."""
    cases = [
        (_join(*pair), [collection.judgments[request.id] for request in pair])
        for pair in joined_requests(collection, number)
    ]
    return [
        sum(max((grades.get(who, 0) for who in team), default=0) for grades in halves) / len(halves)
        for team, halves in _teams(collection, cases, size, coverage)
    ]


def _join(one: Request, other: Request) -> Request:
    return Request(
        f"{one.id} {other.id}",
        title=f"{one.title}. {other.title}",
        description=f"{one.description}\n\n{other.description}",
        themes=tuple(dict.fromkeys((*one.themes, *other.themes))),
    )


def _teams(
    collection: Collection,
    cases: Sequence[tuple[Request, list[Grades]]],
    size: int,
    coverage: float | None,
) -> Iterator[tuple[list[str], list[Grades]]]:
    """A team by subject alone for each request, beside the grades it is measured by."""
    index = ExpertIndex(collection.experts)
    for request, grades in cases:
        by_subject = Request(
            request.id,
            title=request.title,
            description=request.description,
            themes=request.themes,
        )
        result = index.rank(by_subject, _CANDIDATES)
        if coverage is None:
            yield [match.expert_id for match in result.ranked[:size]], grades
            continue
        pool = candidates_of(result)
        rules = TeamRules(coverage=coverage)
        team = suggest_team(by_subject, pool, size, rules, relaxed={"size"})
        yield [member.expert_id for member in team.members], grades
