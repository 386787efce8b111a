"""Views of the roster: the profile for its expert, all profiles for coordinators."""

from flask import Blueprint

from webapp.experts import wording
from webapp.experts.rules import meaning

bp = Blueprint("experts", __name__, template_folder="../templates")
bp.add_app_template_filter(wording.months, "evidence_months")
bp.add_app_template_filter(wording.years, "evidence_years")
bp.add_app_template_filter(meaning, "profile_meaning")

# The views register themselves with the blueprint above.
from webapp.experts.views import profile, roster  # noqa: E402

__all__ = ["bp", "profile", "roster"]
