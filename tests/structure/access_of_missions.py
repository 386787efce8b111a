"""Who reaches the pages of what missions need."""

from tests.structure.access_of_accounts import C, E, N, R, only

_ALL_SIDES = only(R, E, N, C)
OF_MISSIONS: dict[str, dict[str, frozenset[str]]] = {
    "mission_checklists.show": {"GET": _ALL_SIDES},
    "mission_checklists.file": {"GET": _ALL_SIDES},
    "mission_checklists.settle": {"POST": _ALL_SIDES},
    "mission_checklists.reopen": {"POST": _ALL_SIDES},
    "mission_checklists.hand_over": {"POST": _ALL_SIDES},
    "mission_checklists.sign": {"POST": only(E)},
    "mission_checklists.leave_out": {"POST": only(C)},
    "mission_costs.show": {"GET": only(C), "POST": only(C)},
    "mission_contacts.show": {"GET": only(R, E, C)},
    "mission_contacts.write": {"GET": only(R, E, C), "POST": only(R, E, C)},
}
# Each thing is read by the side whose it is: tests/webapp/mission_checklists opens those of all.
MISSIONS_FOR_A_WHILE = {
    "mission_checklists.show", "mission_checklists.file", "mission_contacts.show",
    "mission_contacts.write",
}  # fmt: skip
OWN_OF_MISSIONS = dict.fromkeys(
    ("mission_checklists.show", "mission_checklists.file", "mission_checklists.settle",
     "mission_checklists.reopen", "mission_checklists.sign", "mission_checklists.hand_over",
     "mission_contacts.show", "mission_contacts.write"),
    E,
)  # fmt: skip
ARGUMENTS_OF_MISSIONS = {
    name: {"kind": "consent"} for name in OF_MISSIONS if name.startswith("mission_checklists.")
}
