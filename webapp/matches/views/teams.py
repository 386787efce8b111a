"""Several experts at once: a team for one request, and the roster shared out over open requests."""

from functools import partial
from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.record.disclosure import LISTS, shows
from webapp.core.words.translation import _
from webapp.expertise_requests import queries as requests
from webapp.experts import rules as profiles
from webapp.matches import candidates, queries, rules
from webapp.matches.teams.allocation import MOST_REQUESTS, allocate
from webapp.matches.teams.forms import AllocationForm, team_form
from webapp.matches.teams.team import suggest
from webapp.matches.teams.together import list_together
from webapp.matches.views import bp, roster


@bp.get("/requests/<int:request_id>/team")
@requires(Permission.MATCH_DECIDE)
@shows(_("the team suggested for a request"), LISTS)
def team(request_id: int) -> Response:
    """Show who would cover a request together, under what a coordinator asks of the whole team."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    if expertise_request.state not in rules.RANKABLE or expertise_request.experts_needed < 2:
        return redirect(url_for("matches.ranking", request_id=request_id))
    form = team_form(request.args)
    found = suggest(
        roster(), db.session, actor(), expertise_request, form.quotas,
        cover=form.first.data == "subjects",
    )  # fmt: skip
    form.offer(found.choice)
    people = [member.expert for member in found.team.members] if found.team else []
    body = render_template(
        "matches/team.html",
        expertise_request=expertise_request,
        form=form,
        found=found,
        remarks=list_together(db.session, actor(), expertise_request, people, clock.now()),
        matched=queries.get_by_expert(db.session, request_id),
        can_shortlist=candidates.can_shortlist(db.session, actor(), expertise_request),
        is_me=partial(profiles.is_of, actor()),
        not_ours=partial(rules.why_not_shortlisted_by, actor(), expertise_request),
    )
    return make_response(body, HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK)


@bp.get("/requests/allocation")
@requires(Permission.MATCH_DECIDE)
@shows(_("the roster shared out over open requests"), LISTS)
def allocation() -> Response:
    """Propose whom to consider for which of the open requests, so that nobody is asked twice."""
    form = AllocationForm(request.args)
    form.validate()
    found = allocate(roster(), db.session, actor(), form.most_missions)
    body = render_template(
        "matches/allocation.html", form=form, found=found, most_requests=MOST_REQUESTS
    )
    return make_response(body, HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK)
