"""Signing in and out, by Flask-Security's parts."""

from functools import wraps
from http import HTTPStatus
from typing import Any, cast

import sqlalchemy as sa
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask_security import (
    FSQLALiteUserDatastore,
    LoginForm,
    Security,
    VerifyForm,
    auth_required,
    current_user,
    user_authenticated,
)
from flask_security.forms import EmailValidation
from flask_security.mail_util import EmailValidateException, MailUtil
from flask_security.utils import check_and_update_authn_fresh, get_message
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField, StringField

from webapp.accounts import passkeys, queries, second_factors, throttling
from webapp.accounts.failures import note_failure
from webapp.accounts.forms import LedOn
from webapp.accounts.models import Account, Passkey, RoleRow
from webapp.accounts.operations import DISABLED
from webapp.accounts.rules import is_address, spelled_once
from webapp.core import clock, ways_in
from webapp.core.access import View
from webapp.core.db import db, lock
from webapp.core.errors import ConflictError, DomainError, TooOftenError
from webapp.core.forms.checks import Needed
from webapp.core.forms.fields import given
from webapp.core.put_off import keep_what_was_sent
from webapp.core.transactions import begin_anew, drop_answer, roll_back, sealed, transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.text_rules import trimmed, without_blanks
from webapp.core.words.translation import _


def fresh(view: View) -> View:
    """Let only those reach a view who have signed in, or shown who they are, a short time ago."""
    within: View = auth_required(
        "session",
        within=lambda: current_app.config["SECURITY_FRESHNESS"],
        grace=lambda: current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"],
    )(view)
    return within


def shown_anew(view: View) -> View:
    """Let only those reach a view who have shown a short time ago who they are; whoever signs in by
    a passkey alone has shown it for this one change.

    Others are asked for their password where it matters. A session of somebody without one that was
    left open, or stolen, would be all that is needed to take the account over.
    """
    within = fresh(view)

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> BaseResponse:
        if _owes_passkey():
            return _show_again_who(None, None)
        answer = current_app.make_response(within(*args, **kwargs))
        refused = answer.status_code >= HTTPStatus.BAD_REQUEST or g.get("form_refused")
        if request.method == "POST" and not refused:
            ways_in.note(db.session)
        return answer

    shown.asks_anew = True  # type: ignore[attr-defined]
    return cast(View, shown)


def _owes_passkey() -> bool:
    """Tell whether the passkey by which alone this person signs in was not shown again of late."""
    if not current_user.is_authenticated or not current_user.signs_in_by_passkey_alone:
        return False
    return not passkeys.is_shown_again(current_app.config["SECURITY_FRESHNESS"])


def _insist_on_who_it_is(work: UnitOfWork) -> None:
    """Refuse to open a way in for somebody to whoever has not just shown who they are.

    One who signs in by a passkey alone has shown it for all that this request opens. Strangers, and
    who answers by a link, act for nobody who is signed in.
    """
    if not has_request_context():
        return
    if not current_user.is_authenticated or current_user.id != work.actor.id:
        return
    within = current_app.config["SECURITY_FRESHNESS"]
    grace = current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    if _owes_passkey() or not check_and_update_authn_fresh(within, grace):
        raise ways_in.NotShownError


def _use_up_what_was_shown(_app: Flask) -> None:
    """Let a passkey count no more once what it was shown for is done; what is refused leaves it."""
    if ways_in.are_opened(db.session):
        passkeys.use_up()
        ways_in.forget(db.session)


def _on_not_shown(_error: ways_in.NotShownError) -> BaseResponse:
    drop_answer()
    if g.get("csrf_failed"):
        # What a forged post runs into is nothing to go on with.
        return current_app.make_response(current_app.handle_user_exception(BadRequest()))
    with transaction():
        return _show_again_who(None, None)


class Datastore(FSQLALiteUserDatastore):
    """Flask-Security's access to accounts, without its own commit: core/transactions.py commits."""

    def commit(self) -> None:
        """Leave the commit to the end of the request."""


