"""Whose a request is: requests of colleagues, taking one over, and those without an owner."""

from flask import flash, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, has_role, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.paging import page_number
from webapp.core.roles import Role
from webapp.core.transactions import roll_back
from webapp.core.words.translation import gettext
from webapp.expertise_requests import queries, rules, taking_over
from webapp.expertise_requests.forms import TakeOverForm, WordsForm
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp, to_page_of
from webapp.expertise_requests.wording import who_is_awaited


@bp.get("/colleagues")
@requires(Permission.REQUEST_WRITE)
def colleagues() -> Response:
    """List the requests of this person's organisation that others own, narrowed by words."""
    form = WordsForm(request.args)
    search = form.search.data or "" if form.validate() else ""
    number = page_number(request.args.get("page"))
    page = queries.list_of_colleagues(db.session, actor(), search, number)
    body = render_template(
        "expertise_requests/colleagues.html",
        form=form,
        search=search,
        page=page,
        waiting=who_is_awaited(db.session, page.items),
        member=actor().organisation_id is not None,
    )
    return make_response(body, 400 if form.errors else 200)


@bp.get("/<int:request_id>/take-over")
@requires(Permission.REQUEST_WRITE)
def ask_to_take_over(request_id: int) -> Response:
    """Show what will happen before somebody takes a colleague's request over."""
    expertise_request = queries.get_of_organisation(db.session, actor(), request_id)
    if not rules.can_be_taken_over(actor(), expertise_request):
        return to_page_of(request_id)
    form = TakeOverForm(formdata=None, data={"version": expertise_request.version})
    return _take_over_page(form, expertise_request)


@bp.post("/<int:request_id>/take-over")
@requires(Permission.REQUEST_WRITE)
def take_over(request_id: int) -> Response:
    """Make this person the owner of a colleague's request."""
    expertise_request = queries.get_of_organisation(db.session, actor(), request_id)
    if rules.is_requester(actor(), expertise_request):
        # An impatient second click has reached what it wanted.
        return to_page_of(request_id)
    form = TakeOverForm()
    if not form.validate_on_submit():
        return _take_over_page(form, expertise_request)
    seen = form.version.data
    try:
        taking_over.take_over(unit_of_work(), expertise_request, form.grounds, seen_version=seen)
    except ConflictError as error:
        roll_back()
        form.version.data = expertise_request.version
        return _take_over_page(form, expertise_request, str(error))
    flash(gettext("%(reference)s is in your hands now.", reference=expertise_request.reference))
    return to_page_of(request_id)


@bp.get("/without-owner")
@requires(Permission.REQUEST_OWNERS_READ)
def without_owner() -> Response:
    """List open requests that nobody can act on as their owner any more."""
    form = WordsForm(request.args)
    search = form.search.data or "" if form.validate() else ""
    page = queries.list_without_owner(
        db.session,
        search,
        page_number(request.args.get("page")),
        drafts=has_role(Role.ADMINISTRATOR),
    )
    heirs = queries.count_heirs(db.session, (row.organisation_id for row in page.items))
    body = render_template(
        "expertise_requests/without_owner.html", form=form, search=search, page=page, heirs=heirs
    )
    return make_response(body, 400 if form.errors else 200)


def _take_over_page(
    form: TakeOverForm, expertise_request: ExpertiseRequest, problem: str = ""
) -> Response:
    return render_form(
        "expertise_requests/take_over.html",
        form,
        problem=problem,
        expertise_request=expertise_request,
    )
