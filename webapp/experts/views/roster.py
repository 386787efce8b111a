"""What coordinators do with the roster: search it, read a profile, and decide on its state."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.forms import render_form
from webapp.experts import operations, queries, rules
from webapp.experts.forms import SearchForm, StepForm
from webapp.experts.models import Expert, ExpertState
from webapp.experts.views import bp
from webapp.themes import queries as themes

PER_PAGE = 50


def _search_form() -> SearchForm:
    form = SearchForm(request.args)
    form.jurisdiction.offer(queries.jurisdiction_choices(db.session))
    form.theme.offer(themes.choices(db.session))
    return form


@bp.get("/roster")
@requires(Permission.ROSTER_READ)
def roster() -> Response:
    """List the experts that fit what was asked for, by name."""
    form = _search_form()
    asked = {name: value for name, value in form.data.items() if value}
    if not form.validate():
        answer = render_form("experts/roster.html", form, found=None, asked=asked)
        answer.status_code = 400
        return answer
    found = queries.search(
        db.session,
        form.q.data or "",
        theme=form.theme.data,
        jurisdiction=form.jurisdiction.data,
        state=ExpertState(form.state.data) if form.state.data else None,
        page=request.args.get("page", 1, type=int),
        per_page=PER_PAGE,
    )
    return render_form("experts/roster.html", form, found=found, asked=asked)


def _show(expert: Expert, form: StepForm) -> Response:
    return render_form(
        "experts/show.html",
        form,
        expert=expert,
        steps=[] if rules.is_of(actor(), expert) else rules.steps_from(expert.state),
        history=queries.steps_taken(db.session, expert),
        completeness=rules.completeness(expert),
    )


@bp.get("/roster/<int:expert_id>")
@requires(Permission.ROSTER_READ, records=True)
def show(expert_id: int) -> Response:
    """Show a whole profile; its owner is told who opened it and when."""
    expert = queries.get(db.session, expert_id)
    operations.record_view(db.session, expert, actor=actor(), now=clock.now())
    return _show(expert, StepForm())


@bp.post("/roster/<int:expert_id>/step")
@requires(Permission.ROSTER_DECIDE)
def step(expert_id: int) -> Response:
    """Take a step with an expert: screening, activating, suspending, reactivating."""
    expert = queries.get(db.session, expert_id)
    form = StepForm()
    if not form.validate_on_submit():
        return _show(expert, form)
    operations.move(
        db.session,
        expert,
        form.step.data,
        reason=form.reason.data or "",
        actor=actor(),
        now=clock.now(),
    )
    flash(f"{expert.name} is “{expert.state}” on the roster now.")
    return redirect(url_for("experts.show", expert_id=expert.id))