def _in_writing_transaction(account: Account) -> Account | None:
    """Return the account anew in a transaction that may write; a hash that was renewed is kept.

    The password was compared in one that only reads, so that nobody waits for it. Nothing is
    returned if meanwhile it was changed, or the account disabled or erased.
    """
    (before,) = sa.inspect(account).attrs.password.history.deleted or [account.password]
    hashed, number = account.password, account.id
    begin_anew()
    again = db.session.get(Account, number)
    if again is None:
        return None
    lock(db.session, again)
    if again.password != before or not again.active:
        return None
    again.password = hashed
    return again


class Addresses(MailUtil):
    """Addresses as Flask-Security reads them, but for what is longer than any."""

    def normalize(self, email: str) -> str:
        """Return an address in one spelling; ValueError for what is none."""
        if not is_address(email):
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])
        return str(super().normalize(email))

    def validate(self, email: str) -> str:
        """Return the same: to where mails can be sent, this platform finds out by sending them."""
        return self.normalize(email)


class SignInForm(LedOn, LoginForm):
    """Flask-Security's form without the box that would keep people signed in for a year.

    `problem` is what stands against the sign-in besides a wrong address or password: that it was
    tried too often, or, to whoever has the right password, that the account is disabled.
    """

    remember = None
    email = EmailField(
        filters=[given(without_blanks), given(spelled_once)],
        validators=[Needed(), EmailValidation(verify=False)],
    )
    problem: DomainError | None = None

    def validate(self, **kwargs: Any) -> bool:
        """Try the password, unless that was tried too often, and write down what came of it."""
        email = (self.email.data or "").lower()
        # Who has given a password before and now gives another one has begun to write.
        roll_back()
        try:
            with throttling.comparing(email):
                right = self._is_right(**kwargs)
        except TooOftenError as refusal:
            return self._refuse(refusal)
        if right and isinstance(self.user, Account):
            throttling.forgive(self.user)
            self.user = _in_writing_transaction(self.user)
            if self.user:
                return True
            self.password.errors = [*self.password.errors, get_message("INVALID_PASSWORD")[0]]
        elif self.user_authenticated and self.user and not self.user.is_active:
            self.problem = ConflictError(DISABLED)
        if not self.csrf_token.errors:
            tried = queries.find_by_email(db.session, email)
            note_failure(tried.id if tried else None)
        return False

    def _refuse(self, refusal: TooOftenError) -> bool:
        self.problem = g.sign_in_refused = refusal
        self.form_errors.append(str(refusal))
        return False

    def _is_right(self, **kwargs: Any) -> bool:
        """Try the password as it was typed, then without the blanks that were pasted with it.

        The second try costs as much for an account that does not exist: what is tried depends on
        the password alone.
        """
        typed = self.password.data or ""
        if super().validate(**kwargs):
            return True
        if self.user_authenticated or trimmed(typed) in {typed, ""}:
            return False
        self.password.data = trimmed(typed)
        return bool(super().validate(**kwargs))


class SignInAgainForm(LedOn, VerifyForm):
    """Flask-Security's form that asks for the password again, hashed where there is room, and for
    the second factor of whoever has one: a code, or a recovery code in its place."""

    user: Account
    code = StringField(filters=[given(trimmed)])

    @property
    def asks_code(self) -> bool:
        """Tell whether the password alone is not enough; a passkey has a page of its own."""
        return self.has_application or passkeys.is_asked_after_password(self.user)

    @property
    def has_application(self) -> bool:
        """Tell whether there is an application that shows codes."""
        return self.user.tf_totp_secret is not None

    def validate(self, **kwargs: Any) -> bool:
        """Compare the password, then the code; nobody who writes waits meanwhile."""
        account = db.session.get_one(Account, self.user.id)
        roll_back()
        with throttling.comparing_again():
            right = bool(super().validate(**kwargs))
        if right and self.asks_code:
            throttling.count_code_again(account)
        if right and not self._is_still_right(account):
            right, self.password.errors = False, [get_message("INVALID_PASSWORD")[0]]
        if self.password.errors:
            note_failure(account.id)
        return right

    def _is_still_right(self, account: Account) -> bool:
        again = _in_writing_transaction(account)
        if again is None:
            return False
        return not self.asks_code or second_factors.is_shown(again, self.code.data or "")


