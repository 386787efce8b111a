"""What the profiles of the demo hold besides what the ranking reads (data/demo/profiles.json)."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from webapp.config import DATA
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.experts.models import (
    ConfirmationState,
    EvidenceConfirmation,
    Expert,
    JurisdictionNote,
    NatoRank,
    NoteKind,
    Service,
    ThemeLevel,
    Training,
    TrainingKind,
)

# How a word of the file becomes one of the profile.
_WORDS: dict[str, Callable[[Any], Any]] = {
    "nato_rank": NatoRank,
    "service": Service,
    "ways": lambda words: tuple(map(HelpKind, words)),
}


def more_of(profile: str) -> dict[str, Any]:
    """Return what the file has for a profile of the demo roster."""
    found: dict[str, dict[str, Any]] = json.loads(
        (DATA / "demo" / "profiles.json").read_text(encoding="utf-8")
    )
    return found.get(profile, {})


def complete(expert: Expert, more: dict[str, Any]) -> None:
    """Fill a profile that was just made with what the file has for it."""
    _set(expert, more.get("about", {}))
    for claim in expert.themes[:1]:
        claim.level = ThemeLevel(more["themes"]["level"]) if "themes" in more else None
        claim.years = more.get("themes", {}).get("years")
    for skill in expert.languages:
        for name, level in more.get("languages", {}).get(skill.language, {}).items():
            setattr(skill, name, level if name == "stanag" else CefrLevel(level))
    for kind, codes in more.get("jurisdictions", {}).items():
        notes = (JurisdictionNote(code=code, kind=NoteKind(kind)) for code in codes)
        expert.jurisdiction_notes.extend(notes)
    for training in more.get("trainings", ()):
        expires = training.get("expires")
        expert.trainings.append(
            Training(
                kind=TrainingKind(training["kind"]),
                title=training["title"],
                expires=date.fromisoformat(expires) if expires else None,
            )
        )
    for place, facts in more.get("evidence", {}).items():
        row = expert.evidence[int(place)]
        _set(row, {name: value for name, value in facts.items() if name != "confirmed_by"})


def confirm(expert: Expert, more: dict[str, Any], now: datetime) -> None:
    """Note who has confirmed evidence of a profile that is on the roster."""
    for place, facts in more.get("evidence", {}).items():
        if "confirmed_by" in facts:
            name, organisation, email = facts["confirmed_by"]
            expert.evidence[int(place)].confirmation = EvidenceConfirmation(
                expert_id=expert.id,
                state=ConfirmationState.CONFIRMED,
                state_since=now,
                name=name,
                organisation=organisation,
                email=email,
                expires_at=now + timedelta(days=30),
            )


def _set(row: Any, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        read = _WORDS.get(name)
        setattr(row, name, read(value) if read else value)
