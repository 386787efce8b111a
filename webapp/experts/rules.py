"""Who may write a profile, when it has to be confirmed, and what it still lacks."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.acts import list_acting
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Why
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import Owner, Owners, Step, why_not_theirs
from webapp.experts.contents import Identity, identity_of
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval
from webapp.experts.workflow import WORKFLOW, ExpertStep

# Who is not on the roster: strangers are shown nothing of them.
GONE = frozenset({ExpertState.WITHDRAWN, ExpertState.ERASED})
# Who is being vetted yet, so that nothing is to be had by their profile.
NOT_VETTED = frozenset({ExpertState.NOMINATED, ExpertState.SCREENING})
# Whoever loads a page again, steps back to it or has a form refused on it reads nothing new.
SAME_LOOK = timedelta(minutes=10)

NOT_APPROVED: Message = _("The nominating authority of %(name)s has not approved them.")


class Gap(enum.Enum):
    """Something that a profile can lack, and the section in which it belongs."""

    POST = "post", "about"
    JURISDICTION = "jurisdiction", "about"
    SUMMARY = "summary", "about"
    ENGLISH = "summary in English", "about"
    MAX_DAYS = "max days", "about"
    THEMES = "themes", "themes"
    EVIDENCE = "evidence", "evidence"
    LANGUAGES = "languages", "languages"
    DESCRIPTIONS = "descriptions", "evidence"

    @property
    def section(self) -> str:
        """Return the section of the profile that would fill the gap."""
        return self.value[1]


@dataclass(frozen=True)
class Completeness:
    """How many of the points that matter a profile covers, and those that it does not."""

    covered: int
    points: int
    gaps: tuple[Gap, ...]


def shown_by(subject_id: int | None, details: Mapping[str, Any]) -> set[int | None]:
    """Return the numbers of the experts that a page has shown, by what its event says.

    Before lists were recorded, an event told of its subject alone.
    """
    return set(details.get("experts", [subject_id]))


def is_of(actor: Actor, expert: Expert) -> bool:
    """Tell whether the profile tells of this person, with whichever of their accounts."""
    return actor.id is not None and actor.id in {expert.account_id, *list_other_accounts(expert)}


def account_told(expert: Expert) -> int | None:
    """Return the account in which the person reads of the profile, if they can sign in to it and
    have the role that opens its pages."""
    account = expert.account
    reads = account is not None and account.active and Role.EXPERT in account.kinds
    return expert.account_id if reads else None


def is_own(actor: Actor, expert: Expert) -> bool:
    """Tell whether this person keeps the profile."""
    return Role.EXPERT in actor.roles and actor.id is not None and actor.id == expert.account_id


def why_not_written(actor: Actor, expert: Expert) -> Message | None:
    """Return why somebody may not write a profile, if so: it is its owner's alone, or, of somebody
    without an account, a coordinator's on whose side it is not (decision 155)."""
    if is_own(actor, expert):
        return None
    if expert.account_id is not None or Role.COORDINATOR not in actor.roles:
        return _("A profile is written by its owner alone.")
    if expert.state in GONE:
        return _("Whoever has left the roster has no profile that could be written.")
    return why_not_theirs(actor, owners_of(expert))


def refuse_writing(actor: Actor, expert: Expert) -> None:
    """Refuse whoever may not write a profile; raises ForbiddenError."""
    if why := why_not_written(actor, expert):
        raise ForbiddenError(why)


def owners_of(expert: Expert) -> Owners:
    """Return whose own the profile is, by role."""
    authority = replace(
        as_authority(expert.authority_id),
        acted=list_acting(expert.acted, Role.NOMINATING_AUTHORITY),
        decided=list_acting(expert.acted, Role.COORDINATOR),
    )
    person = Owner(expert.account_id, acted=list_other_accounts(expert))
    return {Role.EXPERT: person, Role.NOMINATING_AUTHORITY: authority}


def list_other_accounts(expert: Expert) -> frozenset[int]:
    """Return the numbers of the same person's accounts that have lost their profile to this one."""
    return list_acting(expert.acted, Role.EXPERT)


def as_authority(organisation_id: int | None) -> Owner:
    """Return an authority as whose own something is: any of its members acts for it."""
    return Owner(None, organisation_id, any_member=True)


def of_authority(owners: Owners, organisation_id: int | None) -> Owners:
    """Return the same owners, but of authorities this one."""
    role = Role.NOMINATING_AUTHORITY
    return {**owners, role: replace(owners[role], organisation_id=organisation_id)}


def owners_of_approval(row: Approval) -> Owners:
    """Return whose own an approval is, by role: of authorities that which has given it."""
    return of_authority(owners_of(row.expert), row.organisation_id)


def list_who_answer(members: Iterable[Actor], owners: Owners) -> list[Actor]:
    """Return who of an authority can answer about what concerns an official.

    Whose own it is in another role, as it is the expert's, answers nothing there (decision 42), nor
    does who has decided on it for SEESAC.
    """
    role = Role.NOMINATING_AUTHORITY
    return [
        one
        for one in members
        if one.id not in owners[role].decided and not why_not_theirs(one, owners, besides=role)
    ]


def is_approved(expert: Expert, day: date) -> bool:
    """Tell whether the expert may be sent on a day, as far as the nominating authority is asked.

    `approved_until` speaks of approvals of the present authority alone. Who is no authority's
    official, and has no approval noted, needs none.
    """
    if expert.approved_until is None:
        return expert.authority_id is None
    return expert.approved_until >= day


