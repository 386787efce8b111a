"""Second factors by Flask-Security's parts: codes of an application, and recovery codes."""

from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_security import MfRecoveryCodesUtil, Totp
from flask_security.forms import TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from passlib.totp import TotpMatch, UsedTokenError

from webapp.accounts.failures import note_failure
from webapp.accounts.models import Account
from webapp.core import clock, origins
from webapp.core.db import db, lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _


class OneTimeCodes(Totp):
    """Codes of an application, each of which works once. Source: RFC 6238, 5.2."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the counter of the code that was used last."""
        last: int | None = user.tf_last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Keep the counter of a code; of two who send the same code one is refused."""
        db.session.flush()  # Where another application is set up, its counter begins anew.
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
        # A backup from before has it yet: who restores it is told by the log.
        work = UnitOfWork(db.session, user.as_actor(origins.address()), clock.now())
        audit.record(work, Action.RECOVERY_CODE_USED, user)
        return True


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


def is_shown(account: Account, typed: str) -> bool:
    """Tell whether a code of the application or a recovery code is right, and use it up."""
    security, code = current_app.extensions["security"], "".join(typed.split())
    if code.isdecimal() and account.tf_totp_secret:
        window = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
        secret = account.tf_totp_secret
        return bool(security.totp_factory.verify_totp(code, secret, account, window))
    recovery = security.mf_recovery_codes_util
    if not recovery.check_recovery_code(account, code):
        return False
    return bool(recovery.delete_recovery_code(account, code))


PARTS: dict[str, Any] = {
    "totp_cls": OneTimeCodes,
    "two_factor_verify_code_form": CodeOfApplicationForm,
    "mf_recovery_form": RecoveryCodeForm,
    "mf_recovery_codes_util_cls": RecoveryCodes,
}
