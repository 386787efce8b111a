"""Writing a request: the form of a new one, and of one that is not under consideration."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, TwinError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.transactions import begin_anew, roll_back, writes_late
from webapp.core.words.translation import Message, _, gettext
from webapp.expertise_requests import coverage, field_comments, operations, queries, rules, timeline
from webapp.expertise_requests.content import PARTS, Content, get_content
from webapp.expertise_requests.forms import RequestForm, data_of, new_token
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp, to_page_of
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

FIRST, ALL_PARTS = next(iter(PARTS)), ", ".join(PARTS)

# Whoever writes a request sends it a few times; drafts by the hundred are made by programs.
DRAFTS = Limit("drafts", "20/minute; 100/hour")
# What is written can be changed word by word to see whom a count follows.
COUNTING = Limit("experts counted", "20/hour; 60/day", of_reading=True)


@bp.get("/new")
@bp.get(f"/new/<any({FIRST}):part>")
@requires(Permission.REQUEST_WRITE)
def new(part: str | None = None) -> Response:
    """Show the form of a new request, whole or its first page; nothing is stored before it is
    saved."""
    content = begun()
    form = RequestForm(data={**data_of(content), "form_token": new_token()}, part=part)
    form.prepare(themes.list_choices(db.session, content.themes), content)
    return form_page(form, None, drafts=queries.list_unsent(db.session, actor()))


@bp.post("/new")
@bp.post(f"/new/<any({FIRST}):part>")
@requires(Permission.REQUEST_WRITE)
@limited(DRAFTS)
def create(part: str | None = None) -> Response:
    """Store a draft, and lead on; the same text makes no second."""
    form = RequestForm(part=part)
    form.prepare(themes.list_choices(db.session), Content())
    if not form.validate_on_submit():
        return _refused(form, None)
    content = form.content(begun() if part else None)
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


@bp.get("/<int:request_id>/coverage")
@requires(Permission.REQUEST_WRITE)
@limited(COUNTING)
def covered(request_id: int) -> str:
    """Show how many experts cover what is written, to whoever may write it."""
    expertise_request = queries.get_own(db.session, actor(), request_id)
    return render_template(
        "expertise_requests/coverage.html",
        expertise_request=expertise_request,
        by_theme=coverage.of_themes(db.session, expertise_request),
        by_text=coverage.of_text(db.session, expertise_request),
    )


def begun() -> Content:
    """Return what a new request says before anything is written."""
    return Content(jurisdiction=current_user.jurisdiction, focal_point=current_user.name)


@bp.get("/<int:request_id>/edit")
@bp.get(f"/<int:request_id>/edit/<any({ALL_PARTS}):part>")
@requires(Permission.REQUEST_WRITE)
def edit(request_id: int, part: str | None = None) -> Response:
    """Show the form of a draft or of a returned request, whole or one page of it."""
    expertise_request = queries.get_own(db.session, actor(), request_id)
    if not _is_editable(expertise_request):
        flash(gettext("The text cannot be changed at this point."), "error")
        return to_page_of(request_id)
    return form_page(stored_form(expertise_request, part), expertise_request)


@bp.post("/<int:request_id>/edit")
@bp.post(f"/<int:request_id>/edit/<any({ALL_PARTS}):part>")
@requires(Permission.REQUEST_WRITE)
@writes_late
def save(request_id: int, part: str | None = None) -> Response:
    """Save a draft or a returned request, and lead on to where its writer wants to go."""
    expertise_request = queries.get_of_organisation(db.session, actor(), request_id)
    form = RequestForm(part=part)
    stored = get_content(expertise_request)
    form.prepare(themes.list_choices(db.session, stored.themes), stored)
    if not rules.is_requester(actor(), expertise_request):
        return _conflict_page(form, expertise_request, TAKEN_OVER)
    if not form.validate_on_submit():
        return _refused(form, expertise_request)
    content = form.content(stored)
    begin_anew()
    return _save(form, expertise_request, content)


def _save(form: RequestForm, expertise_request: ExpertiseRequest, content: Content) -> Response:
    """Save what was read from the form, if the request is still as it was meanwhile."""
    if not rules.is_requester(actor(), expertise_request):
        return _conflict_page(form, expertise_request, TAKEN_OVER)
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
    """Lead on after saving: to the next page, that of the request, or the check before it is sent.

    `stored` is what stays if something is missing: nothing of a request that is new.
    """
    if request.form.get("action") == "count":
        return redirect(
            url_for("expertise_requests.covered", request_id=expertise_request.id),
            HTTPStatus.SEE_OTHER,
        )
    if form.part and (where := _way_on(form.part)):
        return _to_part(expertise_request, where)
    if not _to_be_sent():
        flash(gettext("The text of %(reference)s is saved.", reference=expertise_request.reference))
        return to_page_of(expertise_request.id)
    if not form.part and rules.missing_for_submission(expertise_request):
        form.show_what_is_missing()
        return form_page(form, stored)
    step = RequestStep.SUBMIT.slug
    return redirect(url_for("expertise_requests.check", request_id=expertise_request.id, step=step))


def _way_on(part: str) -> str | None:
    """Return the page of the form that was asked for, if it is to be another one."""
    names = list(PARTS)
    step = {"next": 1, "back": -1}.get(request.form.get("action", ""), 0)
    place = names.index(part) + step
    return names[place] if step and 0 <= place < len(names) else None


def _to_part(expertise_request: ExpertiseRequest, part: str) -> Response:
    return redirect(
        url_for("expertise_requests.edit", request_id=expertise_request.id, part=part),
        HTTPStatus.SEE_OTHER,
    )


def stored_form(expertise_request: ExpertiseRequest, part: str | None = None) -> RequestForm:
    """Return the form, or one page of it, with what is stored."""
    content = get_content(expertise_request)
    form = RequestForm(
        formdata=None,
        data={**data_of(content), "version": expertise_request.version},
        part=part,
    )
    form.prepare(themes.list_choices(db.session, content.themes), content)
    return form


def form_page(
    form: RequestForm,
    expertise_request: ExpertiseRequest | None,
    drafts: Sequence[ExpertiseRequest] = (),
) -> Response:
    """Render the form; `expertise_request` is what is stored, if there is one that stays so."""
    if expertise_request:
        form.show_comments(field_comments.list_open(db.session, expertise_request))
    return render_form(
        "expertise_requests/edit.html",
        form,
        expertise_request=expertise_request,
        comment=timeline.reason_for_state(db.session, expertise_request)
        if expertise_request
        else None,
        drafts=drafts,
        counts=coverage.of_themes(db.session, expertise_request) if expertise_request else (),
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
    form.show_comments(field_comments.list_open(db.session, expertise_request))
    form.version.data = expertise_request.version
    return render_form(
        "expertise_requests/edit.html", form, expertise_request=expertise_request, problem=problem
    )
