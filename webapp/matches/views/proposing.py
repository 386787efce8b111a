"""How a coordinator proposes the approved experts: what the requester reads is shown before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.record.disclosure import SINGLE, name_shown, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import candidates, offering, operations, queries, summaries
from webapp.matches.forms import ProposalForm
from webapp.matches.models import Match, MatchState
from webapp.matches.operations import Said
from webapp.matches.teams.together import list_together
from webapp.matches.views import bp

PROPOSING = _("the experts to be proposed")
# With these the approved come before the requester.
OFFERED_WITH = frozenset({MatchState.PROPOSED, MatchState.SELECTED})

# Who can be proposed, and why the others cannot.
Approved = tuple[list[Match], Mapping[Match, Message]]


@bp.get("/requests/<int:request_id>/propose")
@requires(Permission.MATCH_DECIDE)
@shows(PROPOSING, SINGLE)
def check_proposal(request_id: int) -> Response:
    """Show who is going to be proposed, and what the requester will read of them."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    found = _list_approved(expertise_request)
    said = {match.id: _new_form(match, _offered(match)) for match in found[0]}
    return _proposal_page(expertise_request, found, said)


def _list_approved(expertise_request: ExpertiseRequest) -> Approved:
    return offering.list_approved(db.session, expertise_request, clock.today())


def _offered(match: Match) -> Said:
    """Return what was said before; of somebody of whom nothing was, what the profile says in the
    requester's language."""
    said, language = _stored(match), summaries.language_of(match.request)
    if said.summary:
        return said
    return replace(said, summary=summaries.offered(match.expert, language), language=language)


def _stored(match: Match) -> Said:
    return Said(match.said_to_requester, match.summary_written, match.summary_language)


def _new_form(match: Match, said: Said) -> ProposalForm:
    """Return the form with what was said before; a summary in another language is not taken up."""
    is_theirs = said.language == summaries.language_of(match.request)
    data = {"note": said.note, "summary": said.summary if is_theirs else ""}
    return _form(match, formdata=None, data=data)


def _form(match: Match, **options: Any) -> ProposalForm:
    form = ProposalForm(prefix=_prefix(match), **options)
    expert, present = match.expert, summaries.language_of(match.request)
    form.ask_in(
        present,
        has_english=bool(expert.english_summary),
        of_profile=summaries.offered(expert, present),
    )
    return form


def _prefix(match: Match) -> str:
    return f"match-{match.id}"


def _proposal_page(
    expertise_request: ExpertiseRequest,
    found: Approved,
    said: Mapping[int, ProposalForm],
    **told: Any,
) -> Response:
    """Show those `found`, of each of whom something is `said`: they are not looked for again, as a
    colleague may have approved somebody since."""
    approved, kept_back = found
    offered = queries.list_in_states(db.session, expertise_request.id, OFFERED_WITH)
    team = [match.expert for match in (*offered, *approved)]
    refused = next((form for form in said.values() if form.errors), None)
    return render_form(
        "matches/check_proposal.html",
        refused or ActionForm(),
        expertise_request=expertise_request,
        matches=approved,
        kept_back=kept_back,
        said=said,
        language=summaries.language_of(expertise_request),
        remarks=list_together(db.session, actor(), expertise_request, team, clock.now()),
        not_mine=next(filter(None, map(_why_not_mine, approved)), None),
        **told,
    )


@bp.post("/requests/<int:request_id>/propose")
@requires(Permission.MATCH_DECIDE)
@shows(PROPOSING, SINGLE)
def propose(request_id: int) -> Response:
    """Propose all approved experts of a request to its requester."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    found = _list_approved(expertise_request)
    said = {match.id: _form(match) for match in found[0]}
    # Somebody whom a colleague has approved meanwhile was not on the page.
    sent = {number: form for number, form in said.items() if form.language.raw_data}
    # Each is looked at, so that the page says at once all that was refused.
    refused = [form for form in sent.values() if not form.validate_on_submit()]
    if refused:
        return _proposal_page(expertise_request, found, said)
    words = {number: form.said for number, form in sent.items()}
    try:
        proposed = operations.propose(unit_of_work(), expertise_request, words)
    except ConflictError as error:
        roll_back()
        return _conflict_page(expertise_request, words, error)
    names = ", ".join(name_shown(match.expert) for match in proposed)
    flash(gettext("Proposed to the requester: %(names)s.", names=names))
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="shortlist"))


def _conflict_page(
    expertise_request: ExpertiseRequest, typed: Mapping[int, Said], error: ConflictError
) -> Response:
    """Show as things are now what was typed; a summary in a language that is not asked for any more
    stands beside the form, to be put into other words."""
    found = _list_approved(expertise_request)
    if not found[0]:
        # There is no form to show again; the page of the refusal leads on.
        raise error
    words = {match: typed.get(match.id) or _offered(match) for match in found[0]}
    said = {match.id: _new_form(match, one) for match, one in words.items()}
    return _proposal_page(expertise_request, found, said, problem=str(error), typed=typed)


def _why_not_mine(match: Match) -> Message | None:
    return candidates.why_not_theirs(db.session, actor(), match)
