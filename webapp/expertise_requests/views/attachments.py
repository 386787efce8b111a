"""The page of the files that belong to a request."""

from functools import partial

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.files.stored_files import LARGEST_FILE
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, render_form, say_done
from webapp.core.limits import Limit, limited
from webapp.core.transactions import roll_back, takes_file
from webapp.core.words.translation import gettext
from webapp.expertise_requests import attachments, obstacles, queries
from webapp.expertise_requests.forms import RequestFileForm
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp

# Each may take 5 MB of the database.
ADDING = Limit("files of requests", "60/day")


@bp.get("/<int:request_id>/files")
@requires(Permission.REQUEST_READ)
def files(request_id: int) -> Response:
    """Show the files of a request."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    return _page(expertise_request, RequestFileForm())


@bp.post("/<int:request_id>/files")
@requires(Permission.REQUEST_READ)
@limited(ADDING)
@takes_file(LARGEST_FILE)
def add_file(request_id: int) -> Response:
    """Take one more file."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    attachments.check_may_change(db.session, actor(), expertise_request)
    form = RequestFileForm()
    if not form.validate_on_submit():
        return _page(expertise_request, form)
    try:
        attachments.add(
            unit_of_work(),
            expertise_request,
            form.file.content,
            for_invited=form.for_invited.data,
        )
    except ConflictError as error:
        roll_back()
        form.file.errors = [str(error)]
        return _page(expertise_request, form)
    flash(gettext("The file is added."))
    return redirect(url_for("expertise_requests.files", request_id=request_id))


def _page(expertise_request: ExpertiseRequest, form: RequestFileForm) -> Response:
    not_ours = obstacles.why_colleagues(db.session, actor(), expertise_request)
    return render_form(
        "expertise_requests/files.html",
        form,
        expertise_request=expertise_request,
        files=attachments.list_files(db.session, expertise_request),
        can_change=not not_ours and attachments.may_change(actor(), expertise_request),
        not_ours=not_ours,
        most=attachments.MOST,
    )


@bp.get("/<int:request_id>/files/<int:file_id>")
@requires(Permission.REQUEST_READ)
def file(request_id: int, file_id: int) -> Response:
    """Give a file of a request."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    return download(attachments.get(db.session, expertise_request, file_id))


@bp.post("/<int:request_id>/files/<int:file_id>/remove")
@requires(Permission.REQUEST_READ)
def remove_file(request_id: int, file_id: int) -> Response:
    """Remove a file of a request."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    if ActionForm().validate_on_submit():
        remove = partial(attachments.remove, unit_of_work(), expertise_request, file_id)
        say_done(remove, gettext("The file is removed."))
    return redirect(url_for("expertise_requests.files", request_id=request_id))
