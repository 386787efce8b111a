"""What may be done with a profile; every write raises the roster's revision.

Each write is one change of one section. It begins by locking the profile and reading it anew, so
that the test for a stale edit sees what others have committed meanwhile.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Why
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import confirmations, identities, rules, signals
from webapp.experts.contents import (
    About,
    Claim,
    EvidenceContent,
    Skill,
    TrainingContent,
    identity_of,
)
from webapp.experts.models import (
    Availability,
    ClosedJurisdiction,
    Evidence,
    Expert,
    ExpertState,
    ExpertTheme,
    JurisdictionNote,
    LanguageSkill,
    NoteKind,
    Training,
    UnavailablePeriod,
)
from webapp.experts.revisions import touch
from webapp.experts.telling import tell
from webapp.experts.workflow import BY_ITSELF, WORKFLOW, ExpertStep
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

RANKED_THEMES = 3
UNRANKED = 9
# A page that holds more cannot be read, by people or by the ranking.
MOST_ENTRIES = 40

Content: TypeAlias = EvidenceContent | TrainingContent
Row: TypeAlias = Evidence | Training


def add(work: UnitOfWork, expert: Expert) -> None:
    """Put a new profile on the roster; coordinators are told of one that is nominated."""
    touch(work.session, expert)
    put(work, expert)
    if expert.state is ExpertState.NOMINATED:
        letter = Letter(
            _("A nominated profile waits to be screened"),
            _(
                "%(name)s is nominated for the roster. Please start the screening.",
                name=Named.of(expert),
            ),
            f"/roster/{expert.id}",
        )
        messages.tell_coordinators(work, letter, rules.owners_of(expert))


def put(work: UnitOfWork, expert: Expert) -> None:
    """Put a new profile on the roster as one of many, of which somebody is told once.

    Whoever puts many marks them as changed at last: all who write profiles wait from then on.
    """
    work.session.add(expert)
    work.session.flush()
    audit.record(work, Action.PROFILE_CREATED, expert, state=expert.state)


def _begin(work: UnitOfWork, expert: Expert, seen_version: int) -> None:
    """Refuse whoever may not write the profile, one that has left the roster, and a stale edit."""
    lock(work.session, expert)
    rules.refuse_writing(work.actor, expert)
    rules.refuse_stale(work.actor, expert, seen_version)


def _finish(
    work: UnitOfWork,
    expert: Expert,
    section: str,
    *,
    action: Action = Action.PROFILE_EDITED,
    added: Row | None = None,
    **details: Any,
) -> None:
    touch(work.session, expert)
    work.session.flush()
    if added is not None:
        details["entry"] = added.id
    if action is Action.PROFILE_EDITED and not rules.is_own(work.actor, expert):
        action = Action.PROFILE_WRITTEN
    audit.record(work, action, expert, section=section, **details)


def save_about(
    work: UnitOfWork,
    expert: Expert,
    about: About,
    *,
    seen_version: int,
) -> None:
    """Change who the expert is and how long they can be away.

    Who somebody is for whom others have vouched changes only when a coordinator confirms it.
    """
    _begin(work, expert, seen_version)
    who, announced = identities.write(work, expert, identity_of(about))
    changed = _write(expert, replace(about, **vars(who)))
    if changed or announced:
        # Requests exclude an expert by a jurisdiction that is merely announced, too.
        _finish(work, expert, "about", fields=changed)
        signals.texts_changed.send(expert, work=work)


def _write(row: Expert | Row | LanguageSkill, content: About | Content | Skill) -> list[str]:
    """Put `content` into the row and return the names of what changed."""
    changed = [name for name, value in vars(content).items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, getattr(content, name))
    return changed


def save_themes(
    work: UnitOfWork,
    expert: Expert,
    ranked: Sequence[Claim],
    others: Sequence[Claim] = (),
    *,
    seen_version: int,
) -> None:
    """Replace the themes: up to three in their order, and the others."""
    _begin(work, expert, seen_version)
    if len(ranked) > RANKED_THEMES:
        raise ConflictError(_("At most %(most)s themes can be ranked.", most=RANKED_THEMES))
    priorities = [*range(1, len(ranked) + 1), *(UNRANKED for _ in others)]
    wanted = {
        claim.code: (priority, claim.years, claim.level)
        for claim, priority in zip((*ranked, *others), priorities, strict=True)
    }
    if len(wanted) < len(priorities):
        raise ConflictError(_("A theme can be claimed only once."))
    if wanted == {row.theme_code: (row.priority, row.years, row.level) for row in expert.themes}:
        return
    kept = [row for row in expert.themes if row.theme_code in wanted]
    # A rank may occur only once, so all are taken away before they are given anew.
    for row in kept:
        row.priority = UNRANKED
    expert.themes = kept
    work.session.flush()
    rows = {row.theme_code: row for row in kept}
    for code, (priority, years, level) in wanted.items():
        row = rows.get(code) or ExpertTheme(theme_code=code)
        row.priority, row.years, row.level = priority, years, level
        if code not in rows:
            expert.themes.append(row)
    _finish(work, expert, "themes")


def save_languages(
    work: UnitOfWork,
    expert: Expert,
    skills: Sequence[Skill],
    *,
    seen_version: int,
) -> None:
    """Replace the languages, each with its levels."""
    _begin(work, expert, seen_version)
    wanted = {skill.language: skill for skill in skills}
    if len(wanted) < len(skills):
        raise ConflictError(_("A language can be given only once."))
    rows = {row.language: row for row in expert.languages}
    if rows.keys() == wanted.keys() and all(
        _says_the_same(rows[code], skill) for code, skill in wanted.items()
    ):
        return
    expert.languages = [rows.get(code) or LanguageSkill(language=code) for code in wanted]
    for row in expert.languages:
        _write(row, wanted[row.language])
    _finish(work, expert, "languages")


def save_unavailable(
    work: UnitOfWork,
    expert: Expert,
    periods: Sequence[tuple[date, date]],
    *,
    seen_version: int,
) -> None:
    """Replace the periods in which the expert cannot go."""
    _begin(work, expert, seen_version)
    if any(end < start for start, end in periods):
        raise ConflictError(_("A period cannot end before it begins."))
    rows = {(row.start, row.end): row for row in expert.unavailable}
    if set(periods) == set(rows):
        return
    expert.unavailable = [
        rows.get(period) or UnavailablePeriod(start=period[0], end=period[1])
        for period in sorted(set(periods))
    ]
    _finish(work, expert, "unavailable")
    signals.unavailable_changed.send(expert, work=work)


def close_jurisdiction(
    work: UnitOfWork,
    expert: Expert,
    code: str,
    *,
    seen_version: int,
) -> None:
    """Note a jurisdiction to which the expert cannot go."""
    _begin(work, expert, seen_version)
    if all(row.code != code for row in expert.closed_jurisdictions):
        expert.closed_jurisdictions.append(ClosedJurisdiction(code=code))
        _finish(work, expert, "closed jurisdictions", change="added")


def open_jurisdiction(
    work: UnitOfWork,
    expert: Expert,
    row: ClosedJurisdiction,
    *,
    seen_version: int,
) -> None:
    """Take a jurisdiction off the list of those to which the expert cannot go."""
    _begin(work, expert, seen_version)
    expert.closed_jurisdictions.remove(row)
    _finish(work, expert, "closed jurisdictions", change="removed")


def note_jurisdiction(
    work: UnitOfWork, expert: Expert, code: str, kind: NoteKind, *, seen_version: int
) -> None:
    """Note a jurisdiction that the expert knows, or to which they go only when asked first."""
    _begin(work, expert, seen_version)
    if all(row.code != code for row in expert.noted(kind)):
        expert.jurisdiction_notes.append(JurisdictionNote(code=code, kind=kind))
        _finish(work, expert, "closed jurisdictions", change="added")


def forget_jurisdiction(
    work: UnitOfWork, expert: Expert, row: JurisdictionNote, *, seen_version: int
) -> None:
    """Take back what was noted of a jurisdiction."""
    _begin(work, expert, seen_version)
    expert.jurisdiction_notes.remove(row)
    _finish(work, expert, "closed jurisdictions", change="removed")


def _rows(expert: Expert, kind: type[Row]) -> tuple[str, list[Any]]:
    """Return the section of such entries and the expert's own."""
    return ("evidence", expert.evidence) if kind is Evidence else ("training", expert.trainings)


