"""Who may reach the pages of deployments; a part of the access matrix."""

from tests.structure.access_of_accounts import EVERYBODY, C, E, R, only
from tests.structure.access_of_missions import (
    ARGUMENTS_OF_MISSIONS,
    OF_MISSIONS,
    OWN_OF_MISSIONS,
)
from webapp.core.roles import Role

OF_DEPLOYMENTS: dict[str, dict[str, frozenset[str]]] = {
    "deployments.index": {"GET": only(R, E, C)},
    "deployments.show": {"GET": only(R, E, C)},
    "deployments.make_feed": {"POST": only(R, E, C)},
    "deployments.end_feed": {"POST": only(R, E, C)},
    # The secret address of one's missions: tests/webapp/deployments reads it.
    "deployments.feed": {"GET": EVERYBODY},
    "deployments.move": {"GET": only(C), "POST": only(C)},
    "deployments.move_team": {"GET": only(C), "POST": only(C)},
    "deployments.take_step": {"POST": only(C)},
    **OF_MISSIONS,
}
# Things of one expert.
OWN_OF_DEPLOYMENTS: dict[str, Role] = {"deployments.show": E, **OWN_OF_MISSIONS}
DEPLOYMENTS_FOR_A_WHILE = {"deployments.feed"}
ARGUMENTS_OF_DEPLOYMENTS = {
    "deployments.feed": {"token": "of-nobody"},
    "deployments.take_step": {"step": "clear"},
    **ARGUMENTS_OF_MISSIONS,
}
