"""What each thing selects that a list of experts can be narrowed to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.words.vocabularies import CefrLevel
from webapp.experts import queries as experts
from webapp.experts.models import (
    ConfirmationState,
    Evidence,
    EvidenceConfirmation,
    Expert,
    ExpertTheme,
    LanguageSkill,
)
from webapp.matches.booked_days import taken_in_year
from webapp.matches.ranking.narrowing import Load, Proof, Wanted

Clause = sa.ColumnElement[bool]

LITTLE, SOME = 10, 30
# A list offers the most frequent institutions; any other can stand in an address.
MOST_INSTITUTIONS = 100


def claims(theme: str) -> Clause:
    """Choose who claims a theme."""
    return Expert.themes.any(ExpertTheme.theme_code == theme)


def at_least(level: CefrLevel | None) -> list[CefrLevel]:
    """Return the levels that are as good as this one at least."""
    levels = list(CefrLevel)
    return levels[levels.index(level) :] if level else levels


def speaks(language: str | None, level: CefrLevel | None) -> Clause:
    """Choose who speaks a language, or any, at a level at least."""
    spoken: Clause = LanguageSkill.level.in_(at_least(level))
    if language:
        spoken = sa.and_(spoken, LanguageSkill.language == language)
    return Expert.languages.any(spoken)


def days_taken(reader: Actor, year: int) -> sa.Subquery:
    """Return, by expert, how many days of a year missions take; nobody without any."""
    return taken_in_year(reader, year).subquery()


def load_kinds(reader: Actor, year: int) -> Mapping[Load, Clause]:
    """Return what chooses whom missions take so many days of a year, as the reader may know."""
    taken = days_taken(reader, year)

    def has(clause: Clause) -> Clause:
        return Expert.id.in_(sa.select(taken.c.expert_id).where(clause))

    return {
        Load.NOTHING: Expert.id.not_in(sa.select(taken.c.expert_id)),
        Load.LITTLE: has(taken.c.days <= LITTLE),
        Load.SOME: has(taken.c.days.between(LITTLE + 1, SOME)),
        Load.MUCH: has(taken.c.days > SOME),
    }


def _proved(proof: Proof) -> Clause:
    confirmed = Expert.evidence.any(
        sa.and_(
            Evidence.kept_out.is_(False),
            Evidence.confirmation.has(EvidenceConfirmation.state == ConfirmationState.CONFIRMED),
        )
    )
    return confirmed if proof is Proof.CONFIRMED else sa.not_(confirmed)


def fitting(wanted: Wanted, reader: Actor, year: int) -> list[Clause]:
    """Return the conditions that the roster can answer; the load counts in `year`."""
    found: list[Clause] = []
    if wanted.theme:
        found.append(claims(wanted.theme))
    if wanted.language or wanted.level:
        found.append(speaks(wanted.language, wanted.level))
    if wanted.jurisdiction:
        found.append(Expert.jurisdiction == wanted.jurisdiction)
    if wanted.institution:
        found.append(Expert.institution == wanted.institution)
    if wanted.load:
        found.append(load_kinds(reader, year)[wanted.load])
    if wanted.evidence:
        found.append(_proved(wanted.evidence))
    return found


def list_ids(session: Session, wanted: Wanted, reader: Actor, year: int) -> Collection[str] | None:
    """Return whom the roster's conditions leave, by the matcher's ids; None if there are none."""
    clauses = fitting(wanted, reader, year)
    if not clauses:
        return None
    return {str(number) for number in session.scalars(sa.select(Expert.id).where(*clauses))}


@dataclass(frozen=True)
class Offered:
    """What lists offer to narrow experts by, because somebody of the roster has it."""

    languages: Collection[str]
    jurisdictions: Collection[str]
    institutions: Sequence[str]


def read_offered(session: Session) -> Offered:
    """Return the codes of languages and jurisdictions, and the institutions that most come from."""
    languages = session.scalars(sa.select(LanguageSkill.language).distinct())
    return Offered(
        frozenset(languages), experts.list_jurisdictions(session), _list_institutions(session)
    )


def _list_institutions(session: Session) -> Sequence[str]:
    return session.scalars(
        sa.select(Expert.institution)
        .where(Expert.institution != "")
        .group_by(Expert.institution)
        .order_by(sa.func.count().desc(), Expert.institution)
        .limit(MOST_INSTITUTIONS)
    ).all()
