"""Passkeys by Flask-Security's parts: to sign in alone, after a password, and to show it anew.

What the library leaves open is closed here: an answer counts once, in the session that asked for
it, for what it was asked, and of whom.
"""

import logging
import secrets
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, flash, g, redirect, request, session, url_for
from flask_security import Security, WebauthnUtil, current_user, wan_deleted, wan_registered
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    WebAuthnTfPlugin,
)
from itsdangerous import BadData
from sqlalchemy.exc import SQLAlchemyError
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, InvalidJSONStructure
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.accounts import operations, queries, rules
from webapp.accounts.failures import note_failure
from webapp.accounts.forms import LedOn
from webapp.accounts.models import Account, Passkey
from webapp.core import clock, limits
from webapp.core.access import View, unit_of_work
from webapp.core.db import db, lock
from webapp.core.errors import ConflictError
from webapp.core.limits import Limit
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext

log = logging.getLogger(__name__)

# What this session asked a passkey last: what to sign, for what, and of whom.
ASKED = "passkey_asked"
# How many refused answers of strangers the log tells of, for each account.
NOTED = Limit("passkeys: refused answers in the log", "30/hour")
# When a passkey was shown again in this session, and a word for that one time.
SHOWN_AGAIN = "passkey_shown_again"


class Passkeys(WebauthnUtil):
    """What is asked of a passkey: a telephone's own is as good as one that is plugged in.

    One that signs in alone is kept with the account's name and opened by finger, face or code, and
    so is two factors in one. Source: W3C Web Authentication Level 2, 5.4.4.
    """

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Return what a passkey is to sign, and keep for what this session asked it, and of whom.

        The library asks again who somebody is where adding a passkey begins, and not where it ends:
        an answer that was begun in another session would add one to a session stolen long ago.
        """
        challenge = str(super().generate_challenge(nbytes))
        session[ASKED] = _asked_now(challenge)
        return challenge

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:  # noqa: ARG002 - the library's.
        """Return what a new passkey must be able to do."""
        alone = usage == "first"
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED
            if alone
            else ResidentKeyRequirement.PREFERRED,
            user_verification=self._verification(alone),
        )

    def authentication_options(
        self, user: Any, usage: list[str], existing_options: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what is asked of a passkey; after a password each of the account's will do."""
        if usage == ["secondary"] and user:
            existing_options["allow_credentials"] = [
                PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in user.webauthn
            ]
        return super().authentication_options(user, usage, existing_options)

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:  # noqa: ARG002 - the library's.
        """Return whether it must be opened by its owner to sign in."""
        return self._verification("first" in usage)

    @staticmethod
    def _verification(alone: bool) -> UserVerificationRequirement:
        if alone:
            return UserVerificationRequirement.REQUIRED
        return UserVerificationRequirement.PREFERRED


def is_asked_after_password(account: Account) -> bool:
    """Tell whether a passkey is asked for after the password of an account."""
    needed = rules.needs_second_factor(account.kinds, demo=account.demo)
    return any(needed or passkey.usage == "secondary" for passkey in account.webauthn)


