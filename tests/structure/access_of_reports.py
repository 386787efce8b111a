"""Who reaches the pages of reports on missions."""

from tests.structure.access_of_accounts import C, E, R, only
from tests.structure.access_of_missions import MISSIONS_FOR_A_WHILE

_BOTH = only(R, E, C)
OF_REPORTS = {
    "mission_reports.show": {"GET": _BOTH},
    "mission_reports.write": {"GET": _BOTH, "POST": _BOTH},
    "mission_reports.check": {"GET": _BOTH},
    "mission_reports.send": {"POST": _BOTH},
    "mission_reports.profile_entry": {"GET": only(E), "POST": only(E)},
    "mission_reports.follow_up": {"GET": only(R, C), "POST": only(R, C)},
    "mission_reports.add_lesson": {"POST": only(C)},
    "mission_reports.remove_lesson": {"POST": only(C)},
    "mission_reports.certificate": {"POST": _BOTH},
    "mission_reports.give_back": {"POST": only(C)},
}
# The mission of the world is still to come, so nothing is written about it.
REPORTS_FOR_A_WHILE = {"mission_reports.write", "mission_reports.check", *MISSIONS_FOR_A_WHILE}
OWN_OF_REPORTS = {"mission_reports.follow_up": R} | dict.fromkeys(
    ("mission_reports.show", "mission_reports.write", "mission_reports.check",
     "mission_reports.send", "mission_reports.profile_entry", "mission_reports.certificate"),
    E,
)  # fmt: skip
