"""Who is given which document of a mission, and when."""

from collections.abc import Mapping
from datetime import timedelta

from webapp.core.actor import Actor
from webapp.core.record.reasons import ReasonKind
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import is_office
from webapp.deployments.workflow import COMING, OVER
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as experts
from webapp.matches.models import Match
from webapp.matches.releases import ASKED
from webapp.matches.rules import BOOKED, is_of_authority
from webapp.mission_checklists.models import ItemState
from webapp.mission_checklists.rules import Entry
from webapp.mission_documents.models import DocumentKind

# A document is saved at once, and made anew when something has changed.
KEPT = timedelta(days=1)
# Nobody else works on a document whose worker has been silent for so long.
STANDS_STILL = timedelta(minutes=5)
# The steps of making one: what it says is gathered, laid out, and kept.
STEPS = 3

D = DocumentKind


# A letter is read by whom it is written to, and by SEESAC, which signs it.
READERS: Mapping[DocumentKind, frozenset[Side]] = {
    D.TERMS: frozenset(Side),
    D.BRIEFING: frozenset({Side.EXPERT, Side.OFFICE}),
    D.CERTIFICATE: frozenset({Side.EXPERT, Side.OFFICE}),
    D.THANKS_EXPERT: frozenset({Side.EXPERT, Side.OFFICE}),
    D.THANKS_AUTHORITY: frozenset({Side.AUTHORITY, Side.OFFICE}),
}
WHEN: Mapping[DocumentKind, frozenset[DeploymentState]] = {
    D.TERMS: COMING | OVER,
    D.BRIEFING: COMING,
    D.CERTIFICATE: OVER,
    D.THANKS_EXPERT: OVER,
    D.THANKS_AUTHORITY: OVER,
}


def sides_of(actor: Actor, deployment: Deployment) -> set[Side]:
    """Return as whom this person reads documents of a mission; nobody else reads any."""
    match = deployment.match
    stands = {
        Side.EXPERT: experts.is_own(actor, match.expert),
        Side.REQUESTER: requests.is_requester(actor, match.request),
        Side.AUTHORITY: is_of_authority(actor, match),
        Side.OFFICE: is_office(actor, deployment),
    }
    return {side for side, is_theirs in stands.items() if is_theirs}


def can_read(actor: Actor, deployment: Deployment, kind: DocumentKind) -> bool:
    """Tell whether this person is given a document of a mission as it stands."""
    readers = READERS.get(kind, frozenset()) & sides_of(actor, deployment)
    return bool(readers) and deployment.state in WHEN[kind]


def list_readable(actor: Actor, deployment: Deployment) -> list[DocumentKind]:
    """Return the documents of a mission that this person is given now."""
    return [kind for kind in READERS if can_read(actor, deployment, kind)]


def list_for_authority(deployment: Deployment) -> list[DocumentKind]:
    """Return the documents of its official's mission that an authority is given now."""
    return [
        kind
        for kind, readers in READERS.items()
        if Side.AUTHORITY in readers and deployment.state in WHEN[kind]
    ]


def reads_all_terms(actor: Actor, deployment: Deployment) -> bool:
    """Tell whether this person reads what experts and their authorities do not read of terms."""
    return bool(sides_of(actor, deployment) & {Side.REQUESTER, Side.OFFICE})


def is_released(release: Entry) -> bool:
    """Tell whether an authority has released the expert of a mission, by what its checklist says of
    the letter: who was approved without asking for it may have been released before or after."""
    why = release.deployment.match.unreleased_reason
    is_asked = why is None or why.kind is ReasonKind.RELEASED_BEFORE
    return is_asked or release.state is ItemState.DONE


def has_nomination(match: Match) -> bool:
    """Tell whether the authority of an expert has been asked, or could have been by a letter: one
    that has agreed in advance is asked nothing."""
    why = match.unreleased_reason
    agreed = why is not None and why.kind is ReasonKind.RELEASED_BEFORE
    return match.state in ASKED | BOOKED and not agreed
