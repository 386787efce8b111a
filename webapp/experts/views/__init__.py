"""Views of the roster: the profile for its expert, all profiles for coordinators."""

from flask import Blueprint

bp = Blueprint("experts", "webapp.experts", template_folder="templates")

# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.experts.views import (  # noqa: E402
    availability,
    confirming,
    own_standing,
    profile,
    roster,
    standing,
    writing,
)

__all__ = [
    "availability",
    "bp",
    "confirming",
    "own_standing",
    "profile",
    "roster",
    "standing",
    "writing",
]
