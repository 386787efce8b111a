"""Views of requests for expertise: lists, the form, one request, and the steps of its workflow."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

bp = Blueprint(
    "expertise_requests",
    "webapp.expertise_requests",
    url_prefix="/requests",
    template_folder="templates",
)


def to_page_of(request_id: int) -> Response:
    """Lead on to the page of a request."""
    return redirect(url_for("expertise_requests.show", request_id=request_id))


# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.expertise_requests.views import (  # noqa: E402
    attachments,
    beginning,
    correspondence,
    handling,
    lists,
    ownership,
    returning,
    steps,
    writing,
)

__all__ = [
    "attachments", "beginning", "bp", "correspondence", "handling", "lists", "ownership",
    "returning", "steps", "to_page_of", "writing",
]  # fmt: skip
