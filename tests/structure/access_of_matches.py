"""Who may reach the pages of matches; a part of the access matrix."""

from tests.structure.access_of_accounts import C, E, R, only
from webapp.core.roles import Role

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
        for act in ("shortlist", "weigh_passage", "weigh", "take_step", "propose", "invite")
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
