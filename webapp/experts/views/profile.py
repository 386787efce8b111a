"""What experts do with a profile of their own: read it, edit it by sections, confirm it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError, TwinError
from webapp.core.forms.page_forms import EditForm, render_form
from webapp.core.paging import page_number
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.experts import forms, operations, queries, rules, standing_queries
from webapp.experts.models import Availability, Expert, NoteKind
from webapp.experts.views import bp
from webapp.platform_settings.queries import get_settings
from webapp.themes import queries as themes_queries

FindWarnings = Callable[[Session, Expert], Sequence[Message]]

# Where the package that knows the missions puts the function that warns of days booked over.
WARNINGS = "profile.warnings"

# How many of those who saw the profile stand on its own page; another page has them all.
LATEST_VIEWERS = 5
LATEST_BY_LINK = 20


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
ENTRIES = "/profile/<any(evidence, training):section>"


def own_profile() -> Expert:
    """Return the profile of the person behind this request."""
    return queries.get_own(db.session, actor())


def edit_section(
    template: str,
    section: str,
    form: EditForm,
    expert: Expert,
    save: Callable[..., object],
    done: Message,
    **context: Any,
) -> Response:
    """Show the form, or save it; after a conflict show what was typed beside what is stored."""
    context |= {"expert": expert, "section": section}
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
    flash(str(done))
    if "another" in request.form:
        return redirect(url_for("experts.add_entry", section=section))
    return redirect(url_for("experts.profile", _anchor=section))


def _gone(template: str, form: EditForm, **context: Any) -> Response:
    """Answer for an entry that was removed while this form was on its way; no text is lost."""
    kind, expert = context["kind"], context["expert"]
    if not isinstance(form, kind.form):
        # A second click on "remove" has reached what it wanted.
        flash(str(kind.removed))
        return redirect(url_for("experts.profile", _anchor=context["section"]))
    form.version.data = expert.version
    return render_form(template, form, problem=REMOVED, gone=True, **{**context, "row": None})


@bp.get("/profile")
@requires(Permission.PROFILE_EDIT)
def profile() -> str:
    """Show the expert's own profile, what it lacks, and who opened it."""
    expert = queries.find_own(db.session, actor())
    if expert is None:
        return render_template("experts/no_profile.html")
    months = get_settings(db.session).dormant_after_months
    return render_template(
        "experts/profile.html",
        expert=expert,
        completeness=rules.completeness(expert),
        is_empty=rules.is_empty(expert),
        needs_confirming=rules.needs_confirming(expert, clock.now(), months),
        warnings=_warnings(expert),
        questions=standing_queries.list_open_questions(db.session, expert.id),
        approvals=standing_queries.list_approvals(db.session, expert.id),
        viewers=queries.list_viewers(db.session, expert, size=LATEST_VIEWERS),
    )


@bp.get("/profile/views")
@requires(Permission.PROFILE_EDIT)
def views() -> str:
    """Tell the expert who was shown the profile: when, how often, and on which kinds of pages."""
    expert, number = own_profile(), page_number(request.args.get("page"))
    page = queries.list_viewers(db.session, expert, number, size=queries.PER_PAGE)
    return render_template(
        "experts/views.html",
        page=page,
        by_link=standing_queries.list_shown_by_links(db.session, expert.id, LATEST_BY_LINK),
        titles={row.id: row.title for row in expert.evidence},
    )


def _warnings(expert: Expert) -> Sequence[Message]:
    warn: FindWarnings | None = current_app.extensions.get(WARNINGS)
    return warn(db.session, expert) if warn else ()


@bp.post("/profile/confirm")
@requires(Permission.PROFILE_EDIT)
def confirm() -> Response:
    """Note that everything in the profile is still true."""
    expert, form = own_profile(), EditForm()
    if form.validate_on_submit():
        said = request.form.get("availability", type=Availability)
        operations.confirm(unit_of_work(), expert, said, seen_version=form.version.data)
        flash(gettext("Thank you. Your profile is confirmed as of today."))
    return redirect(url_for("experts.profile"))