def add_entry(
    work: UnitOfWork,
    expert: Expert,
    content: Content,
    *,
    seen_version: int,
) -> Row:
    """Add a piece of evidence or a training and return it."""
    _begin(work, expert, seen_version)
    kind: type[Row] = Evidence if isinstance(content, EvidenceContent) else Training
    section, rows = _rows(expert, kind)
    # A form opened anew, as by the Back button, has the newest version and is not stale.
    if twin := next((row for row in rows if _says_the_same(row, content)), None):
        raise TwinError(_("Your profile holds this entry already."), twin)
    if len(rows) >= MOST_ENTRIES:
        raise ConflictError(
            _(
                "There is room for %(most)s entries. Please remove one that matters less first.",
                most=MOST_ENTRIES,
            )
        )
    row = kind(**vars(content))
    rows.append(row)
    _finish(work, expert, section, added=row, change="added")
    return row


def _says_the_same(row: Row | LanguageSkill, content: Content | Skill) -> bool:
    return all(getattr(row, name) == value for name, value in vars(content).items())


def change_entry(
    work: UnitOfWork,
    expert: Expert,
    row: Row,
    content: Content,
    *,
    seen_version: int,
) -> None:
    """Change a piece of evidence or a training of this profile."""
    _begin(work, expert, seen_version)
    section, rows = _rows(expert, type(row))
    if row not in rows:
        raise ForbiddenError(_("This entry belongs to another profile."))
    if changed := _write(row, content):
        if isinstance(row, Evidence):
            confirmations.outdate(work, row, changed)
        _finish(work, expert, section, entry=row.id, fields=changed)
        signals.texts_changed.send(expert, work=work)


