"""What a checked table becomes: new profiles, and fields that were empty before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from webapp.core import audit
from webapp.core.audit import Action
from webapp.core.translation import _n
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts.contents import About
from webapp.experts.models import (
    Evidence,
    Expert,
    ExpertState,
    ExpertTheme,
    LanguageSkill,
    Training,
)
from webapp.experts.operations import RANKED_THEMES, UNRANKED
from webapp.experts.revisions import touch_all
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


@dataclass(frozen=True)
class New:
    """Somebody new: the profile, and the day until which the authority approves."""

    expert: Expert
    approved_until: date | None


def make(people: Iterable[Person], authority_id: int | None) -> list[New]:
    """Return the profiles of people as they are stored; nothing is written yet."""
    return [New(_expert(person, authority_id), person.approved_until) for person in people]


def _expert(person: Person, authority_id: int | None) -> Expert:
    return Expert(
        state=ExpertState.NOMINATED,
        authority_id=authority_id,
        themes=_themes(person),
        languages=[LanguageSkill(**vars(skill)) for skill in person.languages],
        evidence=[Evidence(**vars(content)) for content in person.missions],
        trainings=[Training(**vars(content)) for content in person.trainings],
        **person.about,
    )


def _themes(person: Person) -> list[ExpertTheme]:
    return [
        ExpertTheme(
            theme_code=claim.code,
            years=claim.years,
            level=claim.level,
            priority=number if number <= RANKED_THEMES else UNRANKED,
        )
        for number, claim in enumerate(person.themes, start=1)
    ]


def add_all(work: UnitOfWork, row: RosterImport, new: Sequence[New]) -> None:
    """Put new profiles on the roster as nominated, and note each in the log."""
    experts = [one.expert for one in new]
    touch_all(work.session, experts)
    for one in new:
        one.expert.approved_until = one.approved_until
    work.session.add_all(experts)
    work.session.flush()
    approvals = [_approval(work, one, row) for one in new if one.approved_until]
    work.session.add_all(approvals)
    work.session.add_all(
        ImportedExpert(import_id=row.id, expert_id=one.id, was_added=True, version=one.version)
        for one in experts
    )
    work.session.flush()
    for expert in experts:
        audit.record(work, Action.PROFILE_CREATED, expert, state=expert.state, roster_import=row.id)
    for approval in approvals:
        audit.record(
            work, APPROVAL_WORKFLOW.action(ApprovalStep.RECORD), approval,
            expert_id=approval.expert_id, starts=approval.starts.isoformat(),
            until=approval.until.isoformat(),
        )  # fmt: skip


def _approval(work: UnitOfWork, one: New, row: RosterImport) -> Approval:
    return Approval(
        expert_id=one.expert.id,
        organisation_id=one.expert.authority_id,
        state=APPROVAL_WORKFLOW[ApprovalStep.RECORD].target,
        state_since=work.now,
        letter=row.file_name,
        starts=work.now.date(),
        until=one.approved_until,
        granted_by=work.actor.id,
    )


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
    return len(filled)


def _fill(expert: Expert, person: Person) -> list[str]:
    """Fill in what is empty of a profile, and return the names of it."""
    names = [name for name in FILLED if person.about.get(name) and not getattr(expert, name)]
    for name in names:
        setattr(expert, name, person.about[name])
    made: dict[str, list[Any]] = {
        "themes": _themes(person),
        "languages": [LanguageSkill(**vars(skill)) for skill in person.languages],
        "evidence": [Evidence(**vars(content)) for content in person.missions],
        "trainings": [Training(**vars(content)) for content in person.trainings],
    }
    for name, rows in made.items():
        if rows and not getattr(expert, name):
            setattr(expert, name, rows)
            names.append(name)
    return names


def tell(work: UnitOfWork, row: RosterImport, added: int) -> None:
    """Tell the coordinators of new profiles, all of them in one letter."""
    if added:
        letter = Letter(
            _n(
                "An import has brought %(num)s profile to be screened",
                "An import has brought %(num)s profiles to be screened",
                added,
            ),
            _n(
                "%(num)s person of the table “%(file)s” stands on the roster as nominated.",
                "%(num)s people of the table “%(file)s” stand on the roster as nominated.",
                added,
                file=row.file_name,
            ),
            f"/roster/imports/{row.id}",
        )
        messages.tell_coordinators(work, letter)
