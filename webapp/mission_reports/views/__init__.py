"""Pages of reports on missions, and of what follows from them."""

from flask import Blueprint

bp = Blueprint(
    "mission_reports",
    "webapp.mission_reports",
    url_prefix="/deployments/<int:deployment_id>/reports",
    template_folder="templates",
)

# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.mission_reports.views import afterwards, files, reports  # noqa: E402

__all__ = ["afterwards", "bp", "files", "reports"]
