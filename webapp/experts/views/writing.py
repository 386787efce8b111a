"""What a coordinator writes for somebody without an account, at the desk of `desks.py`."""

from werkzeug.wrappers import Response

from webapp.core.access import Permission, requires
from webapp.core.record.disclosure import SINGLE, shows
from webapp.experts.standing_workflow import QuestionStep
from webapp.experts.views import bp, roster, sections, standing
from webapp.experts.views.desks import WRITE, desk_for

ENTRIES = f"{WRITE}/<any(evidence, training):section>"
_SECTIONS = {
    "about": sections.write_about,
    "themes": sections.write_themes,
    "languages": sections.write_languages,
}


@bp.route(f"{WRITE}/<any(about, themes, languages):section>", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def write_for(expert_id: int, section: str) -> Response:
    """Edit a section of somebody's profile."""
    return _SECTIONS[section](desk_for(expert_id))


@bp.route(f"{ENTRIES}/new", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def add_entry_for(expert_id: int, section: str) -> Response:
    """Add a piece of evidence or a training to somebody's profile."""
    return sections.write_new_entry(desk_for(expert_id), section)


@bp.route(f"{ENTRIES}/<int:number>", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def edit_entry_for(expert_id: int, section: str, number: int) -> Response:
    """Change a piece of evidence or a training in somebody's profile."""
    return sections.write_entry(desk_for(expert_id), section, number)


@bp.route(f"{ENTRIES}/<int:number>/remove", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def remove_entry_for(expert_id: int, section: str, number: int) -> Response:
    """Ask whether to remove an entry from somebody's profile, and remove it."""
    return sections.write_removal(desk_for(expert_id), section, number)


@bp.post("/roster/<int:expert_id>/questions/<int:number>/answer")
@requires(Permission.ROSTER_DECIDE)
@shows(roster.PROFILE, SINGLE)
def answer_for(expert_id: int, number: int) -> Response:
    """Say that what was asked of somebody without an account stands in the profile now."""
    return standing.take_question(
        expert_id,
        number,
        QuestionStep.ANSWER_FOR,
        lambda row: desk_for(expert_id).home(row.section),
    )