def check_step(
    name: ExpertStep, expert: Expert, actor: Actor, why: Why | None
) -> Step[ExpertState]:
    """Return a step that this person may take now; raises what says in words why they may not.

    The consent stays in the hands of whom the profile tells of, whatever roles they have left.
    """
    if name is ExpertStep.LEAVE and is_of(actor, expert):
        actor = replace(actor, roles=actor.roles | {Role.EXPERT})
    return WORKFLOW.check(name, expert.state, actor, why, owners_of(expert))


def find_obstacle(name: ExpertStep, expert: Expert, today: date) -> Message | None:
    """Return what in the profile stands against a step, in words."""
    if WORKFLOW[name].target is not ExpertState.ACTIVE:
        return None
    if expert.consented_at is None:
        return _("%(name)s has not agreed to be on the roster yet.", name=Named.of(expert))
    if expert.state is not ExpertState.DORMANT and not is_approved(expert, today):
        return NOT_APPROVED % {"name": Named.of(expert)}
    return None


def why_unapproved(expert: Expert, end: date) -> Message | None:
    """Return why somebody is not approved until a mission ends, if so."""
    if is_approved(expert, end):
        return None
    if expert.approved_until is None:
        return NOT_APPROVED % {"name": Named.of(expert)}
    return _(
        "The approval of %(name)s ends on %(day)s, before the mission does: please have the"
        " nominating authority renew it.",
        name=Named.of(expert),
        day=expert.approved_until,
    )


def refuse_unapproved(expert: Expert, end: date) -> None:
    """Refuse somebody who is not approved until a mission ends; raises ConflictError."""
    if why := why_unapproved(expert, end):
        raise ConflictError(why)


def refuse_erased(expert: Expert) -> None:
    """Refuse to write anything about somebody who was erased, or joined with another profile.

    Nothing would remove it any more. Whoever writes has locked the profile before.
    """
    if expert.state is ExpertState.ERASED:
        raise ConflictError(_("This expert was erased. Nothing is noted about them any more."))


def refuse_unseen(expert: Expert, seen_version: int | None) -> None:
    """Refuse to decide on a profile that is not the one that was seen, and a form sent twice."""
    if expert.version != seen_version:
        raise ConflictError(
            _(
                "The profile was changed since you opened this page, or this form was sent twice."
                " Nothing was changed by it now. Please read the profile anew."
            )
        )


def refuse_stale(actor: Actor, expert: Expert, seen_version: int) -> None:
    """Refuse to write in a profile that is not the one that was seen, and a form sent twice."""
    if not is_own(actor, expert):
        refuse_unseen(expert, seen_version)
    elif expert.version != seen_version:
        raise ConflictError(
            _(
                "Your profile was changed since you opened this page, perhaps in another window, or"
                " this form was sent twice. Nothing was changed by it now."
            )
        )


def is_vouched_for(expert: Expert) -> bool:
    """Tell whether somebody else has said who the expert is: the authority that has put them
    forward, or a coordinator who has looked at it, or is looking at this moment."""
    return expert.state is not ExpertState.NOMINATED or expert.authority_id is not None


def changes_who(expert: Expert, wanted: Identity) -> bool:
    """Tell whether an expert says to be somebody else than others have said.

    What an authority left empty of an official whom it nominates, the official fills in.
    """
    fills = expert.state is ExpertState.NOMINATED
    said = vars(identity_of(expert))
    return is_vouched_for(expert) and any(
        said[name] != value for name, value in vars(wanted).items() if said[name] or not fills
    )


def needs_confirming(expert: Expert, now: datetime, months: int) -> bool:
    """Tell whether nobody has confirmed the profile for so many months; twelve are 365 days."""
    confirmed = expert.last_confirmed_at
    return confirmed is None or now - confirmed > timedelta(days=months * 365 // 12)


def is_empty(expert: Expert) -> bool:
    """Tell whether the profile says nothing of what the expert can do, or has done."""
    return not (
        expert.summary or expert.post or expert.themes or expert.evidence or expert.trainings
    )


def completeness(expert: Expert, is_in_english: Callable[[str], bool]) -> Completeness:
    """Return what the profile covers of what requests and the ranking ask for.

    What waits to be confirmed is not missing: its expert has said it. A summary in English is asked
    for where the other one, or any piece of evidence, is in another language.
    """
    who = expert.pending_identity or expert
    covers = {
        Gap.POST: bool(who.post and who.institution),
        Gap.JURISDICTION: bool(who.jurisdiction),
        Gap.SUMMARY: bool(expert.summary),
        Gap.MAX_DAYS: expert.max_days is not None,
        Gap.THEMES: bool(expert.themes),
        Gap.EVIDENCE: bool(expert.evidence),
        Gap.LANGUAGES: bool(expert.languages),
    }
    told = (expert.summary, *(f"{row.title}\n{row.description}" for row in expert.evidence))
    if not all(map(is_in_english, told)):
        covers[Gap.ENGLISH] = bool(expert.english_summary)
    if expert.evidence:
        covers[Gap.DESCRIPTIONS] = all(row.description for row in expert.evidence)
    gaps = tuple(gap for gap, covered in covers.items() if not covered)
    return Completeness(len(covers) - len(gaps), len(covers), gaps)
