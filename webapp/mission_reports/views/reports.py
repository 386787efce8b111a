"""Pages of reports: what may be read of them, writing one, and checking it before it is sent."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.forms.page_forms import ActionForm, EditForm, render_form
from webapp.core.origins import SAFE_METHODS
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.deployments.models import Deployment
from webapp.kept_texts.forms import is_not_saved_yet
from webapp.mission_reports import attachments, operations, queries, rules
from webapp.mission_reports.content import OF_EACH, RATINGS, asked_of
from webapp.mission_reports.forms import ReportForm
from webapp.mission_reports.models import MissionReport, Side
from webapp.mission_reports.views import bp
from webapp.mission_reports.views.parts import REPORTS, mission_of, reports_page

ONE = "/<any(expert, requester):side>"


def _own(deployment_id: int, side: str) -> tuple[Deployment, Side, MissionReport | None]:
    """Return a mission and the report on it that is this person's to write, if it is begun."""
    deployment = mission_of(deployment_id)
    if not rules.can_write(actor(), deployment, Side(side)):
        raise NotFoundError(_("There is no such report for you to write."))
    return deployment, Side(side), queries.find(db.session, deployment, Side(side))


@bp.get("")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def show(deployment_id: int) -> Response:
    """Show of the reports on a mission what this person may read, and what they can write."""
    return reports_page(mission_of(deployment_id), begin=request.args.get("begin", ""))


@bp.route(ONE, methods=["GET", "POST"])
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def write(deployment_id: int, side: str) -> Response:
    """Write a report: it is saved as a draft, and a page shows it before it is sent."""
    deployment, whose, report = _own(deployment_id, side)
    if rules.find_obstacle(deployment, report) and request.method in SAFE_METHODS:
        return redirect(url_for("mission_reports.show", deployment_id=deployment_id))
    shown = None if rules.is_anothers_draft(actor(), report) else report
    judged = [one for one in rules.about(deployment, whose) if rules.is_judged(one)]
    points = rules.points_of(deployment, shown)
    form = ReportForm(whose, judged, points, obj=shown, version=report.version if report else 0)
    if not form.validate_on_submit():
        return _form(deployment, whose, form, report)
    if "more" in request.form:
        form.add_rows()
        is_not_saved_yet()
        answer = _form(deployment, whose, form, report, added=True)
        answer.status_code = HTTPStatus.OK  # Nothing was refused.
        return answer
    try:
        operations.save(
            unit_of_work(), deployment, whose, form.answers(), seen_version=form.version.data
        )
    except ConflictError as error:
        roll_back()
        stored = queries.find(db.session, deployment, whose)
        # Sent once more, the form is meant to replace what its writer has now been shown.
        form.version.data = stored.version if stored else 0
        return _form(deployment, whose, form, stored, problem=str(error))
    if "check" in request.form:
        return redirect(url_for("mission_reports.check", deployment_id=deployment_id, side=side))
    flash(gettext("Your draft is saved. Nobody reads it before you send it."))
    return redirect(url_for("mission_reports.write", deployment_id=deployment_id, side=side))


def _form(
    deployment: Deployment,
    side: Side,
    form: ReportForm,
    report: MissionReport | None,
    problem: str = "",
    *,
    added: bool = False,
) -> Response:
    begins_anew = rules.is_anothers_draft(actor(), report)
    return render_form(
        "mission_reports/write.html",
        form,
        problem=problem,
        added=added,
        deployment=deployment,
        side=side,
        sides=Side,
        stored=report if problem and not begins_anew else None,
        begins_anew=begins_anew,
        questions=asked_of(side),
        of_each=OF_EACH,
        ratings=RATINGS,
        team=rules.about(deployment, side),
        office=rules.side_of(actor(), deployment) is not side,
    )


@bp.get(f"{ONE}/check")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def check(deployment_id: int, side: str) -> Response:
    """Show a report as it would be sent, and who will read what of it."""
    deployment, _whose, report = _own(deployment_id, side)
    if rules.is_anothers_draft(actor(), report):
        return redirect(url_for("mission_reports.write", deployment_id=deployment_id, side=side))
    if report is None or rules.find_obstacle(deployment, report):
        return redirect(url_for("mission_reports.show", deployment_id=deployment_id))
    return _checked(deployment, report, EditForm(version=report.version))


@bp.post(f"{ONE}/send")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def send(deployment_id: int, side: str) -> Response:
    """Send a report."""
    deployment, whose, report = _own(deployment_id, side)
    form = EditForm()
    is_begun = report is not None and not rules.is_anothers_draft(actor(), report)
    if not form.validate_on_submit() or report is None or not is_begun:
        return redirect(url_for("mission_reports.write", deployment_id=deployment_id, side=side))
    try:
        operations.send(unit_of_work(), deployment, whose, seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        form.version.data = report.version
        return _checked(deployment, report, form, str(error))
    flash(gettext("Thank you. Your report is sent."))
    return redirect(url_for("mission_reports.show", deployment_id=deployment_id))


def _checked(
    deployment: Deployment, report: MissionReport, form: EditForm, problem: str = ""
) -> Response:
    return render_form(
        "mission_reports/check.html",
        form,
        problem=problem,
        deployment=deployment,
        report=report,
        sides=Side,
        ratings=RATINGS,
        of_each=OF_EACH,
        shared=[one for one in asked_of(report.side) if report.side in one.shared],
        kept=[one for one in asked_of(report.side) if report.side not in one.shared],
        files=attachments.list_files(db.session, report),
        missing=rules.list_missing(report),
    )


@bp.post(f"{ONE}/give-back")
@requires(Permission.MATCH_DECIDE)
@shows(REPORTS, SINGLE)
def give_back(deployment_id: int, side: str) -> Response:
    """Give a report back to its writer, once, to be corrected."""
    deployment, form = mission_of(deployment_id), ActionForm()
    if form.validate_on_submit():
        operations.give_back(unit_of_work(), deployment, Side(side))
        flash(gettext("The report is open again, and its writer is told."))
    return redirect(url_for("mission_reports.show", deployment_id=deployment_id))
