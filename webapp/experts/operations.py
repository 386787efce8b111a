"""What may be done with a profile; every write raises the roster's revision.

Each write is one change of one section. It begins by taking the roster's lock and reading the
profile anew, so that the test for a stale edit sees what others have committed meanwhile.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.audit import Actor
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.vocabularies import CefrLevel
from webapp.core.workflow import check
from webapp.experts import rules
from webapp.experts.contents import About, Claim, EvidenceContent, TrainingContent
from webapp.experts.models import (
    ClosedJurisdiction,
    Evidence,
    Expert,
    ExpertTheme,
    LanguageSkill,
    RosterRevision,
    Training,
    UnavailablePeriod,
)

RANKED_THEMES = 3
UNRANKED = 9
# A page that holds more cannot be read, by people or by the ranking.
MOST_ENTRIES = 40


Content: TypeAlias = EvidenceContent | TrainingContent
Row: TypeAlias = Evidence | Training


def touch(session: Session, expert: Expert) -> None:
    """Mark the profile as changed, so that every worker's next ranking reads it again."""
    expert.revision = _next_revision(session)


def rank_anew(session: Session, expert: Expert) -> None:
    """Let every worker read the profile again although its text has not changed.

    Bookings do this. The profile's version stays as it is: whoever edits the profile meanwhile, or
    books other days of the same expert, has not been overtaken by anybody.
    """
    session.execute(
        sa.update(Expert).where(Expert.id == expert.id).values(revision=_next_revision(session))
    )


def _next_revision(session: Session) -> int:
    return session.execute(
        sa.update(RosterRevision)
        .where(RosterRevision.id == 1)
        .values(value=RosterRevision.value + 1)
        .returning(RosterRevision.value)
    ).scalar_one()


def add(session: Session, expert: Expert, *, actor: Actor, now: datetime) -> None:
    """Put a new profile on the roster."""
    touch(session, expert)
    session.add(expert)
    session.flush()
    audit.record(session, "profile created", expert, actor=actor, now=now, state=expert.state)


def record_view(session: Session, expert: Expert, *, actor: Actor, now: datetime) -> None:
    """Note that somebody opened the profile; its owner is shown who and when."""
    audit.record(session, rules.VIEWED, expert, actor=actor, now=now)


def _read_anew(session: Session, expert: Expert) -> None:
    # Writers take the roster's row in turn, as `touch` does; SQLite let us in alone already.
    session.execute(sa.select(RosterRevision.value).with_for_update())
    session.refresh(expert)


def _begin(session: Session, expert: Expert, seen_version: int, actor: Actor) -> None:
    """Refuse somebody else's profile, and a stale edit."""
    _read_anew(session, expert)
    if not rules.is_own(actor, expert):
        raise ForbiddenError("A profile is written by its owner alone.")
    if expert.version != seen_version:
        raise ConflictError(
            "Your profile was changed since you opened this page, perhaps in another window, or"
            " this form was sent twice. Nothing was changed by it now."
        )


def _finish(
    session: Session,
    expert: Expert,
    section: str,
    *,
    actor: Actor,
    now: datetime,
    action: str = "profile edited",
    **details: Any,
) -> None:
    touch(session, expert)
    session.flush()
    audit.record(session, action, expert, actor=actor, now=now, section=section, **details)


