"""What coordinators note about an expert, and the part of the expert's page that shows it."""

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.experts import queries as experts
from webapp.experts import rules as profiles
from webapp.experts.models import Expert
from webapp.matches import candidates
from webapp.roster import commitments, duplicates, operations, queries
from webapp.roster.forms import ChangeNoteForm, NoteForm
from webapp.roster.views import bp

NOTE: Message = _("a note about the expert")


def read_part(expert: Expert) -> dict[str, Any]:
    """Return what the expert's page shows besides the profile; none of it to the expert."""
    if profiles.is_of(actor(), expert):
        return {}
    likely = duplicates.list_likely(db.session, expert)
    note(db.session, *(other.named.person for other, _hints in likely))
    return {
        "commitments": commitments.read(db.session, actor(), expert, clock.today()),
        "notes": queries.list_notes(db.session, expert.id),
        "writes_notes": not candidates.why_not_decided_on(db.session, actor(), expert),
        "likely": likely,
        "merges": queries.list_merges(db.session, expert.id),
        "note_form": NoteForm(formdata=None, prefix="note"),
    }


def _back(expert_id: int) -> Response:
    return redirect(url_for("experts.show", expert_id=expert_id, _anchor="notes"))


@bp.post("/roster/<int:expert_id>/notes")
@requires(Permission.ROSTER_DECIDE)
@shows(NOTE, SINGLE)
def write_note(expert_id: int) -> Response:
    """Note something about an expert."""
    expert = experts.get(db.session, expert_id)
    form = NoteForm(prefix="note")
    if not form.validate_on_submit():
        return render_form("roster/note.html", form, expert=expert, note=None)
    operations.write_note(unit_of_work(), expert, form.text.data)
    flash(gettext("The note is kept."))
    return _back(expert_id)


@bp.route("/roster/<int:expert_id>/notes/<int:number>", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(NOTE, SINGLE)
def change_note(expert_id: int, number: int) -> Response:
    """Write a note anew, or throw it away."""
    expert = experts.get(db.session, expert_id)
    operations.check_notes_are_theirs(unit_of_work(), expert)
    note = queries.get_note(db.session, expert_id, number)
    form = ChangeNoteForm(obj=note)
    if not form.validate_on_submit():
        return render_form("roster/note.html", form, expert=expert, note=note)
    change, seen = operations.change_note, form.version.data
    try:
        if form.throw_away.data:
            operations.throw_note_away(unit_of_work(), expert, note, seen_version=seen)
        else:
            change(unit_of_work(), expert, note, form.text.data, seen_version=seen)
    except ConflictError as error:
        roll_back()
        note = queries.get_note(db.session, expert_id, number)
        form.version.data = note.version
        return render_form("roster/note.html", form, problem=str(error), expert=expert, note=note)
    flash(gettext("Thrown away.") if form.throw_away.data else gettext("The note is kept."))
    return _back(expert_id)
