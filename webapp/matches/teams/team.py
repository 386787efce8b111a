"""A team for a request that needs several experts: who covers what together, and what nobody does.

Whoever was asked already is a member; the best who can go fill the other places. It is a suggestion
beside the ranking and changes nothing; a coordinator shortlists whom they want (decision 150).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.words.translation import Message
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import offering, queries, rules
from webapp.matches.models import Match
from webapp.matches.ranking.matcher_records import expert_record
from webapp.matches.ranking.names import Name, name_of
from webapp.matches.ranking.rankings import (
    SetAside,
    find_set_aside,
    load_experts,
    matcher_request,
    veil,
)
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.teams.leading import Leading, find_leading
from webapp.matches.teams.quotas import NO_QUOTAS, SOFT, Quotas, in_words, rules_for
from webapp.matches.workflow import ENDED, OPEN
from webapp.themes.wording import label_of

if TYPE_CHECKING:
    import matcher

# Nobody far below the first places makes a team better, and each costs the page time.
CANDIDATES: Final = 40
# A page must not wait longer for the proof that no other team is better.
SECONDS: Final = 5.0


@dataclass(frozen=True)
class Subject:
    """Something the request asks for: a concept's English label, or the request's own words and
    the sense of the everyday word that they are."""

    label: str
    is_concept: bool
    sense: str | None = None

    @property
    def name(self) -> Name:
        """What the reader knows it by."""
        return name_of(self.label if self.is_concept else None, self.sense, self.label)


@dataclass(frozen=True)
class Member:
    """A member, the place in the ranking if there is one, and the subjects that nobody else in the
    team has better.

    `adds` is what the team would lose without this member, in hundredths of the best score.
    `is_asked` is true of whoever is a member whatever is asked of the team, `is_booked` of whoever
    has no place in the ranking because the days are held for this very request; `set_aside` is why
    anybody else has none.
    `led` says what shows that a member has led, where that is asked for.
    """

    expert: Expert
    rank: int | None
    relative: float
    adds: int
    best_for: list[Subject]
    is_asked: bool
    is_booked: bool
    set_aside: SetAside | None
    led: list[Message]


@dataclass(frozen=True)
class SuggestedTeam:
    """The best team, whether it is just the first places, and what nobody in it covers."""

    members: list[Member]
    is_first_places: bool
    uncovered: list[Subject]


@dataclass(frozen=True)
class Suggestion:
    """A team, or None where none can be had; `clash` is what cannot be had together, `unmet` what
    the team that is shown all the same does not meet.

    `asked` is how many are members already, and `choice` are those who could be put in: first whom
    a coordinator has chosen for the request, then the others in the order of the ranking.
    """

    team: SuggestedTeam | None
    clash: list[Message]
    unmet: list[Message]
    asked: int
    choice: list[Expert]


@dataclass(frozen=True)
class _Considered:
    """Who is considered for a request, by the matcher's ids: `asked` are members of its team, and
    `booked` those of them whose days it holds, `chosen` are on its shortlist or in reserve and can
    be received, and `ended` have fallen out."""

    asked: Mapping[str, Expert]
    booked: Collection[str]
    chosen: Mapping[str, Expert]
    ended: Collection[str]

    @classmethod
    def of(cls, matches: Sequence[Match]) -> _Considered:
        """Sort those who are considered by what their matches say."""
        asked = {str(one.expert_id): one.expert for one in matches if one.state in rules.IN_TEAM}
        return cls(
            asked,
            {str(one.expert_id) for one in matches if one.state in rules.BOOKED},
            {
                key: one.expert
                for one in matches
                if one.state in OPEN
                and (key := str(one.expert_id)) not in asked
                and not offering.why_not_received(one)
            },
            {str(one.expert_id) for one in matches if one.state in ENDED},
        )

    def settled(self, quotas: Quotas) -> frozenset[str]:
        """Return on whom a coordinator has decided, so that nothing rules them out of the team:
        whoever was asked, and those chosen who are put in."""
        kept = {str(number) for number in quotas.kept}
        return frozenset(self.asked) | (kept & frozenset(self.chosen))

    def bind(self, quotas: Quotas) -> Quotas:
        """Return quotas that keep whoever was asked."""
        asked = frozenset(int(key) for key in self.asked)
        return replace(quotas, kept=quotas.kept | asked, left_out=quotas.left_out - asked)


def suggest(
    roster: RosterIndex,
    session: Session,
    reader: Actor,
    request: ExpertiseRequest,
    quotas: Quotas = NO_QUOTAS,
    *,
    cover: bool,
) -> Suggestion:
    """Return the team of those who were asked already and the best of those who can go, under what
    is asked of it as a whole.

    Where quotas clash, those that do are let go, until there is a team; what it misses is returned
    with it.
    With `cover`, that each subject has somebody counts more than how well each member fits.
    """
    import matcher

    index, _revision = roster.current(session)
    asked = matcher_request(index, session, request)
    result = index.rank(asked, top=CANDIDATES)
    there = _Considered.of(queries.list_of_request(session, request.id))
    pool = _list_candidates(result, there)
    people = load_experts(session, [candidate.expert.id for candidate in pool])
    pool = [candidate for candidate in pool if candidate.expert.id in people]
    leading = _find_leading(result, request, people) if quotas.leads else {}
    team_rules = rules_for(
        there.bind(quotas), request, list(people.values()), list(leading), cover=cover
    )

    def say(constraints: Sequence[matcher.Constraint]) -> list[Message]:
        names = {key: expert.name for key, expert in people.items()}
        themes = {row.theme_code: label_of(row.theme) for row in request.themes}
        return [in_words(one, names, themes) for one in constraints]

    def say_why_not(expert: Expert) -> SetAside | None:
        found = find_set_aside(result, expert) if result.knows(str(expert.id)) else None
        return next(iter(veil(session, reader, filter(None, [found]))), None)

    find = partial(
        matcher.suggest_team,
        asked,
        pool,
        max(request.experts_needed, len(there.asked)),
        team_rules,
        settled=there.settled(quotas),
        seconds=SECONDS,
    )
    team, clash = _find_nearest(find)
    return Suggestion(
        team=_described(team, result, people, there, leading, say_why_not) if team else None,
        clash=say(clash),
        unmet=say(team.unmet) if team else [],
        asked=len(there.asked),
        choice=_list_choice(pool, people, there),
    )


def _find_nearest(
    find: Callable[..., matcher.Team],
) -> tuple[matcher.Team | None, Sequence[matcher.Constraint]]:
    """Return the best team, without those quotas that clash, and what clashes at first."""
    import matcher

    clash: Sequence[matcher.Constraint] = ()
    relaxed: set[str] = set()
    while True:
        try:
            return find(relaxed=relaxed), clash
        except matcher.InfeasibleError as error:
            clash = clash or error.clash
            soft = {one.name for one in error.clash if one.code in SOFT}
            if not soft:
                return None, clash
            relaxed |= soft
        except matcher.UnprovenError:
            return None, clash


def _list_candidates(result: matcher.RankingResult, there: _Considered) -> list[matcher.Candidate]:
    """Return who can be a member: the first of the ranking and whoever is considered already, but
    nobody who has fallen out.

    Of those who are not active on the roster any more the ranking knows nothing: whoever of them
    was asked is a member until the match ends.
    """
    import matcher

    known = [key for key in (*there.asked, *there.chosen) if result.knows(key)]
    unknown = [expert for key, expert in there.asked.items() if key not in known]
    return [
        *(
            one
            for one in matcher.candidates_of(result, besides=known)
            if one.expert.id not in there.ended
        ),
        *(matcher.Candidate(expert_record(expert, ()), 0.0) for expert in unknown),
    ]


def _find_leading(
    result: matcher.RankingResult, request: ExpertiseRequest, people: Mapping[str, Expert]
) -> dict[str, Leading]:
    known = [key for key in people if result.knows(key)]
    explained = dict(zip(known, result.explain(known), strict=True))
    return find_leading(request, people.values(), explained)


def _list_choice(
    pool: Sequence[matcher.Candidate], people: Mapping[str, Expert], there: _Considered
) -> list[Expert]:
    """Return who could be put in, those first whom a coordinator has chosen for the request."""
    free = [one.expert.id for one in pool if one.expert.id not in there.asked]
    return [people[key] for key in sorted(free, key=lambda key: key not in there.chosen)]


def _described(
    team: matcher.Team,
    result: matcher.RankingResult,
    people: Mapping[str, Expert],
    there: _Considered,
    leading: Mapping[str, Leading],
    why_not: Callable[[Expert], SetAside | None],
) -> SuggestedTeam:
    subjects = subjects_of(result)
    reasons = _list_reasons(result, [member.expert_id for member in team.members])
    members = [
        Member(
            people[one.expert_id],
            found.rank if (found := result.find(one.expert_id)) else None,
            one.score,
            round(100 * one.adds),
            of_the_field(_in_words(reasons[one.expert_id].intersection(one.best_for), subjects)),
            one.expert_id in there.asked,
            one.expert_id in there.booked,
            None if found else why_not(people[one.expert_id]),
            leading.get(one.expert_id, Leading()).in_words(),
        )
        for one in team.members
    ]
    places = sorted(member.rank or 0 for member in members)
    return SuggestedTeam(
        members=members,
        is_first_places=places == list(range(1, len(members) + 1)),
        uncovered=_uncovered(
            _in_words(team.uncovered, subjects),
            {subject.label for subject in _in_words(team.covered, subjects)},
            result,
            members,
        ),
    )


def _list_reasons(
    result: matcher.RankingResult, keys: Collection[str]
) -> dict[str, frozenset[str]]:
    """Return what the card of each member gives as a reason, and of whose card gives none what is
    weightiest beside reasons: a team is told by no other words."""
    known = list(filter(result.knows, keys))
    told = {
        key: frozenset(share.subject for share in one.terms or one.besides[:1])
        for key, one in zip(known, result.explain(known), strict=True)
    }
    return dict.fromkeys(keys, frozenset()) | told


def _uncovered(
    left: Sequence[Subject],
    covered: Collection[str],
    result: matcher.RankingResult,
    members: Sequence[Member],
) -> list[Subject]:
    """Return of what nobody in a team has outright the subjects that the cards of all members call
    lacking, and whose name is not that of something that a member covers.

    A profile that has all words of a subject says something of it, and a concept and the broad
    subject it belongs to can have one name to a reader, who must not be told of it that nobody
    covers what somebody does.
    """
    keys = filter(result.knows, (str(member.expert.id) for member in members))
    lists = [{gap.concept for gap in one.lacking} for one in result.explain(keys)]
    return [
        one
        for one in left
        if one.is_concept and one.label not in covered and all(one.label in told for told in lists)
    ]


def of_the_field(covered: Sequence[Subject]) -> list[Subject]:
    """Return the subjects of the field that a member covers; single words where there are none,
    since beside subjects they say again in English what those say ("Security, management")."""
    return [one for one in covered if one.is_concept] or list(covered)


def subjects_of(result: matcher.RankingResult) -> dict[str, Subject]:
    """Return the request's subjects in words, by the matcher's keys, the weightiest first.

    A word that only the name of a theme has is none, and would be English to any reader.
    """
    found: dict[str, Subject] = {}
    for explanation in result.explanations:
        for share in explanation.shares:
            if not (share.own or share.concept):
                continue
            label = share.concept or share.asked
            found.setdefault(share.subject, Subject(label, share.concept is not None, share.sense))
        for gap in explanation.lacking:
            if gap.concept_id and gap.concept:
                found.setdefault(gap.concept_id, Subject(gap.concept, True))
    return found


def _in_words(keys: Iterable[str], subjects: Mapping[str, Subject]) -> list[Subject]:
    """Return some subjects in the order of `subjects`, each label once."""
    wanted = set(keys)
    return list(dict.fromkeys(subject for key, subject in subjects.items() if key in wanted))
