"""Which things a mission needs, by when, whose they are, and who reads of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.record.reasons import ReasonKind
from webapp.core.words.translation import Message, _
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import is_for_authority, is_office
from webapp.deployments.workflow import AHEAD, COMING
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as experts
from webapp.matches.models import Match
from webapp.matches.rules import is_asked_anew
from webapp.mission_checklists.content import AT_HOME, NEEDS, Need, Where
from webapp.mission_checklists.models import Item, ItemState, NeedKind

# Nobody is asked for something by an earlier day than this after the mission was planned.
SHORTEST = timedelta(days=3)


@dataclass(frozen=True)
class Entry:
    """A thing that a mission needs, as it stands.

    `by_letter` is when the letter of the release was written: that thing is done by it, until it is
    opened again, and by a newer letter once more. `is_reached` tells whether the side whose it is
    can act on the platform.
    """

    need: Need
    deployment: Deployment
    item: Item | None
    is_reached: bool
    by_letter: datetime | None = None

    @property
    def state(self) -> ItemState:
        """Return where it stands."""
        if self._is_done_by_letter:
            return ItemState.DONE
        if self.item is not None:
            return self.item.state
        return ItemState.NOT_NEEDED if self.is_needless else ItemState.OPEN

    @property
    def since(self) -> datetime | None:
        """Return when it was seen to, if it was."""
        if self._is_done_by_letter or self.item is None:
            return self.by_letter
        return self.item.state_since

    @property
    def _is_done_by_letter(self) -> bool:
        if self.item is None:
            return self.by_letter is not None
        return self.item.state is ItemState.OPEN and self.is_released_since(self.item.state_since)

    @property
    def is_needless(self) -> bool:
        """Tell whether nobody has said anything of it, and it follows that it is not needed: the
        letter of a release for which nobody had to be asked."""
        return (
            self.item is None
            and self.need.kind is NeedKind.RELEASE
            and is_free_to_go(self.deployment.match)
        )

    @property
    def owner_id(self) -> int | None:
        """Return who was asked to see to it while it is open, if somebody was."""
        return self.item.owner_id if self.item and self.is_open else None

    @property
    def due(self) -> date:
        """Return the day by which it is to be done: no later than the mission begins."""
        mission = self.deployment
        day = mission.start - self.need.lead
        if mission.state is DeploymentState.PLANNED:
            day = max(day, mission.state_since.date() + SHORTEST)
        return min(day, mission.start)

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be seen to."""
        return self.state is ItemState.OPEN

    @property
    def blocks(self) -> bool:
        """Tell whether the mission cannot be cleared for it."""
        return self.is_open and self.need.compulsory

    def is_released_since(self, moment: datetime) -> bool:
        """Tell whether the letter of the release was written after a moment."""
        return self.by_letter is not None and self.by_letter > moment

    def is_overdue(self, today: date) -> bool:
        """Tell whether it was to be done before a day, and still can be.

        What was left open of a mission that is over comes too late for everybody.
        """
        return self.is_open and self.due < today and self.deployment.state in COMING

    def acts(self, side: Side) -> bool:
        """Tell whether a side sees to it: its own, or SEESAC where that is not on the platform."""
        return self.need.side is side or (side is Side.OFFICE and not self.is_reached)

    def shows_file(self, side: Side) -> bool:
        """Tell whether there is a file that a side reads."""
        return bool(self.item and self.item.file) and side in self.need.read_by

    def is_shown(self, side: Side) -> bool:
        """Tell whether a side reads of it: of what is its own, or has a file for it; SEESAC all."""
        return side in {Side.OFFICE, self.need.side} or self.shows_file(side)


def needs_of(deployment: Deployment) -> list[Need]:
    """Return what a mission needs, by the kind of help and the place, in the table's order."""
    request, expert = deployment.match.request, deployment.match.expert
    away = request.help_kind not in AT_HOME
    fits = {
        Where.ANYWHERE: True,
        Where.AWAY: away,
        Where.ABROAD: away and request.jurisdiction != expert.jurisdiction,
        Where.REMOTE: not away,
    }
    return [
        need
        for need in NEEDS
        if fits[need.where] and (not need.helps or request.help_kind in need.helps)
    ]


def is_free_to_go(match: Match) -> bool:
    """Tell whether an expert was approved without a release because there is nobody to give it.

    Whoever has agreed in advance has given one, on the platform or not, and has the paper.
    """
    why = match.unreleased_reason
    if why is None or why.kind is ReasonKind.RELEASED_BEFORE:
        return False
    return match.authority_id is None or why.kind is ReasonKind.NO_RELEASE_NEEDED


