"""Second factors by Flask-Security's parts: codes of an application, passkeys, recovery codes."""

from typing import Any

import sqlalchemy as sa
from flask import Flask, flash, g, request, session
from flask_security import (
    MfRecoveryCodesUtil,
    Totp,
    WebauthnUtil,
    current_user,
    wan_deleted,
    wan_registered,
)
from flask_security.forms import TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninResponseForm,
    WebAuthnTfPlugin,
)
from passlib.totp import TotpMatch, UsedTokenError
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, InvalidJSONStructure
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.accounts import operations, rules
from webapp.accounts.failures import note_failure
from webapp.accounts.models import Account, Passkey
from webapp.core import clock, limits
from webapp.core.access import unit_of_work
from webapp.core.db import db, lock
from webapp.core.errors import ConflictError
from webapp.core.translation import _, gettext

# What a passkey is to sign for this session.
CHALLENGE = "passkey_challenge"
# When a passkey was shown again in this session, which counts for one change of the way in.
SHOWN_AGAIN = "passkey_shown_again"


class OneTimeCodes(Totp):
    """Codes of an application, each of which works once. Source: RFC 6238, 5.2."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the counter of the code that was used last."""
        last: int | None = user.tf_last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Keep the counter of a code; of two who send the same code one is refused."""
        used = db.session.scalars(
            sa.update(Account)
            .where(
                Account.id == user.id,
                Account.tf_last_counter.is_(None) | (Account.tf_last_counter < tmatch.counter),
            )
            .values(tf_last_counter=tmatch.counter)
            .returning(Account.id)
        )
        if not used.first():
            raise UsedTokenError(expire_time=tmatch.expire_time)


class Passkeys(WebauthnUtil):
    """What is asked of a passkey: a telephone's own is as good as one that is plugged in.

    One that signs in alone is kept with the account's name and opened by finger, face or code, and
    so is two factors in one. Source: W3C Web Authentication Level 2, 5.4.4.
    """

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Return what a passkey is to sign, and keep it in the session that is to send the answer.

        The library asks again who somebody is where adding a passkey begins, and not where it ends:
        an answer that was begun in another session would add one to a session stolen long ago.
        """
        challenge = str(super().generate_challenge(nbytes))
        session[CHALLENGE] = challenge
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


class PasskeyAfterPassword(WebAuthnTfPlugin):
    """A passkey as the second factor; where the role needs one, also one that signs in alone.

    The library never asks for such a one after the password, which would open the account by
    itself. Who needs no second factor has it as another way in, and may leave it at home.
    """

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Return the way on after the password of an account, if there is one."""
        needed = rules.needs_second_factor(user.kinds, demo=user.demo)
        asked = any(needed or passkey.usage == "secondary" for passkey in user.webauthn)
        return [("webauthn", gettext("A passkey"))] if asked else []


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, encrypted at rest, each of which works once."""

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Take a code away; of two who send the same code one is refused."""
        lock(db.session, user)
        left = [
            kept for kept in user.mf_recovery_codes or [] if self._decrypt_codes([kept]) != [code]
        ]
        if len(left) == len(user.mf_recovery_codes or []):
            raise ConflictError(_("This recovery code has been used already."))
        # A list that is changed in place would not be written.
        user.mf_recovery_codes = left
        return True


def _is_asked_here(challenge: str) -> bool:
    """Tell whether this session was asked last to have this signed."""
    asked: str | None = session.pop(CHALLENGE, None)
    return asked == challenge


class _Told:
    """A form whose page is not shown again: what was refused is said on the page that follows."""

    refusal = _("The passkey was not accepted. Please try again.")

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does, and say in our words that it was refused."""
        if super().validate(**kwargs) and self._is_ours() and self._is_new():  # type: ignore[misc]
            return True
        flash(str(self.refusal), "error")
        return False

    def _is_ours(self) -> bool:
        """Tell whether what was asked for belongs to this session, as far as it is signed."""
        return True

    def _is_new(self) -> bool:
        """Tell whether what a passkey has signed comes for the first time: it counts once."""
        token = (request.view_args or {}).get("token")
        return token is None or limits.happens_first(
            db.session, "answer of a passkey", token, clock.now()
        )


