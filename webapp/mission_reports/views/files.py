"""The page of the files of a report, and each of them as a download."""

from functools import partial

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.files.stored_files import LARGEST_FILE
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, render_form, say_done
from webapp.core.limits import Limit, limited
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.transactions import roll_back, takes_file
from webapp.core.words.translation import _, gettext
from webapp.deployments.models import Deployment
from webapp.mission_reports import attachments, queries, rules
from webapp.mission_reports.forms import ReportFileForm
from webapp.mission_reports.models import MissionReport, Side
from webapp.mission_reports.views import bp
from webapp.mission_reports.views.parts import REPORTS, mission_of
from webapp.mission_reports.views.reports import ONE

# Each may take 5 MB of the database.
ADDING = Limit("files of reports", "30/day")


def _own(deployment_id: int, side: str) -> tuple[Deployment, MissionReport]:
    """Return a mission and the draft of a report on it that is this person's to change."""
    deployment = mission_of(deployment_id)
    report = queries.find(db.session, deployment, Side(side))
    if (
        report is None
        or not rules.can_write(actor(), deployment, Side(side))
        or rules.is_anothers_draft(actor(), report)
        or rules.find_obstacle(deployment, report)
    ):
        raise NotFoundError(_("There is no such draft of a report for you to change."))
    return deployment, report


@bp.get(f"{ONE}/files")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def files(deployment_id: int, side: str) -> Response:
    """Show the files of a draft, and a form for one more."""
    return _page(*_own(deployment_id, side), ReportFileForm())


@bp.post(f"{ONE}/files")
@requires(Permission.DEPLOYMENT_READ)
@limited(ADDING)
@shows(REPORTS, SINGLE)
@takes_file(LARGEST_FILE)
def add_file(deployment_id: int, side: str) -> Response:
    """Take one more file."""
    deployment, report = _own(deployment_id, side)
    form = ReportFileForm()
    if not form.validate_on_submit():
        return _page(deployment, report, form)
    try:
        attachments.add(unit_of_work(), deployment, report.side, form.file.content)
    except ConflictError as error:
        roll_back()
        form.file.errors = [str(error)]
        return _page(deployment, report, form)
    flash(gettext("The file is added."))
    return redirect(url_for("mission_reports.files", deployment_id=deployment_id, side=side))


def _page(deployment: Deployment, report: MissionReport, form: ReportFileForm) -> Response:
    return render_form(
        "mission_reports/files.html",
        form,
        deployment=deployment,
        report=report,
        sides=Side,
        files=attachments.list_files(db.session, report),
        most=attachments.MOST,
    )


@bp.get(f"{ONE}/files/<int:file_id>")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def file(deployment_id: int, side: str, file_id: int) -> Response:
    """Give a file of a report to those who read what remains of the mission."""
    deployment = mission_of(deployment_id)
    report = queries.find(db.session, deployment, Side(side))
    if report is None or not rules.reads_files(actor(), deployment, report):
        raise NotFoundError(_("There is no such file."))
    found = attachments.get(db.session, report, file_id)
    note(db.session, deployment.match.expert.tells_of)
    return download(found)


@bp.post(f"{ONE}/files/<int:file_id>/remove")
@requires(Permission.DEPLOYMENT_READ)
@shows(REPORTS, SINGLE)
def remove_file(deployment_id: int, side: str, file_id: int) -> Response:
    """Remove a file of a draft."""
    deployment, report = _own(deployment_id, side)
    if ActionForm().validate_on_submit():
        remove = partial(attachments.remove, unit_of_work(), deployment, report.side, file_id)
        say_done(remove, gettext("The file is removed."))
    return redirect(url_for("mission_reports.files", deployment_id=deployment_id, side=side))
