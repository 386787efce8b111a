"""What coordinators do with the roster: search it, read a profile, and decide on its state."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms import EditForm, render_form
from webapp.core.paging import page_number
from webapp.core.step_forms import ReasonForm
from webapp.experts import operations, queries, rules
from webapp.experts.forms import SearchForm
from webapp.experts.models import Expert, ExpertState
from webapp.experts.views import bp
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.themes import queries as themes


def _search_form() -> SearchForm:
    form = SearchForm(request.args)
    form.jurisdiction.offer(queries.list_jurisdiction_choices(db.session))
    form.theme.offer(themes.list_choices(db.session))
    return form


@bp.get("/roster")
@requires(Permission.ROSTER_READ)
def roster() -> Response:
    """List the experts that fit what was asked for, by name."""
    form = _search_form()
    asked = {name: value for name, value in form.data.items() if value}
    if not form.validate():
        answer = render_form("experts/roster.html", form, page=None, asked=asked)
        answer.status_code = 400
        return answer
    page = queries.list_roster(
        db.session,
        form.q.data or "",
        theme=form.theme.data,
        jurisdiction=form.jurisdiction.data,
        state=ExpertState(form.state.data) if form.state.data else None,
        number=page_number(request.args.get("page")),
    )
    return render_form("experts/roster.html", form, page=page, asked=asked)


def _show(
    expert: Expert, refused: ExpertStep | None = None, form: ReasonForm | None = None, **told: Any
) -> Response:
    """Render a profile with its possible steps; `form` is that of the step that was refused."""
    own = rules.is_of(actor(), expert)
    offers = [
        (name, WORKFLOW[name], form if name is refused else _form_for(name, expert))
        for name in ([] if own else WORKFLOW.possible(expert.state, actor().roles))
    ]
    answer = render_form(
        "experts/show.html",
        form or EditForm(),
        expert=expert,
        offers=offers,
        history=queries.list_steps_taken(db.session, expert),
        completeness=rules.completeness(expert),
        **told,
    )
    if told:
        answer.status_code = ConflictError.status
    return answer


def _form_for(name: ExpertStep, expert: Expert) -> ReasonForm | None:
    needed = expert.state in WORKFLOW[name].needs_reason
    return ReasonForm.of(WORKFLOW[name], name.slug) if needed else None


@bp.get("/roster/<int:expert_id>")
@requires(Permission.ROSTER_READ, records=True)
def show(expert_id: int) -> Response:
    """Show a whole profile; its owner is told who opened it and when."""
    expert = queries.get(db.session, expert_id)
    operations.record_view(unit_of_work(), expert)
    return _show(expert)


@bp.post("/roster/<int:expert_id>/<step>")
@requires(Permission.ROSTER_DECIDE)
def take_step(expert_id: int, step: str) -> Response:
    """Take a step with a profile: screening, activating, suspending, reactivating."""
    expert = queries.get(db.session, expert_id)
    name = WORKFLOW.find(step) or abort(404)
    form = _form_for(name, expert)
    if form and not form.validate_on_submit():
        return _show(expert, name, form)
    reason = ReasonForm.of(WORKFLOW[name], step).reason.data or ""
    try:
        operations.take(unit_of_work(), expert, name, reason)
    except ConflictError as error:
        return _show(expert, name, form, problem=str(error), typed=reason)
    if done := WORKFLOW[name].done:
        flash(str(done % {"name": expert.name}))
    return redirect(url_for("experts.show", expert_id=expert.id))
