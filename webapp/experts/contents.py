"""What an expert writes into each section of the profile, as operations take it from forms."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from webapp.experts.models import EvidenceKind, Gender


@dataclass(frozen=True)
class About:
    """Who the expert is and how long they can be away."""

    name: str
    post: str = ""
    rank: str = ""
    institution: str = ""
    jurisdiction: str | None = None
    gender: Gender | None = None
    summary: str = ""
    max_days: int | None = None
    notice_days: int | None = None


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


@dataclass(frozen=True)
class TrainingContent:
    """One training or certificate as its owner writes it."""

    title: str
    expires: date | None = None


@dataclass(frozen=True)
class Claim:
    """A theme that the expert claims, with the years of work on it."""

    code: str
    years: int | None = None
