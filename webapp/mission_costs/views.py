"""The page of what a mission costs, for SEESAC alone."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.mission_costs import operations, queries, rules
from webapp.mission_costs.forms import CostsForm
from webapp.mission_costs.models import CostItem

bp = Blueprint(
    "mission_costs", __name__, url_prefix="/deployments/<int:deployment_id>/costs",
    template_folder="templates",
)  # fmt: skip
COSTS = _("what a mission costs")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
@shows(COSTS, SINGLE)
def show(deployment_id: int) -> Response:
    """Show what a mission costs, item by item, with its sums, and take what was changed."""
    deployment = queries.get_mission(db.session, actor(), deployment_id)
    rows = queries.list_costs(db.session, deployment)
    request, problem = deployment.match.request, ""
    form = CostsForm(request, rows, version=operations.version_of(rows))
    if form.validate_on_submit():
        try:
            operations.write(
                unit_of_work(), deployment, form.costs(), seen_version=form.version.data
            )
        except ConflictError as error:
            roll_back()
            rows, problem = queries.list_costs(db.session, deployment), str(error)
            form.version.data = operations.version_of(rows)
        else:
            flash(gettext("The costs are saved."))
            return redirect(url_for("mission_costs.show", deployment_id=deployment_id))
    return render_form(
        "mission_costs/show.html",
        form,
        problem=problem,
        stored=rows if problem else {},
        deployment=deployment,
        items=CostItem,
        sums=rules.sum_up(rows.values()),
        of_request=queries.sum_of_request(db.session, request.id),
    )
