"""The page of messages between a requester and SEESAC about a request."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import NotFoundError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.words.translation import _, gettext
from webapp.expertise_requests import correspondence, obstacles, queries, rules
from webapp.expertise_requests.forms import MessageForm
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp

# Each is told by mail to somebody; nobody writes as many in earnest.
WRITING = Limit("messages about requests", "100/day")


@bp.route("/<int:request_id>/messages", methods=["GET", "POST"])
@requires(Permission.REQUEST_READ)
@limited(WRITING)
def messages(request_id: int) -> Response:
    """Show what was written about a request, and take a message to the other side."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    if not correspondence.takes_part(actor(), expertise_request):
        raise NotFoundError(_("There are no messages about this request for you to read."))
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(expertise_request, form)
    newest = request.form.get("newest", type=int)
    correspondence.write(unit_of_work(), expertise_request, form.text.data, newest)
    flash(gettext("Your message is sent."))
    return redirect(url_for("expertise_requests.messages", request_id=request_id))


@bp.post("/<int:request_id>/messages/settle")
@requires(Permission.REQUEST_DECIDE)
def settle_messages(request_id: int) -> Response:
    """Note that the requester's messages need no answer."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    if not rules.reads_as_coordinator(actor(), expertise_request):
        raise NotFoundError(_("There are no messages about this request for you to read."))
    newest = request.form.get("newest", 0, type=int)
    correspondence.settle(unit_of_work(), expertise_request, newest)
    flash(gettext("Noted: no answer is needed."))
    return redirect(url_for("expertise_requests.messages", request_id=request_id))


def _page(expertise_request: ExpertiseRequest, form: MessageForm) -> Response:
    written = correspondence.list_messages(db.session, expertise_request)
    office = rules.reads_as_coordinator(actor(), expertise_request)
    # Requesters write with SEESAC, whoever of it answers.
    told = {row.written_by for row in written if office or not row.from_office}
    return render_form(
        "expertise_requests/messages.html",
        form,
        expertise_request=expertise_request,
        written=written,
        names=accounts.get_names(db.session, told),
        office=office,
        not_ours=obstacles.why_colleagues(db.session, actor(), expertise_request),
    )
