"""Views of matches, one module for each of the people who meet them."""

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from webapp.matches import invariants, wording
from webapp.matches.ranking import RosterIndex

bp = Blueprint("matches", "webapp.matches", template_folder="templates")


@bp.record_once
def _open_roster(state: BlueprintSetupState) -> None:
    # Each application, and so each worker, follows the roster with an index of its own.
    state.app.extensions["roster"] = RosterIndex()
    wording.init_app(state.app)


def roster() -> RosterIndex:
    """Return the roster's index in the worker that answers this request."""
    index: RosterIndex = current_app.extensions["roster"]
    return index


# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.matches.views import coordinator, expert, requester  # noqa: E402

__all__ = ["bp", "coordinator", "expert", "invariants", "requester"]
