"""Who may reach the pages of matches; a part of the access matrix."""

from tests.structure.access_of_accounts import C, E, R, only

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
    "matches.check_answer": {"GET": only(E)},
    "matches.answer_invitation": {"POST": only(E)},
    "matches.preview": {"GET": only(E)},
}
