"""Views of deployments."""

from flask import Blueprint, render_template

from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.disclosure import LISTS, shows
from webapp.core.translation import _
from webapp.deployments import queries
from webapp.deployments.calendar import by_month
from webapp.deployments.models import DeploymentState

bp = Blueprint("deployments", __name__, url_prefix="/deployments", template_folder="templates")


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