class PasskeyAfterPassword(WebAuthnTfPlugin):
    """A passkey as the second factor; where the role needs one, also one that signs in alone.

    The library never asks for such a one after the password, which would open the account by
    itself. Who needs no second factor has it as another way in, and may leave it at home.
    """

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Return the way on after the password of an account, if there is one."""
        asked = is_asked_after_password(user)
        return [("webauthn", gettext("A passkey"))] if asked else []


def _step() -> str:
    """Return the endpoint at which a passkey is asked for what this request begins or answers."""
    return (request.endpoint or "").removesuffix("_response")


def _asked_now(challenge: str) -> list[str | None]:
    """Return what this is asked for at this address, and of whom: of whoever has given a password
    before or is signed in, or else of nobody yet."""
    if session.get("tf_state") == "ready" and "tf_user_id" in session:
        return [challenge, f"{_step()} after a password", session["tf_user_id"]]
    if not isinstance(current_user._get_current_object(), Account):
        return [challenge, _step(), None]
    return [challenge, _step(), current_user.fs_uniquifier, _ways_in(current_user)]


def _ways_in(account: Account) -> str:
    """Return by what an account is entered: what was begun before it changed is not ended after it.

    Whoever is joining shows nothing to add their first passkey; a copy of their cookie that had
    begun the same could add another one later without showing that first one.
    """
    numbers = sorted(passkey.id for passkey in account.webauthn)
    has_codes = account.tf_totp_secret is not None
    return f"password of {account.password_set_at}, codes {has_codes}, passkeys {numbers}"


def _of_this_session(view: View, security: Security) -> View:
    """Let a view have an answer only to what this session asked last, for the same and of the same
    person.

    The library signs what it has asked, and would take it at each of its addresses: what a passkey
    was asked as a second factor would do to sign in alone.
    """

    @wraps(view)
    def answered(token: str) -> Any:
        asked = session.pop(ASKED, None)
        try:
            state = security.wan_serializer.loads(token)
        except BadData:
            return view(token)  # The library says so.
        if asked != _asked_now(state["challenge"]):
            flash(str(_Told.refusal), "error")
            return redirect(url_for(_step()), HTTPStatus.SEE_OTHER)
        return view(token)

    return cast(View, answered)


class _Told:
    """A form whose page is not shown again: what was refused is said on the page that follows."""

    refusal = _("The passkey was not accepted. Please try again.")

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does, and say in our words that it was refused."""
        if self._is_right(**kwargs) and self._is_new():
            return True
        flash(str(self.refusal), "error")
        return False

    def _is_right(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does.

        What a passkey sends is read by several libraries, whose errors for bytes that no good
        passkey sends have nothing in common. What cannot be read is refused, and its kind noted.
        """
        try:
            return bool(super().validate(**kwargs))  # type: ignore[misc]
        except SQLAlchemyError:
            raise
        except Exception as unreadable:
            log.warning("the answer of a passkey cannot be read: %s", type(unreadable).__name__)
            return False

    def _is_new(self) -> bool:
        """Tell whether what a passkey has signed comes for the first time: it counts once."""
        token = (request.view_args or {}).get("token")
        return token is None or limits.happens_first(
            db.session, "answer of a passkey", token, clock.now()
        )


class AskForPasskeyForm(LedOn, WebAuthnSigninForm):
    """The button that asks for a passkey to sign in."""


class PasskeySignInForm(_Told, LedOn, WebAuthnSigninResponseForm):
    """What a passkey has signed, to sign in or to show again who one is."""

    follows_password = False

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does; after a password a passkey that signs in alone, too.

        What was not asked after a password is opened by finger, face or code in any case.
        """
        self.follows_password = self.is_secondary
        self.user_verification = not self.follows_password
        if self.is_secondary and self._signs_in_alone():
            self.is_secondary = False
        right = super().validate(**kwargs)
        if right and self.is_verify and self.user == current_user:
            session[SHOWN_AGAIN] = [clock.now().timestamp(), secrets.token_urlsafe()]
        if not right:
            self._note_whose()
        return right

    def _note_whose(self) -> None:
        """Tell the log of an answer that was refused: of whose password came before it, or who is
        signed in, and else of whose passkey it is, as far as one is known."""
        asked = session.get("tf_user_id") or getattr(current_user, "fs_uniquifier", None)
        account = queries.find_by_uniquifier(db.session, asked) if asked else self.user
        if not isinstance(account, Account):
            return
        number = account.id
        # Strangers are not counted at the door, and must not fill the log.
        roll_back()
        if asked or not limits.count_unless_over(NOTED, str(number)):
            note_failure(number)

    def _is_right(self, **kwargs: Any) -> bool:
        """Let in nobody whose account is disabled, which the library says and does not obey, and
        after a password its owner alone: the library would let in whoever owns the passkey."""
        if not super()._is_right(**kwargs) or not isinstance(self.user, Account):
            return False
        lock(db.session, self.user)
        owner = session["tf_user_id"] if self.follows_password else self.user.fs_uniquifier
        return self.user.active and self.user.fs_uniquifier == owner

    def _signs_in_alone(self) -> bool:
        try:
            number = parse_authentication_credential_json(self.credential.data or "").raw_id
        except (ValueError, KeyError, InvalidJSONStructure, InvalidAuthenticationResponse):
            return False  # The library says so.
        chosen = sa.select(Passkey.usage).where(Passkey.credential_id == number)
        return db.session.scalar(chosen) == "first"


class PasskeyResponseForm(_Told, WebAuthnRegisterResponseForm):
    """What a new passkey has answered."""

    refusal = _("The passkey was not added. Please try again.")

    def _is_right(self, **kwargs: Any) -> bool:
        """Keep nothing that the browser says beside what the passkey has signed: the library would
        store it unread, and read it on each page."""
        right = super()._is_right(**kwargs)
        self.extensions = None  # type: ignore[assignment] # As where a browser says nothing.
        self.transports = list(dict.fromkeys(self.transports))
        return right


class PasskeyDeleteForm(_Told, WebAuthnDeleteForm):
    """The name of a passkey to be removed."""

    refusal = _("There is no passkey of this name.")

    def validate(self, **kwargs: Any) -> bool:
        """Refuse in words what would leave the account without a way in."""
        account = db.session.get_one(Account, current_user.id)
        operations.refuse_last_passkey(db.session, account, self.name.data or "")
        return super().validate(**kwargs)


def is_shown_again(within: timedelta) -> bool:
    """Tell whether a passkey was shown in this session of late, and not used up in it."""
    at, _word = session.get(SHOWN_AGAIN, (0.0, ""))
    return bool(0 <= clock.now().timestamp() - at <= within.total_seconds())


def use_up() -> None:
    """Let the passkey that was shown count for what this request changes, and nothing else.

    The database says so: a copy of the cookie from before knows nothing of it. Raises
    ConflictError where it was used up.
    """
    _at, word = session.pop(SHOWN_AGAIN, (0.0, ""))
    if word and not limits.happens_first(db.session, "passkey shown again", word, clock.now()):
        raise ConflictError(_("Please show your passkey first, and then press the button again."))


def _note_added(_app: Flask, **_: Any) -> None:
    account = db.session.get_one(Account, current_user.id)
    operations.note_passkey_added(unit_of_work(), account)


def _note_removed(_app: Flask, *, name: str, **_: Any) -> None:
    account = db.session.get_one(Account, current_user.id)
    operations.note_passkey_removed(unit_of_work(), account, name)


class PasskeyForm(WebAuthnRegisterForm):
    """The name of a new passkey, and what it is for."""

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does, with a message in our words.

        Where there is no password, one that is asked for after it would open nothing.
        """
        if current_user.password_set_at is None:
            self.usage.raw_data, self.usage.data = ["first"], "first"
        if super().validate(**kwargs):
            return True
        g.form_refused = True  # The library would answer as if all were well.
        self.name.errors = [
            gettext("Please give it a name of letters and blanks that none of your passkeys has.")
        ]
        return False


def init_app(app: Flask, security: Security) -> None:
    """Take answers of passkeys from the session that asked, and note what people change."""
    for step in ("wan_register", "wan_signin", "wan_verify"):
        endpoint = f"security.{step}_response"
        app.view_functions[endpoint] = _of_this_session(app.view_functions[endpoint], security)
    wan_registered.connect(_note_added, app)
    wan_deleted.connect(_note_removed, app)


PARTS: dict[str, Any] = {
    "webauthn_util_cls": Passkeys,
    "wan_register_form": PasskeyForm,
    "wan_register_response_form": PasskeyResponseForm,
    "wan_signin_form": AskForPasskeyForm,
    "wan_signin_response_form": PasskeySignInForm,
    "wan_delete_form": PasskeyDeleteForm,
}
