"""Views of requests for expertise: the requester's own, and the coordinators' list of all."""

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.actions import ReasonForm
from webapp.core.db import db
from webapp.core.errors import ConflictError, TwinError
from webapp.core.forms import render_form
from webapp.core.paging import page_number
from webapp.expertise_requests import operations, queries, rules, timeline, wording
from webapp.expertise_requests.content import Content, content_of
from webapp.expertise_requests.forms import RequestForm, SearchForm, data_of, new_token
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.themes import queries as themes

bp = Blueprint("expertise_requests", __name__, url_prefix="/requests", template_folder="templates")

CHANGED_IN_BETWEEN = (
    "This request was changed since you opened the form, so your text is not saved yet. Both are"
    " on this page: compare them, then save or send yours if it is to replace the stored one."
)


@bp.record_once
def _bring_words(state: BlueprintSetupState) -> None:
    wording.init_app(state.app)


@bp.get("")
@requires(Permission.REQUEST_WRITE)
def index() -> str:
    """List the requests of this person, latest first, with what happens next."""
    number = page_number(request.args.get("page"))
    page = queries.list_own(db.session, actor(), number)
    return render_template("expertise_requests/index.html", page=page)


@bp.get("/all")
@requires(Permission.REQUEST_DECIDE)
def everything() -> Response:
    """List what has ever been sent in, narrowed by state and words."""
    form = SearchForm(request.args)
    narrowed = form.validate() and bool(form.search.data or form.state.data)
    page = queries.list_sent_in(
        db.session,
        states=frozenset({RequestState(form.state.data)} if narrowed and form.state.data else ()),
        search=(form.search.data or "") if narrowed else "",
        number=page_number(request.args.get("page")),
    )
    kept = {name: form[name].data for name in ("search", "state") if narrowed and form[name].data}
    body = render_template(
        "expertise_requests/everything.html",
        form=form,
        page=page,
        narrowed=narrowed,
        kept=kept,
    )
    return make_response(body, 400 if form.errors else 200)


@bp.get("/new")
@requires(Permission.REQUEST_WRITE)
def new() -> Response:
    """Show the form of a new request; nothing is stored before it is saved."""
    content = Content(jurisdiction=current_user.jurisdiction, focal_point=current_user.name)
    form = RequestForm(data={**data_of(content), "form_token": new_token()})
    form.prepare(themes.list_choices(db.session), content)
    return _form_page(form, None, drafts=queries.list_unsent(db.session, actor()))


@bp.post("/new")
@requires(Permission.REQUEST_WRITE)
def create() -> Response:
    """Store a draft, and send it if that was asked for; the same text makes no second one."""
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
        form.show_messages({"title": "Please write at least a title, to know the draft again."})
        return _form_page(form, None)
    try:
        expertise_request = operations.start_draft(
            db.session, content, actor=actor(), now=clock.now(), form_token=form.token()
        )
    except TwinError as error:
        return _twin_page(form, error)
    if content != content_of(expertise_request):
        # This form made a draft before, and was changed and sent again by way of Back.
        return _conflict_page(form, expertise_request, CHANGED_IN_BETWEEN)
    return _send_if_asked(form, expertise_request, None)


@bp.get("/<int:request_id>/edit")
@requires(Permission.REQUEST_WRITE)
def edit(request_id: int) -> Response:
    """Show the form of a draft or of a returned request."""
    expertise_request = queries.written_by(db.session, actor(), request_id)
    if expertise_request.state not in rules.EDITABLE:
        flash("The text cannot be changed at this point.", "error")
        return redirect(url_for("expertise_requests.show", request_id=request_id))
    return _form_page(_stored_form(expertise_request), expertise_request)


@bp.post("/<int:request_id>/edit")
@requires(Permission.REQUEST_WRITE)
def save(request_id: int) -> Response:
    """Save a draft or a returned request, and send it if that was asked for."""
    expertise_request = queries.written_by(db.session, actor(), request_id)
    form = RequestForm()
    form.prepare(themes.list_choices(db.session), content_of(expertise_request))
    if not form.validate_on_submit():
        return _refused(form, expertise_request)
    content = form.content()
    if content == content_of(expertise_request):
        # Nothing to save, be it the second click on the same button.
        return _send_if_asked(form, expertise_request, expertise_request)
    try:
        operations.save(
            db.session,
            expertise_request,
            content,
            seen_version=form.version.data,
            actor=actor(),
            now=clock.now(),
        )
    except ConflictError as error:
        editable = expertise_request.state in rules.EDITABLE
        return _conflict_page(
            form, expertise_request, CHANGED_IN_BETWEEN if editable else str(error)
        )
    except operations.IncompleteError as error:
        form.show_messages(error.fields)
        return _form_page(form, expertise_request)
    return _send_if_asked(form, expertise_request, expertise_request)


def _to_be_sent() -> bool:
    return request.form.get("action") == "send"


def _refused(form: RequestForm, stored: ExpertiseRequest | None) -> Response:
    """Show what was refused, and what else is needed if the text was to be sent."""
    if _to_be_sent():
        form.show_what_is_missing()
    return _form_page(form, stored)


