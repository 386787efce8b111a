"""How often a way into an account may be tried, for each account and for each address.

Tries are counted before anything is compared, and for accounts that do not exist alike, so that
neither answer nor time tells which do. An address comes first: once it is refused nothing is
written, so that its tries are little work. First somebody is slowed, then the account is locked for
an hour to passwords and codes; its owner is told by mail, and a passkey or a new password still
opens it. Source: OWASP ASVS 5.0, 6.3.1 and 6.3.8.
"""

from blinker import Signal
from flask import Flask, current_app, request, session

from webapp.accounts.models import Account
from webapp.core import limits, origins
from webapp.core.errors import TooOftenError
from webapp.core.limits import Limit

SLOWED = Limit("sign-in: an account is slowed", "5/minute")
LOCKED = Limit("sign-in: an account is locked", "20/hour")
ADDRESS = Limit("sign-in: an address", "30/minute; 200/hour")
TOLD = Limit("sign-in: the owner was told", "1/hour")
CODES = Limit("codes of an account", "5/minute; 20/hour")
ENDPOINTS_OF_CODES = frozenset({
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.verify",
})  # fmt: skip

# Sent with the e-mail address of an account that has just been locked; it may not exist.
locked = Signal()


def count_password(email: str) -> TooOftenError | None:
    """Count a try to sign in as `email`, and return the refusal if there were too many.

    The address is spelled as `rules.spelled_once` has it: each spelling has its own count.
    """
    if wait := limits.count_unless_over(ADDRESS, origins.source()):
        return limits.refusal(wait)
    slowed = limits.count(SLOWED, email)
    locked_for = limits.count(LOCKED, email)
    if locked_for and not limits.count(TOLD, email):
        locked.send(current_app._get_current_object(), email=email)  # type: ignore[attr-defined]
    wait = max(slowed, locked_for)
    return limits.refusal(wait) if wait else None


def forgive(account: Account) -> None:
    """Begin to count anew after the right password, or a new one."""
    for limit in (SLOWED, LOCKED, TOLD):
        limits.forget(limit, account.email)


def _count_codes() -> None:
    if request.method != "POST":
        return
    if request.endpoint in ENDPOINTS_OF_CODES:
        who = session.get("tf_user_id") or session.get("_user_id", "")
        if wait := limits.count_unless_over(CODES, str(who)):
            raise limits.refusal(wait)


def init_app(app: Flask) -> None:
    """Count codes before a transaction begins."""
    app.before_request(_count_codes)
