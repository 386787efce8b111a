"""How a coordinator invites several experts at once: what follows from it is shown before."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import DoneSinceError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import LISTS, name_shown, shows
from webapp.core.roles import Role
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.expertise_requests import operations as request_operations
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import facts, inviting, queries, remarks, rules
from webapp.matches.forms import InvitationsForm, invitations_form
from webapp.matches.models import Match, MatchState
from webapp.matches.standing import why_it_cannot_go_on
from webapp.matches.teams.together import list_together
from webapp.matches.views import bp
from webapp.matches.views.coordinator import say_whom_to_ask
from webapp.matches.work_queue.waiting import is_reached
from webapp.matches.workflow import MatchStep

INVITING = _("the experts to be invited")
ASKED = frozenset({MatchState.INVITED, *rules.SAID_YES})


@bp.get("/requests/<int:request_id>/invite")
@requires(Permission.MATCH_DECIDE)
@shows(INVITING, LISTS)
def check_invitations(request_id: int) -> Response:
    """Show who can be invited now, whom each is told by, and what it means for them."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    matches = _list_shortlisted(request_id)
    free = [match for match in matches if not _why_not(match)]
    # The address says who is ticked where somebody looks at them together.
    chosen = request.args.getlist("match", type=int)
    ticked = [match for match in free if not chosen or match.id in chosen]
    return _page(expertise_request, matches, invitations_form(matches, ticked))


@bp.post("/requests/<int:request_id>/invite")
@requires(Permission.MATCH_DECIDE)
@shows(INVITING, LISTS)
def invite(request_id: int) -> Response:
    """Invite those who are ticked, and say of whom that was refused, and why; or only look at
    them together."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    # Somebody may have been invited or taken off since the page was opened: that is said by name.
    known = queries.list_of_request(db.session, request_id)
    form = invitations_form(known)
    if not form.validate_on_submit():
        return _page(expertise_request, _list_shortlisted(request_id), form)
    if request.form.get("check"):
        ticked = {"request_id": request_id, "match": form.match.data, "_anchor": "together"}
        return redirect(url_for("matches.check_invitations", **ticked))
    chosen = [match for match in known if str(match.id) in form.match.data]
    try:
        found = inviting.invite(unit_of_work(), expertise_request, chosen)
    except DoneSinceError as error:
        roll_back()
        return _page(expertise_request, _list_shortlisted(request_id), form, problem=str(error))
    if found.matches:
        names = ", ".join(name_shown(match.expert) for match in found.matches)
        flash(gettext("Invited: %(names)s.", names=names))
    for match in found.matches:
        say_whom_to_ask(match)
    for match, why in found.refused:
        name = name_shown(match.expert)
        flash(gettext("%(name)s is not invited: %(why)s", name=name, why=why), "error")
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="shortlist"))


def _list_shortlisted(request_id: int) -> Sequence[Match]:
    shortlisted = frozenset({MatchState.SHORTLISTED})
    return queries.list_by_request(db.session, [request_id], shortlisted).get(request_id, [])


def _why_not(match: Match) -> Message | None:
    """Return why this coordinator cannot or should not invite somebody, if so."""
    if cannot := why_it_cannot_go_on(match):
        return cannot
    if MatchStep.INVITE in rules.possible_steps(match, actor(), Role.COORDINATOR):
        return None
    return rules.reason_for_nothing(match, actor(), four_eyes=False)


def _page(
    expertise_request: ExpertiseRequest,
    matches: Sequence[Match],
    form: InvitationsForm,
    *,
    problem: str = "",
) -> Response:
    people = queries.list_with_parts(db.session, [match.expert_id for match in matches])
    warnings = remarks.list_remarks(db.session, actor(), expertise_request, people, clock.now())
    known = facts.list_facts(db.session, actor(), expertise_request, people)
    asked = queries.list_in_states(db.session, expertise_request.id, ASKED)
    ticked = [match for match in matches if str(match.id) in (form.match.data or ())]
    team = [match.expert for match in (*asked, *ticked) if match.state is not MatchState.ALTERNATE]
    return render_form(
        "matches/check_invitations.html",
        form,
        problem=problem,
        expertise_request=expertise_request,
        matches=matches,
        ticks={option.data: option for option in form.match},
        why_not={match.id: _why_not(match) for match in matches},
        reached={match.id for match in matches if is_reached(match)},
        remarks=warnings,
        facts=known,
        asked=asked,
        of_team=list_together(db.session, actor(), expertise_request, team, clock.now()),
        reply_by=request_operations.reply_by(unit_of_work()),
        year=(expertise_request.first_day or clock.today()).year,
    )
