"""Pages that edit a section of a profile, at the desk of its owner or of who writes for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from webapp.core.access import unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError, TwinError
from webapp.core.forms.page_forms import EditForm, render_form
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Deferred, Message, Words, _, gettext
from webapp.experts import forms, operations
from webapp.experts.models import Expert
from webapp.experts.views.desks import Desk
from webapp.themes import queries as themes_queries


@dataclass(frozen=True)
class Kind:
    """Entries of a section that are written one by one."""

    form: type[forms.EvidenceForm | forms.TrainingForm]
    added: Message
    saved: Message
    removed: Message
    remove: Message
    rows: Callable[[Expert], Sequence[operations.Row]]


KINDS = {
    "evidence": Kind(
        forms.EvidenceForm,
        _("The piece of evidence is in your profile."),
        _("The piece of evidence is saved."),
        _("The piece of evidence is removed."),
        _("Remove this piece of evidence?"),
        lambda expert: expert.evidence,
    ),
    "training": Kind(
        forms.TrainingForm,
        _("The training is in your profile."),
        _("The training is saved."),
        _("The training is removed."),
        _("Remove this training?"),
        lambda expert: expert.trainings,
    ),
}
REMOVED = _(
    "This entry was removed in another window meanwhile. What you typed is below; if you save it,"
    " it is added to your profile anew."
)


def edit_section(
    template: str,
    section: str,
    form: EditForm,
    desk: Desk,
    save: Callable[..., object],
    done: Words,
    **context: Any,
) -> Response:
    """Show the form, or save it; after a conflict show what was typed beside what is stored."""
    expert = desk.expert
    context |= {"expert": expert, "section": section, "desk": desk}
    if not form.validate_on_submit():
        return render_form(template, form, **context)
    try:
        save(seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        row = context.get("row")
        if row is not None and row not in KINDS[section].rows(expert):
            return _gone(template, form, **context)
        # Sent once more, the form is meant to replace what its writer has now been shown.
        form.version.data = expert.version
        twin = error.first if isinstance(error, TwinError) else None
        return render_form(template, form, problem=str(error), twin=twin, **context)
    flash(str(desk.said(done)))
    if "another" in request.form:
        return redirect(desk.url("add_entry", section=section))
    return redirect(desk.home(section))


def _gone(template: str, form: EditForm, **context: Any) -> Response:
    """Answer for an entry that was removed while this form was on its way; no text is lost."""
    kind, desk = context["kind"], context["desk"]
    if not isinstance(form, kind.form):
        # Whoever wanted to remove it as well has reached that, and learns by whose hand.
        flash(gettext("This entry was removed already, in another window."))
        return redirect(desk.home(context["section"]))
    form.version.data = desk.expert.version
    return render_form(template, form, problem=REMOVED, gone=True, **{**context, "row": None})


def write_about(desk: Desk) -> Response:
    """Edit who the expert is and how long they can be away."""
    form = forms.about_form(desk.expert)

    def save(**how: Any) -> None:
        operations.save_about(unit_of_work(), desk.expert, form.content(), **how)

    done = Deferred(_said_of_about, desk.expert)
    return edit_section("experts/about.html", "about", form, desk, save, done)


def _said_of_about(expert: Expert) -> Message:
    """Return what is said once it is saved: what only fills what was empty waits for nobody."""
    if expert.pending_identity is None:
        return _("Saved.")
    return _(
        "Saved. SEESAC confirms changes of name, rank, post, institution and jurisdiction first."
    )


def write_themes(desk: Desk) -> Response:
    """Edit the themes: up to three in their order, and others."""
    form = forms.themes_form(desk.expert)
    used = {claim.theme_code for claim in desk.expert.themes}
    form.offer(themes_queries.list_choices(db.session, used))

    def save(**how: Any) -> None:
        ranked, others = form.claims("ranked"), form.claims("others")
        operations.save_themes(unit_of_work(), desk.expert, ranked, others, **how)

    done = _("Your themes are saved.")
    return edit_section("experts/themes.html", "themes", form, desk, save, done)


def write_languages(desk: Desk) -> Response:
    """Edit the languages with their levels."""
    form = forms.languages_form(desk.expert)

    def save(**how: Any) -> None:
        operations.save_languages(unit_of_work(), desk.expert, form.content(), **how)

    done = _("Your languages are saved.")
    return edit_section("experts/languages.html", "languages", form, desk, save, done)


def _find_entry(expert: Expert, section: str, number: int) -> operations.Row | None:
    return next((row for row in KINDS[section].rows(expert) if row.id == number), None)


def refuse_unseen_entry(form: EditForm) -> None:
    """Refuse an entry that there is not, but to who has opened its form: they know a version."""
    if not (form.is_submitted() and form.version.data > 0):
        raise NotFoundError(_("There is no such entry in your profile."))


def write_new_entry(desk: Desk, section: str) -> Response:
    """Add a piece of evidence or a training."""
    kind = KINDS[section]
    form = kind.form(version=desk.expert.version)

    def save(**how: Any) -> None:
        operations.add_entry(unit_of_work(), desk.expert, form.content(), **how)

    template = f"experts/{section}.html"
    return edit_section(template, section, form, desk, save, kind.added, kind=kind)


def write_entry(desk: Desk, section: str, number: int) -> Response:
    """Change a piece of evidence or a training."""
    expert, kind, template = desk.expert, KINDS[section], f"experts/{section}.html"
    row = _find_entry(expert, section, number)
    form = kind.form(obj=row, version=expert.version)
    if row is None:
        refuse_unseen_entry(form)
        return _gone(template, form, kind=kind, expert=expert, section=section, desk=desk)

    def save(**how: Any) -> None:
        operations.change_entry(unit_of_work(), expert, row, form.content(), **how)

    return edit_section(template, section, form, desk, save, kind.saved, kind=kind, row=row)


def write_removal(desk: Desk, section: str, number: int) -> Response:
    """Ask whether to remove a piece of evidence or a training, and remove it."""
    expert, kind = desk.expert, KINDS[section]
    row, template = _find_entry(expert, section, number), "experts/remove.html"
    form = EditForm(version=expert.version)
    if row is None:
        refuse_unseen_entry(form)
        return _gone(template, form, kind=kind, expert=expert, section=section, desk=desk)

    def save(**how: Any) -> None:
        operations.remove_entry(unit_of_work(), expert, row, **how)

    return edit_section(template, section, form, desk, save, kind.removed, kind=kind, row=row)
