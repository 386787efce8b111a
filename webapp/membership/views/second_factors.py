"""Setting up second factors of one's own: an application that shows codes, and recovery codes.

Passkeys are added and removed by Flask-Security's pages.
"""

from http import HTTPStatus
from typing import Any

from flask import (
    Flask,
    Response,
    after_this_request,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_security import Security
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.accounts.sign_in import shown_anew
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.forms.page_forms import render_form
from webapp.core.words.translation import gettext
from webapp.membership.forms import CodeForm
from webapp.membership.rules import FirstStep, next_first_step
from webapp.membership.views import bp
from webapp.membership.views.own_account import go_on, own

# The secret of an application that has not shown a code yet, encrypted by Flask-Security.
PENDING = "totp_secret_to_be_confirmed"


def _security() -> Security:
    security: Security = current_app.extensions["security"]
    return security


@bp.get("/account/second-factor")
@requires(Permission.SIGNED_IN)
def second_factor() -> str | BaseResponse:
    """Let somebody whose role needs a second factor choose one."""
    if next_first_step(own()) is not FirstStep.SECOND_FACTOR:
        return go_on()
    return render_template("membership/second_factor.html")


@bp.route("/account/authenticator", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
@shown_anew
def authenticator() -> BaseResponse:
    """Set up an application that shows codes; it counts when it has shown one."""
    person, factory = own(), _security().totp_factory
    secret = session.setdefault(PENDING, factory.generate_totp_secret())
    form = CodeForm()
    if form.validate_on_submit():
        # The counter of an earlier application says nothing of this one.
        person.tf_last_counter = None
        window = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
        if factory.verify_totp(form.code.data, secret, person, window):
            session.pop(PENDING)
            accounts.set_authenticator(unit_of_work(), person, secret)
            flash(gettext("Codes are asked for from now on when you sign in."))
            if not person.mf_recovery_codes:
                # Whoever loses the device tomorrow has no other way in.
                return make_response(_show_new_codes(person))
            return redirect(url_for("membership.security"), HTTPStatus.SEE_OTHER)
        form.code.errors = [gettext("This code is not right. Please wait for the next one.")]
    values = factory.fetch_setup_values(secret, person)
    return render_form("membership/authenticator.html", form, setup=values)


@bp.post("/account/security/no-codes")
@requires(Permission.SIGNED_IN)
@shown_anew
def remove_authenticator() -> BaseResponse:
    """Ask for no codes of an application any more."""
    accounts.remove_authenticator(unit_of_work(), own())
    flash(gettext("No codes are asked for any more."))
    return redirect(url_for("membership.security"), HTTPStatus.SEE_OTHER)


@bp.post("/account/security/recovery-codes")
@requires(Permission.SIGNED_IN)
@shown_anew
def recovery_codes() -> str:
    """Make new recovery codes and show them once; those from before are worth nothing."""
    return _show_new_codes(own())


def show_codes_with_passkey(_app: Flask, **_: Any) -> None:
    """Show recovery codes to whoever has added a passkey as the first second factor: whoever loses
    it tomorrow has no other way in. The library would lead on to another page."""
    person = own()
    if person.mf_recovery_codes:
        return
    page = _show_new_codes(person)

    @after_this_request
    def _in_its_place(answer: Response) -> Response:
        return make_response(page) if answer.status_code < HTTPStatus.BAD_REQUEST else answer


def _show_new_codes(person: Account) -> str:
    codes = _security().mf_recovery_codes_util.create_recovery_codes(person)
    accounts.note_recovery_codes(unit_of_work(), person)
    return render_template("membership/recovery_codes.html", codes=codes, account=person)
