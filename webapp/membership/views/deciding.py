"""Pages of SEESAC and of administrators about the requests of strangers for an account."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as people
from webapp.core.access import Permission, may, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form, seen_version
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext, ngettext
from webapp.membership import granting, queries
from webapp.membership.forms import refusal_form, unanswered_form
from webapp.membership.models import AccountRequest
from webapp.membership.rules import MOST_WAITING
from webapp.membership.views import bp

REQUESTS = _("the requests for an account")


@bp.get("/accounts/requests")
@requires(Permission.ACCOUNTS_GRANT)
@shows(REQUESTS, LISTS)
def requests_list() -> str:
    """List the requests of strangers for an account."""
    return render_template("membership/requests.html", **_requests())


def _requests(refused: dict[int, ReasonForm] | None = None) -> dict[str, Any]:
    """Return what the page of requests shows, with a form to refuse each of them, one to tick those
    that nobody has made, and what is known of their addresses.

    Who stands on the roster is named to those alone who may read it.
    """
    page = queries.list_requests(db.session, page_number(request.args.get("page")))
    emails = {asked.email for asked in page.items}
    unanswered = unanswered_form(page.items)
    return {
        "unanswered": unanswered,
        "ticks": dict(zip((asked.id for asked in page.items), unanswered.number, strict=True)),
        "page": page,
        "forms": {asked.id: refusal_form(asked.id) for asked in page.items} | (refused or {}),
        "waiting": queries.find_waiting(db.session, emails),
        "reached": queries.list_profiles_reached(db.session, emails),
        "known": people.list_known_addresses(db.session, emails),
        "reads_roster": may(Permission.ROSTER_READ),
        "is_full": page.total >= MOST_WAITING,
    }


@bp.post("/accounts/requests/<int:number>/<any(grant,refuse):decision>")
@requires(Permission.ACCOUNTS_GRANT)
@shows(REQUESTS, LISTS)
def decide(number: int, decision: str) -> Response:
    """Grant or refuse a request for an account."""
    asked = queries.get_request(db.session, number)
    if decision == "grant":
        _grant(asked)
        return _back()
    form = refusal_form(number)
    if not form.validate_on_submit():
        return render_form("membership/requests.html", form, **_requests({number: form}))
    granting.refuse_account(unit_of_work(), asked, form.grounds)
    flash(gettext("The request is refused and deleted. A mail with the reason is on its way."))
    return _back()


@bp.post("/accounts/requests/delete")
@requires(Permission.ACCOUNTS_GRANT)
@shows(REQUESTS, LISTS)
def delete_requests() -> Response:
    """Delete the requests for an account that were ticked, without a mail to anybody."""
    waiting = queries.list_all_requests(db.session)
    form = unanswered_form(waiting)
    # Where none waits any more there is nothing to tick, and that is what is said.
    if waiting and not form.validate_on_submit():
        return render_form("membership/requests.html", form, **_requests())
    ticked = [asked for asked in waiting if str(asked.id) in form.number.data]
    gone = granting.delete_unanswered(unit_of_work(), ticked)
    flash(ngettext("One request is deleted.", "%(count)s requests are deleted.", gone, count=gone))
    return _back()


def _grant(asked: AccountRequest) -> None:
    try:
        granting.grant_account(unit_of_work(), asked, seen_version())
    except granting.DecidedError:
        raise
    except ConflictError as error:
        # The request stays: it can be read with the others of its address, or refused.
        roll_back()
        flash(str(error), "error")
    else:
        flash(gettext("The invitation is on its way."))


def _back() -> Response:
    here = page_number(request.args.get("page"))
    address = url_for("membership.requests_list", page=here if here > 1 else None)
    return redirect(address, HTTPStatus.SEE_OTHER)
