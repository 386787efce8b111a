"""Who may reach the pages of requests for expertise; a part of the access matrix."""

from typing import Any

from tests import factories
from tests.structure.access_of_accounts import EVERYBODY, A, C, R, only
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

OF_REQUESTS: dict[str, dict[str, frozenset[str]]] = {
    "expertise_requests.index": {"GET": only(R)},
    "expertise_requests.thrown_away": {"GET": only(R)},
    "expertise_requests.new": {"GET": only(R)},
    "expertise_requests.create": {"POST": only(R)},
    "expertise_requests.templates": {"GET": only(R)},
    "expertise_requests.begin_from_template": {"POST": only(R)},
    "expertise_requests.copy": {"POST": only(R)},
    "expertise_requests.edit": {"GET": only(R)},
    "expertise_requests.save": {"POST": only(R)},
    "expertise_requests.covered": {"GET": only(R)},
    "expertise_requests.check": {"GET": only(R, C)},
    "expertise_requests.take_step": {"POST": only(R, C)},
    "expertise_requests.show": {"GET": only(R, C)},
    "expertise_requests.messages": {"GET": only(R, C), "POST": only(R, C)},
    "expertise_requests.settle_messages": {"POST": only(C)},
    "expertise_requests.files": {"GET": only(R, C)},
    "expertise_requests.add_file": {"POST": only(R, C)},
    "expertise_requests.file": {"GET": only(R, C)},
    "expertise_requests.remove_file": {"POST": only(R, C)},
    "expertise_requests.everything": {"GET": only(C)},
    "expertise_requests.colleagues": {"GET": only(R)},
    "expertise_requests.ask_to_take_over": {"GET": only(R)},
    "expertise_requests.take_over": {"POST": only(R)},
    "expertise_requests.without_owner": {"GET": only(C, A)},
    "expertise_requests.coordinator": {"GET": only(C)},
    "expertise_requests.hand_over": {"POST": only(C)},
    "expertise_requests.comment": {"GET": only(C), "POST": only(C)},
    "amendments.versions": {"GET": only(R, C)},
    "amendments.version": {"GET": only(R, C)},
    "amendments.amend": {"GET": only(R, C), "POST": only(R, C)},
    "amendments.show": {"GET": only(R, C)},
    "amendments.take_step": {"POST": only(R, C)},
    # An invitation as its mail's link shows it: tests/webapp/matches opens it.
    "matches.invitation_by_link": {"GET": EVERYBODY},
    "matches.answer_by_link": {"POST": EVERYBODY},
    "matches.answered_by_link": {"GET": EVERYBODY},
}
# Things of one requester.
OWN_OF_REQUESTS: dict[str, Role] = {
    "expertise_requests.show": R,
    "expertise_requests.messages": R,
    "expertise_requests.files": R,
    "expertise_requests.add_file": R,
    "expertise_requests.file": R,
    "expertise_requests.remove_file": R,
    "expertise_requests.edit": R,
    "expertise_requests.covered": R,
    "expertise_requests.copy": R,
    "expertise_requests.save": R,
    "expertise_requests.check": R,
    "expertise_requests.take_step": R,
    "expertise_requests.ask_to_take_over": R,
    "expertise_requests.take_over": R,
    "amendments.versions": R,
    "amendments.version": R,
    "amendments.amend": R,
    "amendments.show": R,
    "amendments.take_step": R,
}
REQUESTS_FOR_A_WHILE = {"matches.invitation_by_link", "matches.answer_by_link"}
IN_ADDRESSES = {
    "expertise_requests.begin_from_template": {"name": "weapons-stores"},
    "matches.invitation_by_link": {"token": "of-nobody"},
    "matches.answer_by_link": {"token": "of-nobody", "step": "accept"},
}


def arguments_of_amendments(world: factories.World) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of changes of terms of reference."""
    of_one = {"request_id": world.requests[RequestState.ACCEPTED].id}
    its_change = {**of_one, "amendment_id": world.amendment_id}
    return {
        "amendments.versions": of_one,
        "amendments.version": {**of_one, "number": 1},
        "amendments.amend": {"request_id": world.requests[RequestState.MATCHING].id},
        "amendments.show": its_change,
        "amendments.take_step": {**its_change, "step": "decline-it"},
    }
