"""How often a way into an account may be tried, for each account and for each address.

Tries are counted before anything is compared, and for accounts that do not exist alike, so that
neither answer nor time tells which do. An address comes first: once it is refused nothing is
written, so that its tries are little work. First somebody is slowed, then the account is locked for
an hour to passwords; its owner is told by mail, and a passkey or a new password still opens it.

All this is for strangers. A browser in which the owner has signed in before (known_browsers.py) is
counted by itself, so that nobody is kept out by what others try. Source: OWASP ASVS 5.0, 6.3.1 and
6.3.8.
"""

from blinker import Signal
from flask import Flask, current_app, request, session

from webapp.accounts import known_browsers
from webapp.accounts.known_browsers import KnownBrowser
from webapp.accounts.models import Account
from webapp.core import limits, origins
from webapp.core.errors import TooOftenError
from webapp.core.limits import Limit

SLOWED = Limit("sign-in: an account is slowed", "5/minute")
LOCKED = Limit("sign-in: an account is locked", "20/hour")
ADDRESS = Limit("sign-in: an address", "30/minute; 200/hour")
BROWSER = Limit("sign-in: a known browser", "5/minute; 20/hour")
BROWSERS = Limit("sign-in: all browsers known for an account", "30/minute; 200/hour")
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
    known = known_browsers.find(email)
    wait = _count_known(known) if known else _count_stranger(email)
    return limits.refusal(wait) if wait else None


def _count_known(browser: KnownBrowser) -> int:
    """Return how many seconds a known browser has to wait; whoever else is at its network address
    may have used up what that is allowed."""
    alone = limits.count_unless_over(BROWSER, browser.number)
    return alone or limits.count_unless_over(BROWSERS, str(browser.account_id))


def _count_stranger(email: str) -> int:
    if wait := limits.count_unless_over(ADDRESS, origins.source()):
        return wait
    slowed = limits.count(SLOWED, email)
    locked_for = limits.count(LOCKED, email)
    if locked_for and not limits.count(TOLD, email):
        locked.send(current_app._get_current_object(), email=email)  # type: ignore[attr-defined]
    return max(slowed, locked_for)


def forgive(account: Account) -> None:
    """Begin to count anew after the right password.

    Where it came from a known browser, strangers who try meanwhile gain nothing by it.
    """
    if known := known_browsers.find(account.email):
        limits.forget(BROWSER, known.number)
    else:
        forgive_strangers(account)


def forgive_strangers(account: Account) -> None:
    """Begin to count anew what strangers try, such as after a new password."""
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
