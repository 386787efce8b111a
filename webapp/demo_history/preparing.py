"""Lets missions be prepared: each side sees to what a mission needs of it, as people do."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from webapp.accounts.queries import list_members
from webapp.core.actor import Actor
from webapp.core.files.stored_files import FileContent, FileKind
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import SOURCE_LANGUAGE
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import Payer
from webapp.expertise_requests.waiting import Side
from webapp.mission_checklists import operations, queries
from webapp.mission_checklists.content import risk_to_read
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry
from webapp.mission_contacts import operations as contacts
from webapp.mission_contacts.content import ContactContent
from webapp.mission_costs import operations as costs
from webapp.mission_costs.content import Cost
from webapp.mission_costs.models import CostItem

# What stands for a signed paper where the expert has no account.
PAPER = FileContent("Consent.pdf", FileKind.PDF, b"%PDF-1.4 a paper of the demo, without content")

CONTACT = ContactContent("Fictional Relative", "+381 11 0000 009", "sister", "No pork, no nuts.")
NO_CERTIFICATE = Grounds(ReasonKind.COMMENT, "The authority keeps the certificates of its own.")
# What is still to be done of two missions: of the first little, of the second most.
K = NeedKind
LEFT_OPEN = (
    frozenset({K.TICKETS, K.BRIEFING}),
    frozenset(K) - {K.RELEASE, K.INSURANCE, K.INVITATION},
)
LOOKED_AHEAD = timedelta(days=365)


def prepare(
    work: UnitOfWork, mission: Deployment, sides: Mapping[Side, Actor],
    *, leaving: Collection[NeedKind] = (),
) -> None:  # fmt: skip
    """Let all that a mission needs be seen to but what is in `leaving`; SEESAC is among `sides`."""
    for entry in queries.entries_of(work.session, mission):
        if entry.is_open and entry.need.kind not in leaving:
            side = entry.need.side if entry.is_reached else Side.OFFICE
            _see_to(replace(work, actor=sides[side]), entry)


def _see_to(work: UnitOfWork, entry: Entry) -> None:
    kind = entry.need.kind
    if kind is NeedKind.CONSENT and entry.is_reached:
        known = queries.get_risk_known(work.session, entry.deployment)
        operations.sign(
            work,
            entry.deployment,
            read=risk_to_read(SOURCE_LANGUAGE, known),
            seen_version=entry.deployment.version,
        )
        return
    file = PAPER if kind is NeedKind.CONSENT else None
    operations.settle(work, entry.deployment, kind, file, seen_version=entry.deployment.version)


def prepare_coming(work: UnitOfWork) -> None:
    """Leave two missions that are still to come half prepared, and write down what those cost.

    Whoever acts is a coordinator, for experts of the history have no accounts.
    """
    last = work.now.date() + LOOKED_AHEAD
    coming = queries.list_ahead(work.session, last)
    for mission, leaving in zip(coming, LEFT_OPEN, strict=False):
        sides = _sides_of(work, mission)
        prepare(work, mission, sides, leaving=leaving)
        contacts.write(work, mission, CONTACT, seen_version=0)
        costs.write(work, mission, _costs(mission), seen_version=0)
    for mission in coming[1:2]:
        operations.leave_out(
            work, mission, NeedKind.MEDICAL, NO_CERTIFICATE, seen_version=mission.version
        )
    for mission in missions.list_unfinished(work.session, work.now.date()):
        if mission.state is DeploymentState.DEPLOYED:
            costs.write(work, mission, _costs(mission), seen_version=0)


def _sides_of(work: UnitOfWork, mission: Deployment) -> dict[Side, Actor]:
    match = mission.match
    members = list_members(work.session, Role.NOMINATING_AUTHORITY, match.authority_id)
    authority = members[0].as_actor() if members else work.actor
    return {
        Side.OFFICE: work.actor,
        Side.EXPERT: match.expert.account.as_actor() if match.expert.account else work.actor,
        Side.REQUESTER: match.request.requester.as_actor(),
        Side.AUTHORITY: authority,
    }


def _costs(mission: Deployment) -> dict[CostItem, Cost]:
    days = (mission.end - mission.start).days + 1
    return {
        CostItem.TRAVEL: Cost(Decimal(640), Decimal("612.40"), Payer.SEESAC),
        CostItem.ALLOWANCE: Cost(Decimal(65) * days, None, Payer.SEESAC),
        CostItem.ACCOMMODATION: Cost(Decimal(80) * days, None, Payer.REQUESTER),
        CostItem.INSURANCE: Cost(Decimal("38.50"), Decimal("38.50"), Payer.SEESAC),
    }
