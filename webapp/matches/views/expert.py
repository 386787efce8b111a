"""What experts see of matches: their invitations, and what the matcher reads in their profile."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.actions import ReasonForm
from webapp.core.db import db
from webapp.core.forms import render_form
from webapp.experts import queries as experts
from webapp.matches import operations, queries, ranking, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.views import bp, roster


@bp.get("/invitations")
@requires(Permission.INVITATION_ANSWER)
def invitations() -> str:
    """List the invitations to this expert, those that wait for an answer first."""
    return render_template(
        "matches/invitations.html", matches=queries.invitations_of(db.session, actor())
    )


def _decline_form() -> ReasonForm:
    return ReasonForm(
        "Why you cannot go",
        "SEESAC reads it and may look for other dates; it is not shown to the requester.",
    )


@bp.get("/invitations/<int:match_id>")
@requires(Permission.INVITATION_ANSWER)
def invitation(match_id: int) -> Response:
    """Show one invitation with its terms of reference, and what can be answered."""
    return _invitation_page(queries.invitation_to(db.session, actor(), match_id), _decline_form())


def _invitation_page(match: Match, form: ReasonForm) -> Response:
    return render_form(
        "matches/invitation.html",
        form,
        match=match,
        expertise_request=match.request,
        waits=match.state is MatchState.INVITED,
        reason=match.reason if match.state in rules.REASON_FOR_EXPERT else "",
    )


@bp.post("/invitations/<int:match_id>/<answer>")
@requires(Permission.INVITATION_ANSWER)
def answer_invitation(match_id: int, answer: str) -> Response:
    """Accept or decline an invitation."""
    match = queries.invitation_to(db.session, actor(), match_id)
    if answer == "accept":
        operations.accept(db.session, match, actor=actor(), now=clock.now())
        flash("Thank you. SEESAC knows that you are available and will tell you what comes next.")
    elif answer == "decline":
        form = _decline_form()
        if not form.validate_on_submit():
            return _invitation_page(match, form)
        operations.decline(db.session, match, form.reason.data, actor=actor(), now=clock.now())
        flash("Thank you for answering. SEESAC knows that you cannot go this time.")
    else:
        abort(404)
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