def remove_entry(
    work: UnitOfWork,
    expert: Expert,
    row: Row,
    *,
    seen_version: int,
) -> None:
    """Remove a piece of evidence or a training from this profile."""
    _begin(work, expert, seen_version)
    section, rows = _rows(expert, type(row))
    if row not in rows:
        raise ForbiddenError(_("This entry belongs to another profile."))
    entry = row.id
    rows.remove(row)
    _finish(work, expert, section, change="removed", entry=entry)
    signals.texts_changed.send(expert, work=work)


def confirm(
    work: UnitOfWork, expert: Expert, said: Availability | None = None, *, seen_version: int
) -> None:
    """Note that the expert read the profile and that it is true; who was dormant comes back.

    What is `said` of the three months that follow is kept with its moment.
    """
    _begin(work, expert, seen_version)
    if not rules.is_own(work.actor, expert):
        raise ForbiddenError(_("Only the expert can say that the profile is still true."))
    if rules.is_empty(expert):
        raise ConflictError(_("There is nothing in your profile to confirm yet."))
    expert.last_confirmed_at = work.now
    if said is not None:
        expert.availability, expert.availability_at = said, work.now
        audit.record(work, Action.PROFILE_ANSWERED, expert, said=said)
    _finish(work, expert, "whole profile", action=Action.PROFILE_CONFIRMED)
    if expert.state is ExpertState.DORMANT:
        take(work, expert, ExpertStep.WAKE)


def take(
    work: UnitOfWork,
    expert: Expert,
    name: ExpertStep,
    why: Why | None = None,
    *,
    seen_version: int | None = None,
) -> None:
    """Take a step of the roster: change the profile's state, record it, tell whom it concerns.

    One that judges the profile needs the version that was seen.
    """
    leaves = WORKFLOW[name].target is not ExpertState.ACTIVE
    if leaves:
        signals.leaving.send(expert, work=work)
    lock(work.session, expert)
    before = expert.state
    step = rules.check_step(name, expert, work.actor, why)
    if step.judges_text:
        rules.refuse_unseen(expert, seen_version)
    if name in BY_ITSELF and not work.actor.is_platform:
        raise ForbiddenError(_("The platform does this by itself."))
    if obstacle := rules.find_obstacle(name, expert, work.now.date()):
        raise ConflictError(obstacle)
    reason = reasons.keep(work, why, expert.tells_of)
    expert.state = step.target
    if name is ExpertStep.LEAVE:
        expert.consent_version = expert.consented_at = None
    if name is ExpertStep.NOTE_STILL_TRUE:
        expert.last_confirmed_at = work.now
    audit.record(
        work, WORKFLOW.action(name), expert, reason=reason, before=before, after=expert.state
    )  # fmt: skip
    touch(work.session, expert)
    work.session.flush()
    if leaves:
        signals.left.send(expert, work=work)
    their_word = name is ExpertStep.NOTE_STILL_TRUE
    tell(work, expert, step.tells, before, reason=reason, their_word=their_word)
