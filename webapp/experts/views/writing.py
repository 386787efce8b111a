"""What a coordinator writes for somebody without an account, at the desk of `desks.py`."""

from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.step_forms import take_sent
from webapp.core.record.disclosure import SINGLE, name_shown, shows
from webapp.experts import queries, questions, standing_queries
from webapp.experts.standing_workflow import QUESTION_WORKFLOW, QuestionStep
from webapp.experts.views import bp, roster, sections
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
    expert = queries.get(db.session, expert_id)
    row = standing_queries.get_question(db.session, expert, number)
    name = QuestionStep.ANSWER_FOR

    def take(_why: Any) -> None:
        questions.take(unit_of_work(), row, name)

    said = {"name": name_shown(expert)}
    if refused := take_sent(QUESTION_WORKFLOW, name, row.state, take, said=said):
        return roster.show_page(expert, refused)
    return redirect(desk_for(expert_id).home(row.section))