@bp.route("/profile/about", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def about() -> Response:
    """Edit who the expert is and how long they can be away."""
    expert = own_profile()
    form = forms.about_form(expert)

    def save(**how: Any) -> None:
        operations.save_about(unit_of_work(), expert, form.content(), **how)

    done = (
        _("Saved. SEESAC confirms changes of name, rank, post, institution and jurisdiction first.")
        if rules.is_vetted(expert)
        else _("Saved.")
    )
    return edit_section("experts/about.html", "about", form, expert, save, done)


@bp.route("/profile/themes", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def themes() -> Response:
    """Edit the themes: up to three in their order, and others."""
    expert = own_profile()
    form = forms.themes_form(expert)
    used = {claim.theme_code for claim in expert.themes}
    form.offer(themes_queries.list_choices(db.session, used))

    def save(**how: Any) -> None:
        ranked, others = form.claims("ranked"), form.claims("others")
        operations.save_themes(unit_of_work(), expert, ranked, others, **how)

    return edit_section(
        "experts/themes.html", "themes", form, expert, save, _("Your themes are saved.")
    )


@bp.route("/profile/languages", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def languages() -> Response:
    """Edit the languages with their levels."""
    expert = own_profile()
    form = forms.languages_form(expert)

    def save(**how: Any) -> None:
        operations.save_languages(unit_of_work(), expert, form.content(), **how)

    done = _("Your languages are saved.")
    return edit_section("experts/languages.html", "languages", form, expert, save, done)


@bp.route("/profile/closed-jurisdictions", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def closed_jurisdictions() -> Response:
    """Show the jurisdictions of which the expert says something, and add one."""
    expert = own_profile()
    form = forms.JurisdictionForm(version=expert.version)

    def save(**how: Any) -> None:
        if form.kind.data:
            kind = NoteKind(form.kind.data)
            operations.note_jurisdiction(unit_of_work(), expert, form.code.data, kind, **how)
        else:
            operations.close_jurisdiction(unit_of_work(), expert, form.code.data, **how)

    template, done = "experts/closed_jurisdictions.html", _("The jurisdiction is on the list.")
    return edit_section(
        template, "closed-jurisdictions", form, expert, save, done, NoteKind=NoteKind
    )


def _off_the_list(row: Any, remove: Callable[..., None]) -> Response:
    """Take a jurisdiction off a list; adding it again undoes this."""
    expert, form = own_profile(), EditForm()
    if row is None:
        raise NotFoundError(_("This jurisdiction is not on your list."))
    if form.validate_on_submit():
        remove(unit_of_work(), expert, row, seen_version=form.version.data)
        flash(gettext("The jurisdiction is off the list."))
    return redirect(url_for("experts.closed_jurisdictions"))


@bp.post("/profile/closed-jurisdictions/<code>/remove")
@requires(Permission.PROFILE_EDIT)
def open_jurisdiction(code: str) -> Response:
    """Take a jurisdiction off the list of those where the expert cannot go."""
    row = next((row for row in own_profile().closed_jurisdictions if row.code == code), None)
    return _off_the_list(row, operations.open_jurisdiction)


@bp.post("/profile/jurisdictions/<kind>/<code>/remove")
@requires(Permission.PROFILE_EDIT)
def forget_jurisdiction(kind: str, code: str) -> Response:
    """Take a jurisdiction off the list of those that the expert knows, or finds delicate."""
    notes = own_profile().jurisdiction_notes
    row = next((row for row in notes if (row.kind, row.code) == (kind, code)), None)
    return _off_the_list(row, operations.forget_jurisdiction)


def _find_entry(expert: Expert, section: str, number: int) -> operations.Row | None:
    return next((row for row in KINDS[section].rows(expert) if row.id == number), None)


def refuse_unseen_entry(form: EditForm) -> None:
    """Refuse an entry that there is not, but to who has opened its form: they know a version."""
    if not (form.is_submitted() and form.version.data > 0):
        raise NotFoundError(_("There is no such entry in your profile."))


@bp.route(f"{ENTRIES}/new", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def add_entry(section: str) -> Response:
    """Add a piece of evidence or a training."""
    expert, kind = own_profile(), KINDS[section]
    form = kind.form(version=expert.version)

    def save(**how: Any) -> None:
        operations.add_entry(unit_of_work(), expert, form.content(), **how)

    return edit_section(
        f"experts/{section}.html", section, form, expert, save, kind.added, kind=kind
    )


@bp.route(f"{ENTRIES}/<int:number>", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def edit_entry(section: str, number: int) -> Response:
    """Change a piece of evidence or a training."""
    expert, kind, template = own_profile(), KINDS[section], f"experts/{section}.html"
    row = _find_entry(expert, section, number)
    form = kind.form(obj=row, version=expert.version)
    if row is None:
        refuse_unseen_entry(form)
        return _gone(template, form, kind=kind, expert=expert, section=section)

    def save(**how: Any) -> None:
        operations.change_entry(unit_of_work(), expert, row, form.content(), **how)

    return edit_section(template, section, form, expert, save, kind.saved, kind=kind, row=row)


@bp.route(f"{ENTRIES}/<int:number>/remove", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def remove_entry(section: str, number: int) -> Response:
    """Ask whether to remove a piece of evidence or a training, and remove it."""
    expert, kind = own_profile(), KINDS[section]
    row, template = _find_entry(expert, section, number), "experts/remove.html"
    if row is None:
        raise NotFoundError(_("There is no such entry in your profile."))
    form = EditForm(version=expert.version)

    def save(**how: Any) -> None:
        operations.remove_entry(unit_of_work(), expert, row, **how)

    return edit_section(template, section, form, expert, save, kind.removed, kind=kind, row=row)
