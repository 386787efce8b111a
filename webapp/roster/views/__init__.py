"""Views of the coordinators' roster."""

from flask import Blueprint

bp = Blueprint("roster", "webapp.roster", template_folder="templates")

# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.roster.views import exporting, joining, listing, notes  # noqa: E402

__all__ = ["bp", "exporting", "joining", "listing", "notes"]
