"""Checklists of missions, seen to by whose each thing is."""

from sqlalchemy.orm import Session

from tests.factories.people import account, work
from webapp.accounts.models import Account
from webapp.accounts.queries import list_members
from webapp.core.files.stored_files import read_file
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.waiting import Side
from webapp.mission_checklists import operations as preparing
from webapp.mission_checklists import queries as checklists
from webapp.mission_checklists.content import risk_to_read
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry, why_not_done


def settle(
    session: Session, made: Deployment, *kinds: NeedKind, office: Account | None = None
) -> None:
    """Let each side see to what a mission needs of it: all that can be done now, or of these
    things what can.

    What SEESAC sees to or notes does the `office`, or a new coordinator.
    """
    for entry in checklists.entries_of(session, made):
        kind = entry.need.kind
        if (kinds and kind not in kinds) or why_not_done(entry, has_file=True):
            continue
        by = work(session, seeing_to(session, made, entry, office))
        if kind is NeedKind.CONSENT and entry.is_reached:
            known = checklists.get_risk_known(session, made)
            read = risk_to_read("en", known)
            preparing.sign(by, made, read=read, seen_version=made.version)
        else:
            paper = read_file("Paper.pdf", b"%PDF-1.7 signed")
            preparing.settle(by, made, kind, paper, seen_version=made.version)


def seeing_to(
    session: Session, made: Deployment, entry: Entry, office: Account | None = None
) -> Account:
    """Return who sees to a thing that a mission needs, or notes it for SEESAC."""
    request, expert = made.match.request, made.match.expert
    people = {Side.EXPERT: expert.account, Side.REQUESTER: request.requester}
    person = people.get(entry.need.side) if entry.is_reached else None
    if entry.need.side is Side.AUTHORITY and entry.is_reached:
        (person, *_) = list_members(session, Role.NOMINATING_AUTHORITY, expert.authority_id)
    return person or office or account(session, Role.COORDINATOR)
