"""Views of matches, one module for each of the people who meet them."""

from flask import Blueprint, current_app

from webapp.matches.roster_index import RosterIndex

bp = Blueprint("matches", "webapp.matches", template_folder="templates")


def roster() -> RosterIndex:
    """Return the roster's index in the worker that answers this request."""
    index: RosterIndex = current_app.extensions["roster"]
    return index


# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.matches.views import (  # noqa: E402
    by_link,
    coordinator,
    expert,
    inviting,
    proposing,
    ranked,
    requester,
    teams,
)

__all__ = [
    "bp",
    "by_link",
    "coordinator",
    "expert",
    "inviting",
    "proposing",
    "ranked",
    "requester",
    "roster",
    "teams",
]
