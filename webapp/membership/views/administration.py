"""Pages of those who keep the accounts."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import operations as accounts
from webapp.accounts import queries as people
from webapp.accounts.models import Account
from webapp.accounts.sign_in import shown_anew
from webapp.core import clock, in_hands
from webapp.core.access import Permission, may, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.origins import SAFE_METHODS
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, shows
from webapp.core.roles import Role
from webapp.core.transactions import insist, roll_back
from webapp.core.words.language import SOURCE_LANGUAGE
from webapp.core.words.translation import _, gettext
from webapp.experts import queries as experts
from webapp.matches.work_queue import beyond_office
from webapp.membership import operations, queries, recovery
from webapp.membership.forms import (
    AccountsForm,
    CorrectionForm,
    InviteForm,
    ResetForm,
    RolesForm,
)
from webapp.membership.queries import Standing
from webapp.membership.rules import LostFactor, place_of
from webapp.membership.views import bp
from webapp.organisations import queries as organisations
from webapp.organisations.models import Organisation

ACCOUNT = _("the page of an account")


@bp.get("/accounts")
@requires(Permission.ACCOUNTS_READ)
@shows(_("the list of accounts"), LISTS)
def accounts_list() -> Response:
    """List the accounts, narrowed by words, state and role."""
    form = AccountsForm(request.args)
    chosen = form.in_address if form.validate() else {}
    page = queries.list_accounts(
        db.session,
        chosen.get("search") or "",
        Standing(chosen["standing"]) if chosen.get("standing") else None,
        Role(chosen["role"]) if chosen.get("role") else None,
        page_number(request.args.get("page")),
    )
    body = render_template(
        "membership/accounts.html",
        form=form,
        chosen=chosen,
        page=page,
        counts=queries.count_by_standing(db.session),
        waiting=queries.count_requests(db.session),
        # Told to those who can let another coordinator in.
        stranded=beyond_office.find(db.session, clock.today())
        if may(Permission.ACCOUNTS_KEEP)
        else None,
    )
    return make_response(body, 400 if form.errors else 200)


@bp.route("/accounts/invite", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_KEEP)
@shown_anew
def invite() -> Response:
    """Invite a person in one or more roles."""
    form = InviteForm(organisations.list_open(db.session))
    if request.method in SAFE_METHODS:
        form.language.data = SOURCE_LANGUAGE
    if not form.validate_on_submit():
        return render_form("membership/invite.html", form)
    try:
        account = operations.invite(
            unit_of_work(),
            email=form.email.data,
            name=form.name.data,
            roles=[Role(value) for value in form.roles.data],
            institution=form.institution.data,
            jurisdiction=form.jurisdiction.data,
            language=form.language.data,
            organisation=_organisation(form.organisation.data),
        )
    except ConflictError as error:
        roll_back()
        form.email.errors = [str(error)]
        return render_form("membership/invite.html", form)
    flash(gettext("The invitation is on its way."))
    return _back_to(account.id)


def _organisation(number: str | int | None) -> Organisation | None:
    return organisations.get(db.session, int(number)) if number else None


def _back_to(number: int) -> Response:
    return redirect(url_for("membership.account_page", number=number), HTTPStatus.SEE_OTHER)


def _page_of(number: int, form: RolesForm | None = None, problem: str = "") -> Response:
    account = people.get_account(db.session, number)
    if form is None:
        form = RolesForm.of(account)
    events = queries.list_events_about(db.session, number)
    return render_form(
        "membership/account_page.html",
        form,
        problem=problem,
        account=account,
        organisation=_organisation(account.organisation_id),
        acts_for_none=(
            Role.NOMINATING_AUTHORITY in account.kinds and account.organisation_id is None
        ),
        invitation=queries.find_invitation(db.session, number),
        sessions=queries.list_sessions(db.session, number),
        events=events,
        names=people.get_names(db.session, (event.actor_id for event in events)),
    )


@bp.get("/accounts/<int:number>")
@requires(Permission.ACCOUNTS_READ)
@shows(ACCOUNT, SINGLE)
def account_page(number: int) -> Response:
    """Show an account, what happened to it, and what can be done."""
    return _page_of(number)


@bp.post("/accounts/<int:number>/roles")
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
@shown_anew
def change_roles(number: int) -> Response:
    """Give an account other roles; all its sessions end."""
    account, form = people.get_account(db.session, number), RolesForm()
    if not form.validate_on_submit():
        return _page_of(number, form)
    try:
        wanted = [Role(value) for value in form.roles.data]
        accounts.change_roles(unit_of_work(), account, wanted, seen=form.seen_roles)
    except ConflictError as error:
        roll_back()
        return _page_of(number, problem=str(error))
    flash(_said_of_roles(account))
    return _back_to(number)


def _said_of_roles(account: Account) -> str:
    if account.active and not account.joined_at:
        return gettext("The roles are changed. Another invitation is on its way.")
    return gettext("The roles are changed. The person has to sign in again.")


@bp.route("/accounts/<int:number>/correct", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
def correct(number: int) -> Response:
    """Correct institution and jurisdiction of somebody who has asked for it."""
    account = people.get_account(db.session, number)
    form = CorrectionForm(
        institution=account.institution, jurisdiction=account.jurisdiction, seen=place_of(account)
    )
    if not form.validate_on_submit():
        return render_form("membership/correct.html", form, account=account)
    try:
        changed = operations.correct(
            unit_of_work(), account, institution=form.institution.data,
            jurisdiction=form.jurisdiction.data, seen=form.seen.data,
        )  # fmt: skip
    except ConflictError as error:
        roll_back()
        account = people.get_account(db.session, number)
        form.seen.data = place_of(account)
        return render_form("membership/correct.html", form, problem=str(error), account=account)
    done = gettext("The account is corrected, and the person is told.")
    flash(done if changed else gettext("Nothing was changed."))
    return _back_to(number)


# What a button on an account's page does, by the last part of its address, and what it says then.
def _resend(number: int) -> str:
    if not operations.resend_invitation(unit_of_work(), people.get_account(db.session, number)):
        return gettext("An invitation was sent a moment ago, and is on its way.")
    return gettext("Another invitation is on its way; the one before is worth nothing now.")


def _revoke(number: int) -> str:
    operations.revoke_invitation(unit_of_work(), people.get_account(db.session, number))
    return gettext("The invitation is taken back.")


def _end_sessions(number: int) -> str:
    insist(lambda: accounts.end_all_of(unit_of_work(), people.get_account(db.session, number)))
    return gettext("All sessions of this person have ended.")


def _disable(number: int) -> str:
    insist(lambda: accounts.disable(unit_of_work(), people.get_account(db.session, number)))
    return gettext("The person cannot sign in any more, and all their sessions have ended.")


ACTS = {
    "resend": _resend,
    "revoke": _revoke,
    "end-sessions": _end_sessions,
    "disable": _disable,
}


@bp.post("/accounts/<int:number>/<any(resend,revoke,'end-sessions',disable):act>")
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
def act(number: int, act: str) -> Response:
    """Do what a button on an account's page says."""
    return _do(number, ACTS[act])


