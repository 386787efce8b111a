"""What experts see of matches: their invitations, and what the matcher reads in their profile."""

from functools import partial

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import NotReadyError
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import (
    NOTHING_REFUSED,
    AnyReasonForm,
    Refused,
    make_offers,
    reason_form,
    take_sent,
)
from webapp.core.record.disclosure import name_shown
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests import attachments
from webapp.experts import queries as experts
from webapp.matches import amended, companions, departures, operations, queries, remarks, rules
from webapp.matches.expert_wording import told_to_expert
from webapp.matches.models import Match
from webapp.matches.ranking.profile_reading import read_profile
from webapp.matches.ranking.roster_index import RosterUnreadError
from webapp.matches.views import bp, roster, seen_terms
from webapp.matches.workflow import WORKFLOW, MatchStep

# How many are on the roster is not for experts to read.
NOT_READ_YET = _("The profiles are being read. What is read in yours is shown here soon.")


@bp.get("/invitations")
@requires(Permission.INVITATION_ANSWER)
def invitations() -> str:
    """List the invitations to this expert, those that wait for an answer first."""
    matches = queries.list_invitations(db.session, actor())
    awaited = [match for match in matches if rules.awaits_answer(match)]
    return render_template(
        "matches/invitations.html",
        matches=matches,
        awaited=awaited,
        days={match.id: amended.days_told(match) for match in matches},
        has_profile=bool(matches) or experts.find_own(db.session, actor()) is not None,
    )


@bp.get("/invitations/<int:match_id>")
@requires(Permission.INVITATION_ANSWER)
def invitation(match_id: int) -> Response:
    """Show one invitation with its terms of reference, and what can be answered."""
    return _invitation_page(queries.get_invitation(db.session, actor(), match_id))


def _invitation_page(match: Match, refused: Refused = NOTHING_REFUSED) -> Response:
    names = departures.list_possible_steps(db.session, match, actor(), Role.EXPERT)
    others_now = amended.are_others_now(db.session, match)
    return render_form(
        "matches/invitation.html",
        refused.form or ActionForm(),
        match=match,
        expertise_request=match.request,
        days=amended.days_told(match),
        offers=make_offers(WORKFLOW, names, match.state, refused=refused),
        awaited=rules.awaits_answer(match),
        remarks=_remarks(match),
        told=told_to_expert(match),
        others=companions.find_companions(db.session, match),
        amended=amended.list_changes(db.session, match),
        others_now=others_now,
        files=[]
        if others_now
        else attachments.list_for_invited(db.session, match.request, rules.fell_out_at(match)),
        reason=match.reason if match.state in rules.REASON_FOR_EXPERT else None,
        problem=refused.problem,
        typed=refused.typed,
    )


def _remarks(match: Match) -> list[remarks.Remark]:
    """Return what an expert considers before answering."""
    if not rules.awaits_answer(match):
        return []
    return remarks.list_for_expert(db.session, actor(), match, clock.now())


@bp.get("/invitations/<int:match_id>/files/<int:file_id>")
@requires(Permission.INVITATION_ANSWER)
def invitation_file(match_id: int, file_id: int) -> Response:
    """Give a file of the request that invited experts may read."""
    match = queries.get_invitation(db.session, actor(), match_id)
    if amended.are_others_now(db.session, match):
        abort(404)
    until = rules.fell_out_at(match)
    return download(attachments.get_for_invited(db.session, match.request, file_id, until))


@bp.get("/invitations/<int:match_id>/<step>")
@requires(Permission.INVITATION_ANSWER)
def check_answer(match_id: int, step: str) -> Response:
    """Show what an answer means before it is given."""
    match = queries.get_invitation(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    if name not in departures.list_possible_steps(db.session, match, actor(), Role.EXPERT):
        return redirect(url_for("matches.invitation", match_id=match_id))
    return _check_page(match, name, reason_form(WORKFLOW, name, match.state))


def _check_page(match: Match, name: MatchStep, form: AnyReasonForm | None) -> Response:
    return render_form(
        "matches/check_answer.html",
        form or ActionForm(),
        match=match,
        expertise_request=match.request,
        days=amended.days_told(match),
        name=name,
        step=WORKFLOW[name],
        reason_form=form,
        remarks=_remarks(match),
    )


@bp.post("/invitations/<int:match_id>/<step>")
@requires(Permission.INVITATION_ANSWER)
def answer_invitation(match_id: int, step: str) -> Response:
    """Accept or decline an invitation, or take a yes back."""
    match = queries.get_invitation(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), match, name, seen_terms=seen_terms(name))
    said = {"name": name_shown(match.expert)}
    if refused := take_sent(WORKFLOW, name, match.state, take, said=said):
        if refused.form and match.state in WORKFLOW[name].asks_first:
            return _check_page(match, name, refused.form)
        return _invitation_page(match, refused)
    return redirect(url_for("matches.invitation", match_id=match_id))


@bp.get("/profile/preview")
@requires(Permission.PROFILE_EDIT)
def preview() -> str | Response:
    """Show experts what the matcher reads in their profile."""
    expert = experts.find_own(db.session, actor())
    if expert is None:
        return redirect(url_for("experts.profile"))
    try:
        reading = read_profile(roster(), db.session, expert)
    except RosterUnreadError as error:
        raise NotReadyError(NOT_READ_YET, error.seconds) from error
    return render_template("matches/preview.html", expert=expert, reading=reading)