def _send_if_asked(
    form: RequestForm, expertise_request: ExpertiseRequest, stored: ExpertiseRequest | None
) -> Response:
    """Send a request if the button said so, and lead to its page.

    `stored` is what stays if the request cannot be sent: nothing of one that is new.
    """
    if not _to_be_sent():
        flash(f"The text of {expertise_request.reference} is saved.")
        return _to_page_of(expertise_request)
    if expertise_request.state is not RequestState.SUBMITTED:
        try:
            operations.submit(db.session, expertise_request, actor=actor(), now=clock.now())
        except operations.IncompleteError as error:
            form.show_messages(error.fields)
            return _form_page(form, stored)
    flash(f"{expertise_request.reference} is sent to SEESAC.")
    return _to_page_of(expertise_request)


def _to_page_of(expertise_request: ExpertiseRequest) -> Response:
    return redirect(url_for("expertise_requests.show", request_id=expertise_request.id))


def _stored_form(expertise_request: ExpertiseRequest) -> RequestForm:
    content = content_of(expertise_request)
    form = RequestForm(
        formdata=None, data={**data_of(content), "version": expertise_request.version}
    )
    form.prepare(themes.list_choices(db.session), content)
    return form


def _form_page(
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
        else "",
        drafts=drafts,
    )


def _twin_page(form: RequestForm, error: TwinError) -> Response:
    """Show the form again beside the way to the request that says the same."""
    body = render_template("expertise_requests/edit.html", form=form, twin=error.first)
    return make_response(body, error.status)


def _conflict_page(
    form: RequestForm, expertise_request: ExpertiseRequest, problem: str
) -> Response:
    """Show what was typed beside what is stored; sending it once more is then a known choice."""
    form.version.data = expertise_request.version
    body = render_template(
        "expertise_requests/edit.html",
        form=form,
        expertise_request=expertise_request,
        problem=problem,
    )
    return make_response(body, ConflictError.status)


@bp.get("/<int:request_id>")
@requires(Permission.REQUEST_READ)
def show(request_id: int) -> Response:
    """Show a request with its story and what can be done with it now."""
    return _page_of(queries.readable(db.session, actor(), request_id))


@bp.post("/<int:request_id>/<any(submit, withdraw):step>")
@requires(Permission.REQUEST_WRITE)
def take_step(request_id: int, step: str) -> Response:
    """Send or withdraw a request of one's own."""
    return _take(queries.written_by(db.session, actor(), request_id), step)


@bp.post('/<int:request_id>/<any(accept, "return", decline, "leave-unfilled", close):step>')
@requires(Permission.REQUEST_DECIDE)
def decide(request_id: int, step: str) -> Response:
    """Accept, return or decline a request, or end the work on it."""
    return _take(queries.readable(db.session, actor(), request_id), step)


def _take(expertise_request: ExpertiseRequest, name: str) -> Response:
    action = wording.ACTIONS[name]
    form = _reason_form(name) if action.question else None
    if form and _needs_reason(expertise_request, name) and not form.validate_on_submit():
        return _page_of(expertise_request, name, form)
    arguments = [form.reason.data or ""] if form else []
    options = {}
    if name in wording.JUDGES_TEXT:
        options["seen_version"] = request.form.get("version", -1, type=int)
    try:
        action.operation(
            db.session, expertise_request, *arguments, actor=actor(), now=clock.now(), **options
        )
    except ConflictError as error:
        return _page_of(expertise_request, name, form, problem=str(error))
    except operations.IncompleteError as error:
        stored = _stored_form(expertise_request)
        stored.show_messages(error.fields)
        return _form_page(stored, expertise_request)
    flash(action.done.format(reference=expertise_request.reference))
    return _to_page_of(expertise_request)


def _needs_reason(expertise_request: ExpertiseRequest, name: str) -> bool:
    return expertise_request.state in rules.STEPS[wording.ACTIONS[name].step].needs_reason


def _reason_form(name: str) -> ReasonForm:
    action = wording.ACTIONS[name]
    return ReasonForm(action.question, action.hint, prefix=name)


def _page_of(
    expertise_request: ExpertiseRequest,
    refused: str = "",
    form: ReasonForm | None = None,
    problem: str = "",
) -> Response:
    """Render a request; `form` is that of the step `refused`, with what was typed."""
    possible = rules.possible_steps(actor(), expertise_request)
    names = [name for name, action in wording.ACTIONS.items() if action.step in possible]
    forms = {name: _reason_form(name) for name in names if _needs_reason(expertise_request, name)}
    if form and refused in forms:
        forms[refused] = form
    own = rules.is_requester(actor(), expertise_request)
    body = render_template(
        "expertise_requests/show.html",
        expertise_request=expertise_request,
        own=own,
        steps=[(name, wording.ACTIONS[name], forms.get(name)) for name in names],
        comment=timeline.reason_for_state(db.session, expertise_request),
        entries=timeline.entries(db.session, expertise_request, actor()),
        problem=problem,
        typed=form.reason.data if form and refused not in forms else "",
        disclosed=own and expertise_request.state in rules.DISCLOSING,
        ranked=not own and expertise_request.state in rules.AGREED,
    )
    sent = request.method == "POST"
    return make_response(body, ConflictError.status if problem else 400 if sent else 200)
