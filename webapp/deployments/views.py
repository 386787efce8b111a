"""Views of deployments: the calendar, and each mission with its steps."""

from functools import partial

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.disclosure import LISTS, SINGLE, shows
from webapp.core.forms import ActionForm, render_form
from webapp.core.roles import Role
from webapp.core.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.core.translation import _
from webapp.core.workflow import why_not_theirs
from webapp.deployments import operations, queries, rules
from webapp.deployments.calendar import by_month
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import OVER, WORKFLOW
from webapp.expertise_requests import timeline

bp = Blueprint("deployments", __name__, url_prefix="/deployments", template_folder="templates")
MISSION = _("a mission")


@bp.get("")
@requires(Permission.DEPLOYMENT_READ)
@shows(_("the calendar of deployments"), LISTS)
def index() -> str:
    """Show the calendar of the deployments that this person may see."""
    seen = queries.list_visible(db.session, actor())
    return render_template(
        "deployments/index.html",
        months=by_month(row for row in seen if row.state is not DeploymentState.CANCELLED),
        cancelled=[row for row in seen if row.state is DeploymentState.CANCELLED],
    )


@bp.get("/<int:deployment_id>")
@requires(Permission.DEPLOYMENT_READ)
@shows(MISSION, SINGLE)
def show(deployment_id: int) -> Response:
    """Show a mission: where it stands, who else goes, what happened, and what can be done."""
    return _mission_page(queries.get(db.session, actor(), deployment_id))


@bp.post("/<int:deployment_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MISSION, SINGLE)
def take_step(deployment_id: int, step: str) -> Response:
    """Take one step of a mission."""
    deployment = queries.get(db.session, actor(), deployment_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), deployment, name)
    said = {"name": deployment.match.expert.name}
    if refused := take_sent(WORKFLOW, name, deployment.state, take, said=said):
        return _mission_page(deployment, refused)
    return redirect(url_for("deployments.show", deployment_id=deployment_id))


def _mission_page(deployment: Deployment, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a mission; a step that was refused keeps what was typed.

    Coordinators see why a mission has ended: the reason may be the expert's own.
    """
    reader, today = actor(), clock.today()
    match = deployment.match
    steps = rules.possible_steps(deployment, reader, today)
    decides = Role.COORDINATOR in reader.roles
    return render_form(
        "deployments/show.html",
        refused.form or ActionForm(),
        deployment=deployment,
        match=match,
        expertise_request=match.request,
        team=queries.list_team(db.session, reader, deployment),
        offers=make_offers(WORKFLOW, steps, deployment.state, refused=refused),
        not_mine=decides and why_not_theirs(reader, rules.owners_of(deployment)),
        reported=OVER,
        later=rules.list_obstacles(deployment, today) if decides else [],
        reason=deployment.reason if decides else None,
        is_mine=match.expert.account_id == reader.id,
        lines=timeline.lines_about(db.session, match.request, reader, match.expert_id),
        problem=refused.problem,
        typed=refused.typed,
    )
