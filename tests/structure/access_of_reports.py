"""Who reaches the pages of reports on missions, and of their documents."""

from typing import Any

from tests.structure.access_of_accounts import C, E, N, R, only
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
    "mission_reports.give_back": {"POST": only(C)},
    "mission_reports.files": {"GET": _BOTH},
    "mission_reports.add_file": {"POST": _BOTH},
    "mission_reports.file": {"GET": _BOTH},
    "mission_reports.remove_file": {"POST": _BOTH},
}
# The mission of the world is still to come, so nothing is written about it.
FOR_A_WHILE = MISSIONS_FOR_A_WHILE | {
    f"mission_reports.{page}" for page in ("write", "check", "files", "file")
}
OWN_OF_REPORTS = {"mission_reports.follow_up": R} | dict.fromkeys(
    ("mission_reports.show", "mission_reports.write", "mission_reports.check",
     "mission_reports.send", "mission_reports.profile_entry", "mission_reports.files",
     "mission_reports.add_file", "mission_reports.file", "mission_reports.remove_file"),
    E,
)  # fmt: skip
# Their documents: a requester is given no briefing pack, and nobody one that was not asked for.
OF_REPORTS |= {
    "mission_documents.index": {"GET": _BOTH},
    "mission_documents.document": {"GET": _BOTH},
    "mission_documents.document_of_official": {"GET": only(N)},
    "mission_documents.nomination": {"GET": only(C)},
    "mission_documents.nomination_of_official": {"GET": only(N)},
    "mission_documents.briefing": {"GET": _BOTH},
    "mission_documents.ask_for_briefing": {"POST": _BOTH},
    "mission_documents.briefing_file": {"GET": _BOTH},
}
FOR_A_WHILE |= {"mission_documents.briefing", "mission_documents.briefing_file"}
OWN_OF_REPORTS |= {
    name: N if name.endswith("of_official") else E
    for name in OF_REPORTS
    if name.startswith("mission_documents.") and name != "mission_documents.nomination"
}


def arguments_of_documents(released_id: int) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of documents beside the mission."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("nomination", "nomination_of_official"):
        found[f"mission_documents.{name}"] = {"match_id": released_id}
    for name in ("document", "document_of_official"):
        found[f"mission_documents.{name}"] = {"kind": "terms-of-reference"}
    return found
