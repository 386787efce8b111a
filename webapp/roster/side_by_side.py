"""Two profiles of one person beside each other: what differs, and what stands against joining them.

What only one of them says is kept. Of what both say differently the profile that is kept has the
word, unless somebody chooses otherwise; the other word is kept with the record of the joining.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.record.personal_data import plain
from webapp.core.words.translation import Message, _
from webapp.expertise_requests.asking import asks_now
from webapp.experts import standing_queries as standing
from webapp.experts.models import Expert, ExpertState, LanguageSkill
from webapp.experts.personal_data import RULES
from webapp.experts.queries import list_joined
from webapp.matches import queries as matches
from webapp.matches import rules
from webapp.matches.booked_days import not_asked_by
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.workflow import OPEN
from webapp.roster import own_decisions
from webapp.roster.duplicates import STANDING
from webapp.roster.models import DifferentPeople

# What a profile says once; in the order in which it is shown.
FIELDS = (
    "name", "gender", "jurisdiction", "entity", "institution", "unit", "post", "rank", "nato_rank",
    "service", "service_since", "telephone", "contact_email", "summary", "english_summary",
    "max_days", "notice_days", "most_missions",
)  # fmt: skip
LABELS = next(rule.given for rule in RULES if rule.table is Expert)
EVERY = frozenset(MatchState)
BY_A_COLLEAGUE = _(
    "A request of yours, or of your organisation, is on its way. What stands against joining two"
    " profiles could tell you who is considered for it, so a colleague does this."
)
ENDED = _("One of these profiles has ended for good. There is nothing left to join.")


@dataclass(frozen=True)
class Difference:
    """A field of which both profiles say something else."""

    name: str
    label: Message
    kept: Any
    gone: Any


def differences(kept: Expert, gone: Expert) -> list[Difference]:
    """Return the fields of which both profiles say something, and not the same."""
    return [
        Difference(name, LABELS[name], getattr(kept, name), getattr(gone, name))
        for name in FIELDS
        if _says(kept, name) and _says(gone, name) and getattr(kept, name) != getattr(gone, name)
    ]


def filled(kept: Expert, gone: Expert) -> list[str]:
    """Return the fields of which only the profile that ends says something."""
    return [name for name in FIELDS if _says(gone, name) and not _says(kept, name)]


def _says(expert: Expert, name: str) -> bool:
    return getattr(expert, name) not in (None, "")


def left_behind(kept: Expert, gone: Expert, taken: Collection[str]) -> dict[str, Any]:
    """Return, as JSON can hold it, what is said otherwise and will not stand in the profile."""
    left = {
        one.name: plain(one.kept if one.name in taken else one.gone)
        for one in differences(kept, gone)
    }
    for name, told in (("themes", _themes_left), ("languages", _languages_left)):
        if rows := list(told(kept, gone)):
            left[name] = rows
    return left


def _themes_left(kept: Expert, gone: Expert) -> Iterator[str]:
    known = {row.theme_code: (row.years, row.level) for row in kept.themes}
    for row in gone.themes:
        said = (row.years, row.level)
        if row.theme_code in known and known[row.theme_code] != said and any(said):
            years = () if row.years is None else (str(row.years),)
            yield " ".join((row.theme_code, *years, row.level.value if row.level else ""))


def _languages_left(kept: Expert, gone: Expert) -> Iterator[str]:
    known = {row.language: _levels(row) for row in kept.languages}
    for row in gone.languages:
        if row.language in known and known[row.language] != _levels(row):
            yield " ".join((row.language, *filter(None, _levels(row))))


def _levels(row: LanguageSkill) -> tuple[str, ...]:
    levels = (row.level, row.listening, row.speaking, row.reading, row.writing)
    return (*(level.value if level else "" for level in levels), row.stanag)


def are_told_apart(session: Session, one: Expert, other: Expert) -> bool:
    """Tell whether somebody has said that these two profiles are of two people."""
    low, high = sorted((one.id, other.id))
    said = sa.select(DifferentPeople.id).where(
        DifferentPeople.expert_id == low, DifferentPeople.other_id == high
    )
    return session.scalar(said) is not None


def find_obstacles(
    session: Session, actor: Actor, kept: Expert, gone: Expert, today: date
) -> list[Message]:
    """Return all that stands against joining two profiles, each with what is to be done first."""
    if ExpertState.ERASED in (kept.state, gone.state):
        return [ENDED]
    if asks_now(session, actor):
        return [BY_A_COLLEAGUE]
    return [
        *_against_states(kept, gone),
        *_against_consents(session, kept, gone),
        *_against_facts(kept, gone),
        *_against_matches(session, actor, kept, gone, today),
        *own_decisions.find_obstacles(session, actor, kept, gone, today),
    ]


def _against_states(kept: Expert, gone: Expert) -> Iterator[Message]:
    if STANDING[gone.state] > STANDING[kept.state]:
        yield _(
            "The profile that would end is “%(gone)s”, and the one to be kept “%(kept)s”. Please"
            " keep the other one.",
            gone=gone.state,
            kept=kept.state,
        )


def _against_consents(session: Session, kept: Expert, gone: Expert) -> Iterator[Message]:
    goes_on = kept.consented_at is not None and kept.state is not ExpertState.WITHDRAWN
    if goes_on and consent_is_taken_back(session, kept, gone):
        yield _(
            "%(name)s has taken the consent back since. Please take the profile that is to be kept"
            " off the roster first, or ask for a new consent.",
            name=Named.of(kept),
        )


def consent_is_taken_back(session: Session, kept: Expert, gone: Expert) -> bool:
    """Tell whether the person's last word on the consent, in whichever profile, is to leave."""
    numbers = {number for one in (kept, gone) for number in (one.id, *list_joined(session, one.id))}
    left = standing.when_left(session, numbers)
    agreed = max(filter(None, (kept.consented_at, gone.consented_at)), default=None)
    return left is not None and (agreed is None or agreed <= left)


