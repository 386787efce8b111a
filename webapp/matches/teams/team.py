"""A team for a request that needs several experts: who covers what together, and what nobody does.

It is a suggestion beside the ranking and changes nothing; a coordinator shortlists whom they want.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from webapp.core.words.translation import Message
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import queries
from webapp.matches.ranking.rankings import load_experts, matcher_request
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.teams.quotas import NO_QUOTAS, SOFT, Quotas, in_words, rules_for
from webapp.matches.workflow import ENDED
from webapp.themes.wording import label_of

if TYPE_CHECKING:
    import matcher

# Nobody far below the first places makes a team better, and each costs the page time.
CANDIDATES: Final = 40
# A page must not wait longer for the proof that no other team is better.
SECONDS: Final = 5.0


@dataclass(frozen=True)
class Subject:
    """Something the request asks for: a concept's English label, or the request's own words."""

    label: str
    is_concept: bool


@dataclass(frozen=True)
class Member:
    """A member, the place in the ranking, and the subjects that nobody else in the team has
    better.

    `adds` is what the team would lose without this member, in hundredths of the best score.
    """

    expert: Expert
    rank: int
    relative: float
    adds: int
    best_for: list[Subject]


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

    `choice` are those who could be put in, in the order of the ranking.
    """

    team: SuggestedTeam | None
    clash: list[Message]
    unmet: list[Message]
    choice: list[Expert]


def suggest(
    roster: RosterIndex,
    session: Session,
    request: ExpertiseRequest,
    quotas: Quotas = NO_QUOTAS,
    *,
    cover: bool,
) -> Suggestion:
    """Return the best team of those who can go, under what is asked of it as a whole.

    Where quotas clash, those that do are let go, until there is a team; what it misses is returned
    with it.
    With `cover`, that each subject has somebody counts more than how well each member fits.
    """
    import matcher

    index, _revision = roster.current(session)
    asked = matcher_request(index, session, request)
    result = index.rank(asked, top=CANDIDATES, explained=True)
    pool = _still_open(session, request, matcher.candidates_of(result))
    people = load_experts(session, [match.expert_id for match in result.ranked])
    pool = [candidate for candidate in pool if candidate.expert.id in people]
    choice = [people[candidate.expert.id] for candidate in pool]
    rules = rules_for(quotas, request, choice, cover=cover)

    def say(constraints: Sequence[matcher.Constraint]) -> list[Message]:
        names = {key: expert.name for key, expert in people.items()}
        themes = {row.theme_code: label_of(row.theme) for row in request.themes}
        return [in_words(one, names, themes) for one in constraints]

    clash: list[Message] = []
    relaxed: set[str] = set()
    while True:
        try:
            team = matcher.suggest_team(
                asked, pool, request.experts_needed, rules, relaxed=relaxed, seconds=SECONDS
            )
        except matcher.InfeasibleError as error:
            clash = clash or say(error.clash)
            soft = {one.name for one in error.clash if one.code in SOFT}
            if not soft:
                return Suggestion(None, clash, [], choice)
            relaxed |= soft
        except matcher.UnprovenError:
            return Suggestion(None, clash, [], choice)
        else:
            shown = _described(team, result, pool, people)
            return Suggestion(shown, clash, say(team.unmet), choice)


def _described(
    team: matcher.Team,
    result: matcher.RankingResult,
    pool: Sequence[matcher.Candidate],
    people: Mapping[str, Expert],
) -> SuggestedTeam:
    subjects = _subjects(result)
    places = {match.expert_id: match.rank for match in result.ranked}
    first = {candidate.expert.id for candidate in pool[: len(team.members)]}
    members = [
        Member(
            people[one.expert_id],
            places[one.expert_id],
            one.score,
            round(100 * one.adds),
            _in_words(one.best_for, subjects),
        )
        for one in team.members
    ]
    return SuggestedTeam(
        members=members,
        is_first_places={one.expert_id for one in team.members} == first,
        uncovered=_without(_in_words(team.uncovered, subjects), members),
    )


def _without(uncovered: Sequence[Subject], members: Sequence[Member]) -> list[Subject]:
    """Leave out words that are no subject of the field, and what bears the name of something that
    a member covers.

    A concept and the broad subject it belongs to can have one name to a reader, who must not be
    told of it that nobody covers what somebody does.
    """
    covered = {subject.label for member in members for subject in member.best_for}
    return [one for one in uncovered if one.is_concept and one.label not in covered]


def _still_open(
    session: Session, request: ExpertiseRequest, candidates: Sequence[matcher.Candidate]
) -> list[matcher.Candidate]:
    """Leave out those whose match with this request has ended."""
    matches = queries.get_by_expert(session, request.id)
    ended = {str(expert_id) for expert_id, match in matches.items() if match.state in ENDED}
    return [candidate for candidate in candidates if candidate.expert.id not in ended]


def _subjects(result: matcher.RankingResult) -> dict[str, Subject]:
    """Return the request's subjects in words, by the matcher's keys, the weightiest first."""
    found: dict[str, Subject] = {}
    for match in result.ranked:
        if explanation := match.explanation:
            for share in explanation.shares:
                label = share.concept or share.asked
                found.setdefault(share.subject, Subject(label, share.concept is not None))
            for gap in explanation.lacking:
                if gap.concept_id and gap.concept:
                    found.setdefault(gap.concept_id, Subject(gap.concept, True))
    return found


def _in_words(keys: Sequence[str], subjects: Mapping[str, Subject]) -> list[Subject]:
    """Return some subjects in the order of `subjects`, each label once."""
    wanted = set(keys)
    return list(dict.fromkeys(subject for key, subject in subjects.items() if key in wanted))
