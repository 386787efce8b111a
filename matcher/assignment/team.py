"""The best team for a request, under quotas that a coordinator sets by name.

The value of a team T of the size n asked for, from candidates with relative scores s and open
assignments l, is ``w · Σ_c max_{i in T} v_ic + (1 - w) · (1/n) Σ_{i in T} s_i
- .05 · (1/n) Σ_{i in T} l_i``. v_ic is what subject c adds to the relative score of i, so that
``Σ_c v_ic = s_i``, and the first sum is the score of somebody who had the best of every member:
each subject counts once and by its weight in the request (maximum coverage: Church and ReVelle
1974, doi:10.1007/BF01942293). w is .2 unless a coordinator wants the subjects covered more than
the members strong (decision 62 has the measurements). Each term is rounded to whole points, see
:data:`matcher.assignment.integer_programme.POINTS`.

Sex and jurisdiction are never an input of the value: only quotas that somebody set read them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from matcher.assignment.integer_programme import POINTS, SECONDS_AT_MOST, Constraint, Programme, Row
from matcher.assignment.quotas import Quota, TeamRules
from matcher.eligibility import Reason, best_level, check
from matcher.explanation import Explanation
from matcher.ranking import RankingResult, tie_key
from matcher.records import CEFR_LEVELS, Expert, Request

# What each open assignment of a member costs, against a whole relative score.
LOAD_WEIGHT: Final = 0.05
_CODES: Final = {
    "size",
    "languages",
    "sexes",
    "jurisdictions_at_most",
    "jurisdictions_at_least",
    "groups",
    "load",
    "must",
    "must_not",
    "apart",
}


@dataclass(frozen=True)
class Candidate:
    """An expert who may be chosen: the score relative to the best (0 to 1), what each subject of
    the request adds to it (0 for one the profile lacks), and open assignments."""

    expert: Expert
    score: float
    covers: Mapping[str, float] = field(default_factory=dict)
    load: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= value <= 1 for value in (self.score, *self.covers.values())):
            raise ValueError(f"score and coverage of {self.expert.id} must lie between 0 and 1")
        if self.load < 0:
            raise ValueError(f"the load of {self.expert.id} must not be negative")


@dataclass(frozen=True)
class Member:
    """A member, and what the team would lose without: ``adds`` is what nobody else brings, in
    relative scores (0 to 1), ``best_for`` the subjects that nobody else covers better."""

    expert_id: str
    score: float
    load: int
    adds: float
    best_for: tuple[str, ...]


@dataclass(frozen=True)
class Team:
    """The best team: ``value`` as the module says, ``covered`` has for each subject who covers it
    best, ``uncovered`` the subjects that nobody covers, ``relaxed`` the constraints that were set
    and relaxed, and ``unmet`` those of them that the team does not meet."""

    members: tuple[Member, ...]
    value: float
    covered: Mapping[str, str]
    uncovered: tuple[str, ...]
    relaxed: tuple[Constraint, ...]
    unmet: tuple[Constraint, ...]


def candidates_of(
    result: RankingResult,
    loads: Mapping[str, int] | None = None,
    besides: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """The candidates of a ranking, and after them those ``besides`` who stand outside
    its first places, be it further down or among the ruled out: what each subject adds to a score,
    as a share of the best score, which nobody has more than: one of the others who would stand
    above it counts as the best."""
    placed = {match.expert_id for match in result.ranked}
    relative = (match.relative for match in result.ranked)
    explained = list(zip(relative, result.explanations, strict=True))
    best_score = result.ranked[0].score if result.ranked else 1.0
    for told in result.explain(sorted(set(besides) - placed)):
        explained.append((min(told.score / best_score, 1.0), told))
    experts = result.records_of(told.expert_id for _, told in explained)
    return tuple(
        Candidate(
            experts[told.expert_id],
            relative,
            # Contributions add up to the score but for the last digits of a sum.
            {
                key: min(added / max(best_score, told.score), 1.0)
                for key, added in _added(told).items()
            },
            (loads or {}).get(told.expert_id, 0),
        )
        for relative, told in explained
    )


def _added(explanation: Explanation) -> dict[str, float]:
    """What each subject adds to a score, by concept or word; 0 for the concepts that lack.

    Somebody whose subject is narrower than the one asked for covers it by what the broad subject
    adds, so both go under the concept's id.
    """
    lacking = (gap.concept_id for gap in explanation.lacking if gap.concept_id)
    added = dict.fromkeys(lacking, 0.0)
    for share in explanation.shares:
        added[share.subject] = added.get(share.subject, 0.0) + share.contribution
    return added


def suggest_team(
    request: Request,
    candidates: Sequence[Candidate],
    size: int,
    rules: TeamRules | None = None,
    *,
    settled: Collection[str] = (),
    relaxed: Collection[str] = (),
    seconds: float = SECONDS_AT_MOST,
) -> Team:
    """The best team of ``size`` members.

    Whom a hard constraint of :func:`matcher.eligibility.rules.check` rules out is never a member,
    whatever is relaxed, but for those ``settled``: somebody has decided on them already, as on
    those whose days are booked for this very request. ``relaxed`` has names of constraints or their
    codes. Equal teams are told apart by the hash of request and expert
    (:func:`matcher.ranking.tie_key`): the team that has the first expert in that order, then the
    second, and so on. Raises
    :class:`matcher.assignment.integer_programme.InfeasibleError` with the constraints that clash,
    :class:`matcher.assignment.integer_programme.UnprovenError` if the solver needs more
    ``seconds``, and :class:`ValueError` for a size below 1, an expert who comes twice or an unknown
    code.
    """
    if size < 1 or len({c.expert.id for c in candidates}) < len(candidates):
        raise ValueError("a size of at least 1 and each candidate once are needed")
    if unknown := {name.split(":")[0] for name in relaxed} - _CODES:
        raise ValueError(f"no such constraint: {', '.join(sorted(unknown))}")
    verdicts = {
        c.expert.id: () if c.expert.id in settled else check(c.expert, request).reasons
        for c in candidates
    }
    pool = sorted(
        (c for c in candidates if not verdicts[c.expert.id]),
        key=lambda c: tie_key(request.id, c.expert.id),
    )
    rules = rules or TeamRules()
    subjects = sorted({subject for c in candidates for subject in c.covers})
    model = _Model(pool, size, subjects, rules.coverage, verdicts, seconds)
    named = [*model.of_size(), *model.of_rules(rules)]
    loose = tuple(c for c in named if c.name in relaxed or c.code in relaxed)
    model.programme.constraints = [c for c in named if c not in loose]
    solution = model.programme.solve(
        [model.nearest_size(), model.value], list(model.people.values())
    )
    return model.team(solution, loose)


def barred(reasons: Sequence[Reason] | None) -> tuple[dict[str, Any], str]:
    """Whether somebody who must be sent can be, as facts and as words: the reasons against it, None
    for somebody who is no candidate."""
    facts = {
        "candidate": reasons is not None,
        "reasons": [reason.to_dict() for reason in reasons or ()],
    }
    if reasons is None:
        return facts, " (no candidate)"
    codes = ", ".join(dict.fromkeys(reason.code for reason in reasons))
    return facts, f" (ruled out: {codes})" if codes else ""


class _Model:
    def __init__(
        self,
        pool: Sequence[Candidate],
        size: int,
        subjects: Sequence[str],
        coverage: float,
        verdicts: Mapping[str, tuple[Reason, ...]],
        seconds: float,
    ) -> None:
        self.pool, self.size, self.subjects = pool, size, subjects
        self.coverage, self.verdicts = coverage, verdicts
        self.programme = Programme(seconds)
        self.people = {c.expert.id: self.programme.add() for c in pool}
        self.value = {self.people[c.expert.id]: self._own(c) for c in pool}
        for subject in self.subjects:
            self._cover(subject)

    def _own(self, candidate: Candidate) -> int:
        own = (1 - self.coverage) * candidate.score - LOAD_WEIGHT * candidate.load
        return round(POINTS * own / self.size)

    def points(self, candidate: Candidate, subject: str) -> int:
        return round(POINTS * self.coverage * candidate.covers.get(subject, 0.0))

    def _cover(self, subject: str) -> None:
        """One member at most is counted for a subject; the objective makes it the best one."""
        counted = {}
        for candidate in self.pool:
            if points := self.points(candidate, subject):
                place = self.programme.add()
                counted[place] = 1
                self.value[place] = points
                self.programme.always({place: 1, self.people[candidate.expert.id]: -1}, most=0)
        self.programme.always(counted, most=1)

    def of_size(self) -> list[Constraint]:
        row = Row(dict.fromkeys(self.people.values(), 1), self.size, self.size)
        detail = {"size": self.size, "candidates": len(self.pool)}
        sentence = f"a team of {self.size} ({len(self.pool)} candidates)"
        return [Constraint("size", "size", detail, sentence, (row,))]

    def nearest_size(self) -> dict[int, int]:
        """A size that is relaxed is missed by as few members as possible."""
        short, over = self.programme.add(self.size), self.programme.add(len(self.pool))
        places = {**dict.fromkeys(self.people.values(), 1), short: 1, over: -1}
        self.programme.always(places, least=self.size, most=self.size)
        return {short: -1, over: -1}

    def of_rules(self, rules: TeamRules) -> list[Constraint]:
        return [
            *(self._language(*item) for item in sorted(rules.languages.items())),
            *(self._sex(*item) for item in sorted(rules.sexes.items())),
            *self._jurisdictions(rules),
            *(self._group(*item) for item in sorted(rules.groups.items())),
            *self._load(rules.max_load),
            *(self._must(expert_id) for expert_id in sorted(set(rules.must))),
            *(self._must_not(expert_id) for expert_id in sorted(set(rules.must_not))),
            *(self._apart(*pair) for pair in sorted({tuple(sorted(p)) for p in rules.apart})),
        ]

    def _places(self, those: Collection[str]) -> dict[int, int]:
        return {place: 1 for expert_id, place in self.people.items() if expert_id in those}

    def _language(self, language: str, wanted: tuple[str, int]) -> Constraint:
        level, needed = wanted
        able = {c.expert.id for c in self.pool if _speaks(c.expert, language, level)}
        detail = {"language": language, "level": level, "needed": needed, "candidates": len(able)}
        sentence = (
            f"at least {needed} with {language} at {level} ({len(able)} among the candidates)"
        )
        row = Row(self._places(able), least=needed)
        return Constraint(f"languages:{language}", "languages", detail, sentence, (row,))

    def _sex(self, sex: str, needed: int) -> Constraint:
        those = {c.expert.id for c in self.pool if c.expert.gender == sex}
        detail = {"sex": sex, "needed": needed, "candidates": len(those)}
        sentence = f"at least {needed} {sex} ({len(those)} among the candidates)"
        row = Row(self._places(those), least=needed)
        return Constraint(f"sexes:{sex}", "sexes", detail, sentence, (row,))

    def _jurisdictions(self, rules: TeamRules) -> list[Constraint]:
        homes: dict[str | None, set[str]] = {}
        for c in self.pool:
            homes.setdefault(c.expert.jurisdiction, set()).add(c.expert.id)
        unknown = homes.pop(None, set())
        found = []
        if (most := rules.at_most_from_one) is not None:
            groups = [unknown, *(those | unknown for those in homes.values())]
            rows = tuple(Row(self._places(those), most=most) for those in groups)
            detail: dict[str, Any] = {"most": most, "jurisdictions": len(homes)}
            sentence = f"at most {most} from each jurisdiction ({len(homes)} among the candidates)"
            code = "jurisdictions_at_most"
            found.append(Constraint(code, code, detail, sentence, rows))
        if (least := rules.jurisdictions) is not None:
            row = Row({self._any_of(those): 1 for those in homes.values()}, least=least)
            detail = {"least": least, "jurisdictions": len(homes)}
            sentence = f"at least {least} jurisdictions ({len(homes)} among the candidates)"
            code = "jurisdictions_at_least"
            found.append(Constraint(code, code, detail, sentence, (row,)))
        return found

    def _group(self, name: str, quota: Quota) -> Constraint:
        there = self._places(quota.those)
        bounded = {"least": quota.least, "most": quota.most}
        detail = {"group": name, **bounded, "candidates": len(there)}
        bounds = [f"at {word} {count}" for word, count in bounded.items() if count is not None]
        sentence = f"{' and '.join(bounds)} of {name} ({len(there)} among the candidates)"
        row = Row(there, least=quota.least, most=quota.most)
        return Constraint(f"groups:{name}", "groups", detail, sentence, (row,))

    def _any_of(self, those: Collection[str]) -> int:
        """An unknown that can be 1 only if one of some people is a member."""
        place = self.programme.add()
        self.programme.always({place: -1, **self._places(those)}, least=0)
        return place

    def _load(self, max_load: int | None) -> list[Constraint]:
        if max_load is None:
            return []
        over = {c.expert.id for c in self.pool if c.load > max_load}
        detail = {"max_load": max_load, "candidates": len(self.pool) - len(over)}
        sentence = (
            f"at most {max_load} open assignments a member ({len(over)} candidates have more)"
        )
        return [Constraint("load", "load", detail, sentence, (Row(self._places(over), most=0),))]

    def _must(self, expert_id: str) -> Constraint:
        facts, why = barred(self.verdicts.get(expert_id))
        detail = {"expert_id": expert_id, **facts}
        row = Row(self._places({expert_id}), least=1)
        return Constraint(f"must:{expert_id}", "must", detail, f"{expert_id} in{why}", (row,))

    def _must_not(self, expert_id: str) -> Constraint:
        row = Row(self._places({expert_id}), most=0)
        detail, sentence = {"expert_id": expert_id}, f"{expert_id} not in"
        return Constraint(f"must_not:{expert_id}", "must_not", detail, sentence, (row,))

    def _apart(self, one: str, other: str) -> Constraint:
        row = Row(self._places({one, other}), most=1)
        detail, sentence = {"experts": [one, other]}, f"{one} and {other} not together"
        return Constraint(f"apart:{one} {other}", "apart", detail, sentence, (row,))

    def team(self, solution: Sequence[int], loose: tuple[Constraint, ...]) -> Team:
        chosen = [c for c in self.pool if solution[self.people[c.expert.id]]]
        # In the order of ties, so that of two who cover a subject equally the first is named.
        best = {
            subject: max(chosen, key=lambda c, subject=subject: c.covers.get(subject, 0.0))  # type: ignore[misc]
            for subject in self.subjects
            if any(c.covers.get(subject, 0.0) for c in chosen)
        }
        fixed = {place: solution[place] for place in self.people.values()}
        return Team(
            tuple(self._member(c, chosen) for c in sorted(chosen, key=lambda c: -c.score)),
            sum(weight * solution[place] for place, weight in self.value.items()) / POINTS,
            {subject: c.expert.id for subject, c in best.items()},
            tuple(subject for subject in self.subjects if subject not in best),
            loose,
            tuple(c for c in loose if not self.programme.holds(c, fixed)),
        )

    def _member(self, member: Candidate, chosen: Sequence[Candidate]) -> Member:
        adds, best_for = 0.0, []
        for subject in self.subjects:
            own = member.covers.get(subject, 0.0)
            others = max((c.covers.get(subject, 0.0) for c in chosen if c is not member), default=0)
            if own > 0 and own >= others:
                best_for.append(subject)
                adds += own - others
        return Member(member.expert.id, member.score, member.load, adds, tuple(best_for))


def _speaks(expert: Expert, language: str, level: str) -> bool:
    has = best_level(expert.languages or {}, language)
    return has is not None and CEFR_LEVELS.index(has) >= CEFR_LEVELS.index(level)
