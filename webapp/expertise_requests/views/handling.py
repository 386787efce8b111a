"""Which coordinator sees to a request."""

from flask import flash
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import Named, people_to_choose
from webapp.core.transactions import roll_back
from webapp.core.words.translation import gettext
from webapp.expertise_requests import handling, obstacles, queries
from webapp.expertise_requests.forms import HandlingForm
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp, to_page_of


@bp.get("/<int:request_id>/coordinator")
@requires(Permission.REQUEST_DECIDE)
def coordinator(request_id: int) -> Response:
    """Ask who is to see to a request."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    not_ours = obstacles.why_colleagues(db.session, actor(), expertise_request)
    if not_ours or not handling.can_be_handed(actor(), expertise_request):
        return to_page_of(request_id)
    return _page(expertise_request, _form(expertise_request, new=True))


@bp.post("/<int:request_id>/coordinator")
@requires(Permission.REQUEST_DECIDE)
def hand_over(request_id: int) -> Response:
    """Let a coordinator see to a request."""
    expertise_request = queries.get_readable(db.session, actor(), request_id)
    handling.check_hands(db.session, actor(), expertise_request)
    form = _form(expertise_request)
    if not form.validate_on_submit():
        return _page(expertise_request, form)
    try:
        handling.hand_over(
            unit_of_work(), expertise_request, int(form.person.data), seen=form.seen_id
        )
    except ConflictError as error:
        roll_back()
        return _page(expertise_request, _form(expertise_request, new=True), str(error))
    name = _handler(expertise_request)
    flash(gettext("%(name)s sees to %(what)s.", name=name, what=expertise_request.reference))
    return to_page_of(request_id)


def _form(expertise_request: ExpertiseRequest, *, new: bool = False) -> HandlingForm:
    able = handling.list_able(db.session, expertise_request)
    me = actor().id
    first = me if expertise_request.handled_by != me else None
    given = {"person": str(first or ""), "seen": str(expertise_request.handled_by or "")}
    form = HandlingForm(formdata=None, data=given) if new else HandlingForm()
    form.person.offer(people_to_choose((one.id, one) for one in able))
    return form


def _handler(expertise_request: ExpertiseRequest) -> Named | None:
    found = queries.get_handler_names(db.session, [expertise_request])
    return found.get(expertise_request.id)


def _page(expertise_request: ExpertiseRequest, form: HandlingForm, problem: str = "") -> Response:
    return render_form(
        "expertise_requests/coordinator.html",
        form,
        expertise_request=expertise_request,
        handler=_handler(expertise_request),
        problem=problem,
    )
