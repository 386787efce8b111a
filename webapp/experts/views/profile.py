"""What experts do with a profile of their own: read it, edit it by sections, confirm it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.ciphers import installed_secrets
from webapp.core.db import db
from webapp.core.errors import NotFoundError
from webapp.core.forms.page_forms import EditForm
from webapp.core.paging import page_number
from webapp.core.words.translation import Message, _, gettext
from webapp.experts import forms, operations, queries, rules, standing_queries
from webapp.experts.models import Availability, Expert, ExpertState, NoteKind
from webapp.experts.views import bp, parts, sections, viewers
from webapp.experts.views.desks import Desk, own_desk
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.kept_texts import queries as kept_texts
from webapp.kept_texts.rules import token_of
from webapp.platform_settings.queries import get_settings

FindWarnings = Callable[[Session, Expert], Sequence[Message]]

# Where the package that knows the missions puts the function that warns of days booked over.
WARNINGS = "profile.warnings"

# How many of those who saw the profile stand on its own page; another page has them all.
LATEST_VIEWERS = 5
LATEST_BY_LINK = 20


ENTRIES = "/profile/<any(evidence, training):section>"


@bp.get("/profile")
@requires(Permission.PROFILE_EDIT)
def profile() -> str:
    """Show the expert's own profile, what it lacks, and who opened it."""
    expert = queries.find_own(db.session, actor())
    if expert is None:
        return render_template("experts/no_profile.html")
    months = get_settings(db.session).dormant_after_months
    desk = Desk(expert)
    return render_template(
        "experts/profile.html",
        expert=expert,
        desk=desk,
        written=standing_queries.find_unconfirmed_writing(db.session, expert),
        completeness=rules.completeness(expert, parts.is_in_english),
        is_empty=rules.is_empty(expert),
        needs_confirming=rules.needs_confirming(expert, clock.now(), months),
        warnings=_warnings(expert),
        unsaved_sections=_list_unsaved(expert),
        taken_off=_taken_off(desk.ending),
        asked_again=_asked_again(expert),
        may_ask_again=desk.ending.may_ask_again,
        questions=standing_queries.list_open_questions(db.session, expert.id),
        approvals=standing_queries.list_approvals(db.session, expert.id),
        viewers=viewers.read_page(expert, size=LATEST_VIEWERS),
    )


@bp.get("/profile/views")
@requires(Permission.PROFILE_EDIT)
def views() -> str:
    """Tell the expert who was shown the profile: when, how often, and on which kinds of pages."""
    expert, number = own_desk().expert, page_number(request.args.get("page"))
    page = viewers.read_page(expert, number, size=queries.PER_PAGE)
    return render_template(
        "experts/views.html",
        page=page,
        by_link=standing_queries.list_shown_by_links(db.session, expert.id, LATEST_BY_LINK),
        titles={row.id: row.title for row in expert.evidence},
    )


def _taken_off(ending: standing_queries.Ending) -> queries.HistoryLine | None:
    """Return the step by which others took the expert off the roster, or did not take them on."""
    return None if ending.has_left else queries.find_line(db.session, ending.event)


def _asked_again(expert: Expert) -> Sequence[queries.HistoryLine]:
    """Return how the expert has asked to be looked at again, if that is why they are screened, and
    the decision about which they ask."""
    if expert.state is not ExpertState.SCREENING:
        return []
    steps = queries.list_steps_taken(db.session, expert, 2)
    is_asking = bool(steps) and steps[0].story == WORKFLOW[ExpertStep.ASK_AGAIN].story
    return steps if is_asking else []


@dataclass(frozen=True)
class Unsaved:
    """Something that the expert has typed into a section and not saved."""

    section: str
    at: datetime
    address: str


