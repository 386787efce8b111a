"""Two to four experts side by side for one request: what each shows of what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches import facts, queries, rules
from webapp.matches.facts import Facts
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

    def found(self, subject: str) -> Mapping[str, Any] | None:
        """Return what the profile has of a subject, as the matcher explains it."""
        return found_in(self.explanation, subject)

    def source(self, share: Mapping[str, Any]) -> Source | None:
        """Return the entry in which the profile has what was found of a subject."""
        return find_source(self.explanation, share, self.expert)


@dataclass(frozen=True)
class Comparison:
    """All of them, and each subject asked for: its label, and whether that is a concept's."""

    people: Sequence[Compared]
    subjects: Mapping[str, bool]


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
    compared = [
        _compared(order, expert, explanation.to_dict(), known[expert.id], warnings, set_aside)
        for expert, explanation in zip(people, explained, strict=True)
    ]
    return Comparison(compared, _subjects([one.explanation for one in compared]))


def found_in(explanation: Mapping[str, Any], subject: str) -> Mapping[str, Any] | None:
    """Return what an explanation has of a subject, be it a reason for the place or too little.

    What the profile tells of its work says more than a theme that is merely claimed. A broad
    subject shares a little with a great many words: what weighs next to nothing shows no subject.
    """
    terms = explanation["terms"]
    least = NEXT_TO_NOTHING * max((share["contribution"] for share in terms), default=0)
    told = [share for share in explanation["besides"] if share["contribution"] >= least]
    found = [share for share in (*terms, *told) if _label(share) == subject]
    return min(found, key=lambda share: bool(share.get("claimed")), default=None)


def _compared(
    order: Order,
    expert: Expert,
    explanation: Mapping[str, Any],
    known: Facts,
    warnings: Mapping[int, Sequence[Remark]],
    set_aside: Mapping[int, SetAside],
) -> Compared:
    found = order.result.find(str(expert.id))
    return Compared(
        expert=expert,
        rank=found.rank if found else None,
        explanation=explanation,
        set_aside=set_aside.get(expert.id),
        facts=known,
        remarks=warnings.get(expert.id, ()),
    )


def _label(term: Mapping[str, Any]) -> str:
    return str(term["concept"] or term["asked"])


def _subjects(explanations: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Return the subjects of some explanations, those first that contribute most to any."""
    shares = [term for one in explanations for term in one["terms"]]
    shares.sort(key=lambda term: -term["contribution"])
    lacking = [gap for one in explanations for gap in one["lacking"] if gap["concept"]]
    found: dict[str, bool] = {}
    for term in [*shares, *lacking]:
        found.setdefault(_label(term), term["concept"] is not None)
    return found
