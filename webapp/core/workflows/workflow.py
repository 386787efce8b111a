"""Workflows: one table a package, one record a step.

A package with states writes its steps down in `workflow.py`. From that table follow what is
possible and what is refused (`Workflow.check`), the buttons and questions of its pages, the last
part of their addresses (`StepName.slug`), the audit log's action, the sentence of the story, and
the notices and mails that go out. Its `operations.py` adds what a step changes besides the state.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import NEED_DAYS, NEED_TEXT, ReasonKind, Why
from webapp.core.roles import Role
from webapp.core.words.translation import LabelledEnum, Message, _

S = TypeVar("S", bound=LabelledEnum)
N = TypeVar("N", bound="StepName")


class StepName(enum.StrEnum):
    """The names of a workflow's steps, spelt once: "note the yes"."""

    @property
    def slug(self) -> str:
        """Return the name as the last part of an address: "note-the-yes"."""
        return self.value.replace(" ", "-")


class Recipient(enum.StrEnum):
    """To whom a step can send a mail; the package knows which account that is."""

    REQUESTER = "requester"
    EXPERT = "expert"
    # Those members of the expert's nominating authority who act for it.
    AUTHORITY = "authority"
    # The others who go on the same mission: they are told of it, and nobody is named to them.
    TEAM = "team"
    # All who are active, but for the one who took the step.
    COORDINATORS = "coordinators"


@dataclass(frozen=True)
class Mail(Generic[S]):
    """What a step tells somebody: a notice on the platform, and a mail if the person wants one.

    Mails travel unencrypted, so one says no more than its `subject`, which may name the
    `%(reference)s` alone, a link, and until when an answer is awaited (`asks_reply`). `text` is
    read in the notice; what it may name says the package that sends it: `%(title)s` everywhere. The
    reason stands in the notice where `gives_reason`. `path` is where its link leads, if not to the
    recipient's page of the thing. The mail of one that `lets_answer` leads to a page where its
    reader answers once without signing in. With `only_from`, it is sent only if the step leaves one
    of these states.
    """

    to: Recipient
    subject: Message
    text: Message
    gives_reason: bool = False
    asks_reply: bool = False
    path: str = ""
    lets_answer: bool = False
    only_from: frozenset[S] | None = None

    def is_sent_from(self, state: S | None) -> bool:
        """Tell whether a step that leaves `state` sends this mail."""
        return self.only_from is None or state in self.only_from


REASON, KEPT = _("Reason"), _("Kept in the record.")
OWN = _("This is your own, so somebody else decides on it.")
OURS = _("This is your organisation's, so somebody outside it decides on it.")
OTHER_SIDE = _("You have acted here for the other side, so a colleague does this.")


@dataclass(frozen=True)
class Owner:
    """Whose own a thing is in some role: an account's, and its organisation's, if it has one.

    What is an organisation's is the own of all who have that role there. The account alone takes
    the steps of the role, and only while it is a member. With `any_member`, each of them takes the
    steps: the officials of an authority are in the hands of all who act for it, and a member who
    has another role besides is no judge in a matter of their own.

    It stays the own of accounts that `acted` for the owner, in whose hands ever it is. Those that
    `decided` on it take no steps of the owner's.
    """

    account_id: int | None
    organisation_id: int | None = None
    any_member: bool = False
    acted: frozenset[int] = frozenset()
    decided: frozenset[int] = frozenset()

    def joined_by(self, other: "Owner") -> "Owner":
        """Return this owner with those who have acted or decided on another thing of the same."""
        return replace(self, acted=self.acted | other.acted, decided=self.decided | other.decided)

    def acts(self, actor: Actor) -> bool:
        """Tell whether this person is one who takes the owner's steps."""
        if self.any_member:
            return self.is_organisation_of(actor)
        own = actor.id is not None and actor.id == self.account_id
        return own and self.organisation_id in {None, actor.organisation_id}

    def is_organisation_of(self, actor: Actor) -> bool:
        """Tell whether the thing is an organisation's, of which this person is a member."""
        return self.organisation_id is not None and self.organisation_id == actor.organisation_id


