"""What coordinators do with the roster: search it, read a profile, and decide on its state."""

from functools import partial

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms import ActionForm, render_form
from webapp.core.paging import page_number
from webapp.core.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.experts import operations, queries, rules
from webapp.experts.forms import SearchForm
from webapp.experts.models import Expert, ExpertState
from webapp.experts.views import bp
from webapp.experts.workflow import WORKFLOW
from webapp.themes import queries as themes


def _search_form() -> SearchForm:
    form = SearchForm(request.args)
    form.jurisdiction.offer(queries.list_jurisdiction_choices(db.session))
    form.theme.offer(themes.list_all_choices(db.session))
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


def _show(expert: Expert, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a profile with its possible steps; the one that was refused keeps what was typed."""
    own = rules.is_of(actor(), expert)
    names = [] if own else WORKFLOW.possible(expert.state, actor().roles)
    return render_form(
        "experts/show.html",
        refused.form or ActionForm(),
        expert=expert,
        offers=make_offers(WORKFLOW, names, expert.state, refused=refused),
        history=queries.list_steps_taken(db.session, expert),
        completeness=rules.completeness(expert),
        problem=refused.problem,
        typed=refused.typed,
    )


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
    take = partial(operations.take, unit_of_work(), expert, name)
    said = {"name": expert.name}
    if refused := take_sent(WORKFLOW, name, expert.state, take, said=said):
        return _show(expert, refused)
    return redirect(url_for("experts.show", expert_id=expert.id))
