"""The page on which a coordinator returns a request with comments at its fields."""

from flask import flash, request
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.origins import SAFE_METHODS
from webapp.core.transactions import roll_back
from webapp.expertise_requests import obstacles, returning
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.forms import ReturnForm
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.operations import Seen
from webapp.expertise_requests.saying import list_said
from webapp.expertise_requests.views import bp, to_page_of
from webapp.expertise_requests.views.steps import to_be_read
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep


@bp.route("/<int:request_id>/comments", methods=["GET", "POST"])
@requires(Permission.REQUEST_DECIDE)
def comment(request_id: int) -> Response:
    """Ask what has to be corrected at which field, and return the request with it."""
    expertise_request = to_be_read(request_id)
    possible = obstacles.list_possible_steps(db.session, actor(), expertise_request)
    if request.method in SAFE_METHODS and RequestStep.RETURN not in possible:
        return to_page_of(request_id)
    form = ReturnForm(data={"version": expertise_request.version})
    if not form.validate_on_submit():
        return _page(expertise_request, form)
    seen = Seen(form.version.data)
    try:
        returning.give_back(unit_of_work(), expertise_request, form.grounds, form.comments, seen)
    except ConflictError as error:
        roll_back()
        form.version.data = expertise_request.version
        return _page(expertise_request, form, str(error))
    done = WORKFLOW[RequestStep.RETURN].done
    flash(str(done % {"reference": expertise_request.reference}) if done else "")
    return to_page_of(request_id)


def _page(expertise_request: ExpertiseRequest, form: ReturnForm, problem: str = "") -> Response:
    return render_form(
        "expertise_requests/comment.html",
        form,
        expertise_request=expertise_request,
        said=list_said(db.session, get_content(expertise_request)),
        problem=problem,
    )