def _show_again_who(_within: Any, _grace: Any, *_: Any) -> BaseResponse:
    """Ask somebody who they are, and lead back from there to what they wrote or to a page.

    What was sent is not sent again. Who has no password is not asked for one.
    """
    kept = _kept_meanwhile() if request.method == "POST" else ""
    alone = current_user.signs_in_by_passkey_alone
    passkey = passkeys.is_asked_after_password(current_user) and not current_user.tf_totp_secret
    page = "wan_verify" if alone or passkey else "verify"
    return redirect(url_for(f"security.{page}", next=kept or _nearest_page()))


def _kept_meanwhile() -> str:
    """Say that nothing is done yet; return the address where what was sent is kept, if it is."""
    kept = keep_what_was_sent()
    press = _("Nothing is done yet. Please show that it is you, and then press the button again.")
    text = _("Nothing is done yet. What you wrote is kept: show that it is you, and go on with it.")
    flash(str(text if kept else press))
    return kept


def _nearest_page() -> str:
    """Return the page of this address; one that only takes forms has none, so it is the nearest
    above it, where its button stands or is led to."""
    address = current_app.create_url_adapter(request)
    path = request.path
    while address and path and not address.test(path, "GET"):
        path = path.rpartition("/")[0]
    query = f"?{request.query_string.decode()}" if path == request.path and request.args else ""
    return (path or "/") + query


def _renew_token(_app: Flask, **_: Any) -> None:
    """Forget the token from before the sign-in, as whoever planted that cookie knows it, and what
    was shown to come in."""
    session.pop("csrf_token", None)
    session.pop(passkeys.SHOWN_AGAIN, None)
    g.pop("csrf_token", None)


# Flask-Security would take somebody who opens these with a session for an attacker, and sign them
# out by a mere look.
SECOND_STEPS = frozenset({
    "security.tf_select",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.wan_signin",
    "security.wan_signin_response",
})  # fmt: skip


def _lead_on() -> BaseResponse | None:
    """Lead people who are signed in away from the steps of signing in, and from an address that has
    no page of its own to the one with its button."""
    if request.endpoint in SECOND_STEPS and current_user.is_authenticated:
        return redirect("/", HTTPStatus.SEE_OTHER)
    looks = request.endpoint == "security.wan_delete" and request.method != "POST"
    if looks and current_user.is_authenticated:
        return redirect(current_app.config["SECURITY_WAN_POST_REGISTER_VIEW"])
    return None


def _say_how_it_was_refused(response: Response) -> Response:
    """Give a sign-in that was not tried at all the status that fits it, and when to try again."""
    refused: TooOftenError | None = g.get("sign_in_refused")
    if refused and response.status_code == HTTPStatus.OK:
        response.status_code = refused.status
        response.headers["Retry-After"] = str(refused.seconds)
    elif g.get("form_refused") and response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.BAD_REQUEST
    return response


def init_app(app: Flask) -> None:
    """Let people of `app` sign in on its pages and by nothing else: no bearer tokens, no JSON."""
    # The library's own moments have no time zone.
    app.config["SECURITY_DATETIME_FACTORY"] = clock.now
    security = Security(
        app,
        Datastore(db, Account, RoleRow, Passkey),
        login_form=SignInForm,
        mail_util_cls=Addresses,
        verify_form=SignInAgainForm,
        **second_factors.PARTS,
        **passkeys.PARTS,
    )
    # It would ask the database who somebody is before every answer, files and health included.
    security.reauthn_handler(_show_again_who)
    security.principal.identity_loaders.clear()
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    for endpoint in ("security.wan_register", "security.wan_delete"):
        app.view_functions[endpoint] = shown_anew(app.view_functions[endpoint])
    passkeys.init_app(app, security)
    app.before_request(_lead_on)
    app.after_request(_say_how_it_was_refused)
    app.register_error_handler(ways_in.NotShownError, _on_not_shown)
    user_authenticated.connect(_renew_token, app)
    ways_in.opening.connect(_insist_on_who_it_is)
    sealed.connect(_use_up_what_was_shown, app)