def _list_unsaved(expert: Expert) -> list[Unsaved]:
    """Return what the expert has typed into the profile and not saved, latest first.

    The way leads to the form, which has it again; of an entry that is gone, to the text itself.
    """
    entries = {str(row.id) for rows in (expert.evidence, expert.trainings) for row in rows}
    found = []
    for row in kept_texts.list_under(db.session, current_user.id, "/profile/", clock.now()):
        section, *further = row.path.removeprefix("/profile/").split("/")
        is_there = not further or not further[0].isdigit() or further[0] in entries
        token = token_of(row.id, installed_secrets())
        address = row.path if is_there else url_for("kept_texts.show", token=token)
        found.append(Unsaved(section, row.created_at, address))
    return found


def _warnings(expert: Expert) -> Sequence[Message]:
    warn: FindWarnings | None = current_app.extensions.get(WARNINGS)
    return warn(db.session, expert) if warn else ()


@bp.post("/profile/confirm")
@requires(Permission.PROFILE_EDIT)
def confirm() -> Response:
    """Note that everything in the profile is still true."""
    expert, form = own_desk().expert, EditForm()
    if form.validate_on_submit():
        said = request.form.get("availability", type=Availability)
        operations.confirm(unit_of_work(), expert, said, seen_version=form.version.data)
        flash(gettext("Thank you. Your profile is confirmed as of today."))
    return redirect(url_for("experts.profile"))


@bp.route("/profile/about", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def about() -> Response:
    """Edit who one is and how long one can be away."""
    return sections.write_about(own_desk())


@bp.route("/profile/themes", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def themes() -> Response:
    """Edit one's themes."""
    return sections.write_themes(own_desk())


@bp.route("/profile/languages", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def languages() -> Response:
    """Edit one's languages."""
    return sections.write_languages(own_desk())


@bp.route("/profile/closed-jurisdictions", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def closed_jurisdictions() -> Response:
    """Show the jurisdictions of which the expert says something, and add one."""
    desk = own_desk()
    expert = desk.expert
    form = forms.JurisdictionForm(version=expert.version)

    def save(**how: Any) -> None:
        if form.kind.data:
            kind = NoteKind(form.kind.data)
            operations.note_jurisdiction(unit_of_work(), expert, form.code.data, kind, **how)
        else:
            operations.close_jurisdiction(unit_of_work(), expert, form.code.data, **how)

    template, done = "experts/closed_jurisdictions.html", _("The jurisdiction is on the list.")
    return sections.edit_section(
        template, "closed-jurisdictions", form, desk, save, done, NoteKind=NoteKind
    )


def _off_the_list(row: Any, remove: Callable[..., None]) -> Response:
    """Take a jurisdiction off a list; adding it again undoes this."""
    expert, form = own_desk().expert, EditForm()
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
    row = next((row for row in own_desk().expert.closed_jurisdictions if row.code == code), None)
    return _off_the_list(row, operations.open_jurisdiction)


@bp.post("/profile/jurisdictions/<kind>/<code>/remove")
@requires(Permission.PROFILE_EDIT)
def forget_jurisdiction(kind: str, code: str) -> Response:
    """Take a jurisdiction off the list of those that the expert knows, or finds delicate."""
    notes = own_desk().expert.jurisdiction_notes
    row = next((row for row in notes if (row.kind, row.code) == (kind, code)), None)
    return _off_the_list(row, operations.forget_jurisdiction)


@bp.route(f"{ENTRIES}/new", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def add_entry(section: str) -> Response:
    """Add a piece of evidence or a training."""
    return sections.write_new_entry(own_desk(), section)


@bp.route(f"{ENTRIES}/<int:number>", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def edit_entry(section: str, number: int) -> Response:
    """Change a piece of evidence or a training."""
    return sections.write_entry(own_desk(), section, number)


@bp.route(f"{ENTRIES}/<int:number>/remove", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def remove_entry(section: str, number: int) -> Response:
    """Ask whether to remove a piece of evidence or a training, and remove it."""
    return sections.write_removal(own_desk(), section, number)
