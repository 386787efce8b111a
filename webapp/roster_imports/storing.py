"""What a checked table becomes: new profiles, and fields that were empty before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from webapp.accounts import queries as accounts
from webapp.core.db import Base
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import search_text_of
from webapp.core.words.translation import _n
from webapp.core.workflows.workflow import NOBODY
from webapp.experts import sides
from webapp.experts.contents import About
from webapp.experts.models import (
    Evidence,
    Expert,
    ExpertState,
    ExpertTheme,
    LanguageSkill,
    Training,
    search_words_of,
)
from webapp.experts.operations import RANKED_THEMES, UNRANKED
from webapp.experts.revisions import raise_revision, touch_all
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.roster_imports.models import ImportedExpert, RosterImport
from webapp.roster_imports.people import Person

# What fills a profile that stands there; who somebody is is not changed by a table.
FILLED = tuple(
    name for name in (*(one.name for one in fields(About)), "contact_email")
    if name not in ("name", "jurisdiction")
)  # fmt: skip

LISTS: Mapping[str, type[Base]] = {
    "themes": ExpertTheme,
    "languages": LanguageSkill,
    "evidence": Evidence,
    "trainings": Training,
}
T = TypeVar("T", bound=Base)


@dataclass(frozen=True)
class New:
    """Somebody new as rows: the profile, what stands in its lists, and the end of the approval.

    Rows are written at once, where objects of five thousand people would keep all other writers
    waiting for seconds.
    """

    profile: dict[str, Any]
    parts: Mapping[type[Base], list[dict[str, Any]]]
    approved_until: date | None


def make(people: Iterable[Person], authority_id: int | None) -> list[New]:
    """Return people as the rows that are stored; nothing is written yet."""
    made = [
        New(_profile(person, authority_id), _parts(person), person.approved_until)
        for person in people
    ]
    _level([one.profile for one in made])
    return made


def _profile(person: Person, authority_id: int | None) -> dict[str, Any]:
    return {
        **person.about,
        "state": ExpertState.NOMINATED,
        "authority_id": authority_id,
        "approved_until": person.approved_until,
        "search_text": search_text_of(person.about.get(name) for name in Expert.searched),
        "search_words": search_words_of(person.about, person.missions),
    }


def _level(profiles: Sequence[dict[str, Any]]) -> None:
    """Give all profiles the same columns: those of others with what stands there by default."""
    for name in {name for profile in profiles for name in profile}:
        default = Expert.__table__.columns[name].default
        empty = default.arg if isinstance(default, sa.ColumnDefault) else None
        for profile in profiles:
            profile.setdefault(name, empty)


def _parts(person: Person) -> dict[type[Base], list[dict[str, Any]]]:
    return {
        ExpertTheme: _themes(person),
        LanguageSkill: [vars(skill) for skill in person.languages],
        Evidence: [vars(content) for content in person.missions],
        Training: [vars(content) for content in person.trainings],
    }


def _themes(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "theme_code": claim.code,
            "years": claim.years,
            "level": claim.level,
            "priority": number if number <= RANKED_THEMES else UNRANKED,
        }
        for number, claim in enumerate(person.themes, start=1)
    ]


def add_all(work: UnitOfWork, row: RosterImport, new: Sequence[New]) -> Sequence[Expert]:
    """Put new profiles on the roster as nominated, note each in the log, and return them."""
    if not new:
        return []
    revision = raise_revision(work.session)
    profiles = [one.profile | {"revision": revision} for one in new]
    experts = _insert(work, Expert, profiles)
    for kind in new[0].parts:
        lists = zip(experts, (one.parts[kind] for one in new), strict=True)
        if rows := [part | {"expert_id": expert.id} for expert, parts in lists for part in parts]:
            work.session.execute(sa.insert(kind), rows)
    brought = [_brought(row, expert) for expert in experts]
    work.session.execute(sa.insert(ImportedExpert), brought)
    for expert in experts:
        audit.record(work, Action.PROFILE_CREATED, expert, state=expert.state, roster_import=row.id)
    _approve(work, row, [expert for expert in experts if expert.approved_until])
    return experts


def _insert(work: UnitOfWork, kind: type[T], rows: list[dict[str, Any]]) -> Sequence[T]:
    """Write rows at once and return them as they are stored, in their order."""
    written = sa.insert(kind).returning(kind, sort_by_parameter_order=True)
    return work.session.scalars(written, rows).all()


def _brought(row: RosterImport, expert: Expert) -> dict[str, Any]:
    return {
        "import_id": row.id,
        "expert_id": expert.id,
        "was_added": True,
        "filled": [],
        "version": expert.version,
    }


def _approve(work: UnitOfWork, row: RosterImport, experts: Sequence[Expert]) -> None:
    """Record the approvals that a table tells of, as by whoever has sent it."""
    if not experts:
        return
    for approval in _insert(work, Approval, [_approval(work, one, row) for one in experts]):
        audit.record(
            work, APPROVAL_WORKFLOW.action(ApprovalStep.RECORD), approval,
            expert_id=approval.expert_id, starts=approval.starts.isoformat(),
            until=approval.until.isoformat(),
        )  # fmt: skip
    _note_acts(work, experts)


def _note_acts(work: UnitOfWork, experts: Collection[Expert]) -> None:
    """Note whoever has sent a table as one who has decided on these profiles for SEESAC."""
    if work.actor.id is not None:
        done = [(one.id, work.actor.id, Role.COORDINATOR) for one in experts]
        sides.write(work.session, done)


def letter_of(number: int) -> str:
    """Return what stands in the place of a letter where an approval came by this import."""
    return f"Import {number}"


def _approval(work: UnitOfWork, expert: Expert, row: RosterImport) -> dict[str, Any]:
    return {
        "expert_id": expert.id,
        "organisation_id": expert.authority_id,
        "state": APPROVAL_WORKFLOW[ApprovalStep.RECORD].target,
        "state_since": work.now,
        # Files are called after people, so their names are kept with the import alone.
        "letter": letter_of(row.id),
        "starts": work.now.date(),
        "until": expert.approved_until,
        "granted_by": work.actor.id,
    }


def fill_all(work: UnitOfWork, row: RosterImport, found: Collection[tuple[Expert, Person]]) -> int:
    """Fill in what is empty in profiles that stand there; return how many had anything to fill."""
    filled = [(expert, names) for expert, person in found if (names := _fill(expert, person))]
    if filled:
        touch_all(work.session, [expert for expert, _names in filled])
        work.session.flush()
    for expert, names in filled:
        work.session.add(
            ImportedExpert(
                import_id=row.id, expert_id=expert.id, was_added=False, filled=names,
                version=expert.version,
            )
        )  # fmt: skip
        audit.record(work, Action.PROFILE_FILLED, expert, fields=names, roster_import=row.id)
    work.session.flush()
    _note_acts(work, [expert for expert, _names in filled])
    return len(filled)


def _fill(expert: Expert, person: Person) -> list[str]:
    """Fill in what is empty of a profile, and return the names of it."""
    names = [name for name in FILLED if person.about.get(name) and not getattr(expert, name)]
    for name in names:
        setattr(expert, name, person.about[name])
    parts = _parts(person)
    for name, kind in LISTS.items():
        rows = [kind(**part) for part in parts[kind]]
        if rows and not getattr(expert, name):
            setattr(expert, name, rows)
            names.append(name)
    return names


def tell(work: UnitOfWork, row: RosterImport, new: Sequence[New]) -> None:
    """Tell the coordinators of new profiles, and an authority of approvals that are recorded as its
    own, all of them in one letter."""
    if not new:
        return
    letter = Letter(
        _n(
            "An import has brought %(num)s profile to be screened",
            "An import has brought %(num)s profiles to be screened",
            len(new),
        ),
        _n(
            "%(num)s person of the table stands on the roster as nominated.",
            "%(num)s people of the table stand on the roster as nominated.",
            len(new),
        ),
        f"/roster/imports/{row.id}",
    )
    messages.tell_coordinators(work, letter, NOBODY)
    if approved := sum(one.approved_until is not None for one in new):
        _tell_authority(work, row, approved)


def _tell_authority(work: UnitOfWork, row: RosterImport, approved: int) -> None:
    letter = Letter(
        _n(
            "SEESAC has recorded %(num)s approval of yours",
            "SEESAC has recorded %(num)s approvals of yours",
            approved,
        ),
        _n(
            "SEESAC has recorded from a table that %(num)s official is approved. If that is not so,"
            " please withdraw the approval.",
            "SEESAC has recorded from a table that %(num)s officials are approved. If that is not"
            " so, please withdraw the approvals.",
            approved,
        ),
        "/officials",
    )
    tell_members(work, row, letter)


def tell_members(work: UnitOfWork, row: RosterImport, letter: Letter) -> None:
    """Tell those who act for the authority of whose officials an import is."""
    for member in accounts.list_members(work.session, Role.NOMINATING_AUTHORITY, row.authority_id):
        messages.queue(work, member.id, letter)
