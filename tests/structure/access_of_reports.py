"""Who reaches the pages of reports on missions, and of their documents."""

from typing import Any

from tests.factories.world import World
from tests.structure.access_of_accounts import C, E, N, R, only
from tests.structure.access_of_missions import MISSIONS_FOR_A_WHILE
from webapp.matches.models import MatchState

_BOTH = only(R, E, C)
OF_REPORTS = {
    "mission_reports.show": {"GET": _BOTH},
    "mission_reports.write": {"GET": _BOTH, "POST": _BOTH},
    "mission_reports.check": {"GET": _BOTH},
    "mission_reports.send": {"POST": _BOTH},
    "mission_reports.profile_entry": {"GET": only(E), "POST": only(E)},
    "mission_reports.profile_entry_for": {"GET": only(C), "POST": only(C)},
    "mission_reports.follow_up": {"GET": only(R, C), "POST": only(R, C)},
    "mission_reports.add_lesson": {"POST": only(C)},
    "mission_reports.remove_lesson": {"POST": only(C)},
    "mission_reports.give_back": {"POST": only(C)},
    "mission_reports.files": {"GET": _BOTH},
    "mission_reports.add_file": {"POST": _BOTH},
    "mission_reports.file": {"GET": _BOTH},
    "mission_reports.remove_file": {"POST": _BOTH},
}
# The mission of the world is still to come, so nothing is written about it.
FOR_A_WHILE = MISSIONS_FOR_A_WHILE | {
    f"mission_reports.{page}" for page in ("write", "check", "files", "file", "profile_entry_for")
}
OWN_OF_REPORTS = {"mission_reports.follow_up": R} | dict.fromkeys(
    ("mission_reports.show", "mission_reports.write", "mission_reports.check",
     "mission_reports.send", "mission_reports.profile_entry", "mission_reports.files",
     "mission_reports.add_file", "mission_reports.file", "mission_reports.remove_file"),
    E,
)  # fmt: skip
# Their documents: they are made for who asks, and nobody is given one that was not asked for.
_ANYBODY = only(R, E, N, C)
OF_REPORTS |= {
    "mission_documents.index": {"GET": _BOTH},
    "mission_documents.ask": {"POST": _ANYBODY},
    "mission_documents.ask_for_nomination": {"POST": _ANYBODY},
    "mission_documents.show": {"GET": _ANYBODY},
    "mission_documents.file": {"GET": _ANYBODY},
}
FOR_A_WHILE |= {"mission_documents.show", "mission_documents.file"}
OWN_OF_REPORTS |= {
    "mission_documents.index": E,
    "mission_documents.ask": E,
    "mission_documents.ask_for_nomination": N,
    "mission_documents.show": E,
    "mission_documents.file": E,
}


def arguments_of_documents(world: World) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of documents beside the mission."""
    made = {"document_id": world.document_id}
    return {
        "mission_documents.ask": {"kind": "terms-of-reference"},
        "mission_documents.ask_for_nomination": {"match_id": world.matches[MatchState.RELEASED].id},
        "mission_documents.show": made,
        "mission_documents.file": made,
    }
