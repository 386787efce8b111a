"""Which events of the log an administrator does not read: those of their own affairs.

Administrators have no other role, but they may have had one. Whoever has asked for experts would
read here who is considered for that request and why somebody declines, and whoever stands on the
roster what is decided about them: what no page of coordinators shows them either.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.record.audit import AuditEvent
from webapp.deployments.models import Deployment
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.models import Match

# The pages of one request, one match or one mission, as the log writes down who was shown there.
_PAGE = re.compile(r"^/([a-z]+)/([0-9]{1,18})\b")
_OF_MATCHES = ("matches", "invitations", "proposals", "releases")


@dataclass(frozen=True)
class _Own:
    """Somebody's own affairs, by number: requests they ask with, their pages, and profiles."""

    requests: frozenset[int]
    pages: frozenset[tuple[str, int]]
    profiles: frozenset[int]


def find_withheld(session: Session, actor: Actor, events: Sequence[AuditEvent]) -> set[int]:
    """Return the numbers of those events that tell this person of affairs of their own.

    What somebody did themselves they know, and read.
    """
    own = _find_own(session, actor)
    return {event.id for event in events if event.actor_id != actor.id and _is_about(event, own)}


def tells_of_no_own_request(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that an event tells of no request with which this person asks.

    Where the log is narrowed to the pages on which an expert was shown, even a line that says
    nothing would tell that this expert is considered.
    """
    own = _find_own(session, actor)
    path = AuditEvent.details["path"].as_string()
    pages = [f"/{kind}/{number}" for kind, number in sorted(own.pages)]
    shown = [sa.or_(path == page, path.startswith(f"{page}/"), path.startswith(f"{page}?"))
             for page in pages]  # fmt: skip
    asked = sa.func.coalesce(AuditEvent.request_id.in_(own.requests), sa.false())
    return ~sa.or_(asked, sa.func.coalesce(sa.or_(sa.false(), *shown), sa.false()))


def _find_own(session: Session, actor: Actor) -> _Own:
    asked = set(session.scalars(sa.select(ExpertiseRequest.id).where(requests.is_asking(actor))))
    matches = set(session.scalars(sa.select(Match.id).where(Match.request_id.in_(asked))))
    missions = session.scalars(sa.select(Deployment.id).where(Deployment.match_id.in_(matches)))
    joined = sa.select(ProfileMerge.expert_id).where(ProfileMerge.account_id == actor.id)
    profiles = set(session.scalars(sa.select(Expert.id).where(Expert.account_id == actor.id)))
    profiles |= set(session.scalars(joined))
    # The log calls a profile that was joined with another by the number that it had.
    gone = sa.select(ProfileMerge.gone_id).where(ProfileMerge.expert_id.in_(profiles))
    profiles |= set(session.scalars(gone))
    pages = {("requests", number) for number in asked}
    pages |= {(kind, number) for kind in _OF_MATCHES for number in matches}
    pages |= {("deployments", number) for number in missions}
    return _Own(frozenset(asked), frozenset(pages), frozenset(profiles))


def _is_about(event: AuditEvent, own: _Own) -> bool:
    details = event.details
    about = {details.get("expert_id"), *details.get("experts", ())}
    if event.subject == Expert.__tablename__:
        about.add(event.subject_id)
    page = _PAGE.match(details.get("path", ""))
    return (
        event.request_id in own.requests
        or not own.profiles.isdisjoint(about)
        or (page is not None and (page[1], int(page[2])) in own.pages)
    )
