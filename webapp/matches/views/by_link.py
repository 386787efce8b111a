"""The page of the link in an invitation's mail: opening it answers nothing, a form does once."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from flask import abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock, origins
from webapp.core.access import Permission, requires
from webapp.core.db import db, lock
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.core.transactions import begin_anew
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflows import older_pages
from webapp.matches import amended, invitation_links, operations
from webapp.matches.views import bp, seen_terms
from webapp.matches.workflow import WORKFLOW, MatchStep

ANSWERS = (MatchStep.ACCEPT, MatchStep.DECLINE)


@bp.get("/answer/<token>")
@requires(Permission.PUBLIC)
def invitation_by_link(token: str) -> Response:
    """Show an invitation to whoever has its link: what is asked, and nothing of the profile."""
    return _page(token)


@bp.post("/answer/<token>/<step>")
@requires(Permission.PUBLIC)
def answer_by_link(token: str, step: str) -> Response:
    """Answer an invitation as its expert; the link is worth nothing afterwards."""
    name = WORKFLOW.find(step)
    if name not in ANSWERS:
        abort(404)
    begin_anew()
    if found := invitation_links.find(db.session, token, clock.now()):
        # Its owner can give up the address meanwhile to which the link went.
        lock(db.session, found[1])
        found = invitation_links.find(db.session, token, clock.now())
    if found is None:
        return _is_gone()
    match, account = found
    who, drawn_at = account.as_actor(origins.address()), older_pages.sent_position()
    work = UnitOfWork(db.session, who, clock.now(), drawn_at)
    take = partial(operations.take, work, match, name, seen_terms=seen_terms(name), by_link=True)
    refused = take_sent(WORKFLOW, name, match.state, take, said={"name": match.expert.name})
    if refused is None:
        return redirect(url_for("matches.answered_by_link"), HTTPStatus.SEE_OTHER)
    # Of two answers at one moment the second finds the link used when the first has committed.
    return _page(token, refused)


@bp.get("/answer")
@requires(Permission.PUBLIC)
def answered_by_link() -> str:
    """Say that the answer has come in, and where it can be taken back."""
    return render_template("matches/answered_by_link.html")


def _page(token: str, refused: Refused = NOTHING_REFUSED) -> Response:
    found = invitation_links.find(db.session, token, clock.now())
    if found is None:
        return _is_gone()
    match, _account = found
    offers = make_offers(WORKFLOW, ANSWERS, match.state, refused=refused)
    return render_form(
        "matches/invitation_by_link.html",
        refused.form or ActionForm(),
        match=match,
        expertise_request=match.request,
        days=amended.days_told(match),
        token=token,
        amended=amended.list_changes(db.session, match),
        # The page itself says what an answer means, so no other page asks.
        offers=[replace(offer, asks_first=False) for offer in offers],
        problem=refused.problem,
        typed=refused.typed,
    )


def _is_gone() -> Response:
    return make_response(render_template("matches/invitation_link_gone.html"), HTTPStatus.GONE)