def side_of(actor: Actor, deployment: Deployment) -> Side | None:
    """Return on which side of a mission this person stands; SEESAC only where it is not theirs."""
    match = deployment.match
    if experts.is_own(actor, match.expert):
        return Side.EXPERT
    # Colleagues of a requester read the request, but not who comes.
    if requests.is_requester(actor, match.request):
        return Side.REQUESTER
    if is_for_authority(deployment, actor):
        return Side.AUTHORITY
    return Side.OFFICE if is_office(actor, deployment) else None


def list_authority(deployment: Deployment, acting: Mapping[int, Sequence[Actor]]) -> list[Actor]:
    """Return who stands on the authority's side of a mission, of those who act for authorities.

    `acting` has them by organisation. The expert stands on another side, also as a member.
    """
    members = acting.get(deployment.match.authority_id or 0, ())
    return [one for one in members if side_of(one, deployment) is Side.AUTHORITY]


def can_act(actor: Actor, entry: Entry) -> bool:
    """Tell whether this person sees to a thing now."""
    side = side_of(actor, entry.deployment)
    return side is not None and entry.deployment.state in COMING and entry.acts(side)


def can_leave_out(actor: Actor, entry: Entry) -> bool:
    """Tell whether this person can say for SEESAC that a mission does not need something."""
    office = side_of(actor, entry.deployment) is Side.OFFICE
    coming = entry.deployment.state in COMING
    return office and coming and entry.is_open and not entry.need.firm


def can_reopen(actor: Actor, entry: Entry) -> bool:
    """Tell whether this person can open again what is done, while the mission is not cleared.

    A consent is taken back until the expert leaves, as its text says.
    """
    if entry.is_open:
        return False
    if entry.deployment.state is not DeploymentState.PLANNED:
        ahead, consents = entry.deployment.state in AHEAD, entry.need.kind is NeedKind.CONSENT
        return ahead and consents and can_act(actor, entry)
    return can_act(actor, entry) or side_of(actor, entry.deployment) is Side.OFFICE


def is_by_its_side(actor: Actor, entry: Entry) -> bool:
    """Tell whether who acts stands on the side whose a thing is."""
    return side_of(actor, entry.deployment) is entry.need.side


def signs(actor: Actor, entry: Entry) -> bool:
    """Tell whether this is what the expert alone signs on the page."""
    return entry.need.kind is NeedKind.CONSENT and experts.is_own(
        actor, entry.deployment.match.expert
    )


def waits_for(entry: Entry, entries: Iterable[Entry]) -> Entry | None:
    """Return what comes before a thing and is open itself, if so."""
    if not entry.is_open or entry.need.after is None:
        return None
    first = (other for other in entries if other.need.kind is entry.need.after)
    return next((other for other in first if other.is_open), None)


def list_shown(entries: Iterable[Entry], side: Side) -> list[Entry]:
    """Return what of a checklist a side reads."""
    return [entry for entry in entries if entry.is_shown(side)]


def waited_for_by(entry: Entry, entries: Iterable[Entry]) -> Entry | None:
    """Return what is compulsory and waits for a thing that is open, if so."""
    if not entry.is_open:
        return None
    later = (other for other in entries if other.need.after is entry.need.kind)
    return next((other for other in later if other.blocks), None)


def list_holding_up(entries: Sequence[Entry]) -> list[Entry]:
    """Return what a mission cannot be cleared without, and what such a thing waits for."""
    return [one for one in entries if one.blocks or waited_for_by(one, entries)]


def is_release_asked_anew(entry: Entry) -> bool:
    """Tell whether the authority is to answer first for the other days that the mission has got."""
    match = entry.deployment.match
    return entry.need.kind is NeedKind.RELEASE and is_asked_anew(match, clock.today())


def why_not_done(entry: Entry, *, has_file: bool) -> Message | None:
    """Return why a thing cannot be ticked off so, if it cannot."""
    if not entry.is_open:
        return _("This is “%(state)s” already.", state=entry.state)
    if entry.need.kind is NeedKind.CONSENT and not has_file:
        return _("Please add the paper that the expert has signed.")
    if is_release_asked_anew(entry):
        return _(
            "The release is for other days than the mission has now. First the authority answers"
            " for these, or SEESAC notes its answer on the page of the match."
        )
    return None