def save_about(
    session: Session,
    expert: Expert,
    about: About,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change who the expert is and how long they can be away."""
    _begin(session, expert, seen_version, actor)
    if changed := _write(expert, about):
        _finish(session, expert, "about", actor=actor, now=now, fields=changed)


def _write(row: Expert | Row, content: About | Content) -> list[str]:
    """Put `content` into the row and return the names of what changed."""
    changed = [name for name, value in vars(content).items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, getattr(content, name))
    return changed


def save_themes(
    session: Session,
    expert: Expert,
    ranked: Sequence[Claim],
    others: Sequence[Claim] = (),
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Replace the themes: up to three in their order, and the others."""
    _begin(session, expert, seen_version, actor)
    if len(ranked) > RANKED_THEMES:
        raise ConflictError(f"At most {RANKED_THEMES} themes can be ranked.")
    priorities = [*range(1, len(ranked) + 1), *(UNRANKED for _ in others)]
    wanted = {
        claim.code: (priority, claim.years)
        for claim, priority in zip((*ranked, *others), priorities, strict=True)
    }
    if len(wanted) < len(priorities):
        raise ConflictError("A theme can be claimed only once.")
    if wanted == {row.theme_code: (row.priority, row.years) for row in expert.themes}:
        return
    kept = [row for row in expert.themes if row.theme_code in wanted]
    # A rank may occur only once, so all are taken away before they are given anew.
    for row in kept:
        row.priority = UNRANKED
    expert.themes = kept
    session.flush()
    rows = {row.theme_code: row for row in kept}
    for code, (priority, years) in wanted.items():
        row = rows.get(code) or ExpertTheme(theme_code=code)
        row.priority, row.years = priority, years
        if code not in rows:
            expert.themes.append(row)
    _finish(session, expert, "themes", actor=actor, now=now)


def save_languages(
    session: Session,
    expert: Expert,
    skills: Sequence[tuple[str, CefrLevel]],
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Replace the languages, each with its level."""
    _begin(session, expert, seen_version, actor)
    wanted = dict(skills)
    if len(wanted) < len(skills):
        raise ConflictError("A language can be given only once.")
    rows = {row.language: row for row in expert.languages}
    if wanted == {code: row.level for code, row in rows.items()}:
        return
    expert.languages = [rows.get(code) or LanguageSkill(language=code) for code in wanted]
    for row in expert.languages:
        row.level = wanted[row.language]
    _finish(session, expert, "languages", actor=actor, now=now)


def save_unavailable(
    session: Session,
    expert: Expert,
    periods: Sequence[tuple[date, date]],
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Replace the periods in which the expert cannot go."""
    _begin(session, expert, seen_version, actor)
    if any(end < start for start, end in periods):
        raise ConflictError("A period cannot end before it begins.")
    rows = {(row.start, row.end): row for row in expert.unavailable}
    if set(periods) == set(rows):
        return
    expert.unavailable = [
        rows.get(period) or UnavailablePeriod(start=period[0], end=period[1])
        for period in sorted(set(periods))
    ]
    _finish(session, expert, "unavailable", actor=actor, now=now)


def close_jurisdiction(
    session: Session,
    expert: Expert,
    code: str,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Note a jurisdiction to which the expert cannot go."""
    _begin(session, expert, seen_version, actor)
    if all(row.code != code for row in expert.closed_jurisdictions):
        expert.closed_jurisdictions.append(ClosedJurisdiction(code=code))
        _finish(session, expert, "closed jurisdictions", actor=actor, now=now, change="added")


def open_jurisdiction(
    session: Session,
    expert: Expert,
    row: ClosedJurisdiction,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a jurisdiction off the list of those to which the expert cannot go."""
    _begin(session, expert, seen_version, actor)
    expert.closed_jurisdictions.remove(row)
    _finish(session, expert, "closed jurisdictions", actor=actor, now=now, change="removed")


def _rows(expert: Expert, kind: type[Row]) -> tuple[str, list[Any]]:
    """Return the section of such entries and the expert's own."""
    return ("evidence", expert.evidence) if kind is Evidence else ("training", expert.trainings)


def add_entry(
    session: Session,
    expert: Expert,
    content: Content,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Row:
    """Add a piece of evidence or a training and return it."""
    _begin(session, expert, seen_version, actor)
    kind: type[Row] = Evidence if isinstance(content, EvidenceContent) else Training
    section, rows = _rows(expert, kind)
    # A form opened anew, as by the Back button, has the newest version and is not stale.
    if twin := next((row for row in rows if _says_the_same(row, content)), None):
        raise TwinError("Your profile holds this entry already.", twin)
    if len(rows) >= MOST_ENTRIES:
        raise ConflictError(
            f"There is room for {MOST_ENTRIES} entries. Please remove one that matters less first."
        )
    row = kind(**vars(content))
    rows.append(row)
    session.flush()
    _finish(session, expert, section, actor=actor, now=now, change="added", entry=row.id)
    return row


def _says_the_same(row: Row, content: Content) -> bool:
    return all(getattr(row, name) == value for name, value in vars(content).items())


def change_entry(
    session: Session,
    expert: Expert,
    row: Row,
    content: Content,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a piece of evidence or a training of this profile."""
    _begin(session, expert, seen_version, actor)
    section, rows = _rows(expert, type(row))
    if row not in rows:
        raise ForbiddenError("This entry belongs to another profile.")
    if changed := _write(row, content):
        _finish(session, expert, section, actor=actor, now=now, entry=row.id, fields=changed)


def remove_entry(
    session: Session,
    expert: Expert,
    row: Row,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Remove a piece of evidence or a training from this profile."""
    _begin(session, expert, seen_version, actor)
    section, rows = _rows(expert, type(row))
    if row not in rows:
        raise ForbiddenError("This entry belongs to another profile.")
    entry = row.id
    rows.remove(row)
    _finish(session, expert, section, actor=actor, now=now, change="removed", entry=entry)


def confirm(
    session: Session, expert: Expert, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Note that the expert read the profile and that it is true."""
    _begin(session, expert, seen_version, actor)
    if rules.is_empty(expert):
        raise ConflictError("There is nothing in your profile to confirm yet.")
    expert.last_confirmed_at = now
    _finish(session, expert, "whole profile", actor=actor, now=now, action="profile confirmed")


def move(
    session: Session,
    expert: Expert,
    step: str,
    *,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Take a coordinator's step of the roster: screening, activating, suspending, reactivating."""
    _read_anew(session, expert)
    if rules.is_of(actor, expert):
        raise ForbiddenError("Nobody decides on a profile of their own.")
    before = expert.state
    expert.state = check(rules.STEPS, step, before, actor, reason).target
    touch(session, expert)
    session.flush()
    audit.record(
        session, f"{rules.STEP}{step}", expert, actor=actor, now=now, reason=reason,
        before=before, after=expert.state,
    )  # fmt: skip
