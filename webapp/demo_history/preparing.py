"""Lets missions be prepared: each side sees to what a mission needs of it, as people do."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from webapp.core.actor import Actor
from webapp.core.stored_files import FileContent, FileKind
from webapp.core.unit_of_work import UnitOfWork
from webapp.deployments.models import Deployment
from webapp.expertise_requests.waiting import Side
from webapp.mission_checklists import operations, queries
from webapp.mission_checklists.content import RISK_VERSION
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry

# What stands for a signed paper where the expert has no account.
PAPER = FileContent("Consent.pdf", FileKind.PDF, b"%PDF-1.4 a paper of the demo, without content")


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
        operations.sign(work, entry.deployment, seen_version=RISK_VERSION)
        return
    file = PAPER if kind is NeedKind.CONSENT else None
    operations.settle(work, entry.deployment, kind, file)
