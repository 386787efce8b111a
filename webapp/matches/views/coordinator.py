"""What coordinators do: the work queue, the ranking, and every step of a match."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.actions import Action, ReasonForm
from webapp.core.db import db
from webapp.core.forms import render_form
from webapp.core.roles import Role
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import timeline
from webapp.experts import operations as profiles
from webapp.experts import queries as experts
from webapp.matches import operations, queries, ranking, rules
from webapp.matches.forms import FilterForm
from webapp.matches.models import Match, MatchState
from webapp.matches.views import bp, roster
from webapp.matches.worklist import worklist
from webapp.themes import queries as themes

ACTIONS = {
    "invite": Action("invite", "Invite", operations.invite, "{name} is invited."),
    "note-yes": Action(
        "note the yes",
        "Note a yes given elsewhere",
        operations.note_yes,
        "Noted: {name} is available.",
        "How and to whom the expert said yes",
        "For experts who answer by telephone or mail. Kept in the record.",
    ),
    "note-no": Action(
        "note the no",
        "Note a no given elsewhere",
        operations.note_no,
        "Noted: {name} cannot go.",
        "Why the expert cannot go, and how they said so",
        "For experts who answer by telephone or mail. The expert can read it.",
    ),
    "ask-release": Action(
        "ask for release",
        "Note that release was asked for",
        operations.ask_release,
        "Noted: the nominating authority was asked to release {name}.",
    ),
    "record-release": Action(
        "record the release",
        "Note the release",
        operations.record_release,
        "Noted: {name} is released for the mission.",
    ),
    "record-refusal": Action(
        "record the refusal",
        "Note that release was refused",
        operations.record_refusal,
        "Noted: {name} is not released.",
        "Why the authority does not release the expert",
        "The expert is told.",
    ),
    "approve": Action(
        "approve",
        "Approve",
        operations.approve,
        "{name} is approved, and the days are booked.",
        "Why the release of the nominating authority was not asked for",
        "Kept in the record. If release is needed, note first that it was asked for.",
    ),
    "reconsider": Action(
        "reconsider",
        "Take up again",
        operations.reconsider,
        "{name} is on the shortlist again.",
        "What has changed",
        "Kept in the record.",
    ),
    "cancel": Action(
        "cancel",
        "End this match",
        operations.cancel,
        "The match with {name} has ended.",
        "Why the match ends",
        "An expert who was already asked is told this reason.",
    ),
}


@bp.get("/queue")
@requires(Permission.MATCH_DECIDE)
def queue() -> str:
    """Show what waits for coordinators and what waits for others, oldest first."""
    return render_template("matches/queue.html", work=worklist(db.session), now=clock.now())


@bp.get("/requests/<int:request_id>/matches", endpoint="ranking")
@requires(Permission.MATCH_DECIDE)
def ranking_page(request_id: int) -> Response:
    """Show the ranked experts with what earned their places, and those set aside."""
    expertise_request = requests.readable(db.session, actor(), request_id)
    if expertise_request.state not in rules.RANKABLE:
        return make_response(
            render_template("matches/not_yet.html", expertise_request=expertise_request)
        )
    filters = FilterForm(request.args)
    filters.theme.offer(themes.choices(db.session))
    filters.jurisdiction.offer(experts.jurisdiction_choices(db.session))
    filters.validate()
    # A filter that is refused says so at its field and does not undo the other.
    asked = {f.name: f.data for f in (filters.theme, filters.jurisdiction) if not f.errors}
    narrowed = any(asked.values())
    found = ranking.rank(
        roster(),
        db.session,
        expertise_request,
        page=request.args.get("page", 1, type=int),
        only=experts.ids_with(db.session, **asked) if narrowed else None,
    )
    shown = [candidate.expert.id for candidate in found.candidates]
    body = render_template(
        "matches/ranking.html",
        expertise_request=expertise_request,
        found=found,
        filters=filters,
        asked=asked,
        narrowed=narrowed,
        matched=queries.experts_matched(db.session, expertise_request.id),
        shortlist=queries.of_request(db.session, expertise_request.id),
        days_taken=queries.days_taken_in(db.session, shown, clock.today().year),
        can_shortlist=expertise_request.state in rules.MATCHABLE,
    )
    return make_response(body, 400 if filters.errors else 200)


@bp.post("/requests/<int:request_id>/matches/<int:expert_id>")
@requires(Permission.MATCH_DECIDE)
def shortlist(request_id: int, expert_id: int) -> Response:
    """Put an expert of the ranking on the shortlist."""
    expertise_request = requests.readable(db.session, actor(), request_id)
    expert = experts.get(db.session, expert_id)
    already = queries.match_of(db.session, request_id, expert_id)
    if already is None:
        seen = ranking.standing(roster(), db.session, expertise_request, expert_id)
        operations.shortlist(
            db.session, expertise_request, expert, seen, actor=actor(), now=clock.now()
        )
        flash(f"{expert.name} is on the shortlist.")
    else:
        # A second click of an impatient hand is no mistake worth a page of its own.
        flash(f"{expert.name} is on the shortlist already ({already.state}).")
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="shortlist"))


@bp.get("/matches/<int:match_id>")
@requires(Permission.MATCH_DECIDE, records=True)
def show(match_id: int) -> str | Response:
    """Show one match: the ranking as it was seen, where it stands, and what can be done."""
    match = queries.get(db.session, match_id)
    profiles.record_view(db.session, match.expert, actor=actor(), now=clock.now())
    return _match_page(match, None, None)


@bp.post("/matches/<int:match_id>/<step>")
@requires(Permission.MATCH_DECIDE)
def take_step(match_id: int, step: str) -> Response:
    """Take one step of a match."""
    action = ACTIONS.get(step) or abort(404)
    match = queries.get(db.session, match_id)
    form = _reason_form(step)
    if match.state in rules.STEPS[action.step].needs_reason and not form.validate_on_submit():
        return _match_page(match, step, form)
    # A step that is not possible any more is refused by the operation, with or without a reason.
    reason = {"reason": form.reason.data or ""} if action.question else {}
    action.operation(db.session, match, **reason, actor=actor(), now=clock.now())
    flash(action.done.format(name=match.expert.name))
    if step == "invite" and match.expert.account_id is None:
        flash(
            f"{match.expert.name} has no account and gets no mail: please ask, and note the answer."
        )
    return redirect(url_for("matches.show", match_id=match_id))


@bp.post("/requests/<int:request_id>/propose")
@requires(Permission.MATCH_DECIDE)
def propose(request_id: int) -> Response:
    """Propose all approved experts of a request to its requester."""
    expertise_request = requests.readable(db.session, actor(), request_id)
    proposed = operations.propose(db.session, expertise_request, actor=actor(), now=clock.now())
    names = ", ".join(match.expert.name for match in proposed)
    flash(f"Proposed to the requester: {names}.")
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="shortlist"))


def _reason_form(step: str) -> ReasonForm:
    action = ACTIONS[step]
    return ReasonForm(action.question, action.hint, prefix=step)


def _match_page(match: Match, refused: str | None, form: ReasonForm | None) -> Response:
    """Render a match with a form for each possible step; `form` is the one that was refused."""
    possible = rules.possible_steps(match.state, Role.COORDINATOR)
    actions = [
        (name, action, _form_for(name, match, refused, form))
        for name, action in ACTIONS.items()
        if action.step in possible
    ]
    return render_form(
        "matches/show.html",
        form or _reason_form("cancel"),
        match=match,
        expertise_request=match.request,
        actions=actions,
        can_propose=match.state is MatchState.APPROVED and match.request.state in rules.MATCHABLE,
        entries=timeline.entries_about(db.session, match.request, actor(), match.expert_id),
        others=queries.of_expert(db.session, match.expert_id, besides=match.id),
    )


def _form_for(
    name: str, match: Match, refused: str | None, form: ReasonForm | None
) -> ReasonForm | None:
    if match.state not in rules.STEPS[ACTIONS[name].step].needs_reason:
        return None
    return form if name == refused else _reason_form(name)
