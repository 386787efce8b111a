"""Pages of what follows from a mission: its entry in the profile, its follow-up, its lessons."""

from functools import partial

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError, TwinError
from webapp.core.forms.page_forms import ActionForm, render_form, say_done
from webapp.core.origins import SAFE_METHODS
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office
from webapp.experts import rules as experts
from webapp.mission_reports import follow_ups, lessons, profile_entries, rules
from webapp.mission_reports.content import AFTERWARDS
from webapp.mission_reports.forms import FollowUpForm, MissionEntryForm, lesson_form
from webapp.mission_reports.views import bp
from webapp.mission_reports.views.parts import REPORTS, mission_of, reports_page


@bp.route("/profile-entry", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def profile_entry(deployment_id: int) -> Response:
    """Put a mission into the profile of its expert: in words that can be changed first."""
    deployment = mission_of(deployment_id)
    if not experts.is_own(actor(), deployment.match.expert):
        raise NotFoundError(_("There is no such mission."))
    in_profile = url_for("experts.profile", _anchor="evidence")
    return _profile_entry(deployment, in_profile)


@bp.route("/profile-entry-for", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(REPORTS, SINGLE)
def profile_entry_for(deployment_id: int) -> Response:
    """Put a mission into the profile of an expert without an account, for whom SEESAC writes."""
    deployment = mission_of(deployment_id)
    expert = deployment.match.expert
    if experts.is_own(actor(), expert) or not rules.can_enter(actor(), deployment):
        raise NotFoundError(_("There is no such mission."))
    in_profile = url_for("experts.show", expert_id=expert.id, _anchor="evidence")
    return _profile_entry(deployment, in_profile)


def _profile_entry(deployment: Deployment, in_profile: str) -> Response:
    expert = deployment.match.expert
    mission = profile_entries.draft(db.session, deployment)
    form, problem, twin = MissionEntryForm(mission, version=expert.version), "", None
    if form.validate_on_submit():
        try:
            row = profile_entries.add(
                unit_of_work(), deployment, form.content(), seen_version=form.version.data
            )
        except ConflictError as error:
            roll_back()
            form.version.data, problem = expert.version, str(error)
            twin = error.first if isinstance(error, TwinError) else None
        else:
            flash(
                gettext("The mission stands in the profile, confirmed by the requester.")
                if row.is_confirmed
                else gettext(
                    "The mission stands in the profile in other words, and not as confirmed."
                )
            )
            return redirect(in_profile)
    return render_form(
        "mission_reports/profile_entry.html",
        form,
        problem=problem,
        twin=twin,
        deployment=deployment,
        mission=mission,
        own=experts.is_own(actor(), expert),
        is_confirmed=profile_entries.is_confirmed(db.session, deployment),
    )


@bp.route("/follow-up", methods=["GET", "POST"])
@requires(Permission.REQUEST_READ)
@shows(REPORTS, SINGLE)
def follow_up(deployment_id: int) -> Response:
    """Ask months after a mission what has become of it; SEESAC notes what it was told."""
    deployment = mission_of(deployment_id)
    if not rules.reads_follow_up(actor(), deployment):
        raise NotFoundError(_("There is no such mission."))
    form, problem = FollowUpForm(), ""
    if form.validate_on_submit():
        try:
            follow_ups.answer(unit_of_work(), deployment, form.answers())
        except ConflictError as error:
            roll_back()
            problem = str(error)
        else:
            flash(gettext("Thank you. The answers are noted, and the mission is followed up."))
            return redirect(url_for("mission_reports.show", deployment_id=deployment_id))
    return render_form(
        "mission_reports/follow_up.html",
        form,
        problem=problem,
        # Whoever has sent something reads it in the form again.
        not_yet=request.method in SAFE_METHODS
        and follow_ups.find_obstacle(deployment, clock.today()),
        deployment=deployment,
        questions=AFTERWARDS,
        team=rules.team_of(deployment),
        office=is_office(actor(), deployment),
    )


@bp.post("/lessons")
@requires(Permission.MATCH_DECIDE)
@shows(REPORTS, SINGLE)
def add_lesson(deployment_id: int) -> Response:
    """Write down a lesson of a mission for those who plan a like one."""
    deployment = mission_of(deployment_id)
    form = lesson_form(db.session, deployment.match.request)
    if not form.validate_on_submit():
        return reports_page(deployment, form)
    try:
        lessons.add(unit_of_work(), deployment, form.content())
    except ConflictError as error:
        roll_back()
        return reports_page(deployment, form, str(error))
    flash(gettext("The lesson is kept, and shown beside requests that are like this one."))
    return redirect(url_for("mission_reports.show", deployment_id=deployment_id))


@bp.post("/lessons/<int:number>/remove")
@requires(Permission.MATCH_DECIDE)
@shows(REPORTS, SINGLE)
def remove_lesson(deployment_id: int, number: int) -> Response:
    """Take a lesson out of those that are shown."""
    deployment, form = mission_of(deployment_id), ActionForm()
    if form.validate_on_submit():
        remove = partial(lessons.remove, unit_of_work(), deployment, number)
        say_done(remove, gettext("The lesson is removed."))
    return redirect(url_for("mission_reports.show", deployment_id=deployment_id))
