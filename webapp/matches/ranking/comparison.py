"""Two to four experts side by side for one request: what each shows of what is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import facts, queries, rules
from webapp.matches.facts import Facts
from webapp.matches.ranking.names import Name, called
from webapp.matches.ranking.rankings import Order, SetAside, find_set_aside, veil
from webapp.matches.ranking.sources import Source, find_source
from webapp.matches.remarks import Remark, list_remarks

LEAST, MOST = 2, 4
# Less than this share of the reason that weighs most for a profile.
NEXT_TO_NOTHING = 0.1


@dataclass(frozen=True)
class Compared:
    """One of them: the place if there is one, else why not, and what is known."""

    expert: Expert
    rank: int | None
    explanation: Mapping[str, Any]
    set_aside: SetAside | None
    facts: Facts
    remarks: Sequence[Remark]
    lacking: Collection[str]

    def found(self, subject: str) -> Mapping[str, Any] | None:
        """Return what the profile has of a subject, as the matcher explains it."""
        return found_in(self.explanation, subject)

    def lacks(self, subject: str) -> bool:
        """Tell whether nothing at all of a subject is in the profile, as its card says."""
        return subject in self.lacking

    def source(self, share: Mapping[str, Any]) -> Source | None:
        """Return the entry in which the profile has what was found of a subject."""
        return find_source(self.explanation, share, self.expert)


@dataclass(frozen=True)
class Comparison:
    """All of them, and each subject asked for: its label, and what the reader knows it by."""

    people: Sequence[Compared]
    subjects: Mapping[str, Name]


def compare(
    session: Session,
    actor: Actor,
    request: ExpertiseRequest,
    order: Order,
    people: Sequence[Expert],
) -> Comparison:
    """Compare some experts whom a ranking knows.

    The subjects are those that somebody of them has, the weightiest first, and then those that all
    of them lack.
    """
    explained = order.result.explain([str(expert.id) for expert in people])
    known = facts.list_facts(session, actor, request, people)
    warnings: Mapping[int, list[Remark]] = {}
    if request.state in rules.MATCHABLE:
        whole = queries.list_with_parts(session, [expert.id for expert in people])
        warnings = list_remarks(session, actor, request, whole, clock.now())
    aside = filter(None, (find_set_aside(order.result, expert) for expert in people))
    set_aside = {one.expert.id: one for one in veil(session, actor, aside)}
    told = [explanation.to_dict() for explanation in explained]
    subjects = _subjects(told)
    compared = [
        Compared(
            expert=expert,
            rank=found.rank if (found := order.result.find(str(expert.id))) else None,
            explanation=explanation,
            set_aside=set_aside.get(expert.id),
            facts=known[expert.id],
            remarks=warnings.get(expert.id, ()),
            lacking=_lacking(explanation, subjects),
        )
        for expert, explanation in zip(people, told, strict=True)
    ]
    return Comparison(compared, {one: row.name for one, row in subjects.items()})


def found_in(explanation: Mapping[str, Any], subject: str) -> Mapping[str, Any] | None:
    """Return what an explanation has of a subject, be it a reason for the place or too little.

    What the profile tells of its work says more than a theme that is merely claimed. A broad
    subject shares a little with a great many words: what weighs next to nothing shows no subject.
    """
    terms = explanation["terms"]
    least = NEXT_TO_NOTHING * max((share["contribution"] for share in terms), default=0)
    told = [share for share in explanation["besides"] if share["contribution"] >= least]
    found = [share for share in (*terms, *told) if _is_of(subject, share)]
    return min(found, key=lambda share: bool(share.get("claimed")), default=None)


def _label(term: Mapping[str, Any]) -> str:
    return str(term["concept"] or term["asked"])


def _is_of(subject: str, term: Mapping[str, Any]) -> bool:
    """Tell whether a term is what a row is called, or of its words.

    Which words are told together depends on the profile: of one it is "association, associations",
    of another "associations, women police association".
    """
    if term["concept"]:
        return bool(term["concept"] == subject)
    return not _wordings(term["asked"]).isdisjoint(_wordings(subject))


def _wordings(joined: str) -> set[str]:
    return set(joined.casefold().split(", "))


class _Row(NamedTuple):
    """A subject in a row: whether it is a concept, the words of the request for it, and what the
    reader knows it by."""

    is_concept: bool
    asked: str
    name: Name


def _subjects(explanations: Sequence[Mapping[str, Any]]) -> dict[str, _Row]:
    """Return the subjects of some explanations, those first that contribute most to any."""
    shares = [term for one in explanations for term in one["terms"]]
    shares.sort(key=lambda term: -term["contribution"])
    lacking = [gap for one in explanations for gap in one["lacking"] if gap["concept"]]
    found: dict[str, _Row] = {}
    for term in [*shares, *lacking]:
        is_concept = term["concept"] is not None
        if is_concept or not any(_is_of(row, term) for row in found if not found[row].is_concept):
            found.setdefault(_label(term), _Row(is_concept, str(term["asked"]), called(term)))
    return found


def _lacking(explanation: Mapping[str, Any], subjects: Mapping[str, _Row]) -> set[str]:
    """Return the subjects that a card calls lacking, by themselves or within others, and the words
    of which there is nothing."""
    told = [gap["asked"] for gap in explanation["lacking"]]
    named = {gap["concept"] for gap in explanation["lacking"]}
    shared = (*explanation["terms"], *explanation["besides"])
    return {
        subject
        for subject, row in subjects.items()
        if not any(_is_of(subject, share) for share in shared)
        and (not row.is_concept or subject in named or _stands_in(row.asked, told))
    }


def _stands_in(asked: str, others: Sequence[str]) -> bool:
    words = set(re.findall(r"\w+", " ".join(others).casefold()))
    return words.issuperset(re.findall(r"\w+", asked.casefold()))
