"""What becomes of drafts: kept, taken into the profile piece by piece, or dropped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.errors import ConflictError, DoneSinceError, TwinError
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.curricula import queries
from webapp.curricula.entries import Entry
from webapp.curricula.models import CurriculumDraft
from webapp.curricula.pieces import Found
from webapp.experts import operations as experts
from webapp.experts import rules
from webapp.experts.contents import (
    About,
    Claim,
    EvidenceContent,
    Skill,
    TrainingContent,
    identity_of,
)
from webapp.experts.models import Expert

SECTIONS = ("evidence", "trainings", "languages")
# The numbers of the lines that are in no piece: they are shown beside what was read.
LEFT_OVER = "left over"


@dataclass
class Pieces:
    """What an expert takes into the profile at once."""

    evidence: list[EvidenceContent] = field(default_factory=list)
    trainings: list[TrainingContent] = field(default_factory=list)
    languages: list[Skill] = field(default_factory=list)
    themes: list[Claim] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)


def keep(work: UnitOfWork, expert: Expert, found: Found) -> CurriculumDraft:
    """Keep what was read in a curriculum in the place of what was read before."""
    lock(work.session, expert)
    rules.refuse_writing(work.actor, expert)
    draft = queries.find(work.session, expert)
    if draft is None:
        draft = CurriculumDraft(expert_id=expert.id)
        work.session.add(draft)
    draft.text, draft.pieces, draft.read_at = "\n".join(found.lines), _stored(found), work.now
    work.session.flush()
    counts = {section: len(draft.pieces[section]) for section in SECTIONS}
    audit.record(work, Action.CURRICULUM_READ, expert, pieces=counts)
    return draft


def _stored(found: Found) -> dict[str, Any]:
    return {
        "summary": found.summary,
        "telephone": found.telephone,
        "evidence": [_stored_entry(entry) for entry in found.evidence],
        "trainings": [_stored_entry(entry) for entry in found.trainings],
        "languages": [
            {
                "language": one.code,
                "level": one.level,
                **one.skills,
                "stanag": one.stanag,
                "lines": [one.line, one.last_line],
            }
            for one in found.languages
        ],
        LEFT_OVER: found.left_over,
    }


def _stored_entry(entry: Entry) -> dict[str, Any]:
    period = entry.period
    return {
        "kind": entry.kind,
        "title": entry.title,
        "description": entry.description,
        "place": entry.place,
        "jurisdiction": entry.jurisdiction or "",
        "started": period.start.isoformat()[:7] if period else "",
        "ended": period.end.isoformat()[:7] if period and period.end else "",
        "expires": entry.expires.isoformat() if entry.expires else "",
        "lines": list(entry.lines),
    }


def take(work: UnitOfWork, expert: Expert, pieces: Pieces, *, seen_version: int) -> int:
    """Put pieces into the profile and return how many are new; what stands there already is left.

    Refuses in words what the profile's own operations refuse, and then nothing of it is taken.
    """
    if expert.version != seen_version:
        raise ConflictError(_("Your profile was changed since you opened this page."))
    count = 0
    contents: list[experts.Content] = [*pieces.evidence, *pieces.trainings]
    for content in contents:
        try:
            experts.add_entry(work, expert, content, seen_version=expert.version)
        except TwinError:
            continue
        count += 1
    count += _add_languages(work, expert, pieces.languages)
    count += _add_themes(work, expert, pieces.themes)
    return count + _fill_about(work, expert, pieces.about)


def levels_that_stay(expert: Expert, skills: Sequence[Skill]) -> list[str]:
    """Return the languages that the profile has with other levels than these, which it keeps."""
    there = {row.language: row for row in expert.languages}
    return [
        skill.language
        for skill in skills
        if (row := there.get(skill.language))
        and any(told and told != getattr(row, name) for name, told in vars(skill).items())
    ]


def _add_languages(work: UnitOfWork, expert: Expert, skills: Sequence[Skill]) -> int:
    """Add languages that the profile does not have; levels that stand there are better known."""
    names = ("language", "level", "listening", "speaking", "reading", "writing", "stanag")
    there = [Skill(*(getattr(row, name) for name in names)) for row in expert.languages]
    known = {skill.language for skill in there}
    new = [skill for skill in skills if skill.language not in known]
    if new:
        experts.save_languages(work, expert, [*there, *new], seen_version=expert.version)
    return len(new)


def _add_themes(work: UnitOfWork, expert: Expert, claims: Sequence[Claim]) -> int:
    """Add themes that the profile does not claim, first in the free places of its main ones."""
    there = [Claim(row.theme_code, row.years, row.level) for row in expert.themes]
    first = sum(row.priority < experts.UNRANKED for row in expert.themes)
    known = {claim.code for claim in there}
    new = [claim for claim in claims if claim.code not in known]
    if new:
        free = experts.RANKED_THEMES - first
        ranked, others = [*there[:first], *new[:free]], [*there[first:], *new[free:]]
        experts.save_themes(work, expert, ranked, others, seen_version=expert.version)
    return len(new)


def _fill_about(work: UnitOfWork, expert: Expert, texts: dict[str, Any]) -> int:
    """Fill texts about the expert that are empty."""
    new = {name: text for name, text in texts.items() if text and not getattr(expert, name)}
    if new:
        stored = {name: getattr(expert, name) for name in vars(About(""))}
        # What waits for a coordinator's confirmation goes on waiting.
        waiting = vars(identity_of(expert.pending_identity or expert))
        experts.save_about(
            work, expert, About(**{**stored, **waiting, **new}), seen_version=expert.version
        )
    return len(new)


def leave_rest(
    work: UnitOfWork, draft: CurriculumDraft, done: Mapping[str, Collection[int]]
) -> None:
    """Keep of a draft what was neither taken nor dropped; without anything left it goes."""
    draft.pieces = {
        name: [row for number, row in enumerate(rows) if number not in done.get(name, ())]
        if name in SECTIONS
        else (rows if name == LEFT_OVER else "")
        for name, rows in draft.pieces.items()
    }
    if not has_pieces(draft):
        work.session.delete(draft)
    work.session.flush()


def has_pieces(draft: CurriculumDraft) -> bool:
    """Tell whether something that could be taken into the profile is left in a draft."""
    return any(rows for name, rows in draft.pieces.items() if name != LEFT_OVER)


def drop(work: UnitOfWork, expert: Expert) -> None:
    """Drop the draft of a profile with its text. Raises DoneSinceError where there is none."""
    lock(work.session, expert)
    draft = queries.find(work.session, expert)
    if draft is None:
        raise DoneSinceError(_("The draft was deleted already."))
    work.session.delete(draft)
    work.session.flush()


def delete_old(session: Session, now: datetime) -> None:
    """Delete drafts that were kept long enough."""
    delete_some(session, CurriculumDraft, CurriculumDraft.read_at <= now - queries.KEPT)
