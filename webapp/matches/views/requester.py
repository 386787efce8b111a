"""What requesters see of matches: the experts proposed to them, and their choice."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.actions import ReasonForm
from webapp.core.db import db
from webapp.core.errors import NotFoundError
from webapp.core.forms import render_form
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import is_requester
from webapp.experts import operations as experts
from webapp.matches import operations, queries, rules
from webapp.matches.models import Match
from webapp.matches.views import bp

CHOICES = {
    "select": (operations.select, "{name} is selected, and the deployment is in the calendar."),
    "alternate": (operations.keep_as_alternate, "{name} is kept in reserve."),
}


def _pass_over_form(match: Match) -> ReasonForm:
    return ReasonForm(
        "Why you decide against this expert",
        "The expert is told this reason.",
        prefix=f"match-{match.id}",
    )


@bp.get("/requests/<int:request_id>/proposed")
@requires(Permission.MATCH_SELECT, records=True)
def proposed(request_id: int) -> Response:
    """Show the requester the experts proposed for a request of their own."""
    expertise_request = requests.readable(db.session, actor(), request_id)
    if not is_requester(actor(), expertise_request):
        raise NotFoundError("There is no such request.")
    for match in queries.matches_in(db.session, expertise_request.id, rules.DISCLOSED):
        experts.record_view(db.session, match.expert, actor=actor(), now=clock.now())
    return _proposed_page(expertise_request, None, None)


def _proposed_page(
    expertise_request: ExpertiseRequest, refused: Match | None, form: ReasonForm | None
) -> Response:
    matches = queries.matches_in(db.session, expertise_request.id, rules.DISCLOSED)
    forms = {match.id: _pass_over_form(match) for match in matches if match.state in rules.OFFERED}
    if refused and form:
        forms[refused.id] = form
    return render_form(
        "matches/proposed.html",
        form,
        expertise_request=expertise_request,
        matches=matches,
        forms=forms,
        selected=sum(match.state in rules.CHOSEN for match in matches),
    )


@bp.post("/proposals/<int:match_id>/<choice>")
@requires(Permission.MATCH_SELECT)
def choose(match_id: int, choice: str) -> Response:
    """Select a proposed expert, keep one in reserve, or decide against one with a reason."""
    match = queries.disclosed_to(db.session, actor(), match_id)
    if choice == "pass-over":
        form = _pass_over_form(match)
        if not form.validate_on_submit():
            return _proposed_page(match.request, match, form)
        operations.pass_over(db.session, match, form.reason.data, actor=actor(), now=clock.now())
        flash(f"You decided against {match.expert.name}, who will be told the reason.")
    else:
        operation, done = CHOICES.get(choice) or abort(404)
        operation(db.session, match, actor=actor(), now=clock.now())
        flash(done.format(name=match.expert.name))
    return redirect(url_for("matches.proposed", request_id=match.request_id))
