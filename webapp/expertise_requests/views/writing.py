"""Writing a request: the form of a new one, and of one that is not under consideration."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, TwinError
from webapp.core.forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.transactions import roll_back
from webapp.core.translation import Message, _, gettext
from webapp.expertise_requests import operations, queries, rules, timeline
from webapp.expertise_requests.content import Content, get_content
from webapp.expertise_requests.forms import RequestForm, data_of, new_token
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp
from webapp.expertise_requests.workflow import RequestStep
from webapp.themes import queries as themes

CHANGED_IN_BETWEEN = _(
    "This request was changed since you opened the form, so your text is not saved yet. Both are"
    " on this page: compare them, then save or send yours if it is to replace the stored one."
)
CLOSED_IN_BETWEEN = _(
    "The request that this form made before can no longer be changed: it was sent, or it was thrown"
    " away. What you wrote below becomes a new request if you save or send it now."
)
TAKEN_OVER = _(
    "This request is in a colleague's hands now, who alone can change its text. What you wrote is"
    " still below: copy it to send it to them, or take the request back from its page."
)

# Whoever writes a request sends it a few times; drafts by the hundred are made by programs.
DRAFTS = Limit("drafts", "20/minute; 100/hour")


@bp.get("/new")
@requires(Permission.REQUEST_WRITE)
def new() -> Response:
    """Show the form of a new request; nothing is stored before it is saved."""
    content = Content(jurisdiction=current_user.jurisdiction, focal_point=current_user.name)
    form = RequestForm(data={**data_of(content), "form_token": new_token()})
    form.prepare(themes.list_choices(db.session, content.themes), content)
    return form_page(form, None, drafts=queries.list_unsent(db.session, actor()))


@bp.post("/new")
@requires(Permission.REQUEST_WRITE)
@limited(DRAFTS)
def create() -> Response:
    """Store a draft, and show it once more if it is to be sent; the same text makes no second."""
    form = RequestForm()
    form.prepare(themes.list_choices(db.session), Content())
    if not form.validate_on_submit():
        return _refused(form, None)
    content = form.content()
    if not _to_be_sent() and content == Content(
        jurisdiction=content.jurisdiction,
        focal_point=content.focal_point,
        experts_needed=content.experts_needed,
    ):
        form.show_messages({"title": _("Please write at least a title, to know the draft again.")})
        return form_page(form, None)
    try:
        expertise_request = operations.start_draft(unit_of_work(), content, form_token=form.token())
    except TwinError as error:
        return _twin_page(form, error)
    same = content == get_content(expertise_request)
    if expertise_request.state in rules.ENDED or not (same or _is_editable(expertise_request)):
        return _new_start_page(form, expertise_request)
    if not same:
        # This form made a draft before, and was changed and sent again by way of Back.
        return _conflict_page(form, expertise_request, CHANGED_IN_BETWEEN)
    return _go_on(form, expertise_request, None)


@bp.get("/<int:request_id>/edit")
@requires(Permission.REQUEST_WRITE)
def edit(request_id: int) -> Response:
    """Show the form of a draft or of a returned request."""
    expertise_request = queries.get_own(db.session, actor(), request_id)
    if not _is_editable(expertise_request):
        flash(gettext("The text cannot be changed at this point."), "error")
        return redirect(url_for("expertise_requests.show", request_id=request_id))
    return form_page(stored_form(expertise_request), expertise_request)


@bp.post("/<int:request_id>/edit")
@requires(Permission.REQUEST_WRITE)
def save(request_id: int) -> Response:
    """Save a draft or a returned request, and show it once more if it is to be sent."""
    expertise_request = queries.get_of_organisation(db.session, actor(), request_id)
    form = RequestForm()
    stored = get_content(expertise_request)
    form.prepare(themes.list_choices(db.session, stored.themes), stored)
    if not rules.is_requester(actor(), expertise_request):
        return _conflict_page(form, expertise_request, TAKEN_OVER)
    if not form.validate_on_submit():
        return _refused(form, expertise_request)
    content = form.content()
    if content == get_content(expertise_request):
        # Nothing to save, be it the second click on the same button.
        return _go_on(form, expertise_request, expertise_request)
    try:
        operations.save(unit_of_work(), expertise_request, content, seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        editable = _is_editable(expertise_request)
        return _conflict_page(
            form, expertise_request, CHANGED_IN_BETWEEN if editable else str(error)
        )
    except operations.IncompleteError as error:
        form.show_messages(error.fields)
        return form_page(form, expertise_request)
    return _go_on(form, expertise_request, expertise_request)


def _is_editable(expertise_request: ExpertiseRequest) -> bool:
    return expertise_request.state in rules.EDITABLE


def _to_be_sent() -> bool:
    return request.form.get("action") == "send"


def _refused(form: RequestForm, stored: ExpertiseRequest | None) -> Response:
    """Show what was refused, and what else is needed if the text was to be sent."""
    if _to_be_sent():
        form.show_what_is_missing()
    return form_page(form, stored)


def _go_on(
    form: RequestForm, expertise_request: ExpertiseRequest, stored: ExpertiseRequest | None
) -> Response:
    """Lead on after saving: to the page of the request, or to the check before it is sent.

    `stored` is what stays if something is missing: nothing of a request that is new.
    """
    if not _to_be_sent():
        flash(gettext("The text of %(reference)s is saved.", reference=expertise_request.reference))
        return _to_page_of(expertise_request)
    if rules.missing_for_submission(expertise_request):
        form.show_what_is_missing()
        return form_page(form, stored)
    step = RequestStep.SUBMIT.slug
    return redirect(url_for("expertise_requests.check", request_id=expertise_request.id, step=step))


def _to_page_of(expertise_request: ExpertiseRequest) -> Response:
    return redirect(url_for("expertise_requests.show", request_id=expertise_request.id))


def stored_form(expertise_request: ExpertiseRequest) -> RequestForm:
    """Return the form with what is stored."""
    content = get_content(expertise_request)
    form = RequestForm(
        formdata=None, data={**data_of(content), "version": expertise_request.version}
    )
    form.prepare(themes.list_choices(db.session, content.themes), content)
    return form


def form_page(
    form: RequestForm,
    expertise_request: ExpertiseRequest | None,
    drafts: Sequence[ExpertiseRequest] = (),
) -> Response:
    """Render the form; `expertise_request` is what is stored, if there is one that stays so."""
    return render_form(
        "expertise_requests/edit.html",
        form,
        expertise_request=expertise_request,
        comment=timeline.reason_for_state(db.session, expertise_request)
        if expertise_request
        else None,
        drafts=drafts,
    )


def _twin_page(form: RequestForm, error: TwinError) -> Response:
    """Show the form again beside the way to the request that says the same."""
    body = render_template("expertise_requests/edit.html", form=form, twin=error.first)
    return make_response(body, error.status)


def _new_start_page(form: RequestForm, first: ExpertiseRequest) -> Response:
    """Show what was typed again, to become a new request: `first`, made of this form, is closed."""
    form.form_token.data = new_token()
    return render_form("expertise_requests/edit.html", form, first=first, problem=CLOSED_IN_BETWEEN)


def _conflict_page(
    form: RequestForm, expertise_request: ExpertiseRequest, problem: str | Message
) -> Response:
    """Show what was typed beside what is stored; sending it once more is then a known choice."""
    form.version.data = expertise_request.version
    return render_form(
        "expertise_requests/edit.html", form, expertise_request=expertise_request, problem=problem
    )
