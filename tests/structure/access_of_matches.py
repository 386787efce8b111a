"""Who may reach the pages of matches; a part of the access matrix."""

from typing import Any

from tests import factories
from tests.structure.access_of_accounts import A_PASSAGE, C, E, R, only
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState

OF_MATCHES: dict[str, dict[str, frozenset[str]]] = {
    **{
        f"matches.{page}": {"GET": only(C)}
        for page in (
            "queue",
            "reading",
            "ranking",
            "check_shortlist",
            "compare",
            "team",
            "allocation",
            "show",
            "check",
            "check_proposal",
            "check_invitations",
        )
    },
    **{
        f"matches.{act}": {"POST": only(C)}
        for act in (
            "shortlist",
            "weigh_passage",
            "weigh",
            "take_step",
            "propose",
            "invite",
            "note_call",
        )
    },
    "matches.proposed": {"GET": only(R)},
    "matches.check_choice": {"GET": only(R)},
    "matches.choose": {"POST": only(R)},
    "matches.invitations": {"GET": only(E)},
    "matches.invitation": {"GET": only(E)},
    "matches.invitation_file": {"GET": only(E)},
    "matches.letter": {"GET": only(C)},
    "matches.check_answer": {"GET": only(E)},
    "matches.answer_invitation": {"POST": only(E)},
    "matches.preview": {"GET": only(E)},
}

# Things of one requester or expert.
OWN_OF_MATCHES: dict[str, Role] = {
    "matches.check_choice": R,
    "matches.proposed": R,
    "matches.choose": R,
    "matches.invitation": E,
    "matches.invitation_file": E,
    "matches.check_answer": E,
    "matches.answer_invitation": E,
}


def arguments_of_matches(world: factories.World) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of matches."""
    matches, accepted = world.matches, world.requests[RequestState.ACCEPTED].id
    return {
        "matches.ranking": {"request_id": accepted},
        "matches.note_call": {"number": 1},
        "matches.team": {"request_id": accepted},
        "matches.check_shortlist": {"request_id": accepted},
        "matches.compare": {"request_id": accepted},
        "matches.shortlist": {"request_id": accepted},
        "matches.weigh_passage": {"request_id": accepted, **A_PASSAGE},
        "matches.weigh": {"request_id": accepted},
        "matches.check_invitations": {"request_id": matches[MatchState.SHORTLISTED].request_id},
        "matches.invite": {"request_id": matches[MatchState.SHORTLISTED].request_id},
        "matches.propose": {"request_id": matches[MatchState.APPROVED].request_id},
        "matches.proposed": {"request_id": matches[MatchState.PROPOSED].request_id},
        "matches.check_choice": {"match_id": matches[MatchState.PROPOSED].id, "step": "select"},
        "matches.choose": {"match_id": matches[MatchState.PROPOSED].id, "step": "select"},
        "matches.check": {"match_id": matches[MatchState.RELEASED].id, "step": "approve"},
        "matches.check_proposal": {"request_id": matches[MatchState.APPROVED].request_id},
        "matches.take_step": {"match_id": matches[MatchState.SHORTLISTED].id, "step": "invite"},
        "matches.check_answer": {"step": "accept"},
        "matches.invitation_file": {"file_id": world.invited_file_id},
        "matches.letter": {"match_id": matches[MatchState.RELEASED].id},
        "matches.answer_invitation": {"step": "accept"},
    }