class _Noted:
    """A form that asks for a code, which tells the log of one that is wrong."""

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does; how often, is counted before the transaction began."""
        if super().validate(**kwargs):  # type: ignore[misc]
            return True
        if self.user:  # type: ignore[attr-defined]
            note_failure(self.user.id)  # type: ignore[attr-defined]
        return False


class CodeOfApplicationForm(_Noted, TwoFactorVerifyCodeForm):
    """The code of an application, which is asked for after the password."""


class RecoveryCodeForm(_Noted, MfRecoveryForm):
    """A recovery code, in place of the code of an application."""


class PasskeySignInForm(_Told, WebAuthnSigninResponseForm):
    """What a passkey has signed, to sign in or to show again who one is."""

    follows_password = False

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does; after a password a passkey that signs in alone, too."""
        self.follows_password = self.is_secondary
        if self.is_secondary and self._signs_in_alone():
            self.is_secondary = False
        right = super().validate(**kwargs)
        if right and self.is_verify and self.user == current_user:
            session[SHOWN_AGAIN] = clock.now().timestamp()
        return right

    def _signs_in_alone(self) -> bool:
        try:
            number = parse_authentication_credential_json(self.credential.data or "").raw_id
        except (ValueError, KeyError, InvalidJSONStructure, InvalidAuthenticationResponse):
            return False  # The library says so.
        chosen = sa.select(Passkey.usage).where(Passkey.credential_id == number)
        return db.session.scalar(chosen) == "first"

    def _is_ours(self) -> bool:
        """Tell whether it was asked of this session, and after a password of its owner.

        The library would let in whoever owns the passkey, whose password it was that came before.
        """
        owner = getattr(self.user, "fs_uniquifier", None)
        if self.follows_password and owner != session["tf_user_id"]:
            return False
        return _is_asked_here(self.challenge)


class PasskeyResponseForm(_Told, WebAuthnRegisterResponseForm):
    """What a new passkey has answered."""

    refusal = _("The passkey was not added. Please try again.")

    def _is_ours(self) -> bool:
        """Tell whether adding it has begun in this session."""
        return _is_asked_here(self.challenge)


class PasskeyDeleteForm(_Told, WebAuthnDeleteForm):
    """The name of a passkey to be removed."""

    refusal = _("There is no passkey of this name.")

    def validate(self, **kwargs: Any) -> bool:
        """Refuse in words what would leave the account without a way in."""
        account = db.session.get_one(Account, current_user.id)
        operations.refuse_last_passkey(db.session, account, self.name.data or "")
        return super().validate(**kwargs)


def _note_added(_app: Flask, **_: Any) -> None:
    account = db.session.get_one(Account, current_user.id)
    operations.note_passkey_added(unit_of_work(), account)


def _note_removed(_app: Flask, *, name: str, **_: Any) -> None:
    account = db.session.get_one(Account, current_user.id)
    operations.note_passkey_removed(unit_of_work(), account, name)


def init_app(app: Flask) -> None:
    """Write down what people change of their passkeys."""
    wan_registered.connect(_note_added, app)
    wan_deleted.connect(_note_removed, app)


class PasskeyForm(WebAuthnRegisterForm):
    """The name of a new passkey, and what it is for."""

    def validate(self, **kwargs: Any) -> bool:
        """Validate as Flask-Security does, with a message in our words."""
        if super().validate(**kwargs):
            return True
        g.form_refused = True  # The library would answer as if all were well.
        self.name.errors = [
            gettext("Please give it a name of letters and blanks that none of your passkeys has.")
        ]
        return False


PARTS: dict[str, Any] = {
    "totp_cls": OneTimeCodes,
    "two_factor_verify_code_form": CodeOfApplicationForm,
    "mf_recovery_form": RecoveryCodeForm,
    "mf_recovery_codes_util_cls": RecoveryCodes,
    "webauthn_util_cls": Passkeys,
    "wan_register_form": PasskeyForm,
    "wan_register_response_form": PasskeyResponseForm,
    "wan_signin_response_form": PasskeySignInForm,
    "wan_delete_form": PasskeyDeleteForm,
}
