"""Who may reach the pages of the roster and of authorities; a part of the access matrix."""

from typing import Any

from tests import factories
from tests.structure.access_of_accounts import EVERYBODY, OF_EXPERTS, SIGNED_IN, C, E, N, only
from webapp.core.roles import Role
from webapp.matches.models import MatchState

WRITTEN_FOR = (
    "experts.write_for", "experts.add_entry_for", "experts.edit_entry_for",
    "experts.remove_entry_for", "curricula.upload_for", "curricula.entries_for",
)  # fmt: skip
OF_ROSTER: dict[str, dict[str, frozenset[str]]] = {
    **OF_EXPERTS,
    "experts.consent": {"GET": only(E), "POST": only(E)},
    # Whoever has lost the role takes the consent back as well.
    "experts.leave": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "experts.answer_question": {"POST": only(E)},
    "experts.ask_again": {"GET": only(E), "POST": only(E)},
    "roster.index": {"GET": only(C)},
    **{
        f"insights.{page}": {"GET": only(C)}
        for page in ("index", "show", "table", "table_of_report", "document")
    },
    "roster.ask_for_export": {"GET": only(C)},
    "roster.export": {"POST": only(C)},
    "roster.list_duplicates": {"GET": only(C)},
    "roster.compare": {"GET": only(C)},
    "roster.join": {"POST": only(C)},
    "roster.tell_apart": {"POST": only(C)},
    "roster.write_note": {"POST": only(C)},
    "roster.change_note": {"GET": only(C), "POST": only(C)},
    "experts.show": {"GET": only(C)},
    "experts.add": {"GET": only(C), "POST": only(C)},
    # What coordinators write for somebody without an account.
    **{page: {"GET": only(C), "POST": only(C)} for page in WRITTEN_FOR},
    "experts.answer_for": {"POST": only(C)},
    "curricula.source_for": {"GET": only(C)},
    "curricula.drop_for": {"POST": only(C)},
    **{
        f"experts.{act}": {"POST": only(C)}
        for act in (
            "take_step", "decide_identity", "record_approval", "record_withdrawal", "save_contact",
            "note_consent", "ask", "drop_question",
        )
    },
    "roster_imports.index": {"GET": only(C), "POST": only(C)},
    "roster_imports.show": {"GET": only(C)},
    "roster_imports.columns": {"GET": only(C), "POST": only(C)},
    **{
        f"roster_imports.{act}": {"POST": only(C)}
        for act in ("confirm", "drop", "undo", "invite")
    },
    "membership.invite_expert": {"POST": only(C)},
    "authorities.index": {"GET": only(N)},
    "authorities.official": {"GET": only(N)},
    "authorities.approve": {"POST": only(N)},
    "authorities.withdraw": {"POST": only(N)},
    "authorities.take_step": {"POST": only(N)},
    "authorities.nominate": {"GET": only(N), "POST": only(N)},
    "authorities.nominate_list": {"GET": only(N), "POST": only(N)},
    "authorities.release": {"GET": only(N)},
    "authorities.give_release": {"POST": only(N)},
    "authorities.refuse_release": {"POST": only(N)},
    "authorities.letter": {"GET": only(N)},
    "authorities.mission": {"GET": only(N)},
    "authorities.add_letter": {"POST": only(N)},
    "upkeep.still_true": {"GET": EVERYBODY, "POST": EVERYBODY},
    "upkeep.thanks": {"GET": EVERYBODY},
}  # fmt: skip

# Things of one person or of one authority.
OWN_OF_ROSTER: dict[str, Role] = {
    "experts.edit_entry": E,
    "experts.remove_entry": E,
    "experts.ask_to_confirm": E,
    "experts.answer_question": E,
    **{
        f"authorities.{page}": N
        for page in (
            "official", "approve", "withdraw", "take_step", "release", "give_release",
            "refuse_release", "letter", "add_letter", "mission",
        )
    },
}  # fmt: skip
# Pages that are there only for a while: tests/webapp/upkeep opens them.
ROSTER_FOR_A_WHILE = {
    "upkeep.still_true", "experts.consent", "experts.ask_again", "curricula.source_for",
}  # fmt: skip


def arguments_of_roster(world: factories.World) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of these pages."""
    asked = {"match_id": world.matches[MatchState.RELEASE_ASKED].id}
    released = {"match_id": world.matches[MatchState.RELEASED].id}
    absent = {"expert_id": world.absent.id}
    entry = absent | {"number": world.absent.evidence[0].id}
    return {
        **dict.fromkeys(WRITTEN_FOR, absent),
        "experts.write_for": absent | {"section": "about"},
        **dict.fromkeys(("experts.edit_entry_for", "experts.remove_entry_for"), entry),
        "experts.answer_for": absent | {"number": world.absent_question_id},
        **dict.fromkeys(("curricula.source_for", "curricula.drop_for"), absent),
        "experts.take_step": {"step": "suspend"},
        "roster.ask_for_export": {"kind": "csv"},
        "roster.export": {"kind": "csv"},
        "insights.show": {"part": "themes"},
        "insights.table": {"part": "people", "name": "gender"},
        "insights.table_of_report": {"name": "homes"},
        "insights.document": {"kind": "xlsx"},
        **{
            f"roster.{page}": {"other_id": world.experts[1].id}
            for page in ("compare", "join", "tell_apart")
        },
        "roster.change_note": {"number": world.note_id},
        "experts.decide_identity": {"step": "confirm"},
        "experts.open_jurisdiction": {"code": "SRB"},
        "experts.forget_jurisdiction": {"code": "SRB", "kind": "known"},
        "experts.answer_question": {"number": world.question_id},
        "experts.drop_question": {"number": world.question_id},
        "experts.record_withdrawal": {"number": world.approval_id},
        "authorities.withdraw": {"number": world.approval_id},
        "authorities.take_step": {"step": "take-the-nomination-back"},
        "authorities.release": asked,
        "authorities.give_release": asked,
        "authorities.refuse_release": asked,
        **dict.fromkeys(("authorities.letter", "authorities.add_letter"), released),
        "upkeep.still_true": {"token": "of-nobody"},
        **{
            f"roster_imports.{page}": {"number": world.import_id}
            for page in ("show", "columns", "confirm", "drop", "undo", "invite")
        },
    }
