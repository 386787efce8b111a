"""What an expert writes into each section of the profile, as operations take it from forms."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.experts.models import (
    EvidenceKind,
    Gender,
    NatoRank,
    Service,
    ThemeLevel,
    TrainingKind,
)


@dataclass(frozen=True)
class About:
    """Who the expert is, how to reach them and how long they can be away."""

    name: str
    post: str = ""
    rank: str = ""
    nato_rank: NatoRank | None = None
    institution: str = ""
    unit: str = ""
    jurisdiction: str | None = None
    entity: str = ""
    service: Service | None = None
    service_since: int | None = None
    telephone: str = ""
    gender: Gender | None = None
    summary: str = ""
    english_summary: str = ""
    ways: tuple[HelpKind, ...] = ()
    max_days: int | None = None
    notice_days: int | None = None
    most_missions: int | None = None


@dataclass(frozen=True)
class Identity:
    """Who somebody is: what a coordinator confirms, and a requester reads first."""

    name: str
    post: str
    rank: str
    institution: str
    jurisdiction: str | None


IDENTITY = tuple(field.name for field in fields(Identity))


def identity_of(row: Any) -> Identity:
    """Return who a profile, what was written for one, or a change of it says that somebody is."""
    return Identity(**{name: getattr(row, name) for name in IDENTITY})


@dataclass(frozen=True)
class EvidenceContent:
    """One piece of evidence as its owner writes it; months are kept as their first day."""

    kind: EvidenceKind
    title: str
    description: str = ""
    jurisdiction: str | None = None
    started: date | None = None
    ended: date | None = None
    place: str = ""
    role: str = ""
    ways: tuple[HelpKind, ...] = ()
    kept_out: bool = False


@dataclass(frozen=True)
class TrainingContent:
    """One training or certificate as its owner writes it."""

    title: str
    expires: date | None = None
    kind: TrainingKind = TrainingKind.COURSE


@dataclass(frozen=True)
class Claim:
    """A theme that the expert claims, with the years of work on it and how well they know it."""

    code: str
    years: int | None = None
    level: ThemeLevel | None = None


@dataclass(frozen=True)
class Skill:
    """A language with its level, and with those of each skill where they are known."""

    language: str
    level: CefrLevel
    listening: CefrLevel | None = None
    speaking: CefrLevel | None = None
    reading: CefrLevel | None = None
    writing: CefrLevel | None = None
    stanag: str = ""


@dataclass(frozen=True)
class Confirmer:
    """Somebody who was there and can confirm a piece of evidence."""

    name: str
    organisation: str
    email: str