@bp.post("/accounts/<int:number>/reactivate")
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
@shown_anew
def reactivate(number: int) -> Response:
    """Let somebody sign in again whose account was disabled."""
    return _do(number, _reactivate)


def _reactivate(number: int) -> str:
    accounts.reactivate(unit_of_work(), people.get_account(db.session, number))
    return gettext("The person can sign in again.")


def _do(number: int, act: Callable[[int], str]) -> Response:
    ActionForm().validate_on_submit()
    try:
        said = act(number)
    except ConflictError as error:
        roll_back()
        return _page_of(number, problem=str(error))
    flash(said)
    return _back_to(number)


@bp.get("/accounts/<int:number>/disable")
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
def ask_to_disable(number: int) -> str:
    """Ask before an account is disabled, and say what is in that person's hands."""
    account = people.get_account(db.session, number)
    return render_template(
        "membership/disable.html", account=account, in_hands=in_hands.of(db.session, number)
    )


@bp.route("/accounts/<int:number>/second-factor", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_KEEP)
@shows(ACCOUNT, SINGLE)
@shown_anew
def reset_second_factor(number: int) -> Response:
    """Take off the second factor that somebody has lost; whoever does it shows who they are."""
    account, form = people.get_account(db.session, number), ResetForm()
    accounts.refuse_own(unit_of_work(), account)
    if not form.validate_on_submit():
        return render_form("membership/reset_second_factor.html", form, account=account)
    try:
        recovery.reset_second_factor(unit_of_work(), account, LostFactor(form.why.data))
    except ConflictError as error:
        roll_back()
        return _page_of(number, problem=str(error))
    flash(gettext("The second factor is taken off, and the person is told by mail."))
    return _back_to(number)


@bp.post("/roster/<int:expert_id>/invite")
@requires(Permission.ROSTER_DECIDE)
def invite_expert(expert_id: int) -> Response:
    """Invite an expert without an account, who stands on the roster, to keep the profile."""
    expert = experts.get(db.session, expert_id)
    if ActionForm().validate_on_submit():
        operations.invite_expert(unit_of_work(), expert)
        flash(gettext("The invitation is on its way."))
    return redirect(url_for("experts.show", expert_id=expert_id), HTTPStatus.SEE_OTHER)
