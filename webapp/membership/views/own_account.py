"""Everybody's own account: name, language, address, password, sessions, and the consent."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.accounts import hashing, rules, sessions
from webapp.accounts import operations as accounts
from webapp.accounts.failures import note_failure
from webapp.accounts.models import Account
from webapp.accounts.sign_in import shown_anew
from webapp.core import clock
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, TooOftenError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.transactions import begin_anew, roll_back, writes_late
from webapp.core.words.language import current_language
from webapp.core.words.translation import gettext
from webapp.membership import operations, queries
from webapp.membership.forms import (
    ConsentForm,
    NewAddressForm,
    OwnAccountForm,
    OwnPasswordForm,
    own_texts,
)
from webapp.membership.models import LinkPurpose
from webapp.membership.rules import next_first_step
from webapp.membership.views import bp
from webapp.membership.views.joining import link_is_gone

OWN_PASSWORD = Limit("one's own password", "10/minute; 30/hour")
# Each sends a mail to an address that may be anybody's.
NEW_ADDRESS = Limit("mails to a new address of one's own", "5/hour; 20/day")


def own() -> Account:
    """Return the account of the person behind this request, in its transaction."""
    return db.session.get_one(Account, current_user.id)


def go_on() -> Response:
    """Lead to what comes next: the first page, or another of the first steps."""
    return redirect("/", HTTPStatus.SEE_OTHER)


@bp.route("/account", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def account() -> Response:
    """Show one's own account, and change name and language."""
    person = own()
    form = OwnAccountForm(
        name=person.name, language=person.language or current_language(), seen=person.name
    )
    if not form.validate_on_submit():
        return render_form("membership/account.html", form, account=person)
    try:
        operations.change_own(
            unit_of_work(), person, name=form.name.data, language=form.language.data,
            seen=form.seen.data,
        )  # fmt: skip
    except ConflictError as error:
        roll_back()
        form.seen.data = own().name
        return render_form("membership/account.html", form, problem=str(error), account=own())
    flash(gettext("Your account is saved."))
    return redirect(url_for("membership.account"), HTTPStatus.SEE_OTHER)


@bp.route("/account/consent", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def consent() -> Response:
    """Ask for the consent to the privacy notice."""
    form = ConsentForm()
    if not form.validate_on_submit():
        return render_form("membership/consent.html", form, version=rules.CONSENT_VERSION)
    accounts.consent(unit_of_work(), own())
    return go_on()


@bp.get("/account/security")
@requires(Permission.SIGNED_IN)
def security() -> str:
    """Show how one's own account is entered, and the sessions in which it is."""
    person = own()
    return render_template(
        "membership/security.html",
        account=person,
        needed=rules.needs_second_factor(person.kinds, demo=person.demo),
        sessions=queries.list_sessions(db.session, person.id),
        current=sessions.current_id(),
    )


@bp.get("/account/way-in")
@requires(Permission.SIGNED_IN)
def way_in() -> str | Response:
    """Let somebody who has neither a password nor a passkey choose how to sign in."""
    if next_first_step(own()) is None:
        return go_on()
    return render_template("membership/way_in.html")


def _form_of_password(person: Account) -> OwnPasswordForm:
    own_words = own_texts(person.name, person.email, person.institution)
    return OwnPasswordForm(own_words, has_password=person.password_set_at is not None)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
@limited(OWN_PASSWORD)
@shown_anew
@writes_late
def own_password() -> Response:
    """Change one's own password, confirmed by the old one; all other sessions end."""
    person = own()
    form = _form_of_password(person)
    if not form.validate_on_submit():
        return render_form("membership/own_password.html", form)
    hashed_before = person.password
    # Nobody who writes waits while passwords are hashed.
    roll_back()
    try:
        if not _is_confirmed(form, hashed_before):
            return render_form("membership/own_password.html", form)
        hashed = hashing.hash_password(form.password.data)
    except TooOftenError as busy:
        return render_form("membership/own_password.html", form, problem=str(busy))
    begin_anew()
    sessions.hold()
    person = own()
    accounts.set_password(unit_of_work(), person, hashed)
    sessions.begin(person, ["new password"])
    flash(gettext("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("membership.security"), HTTPStatus.SEE_OTHER)


def _is_confirmed(form: OwnPasswordForm | NewAddressForm, hashed: str) -> bool:
    """Tell whether the current password is right, or none is asked for; say so at its field.

    Raises TooOftenError while too many passwords are hashed.
    """
    if "old_password" not in form:
        return True
    right = hashing.is_right(form.old_password.data, hashed)
    if not right:
        note_failure(current_user.id)
        form.old_password.errors = [gettext("This is not your password.")]
    return right


@bp.route("/account/e-mail", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
@limited(NEW_ADDRESS)
@shown_anew
@writes_late
def new_address() -> Response:
    """Ask for another e-mail address; it counts when the link in the mail to it was opened."""
    person = own()
    form = NewAddressForm(has_password=person.password_set_at is not None)
    if not form.validate_on_submit():
        return render_form("membership/new_address.html", form, account=person)
    hashed = person.password
    # Nobody who writes waits while passwords are hashed.
    roll_back()
    try:
        if not _is_confirmed(form, hashed):
            return render_form("membership/new_address.html", form, account=own())
        begin_anew()
        sessions.hold()
        operations.ask_for_new_address(unit_of_work(), own(), form.email.data)
    except (ConflictError, TooOftenError) as error:
        roll_back()
        return render_form("membership/new_address.html", form, problem=str(error), account=own())
    flash(gettext("A mail was sent to the new address. Open the link in it to confirm it."))
    return redirect(url_for("membership.account"), HTTPStatus.SEE_OTHER)


@bp.route("/account/e-mail/<token>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def confirm_address(token: str) -> str | Response:
    """Confirm a new address by a button: mail programs look at links, too.

    Who it is was shown when the address was given. This link is opened by whoever has both a
    session of the account and the new mailbox, so nothing more is asked for.
    """
    link = queries.find_link(db.session, LinkPurpose.NEW_ADDRESS, token, clock.now())
    if link is None or link.account_id != current_user.id:
        return link_is_gone(LinkPurpose.NEW_ADDRESS)
    if request.method != "POST":
        return render_template("membership/confirm_address.html", token=token)
    operations.confirm_new_address(unit_of_work(), own(), token)
    flash(gettext("Your new e-mail address is confirmed."))
    return redirect(url_for("membership.account"), HTTPStatus.SEE_OTHER)


@bp.post("/account/sessions/<int:number>/end")
@requires(Permission.SIGNED_IN)
def end_session(number: int) -> Response:
    """End one of one's own sessions."""
    accounts.end_session(unit_of_work(), own(), number)
    if number == sessions.current_id():
        sessions.forget()
    flash(gettext("The session has ended."))
    return redirect(url_for("membership.security"), HTTPStatus.SEE_OTHER)


@bp.post("/account/sessions/end")
@requires(Permission.SIGNED_IN)
def end_sessions() -> Response:
    """End all of one's own sessions but this one, which goes on with a new token."""
    sessions.hold()
    person = own()
    accounts.end_sessions(unit_of_work(), person)
    sessions.begin(person, ["continued"])
    flash(gettext("You are signed out everywhere else."))
    return redirect(url_for("membership.security"), HTTPStatus.SEE_OTHER)
