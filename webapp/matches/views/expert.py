"""What experts see of matches: their invitations, and what the matcher reads in their profile."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms import ActionForm, render_form
from webapp.core.roles import Role
from webapp.core.step_forms import Offer, ReasonForm
from webapp.experts import queries as experts
from webapp.matches import operations, queries, ranking, remarks, rules
from webapp.matches.forms import reason_form, typed_reason
from webapp.matches.models import Match
from webapp.matches.views import bp, roster
from webapp.matches.workflow import WORKFLOW, MatchStep


@bp.get("/invitations")
@requires(Permission.INVITATION_ANSWER)
def invitations() -> str:
    """List the invitations to this expert, those that wait for an answer first."""
    return render_template(
        "matches/invitations.html", matches=queries.list_invitations(db.session, actor())
    )


@bp.get("/invitations/<int:match_id>")
@requires(Permission.INVITATION_ANSWER)
def invitation(match_id: int) -> Response:
    """Show one invitation with its terms of reference, and what can be answered."""
    return _invitation_page(queries.get_invitation(db.session, actor(), match_id))


def _invitation_page(
    match: Match, refused: MatchStep | None = None, form: ReasonForm | None = None, **told: Any
) -> Response:
    offers = [
        Offer(name, WORKFLOW[name], form if name is refused else reason_form(name, match), False)
        for name in WORKFLOW.possible(match.state, {Role.EXPERT})
    ]
    answer = render_form(
        "matches/invitation.html",
        form or ActionForm(),
        match=match,
        expertise_request=match.request,
        offers=offers,
        remarks=remarks.list_for_expert(db.session, match, clock.now()) if offers else [],
        reason=match.reason if match.state in rules.REASON_FOR_EXPERT else "",
        **told,
    )
    if told:
        answer.status_code = ConflictError.status
    return answer


@bp.post("/invitations/<int:match_id>/<step>")
@requires(Permission.INVITATION_ANSWER)
def answer_invitation(match_id: int, step: str) -> Response:
    """Accept or decline an invitation."""
    match = queries.get_invitation(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    form = reason_form(name, match)
    if form and not form.validate_on_submit():
        return _invitation_page(match, name, form)
    reason = typed_reason(name)
    try:
        operations.take(unit_of_work(), match, name, reason)
    except ConflictError as error:
        return _invitation_page(match, problem=str(error), typed=reason)
    if done := WORKFLOW[name].done:
        flash(str(done % {"name": match.expert.name}))
    return redirect(url_for("matches.invitation", match_id=match_id))


@bp.get("/profile/preview")
@requires(Permission.PROFILE_EDIT)
def preview() -> str | Response:
    """Show experts what the matcher reads in their profile."""
    expert = experts.find_own(db.session, actor())
    if expert is None:
        return redirect(url_for("experts.profile"))
    return render_template(
        "matches/preview.html",
        expert=expert,
        terms=ranking.profile_terms(roster(), db.session, expert),
    )
