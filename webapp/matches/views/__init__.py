"""Views of matches, one module for each of the people who meet them."""

from flask import Blueprint, current_app

from webapp.core.forms.page_forms import seen_version
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.workflow import MatchStep

bp = Blueprint("matches", "webapp.matches", template_folder="templates")


def roster() -> RosterIndex:
    """Return the index for rankings in the worker that answers this request."""
    index: RosterIndex = current_app.extensions["roster"]
    return index


def whole_roster() -> list[RosterIndex]:
    """Return the indexes of everybody on the roster: first of those who can be ranked."""
    return [roster(), current_app.extensions["roster.not_ranked"]]


def seen_terms(name: MatchStep | None) -> int | None:
    """Return to which version of the terms of reference a page has asked for a yes; None for other
    steps, which ask only when the page was drawn (core/workflows/older_pages.py)."""
    return seen_version() if name is MatchStep.ACCEPT else None


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
    "seen_terms",
    "teams",
]