# Whose a thing is, for each role in which it is somebody's own.
Owners: TypeAlias = Mapping[Role, Owner]
NOBODY: Owners = MappingProxyType({})
# How a step says that nobody is told; it adds why not, in `silent_because`.
TELLS_NOBODY: tuple[Mail[Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step(Generic[S]):
    """A step from any of `sources` to `target`, taken by somebody in the role `by`.

    From the states in which it `stays` it is an answer that changes no state.

    A step without sources is how a thing begins. One that is not `offered` has no button: it
    `has_page`, a page of its own by which it is decided on, or the platform takes it as a
    consequence of another.

    `label` names it on its button, in refusals and in the audit log; `done` is said after it.
    From the states in `needs_reason` it needs one of the `reasons`, asked for with `question` and
    `hint`; one that is not offered has the reason of the step of which it is a part.
    With `asks_source` it is an answer that is noted, and the reason says who gave it and when.
    From those in `asks_first` a page shows what will happen before it does. The button of one that
    is `dangerous` is red; one that `insists` does not lose to what others lock at that moment.
    `story` is its sentence in the story of a request, with `%(expert)s` for the expert's name;
    requesters read it if `open_to_requester`, and the reason of others if `reason_open`.
    `judges_text` refuses the step if the text, or the days that it is asked for, have changed since
    its page was loaded. One that can
    be taken again, from the state to which it leads, needs that, or a second click would count.
    `silent_because` tells engineers why a step `tells` nobody. What is done beside the workflow and
    changes what is decided on is named in `in_view_of`, as the audit log calls it.
    """

    sources: frozenset[S]
    target: S
    by: Role
    label: Message
    story: Message
    tells: tuple[Mail[Any], ...]
    done: Message | None = None
    offered: bool = True
    has_page: bool = False
    needs_reason: frozenset[S] = frozenset()
    reasons: tuple[ReasonKind, ...] = ()
    question: Message = REASON
    hint: Message = KEPT
    asks_source: bool = False
    asks_first: frozenset[S] = frozenset()
    open_to_requester: bool = False
    reason_open: bool = False
    dangerous: bool = False
    insists: bool = False
    judges_text: bool = False
    silent_because: str = ""
    in_view_of: frozenset[str] = frozenset()
    stays: frozenset[S] = frozenset()

    def leads_to(self, state: S) -> S:
        """Return the state to which the step leads from another one."""
        return state if state in self.stays else self.target

    @property
    def is_decided(self) -> bool:
        """Tell whether somebody decides on the step, by its button, by a page of its own or by the
        form of what it begins; any other follows from one, which may be a new decision."""
        return self.offered or self.has_page or not self.sources


class Workflow(Generic[S, N]):
    """The table of the steps of one kind of thing; `subject` names the thing in the audit log.

    `in_view_of` has what, as the log calls it, changes what every one of the steps is decided on.
    Where several rows are one matter to decide on, events are `known_by` what the log tells of it.
    """

    def __init__(
        self,
        subject: str,
        steps: Mapping[N, Step[S]],
        *,
        in_view_of: frozenset[str] = frozenset(),
        known_by: str | None = None,
    ) -> None:
        self.subject = subject
        self.in_view_of = in_view_of
        self.known_by = known_by
        self._steps = steps

    def __getitem__(self, name: N) -> Step[S]:
        return self._steps[name]

    def __iter__(self) -> Iterator[N]:
        return iter(self._steps)

    def find(self, slug: str) -> N | None:
        """Return the step that an address names, if it is one that people are offered."""
        for name, step in self._steps.items():
            if step.offered and name.slug == slug:
                return name
        return None

    def action(self, name: N) -> str:
        """Return the step as the audit log writes it."""
        return f"{self.subject}: {name.value}"

    def actions(self) -> dict[str, Step[S]]:
        """Return the steps by what the audit log calls them."""
        return {self.action(name): step for name, step in self._steps.items()}

    def possible(self, state: S, actor: Actor, owners: Owners = NOBODY) -> list[N]:
        """Return what this person can do now, in the table's order."""
        return [
            name
            for name, step in self._steps.items()
            if step.offered and state in step.sources and not _refusal(step, actor, owners)
        ]

    def why_not(self, name: N, actor: Actor, owners: Owners = NOBODY) -> Message | None:
        """Return why this person may not take the step, whatever the state of the thing, if so."""
        return _refusal(self._steps[name], actor, owners)

    def check_person(self, name: N, actor: Actor, owners: Owners = NOBODY) -> Step[S]:
        """Return the step, or refuse whoever may not take it, whatever the state of the thing."""
        if refusal := self.why_not(name, actor, owners):
            raise ForbiddenError(refusal)
        return self._steps[name]

    def check(
        self,
        name: N,
        state: S,
        actor: Actor,
        why: Why | None = None,
        owners: Owners = NOBODY,
    ) -> Step[S]:
        """Return the step, or refuse in words: wrong role or person, wrong state, no reason given.

        `owners` says whose the thing is, for each role in which it is somebody's own.
        """
        # Role and person are asked for first: the state is nothing to those who may not act.
        step = self.check_person(name, actor, owners)
        if state not in step.sources:
            raise ConflictError(
                _(
                    "“%(step)s” is not possible any more; the state is “%(state)s” now.",
                    step=step.label,
                    state=state,
                )
            )
        if state in step.needs_reason:
            refuse_bad_reason(step.label, () if actor.is_platform else step.reasons, why)
            if step.asks_source and (why is None or why.source is None):
                raise ConflictError(
                    _("“%(step)s” needs who said it, and on which day.", step=step.label)
                )
        return step


def refuse_bad_reason(step: Message, offered: tuple[ReasonKind, ...], why: Why | None) -> None:
    """Refuse in words a step without a reason, with one of another list, or without its text.

    Where none is `offered`, the step is a part of another, of which it has the reason.
    """
    if why is None or (offered and why.kind not in offered):
        raise ConflictError(_("“%(step)s” needs a reason from the list.", step=step))
    if why.kind in NEED_DAYS and why.days is None:
        raise ConflictError(_("“%(step)s” needs the days that are possible.", step=step))
    if why.kind in NEED_TEXT and not why.text.strip():
        raise ConflictError(_("“%(step)s” needs a reason in words.", step=step))


def why_not_theirs(actor: Actor, owners: Owners, *, besides: Role | None = None) -> Message | None:
    """Return why somebody else decides on a thing, if so: it is this person's own in some role.

    A role `besides` which it is asked does not count. Experts decide on what is theirs also where
    they act, or have acted, for the authority that has nominated them.
    """
    others = {
        role: owner
        for role, owner in owners.items()
        if role is not besides and not (owner.any_member and besides is Role.EXPERT)
    }
    if actor.id is not None and any(owner.account_id == actor.id for owner in others.values()):
        return OWN
    if any(
        role in actor.roles and owner.is_organisation_of(actor) for role, owner in others.items()
    ):
        return OURS
    sides = {role for role, owner in others.items() if actor.id in owner.acted}
    if Role.EXPERT in sides:
        return OWN  # By another account of the same person.
    return OTHER_SIDE if sides else None


def _refusal(step: Step[Any], actor: Actor, owners: Owners) -> Message | None:
    """Return why this person may not take the step, if so.

    Nobody decides on what is their own, or their organisation's: whose own a thing is in one role
    takes no step with it in another, and nobody acts for both sides of it. What the platform draws
    as a consequence is nobody's decision.
    """
    if actor.is_platform:
        return None
    if step.by not in actor.roles:
        return _("“%(step)s” can be done only by: %(role)s.", step=step.label, role=step.by)
    if own := why_not_theirs(actor, owners, besides=step.by):
        return own
    if step.by not in owners:
        return None
    if not owners[step.by].acts(actor):
        return _("Only the person whose own it is can do this.")
    return OTHER_SIDE if actor.id in owners[step.by].decided else None
