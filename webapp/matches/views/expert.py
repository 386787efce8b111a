"""What experts see of matches: their invitations, and what the matcher reads in their profile."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms import ActionForm, render_form
from webapp.core.roles import Role
from webapp.core.step_forms import Refused, make_offers, reason_form, typed_reason
from webapp.experts import queries as experts
from webapp.matches import operations, queries, ranking, remarks, rules
from webapp.matches.models import Match
from webapp.matches.views import bp, roster
from webapp.matches.workflow import WORKFLOW


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
    match: Match, refused: Refused | None = None, problem: str = "", typed: str = ""
) -> Response:
    names = WORKFLOW.possible(match.state, {Role.EXPERT})
    return render_form(
        "matches/invitation.html",
        refused.form if refused else ActionForm(),
        match=match,
        expertise_request=match.request,
        offers=make_offers(WORKFLOW, names, match.state, refused=refused),
        remarks=remarks.list_for_expert(db.session, match, clock.now()) if names else [],
        reason=match.reason if match.state in rules.REASON_FOR_EXPERT else "",
        problem=problem,
        typed=typed,
    )


@bp.post("/invitations/<int:match_id>/<step>")
@requires(Permission.INVITATION_ANSWER)
def answer_invitation(match_id: int, step: str) -> Response:
    """Accept or decline an invitation."""
    match = queries.get_invitation(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    form = reason_form(WORKFLOW, name, match.state)
    if form and not form.validate_on_submit():
        return _invitation_page(match, Refused(name, form))
    reason = typed_reason(WORKFLOW, name)
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