def _against_facts(kept: Expert, gone: Expert) -> Iterator[Message]:
    for expert in (kept, gone):
        if expert.pending_identity:
            yield _(
                "A change of who %(name)s is waits for SEESAC. Please decide on it first.",
                name=Named.of(expert),
            )
    if kept.authority and gone.authority and kept.authority_id != gone.authority_id:
        yield _(
            "The profiles name two authorities, %(one)s and %(other)s. Please find out whose"
            " official this is, and note it in both.",
            one=kept.authority.name,
            other=gone.authority.name,
        )


def _against_matches(
    session: Session, actor: Actor, kept: Expert, gone: Expert, today: date
) -> Iterator[Message]:
    named = own_decisions.naming(session, actor)
    theirs = matches.list_of_expert(session, gone.id, EVERY)
    mine = {row.request_id for row in matches.list_of_expert(session, kept.id, EVERY)}
    live = [row for row in theirs if row.state in OPEN and not rules.is_over(row, today)]
    if live and kept.state is not ExpertState.ACTIVE:
        yield _(
            "The profile that would end is considered for %(reference)s, and the one to be kept is"
            " not active. Please end that match first.",
            reference=named(live[0].request),
        )
    for row in theirs:
        if row.request_id in mine and (row.state in OPEN or row.state in rules.BOOKED):
            yield _(
                "Both profiles were considered for %(reference)s. Please end the match of the"
                " profile that is to end, or keep that profile.",
                reference=named(row.request),
            )
    if days := _days_of_both(session, kept, gone):
        yield _(
            "Missions of the two profiles overlap on %(day)s. Nobody can be at two places: please"
            " end one of these matches first.",
            day=days[0],
        )


def _days_of_both(session: Session, kept: Expert, gone: Expert) -> list[date]:
    mine, theirs = (
        sa.select(BookedDay.day).where(BookedDay.expert_id == one.id) for one in (kept, gone)
    )
    return sorted(session.scalars(theirs.where(BookedDay.day.in_(mine))))


@dataclass(frozen=True)
class Weight:
    """How much stands in a profile, for whoever compares two."""

    evidence: int
    trainings: int
    matches: int
    missions: int


def weigh(session: Session, reader: Actor, expert: Expert) -> Weight:
    """Return how much stands in a profile, and for how many requests it was considered.

    Those by which the reader asks do not count.
    """
    counted = (
        sa.select(sa.func.count())
        .select_from(Match)
        .where(Match.expert_id == expert.id, not_asked_by(reader))
    )
    return Weight(
        len(expert.evidence),
        len(expert.trainings),
        session.scalar(counted) or 0,
        session.scalar(counted.where(Match.state == MatchState.SELECTED)) or 0,
    )
