"""How often a way into an account may be tried, for each account and for each address.

Tries are counted just before anything is compared, as soon as there is room to compare it, and for
accounts that do not exist alike, so that neither answer nor time tells which do. An address comes
first: once it is refused nothing is written, so that its tries are little work. First somebody is
slowed, then the account is locked for an hour to passwords; its owner is told by mail, and a
passkey or a new password still opens it.

All this is for strangers. A browser in which the owner has signed in before (known_browsers.py) is
counted by itself, so that nobody is kept out by what others try; so are the codes that follow upon
the password, of which whoever knows that could otherwise use up all. Source: OWASP ASVS 5.0, 6.3.1,
6.3.8 and 6.5.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from blinker import Signal
from flask import Flask, current_app, request, session

from webapp.accounts import hashing, known_browsers
from webapp.accounts.known_browsers import KnownBrowser
from webapp.accounts.models import Account
from webapp.core import limits, origins
from webapp.core.db import db
from webapp.core.limits import Limit

SLOWED = Limit("sign-in: an account is slowed", "5/minute")
LOCKED = Limit("sign-in: an account is locked", "20/hour")
ADDRESS = Limit("sign-in: an address", "30/minute; 200/hour")
BROWSER = Limit("sign-in: a known browser", "5/minute; 20/hour")
BROWSERS = Limit("sign-in: all browsers known for an account", "30/minute; 200/hour")
TOLD = Limit("sign-in: the owner was told", "1/hour")
CODES = Limit("codes of an account", "5/minute; 20/hour; 100/day")
CODES_OF_BROWSER = Limit("codes: a known browser", "5/minute; 20/hour")
CODES_OF_BROWSERS = Limit("codes: all browsers known for an account", "10/minute; 40/hour")
# A new password by a link lets codes be tried anew: whoever reads the owner's mail shall not take
# one link after another for that.
FORGIVEN = Limit("codes: counted anew after a new password", "1/day")
AGAIN = Limit("who somebody is, shown again", "5/minute; 20/hour")
TOLD_OF_CODES = Limit("codes: the owner was told", "1/hour")
# Where a second factor is shown, or a passkey to sign in alone or to show anew who one is.
ENDPOINTS_OF_CODES = frozenset({
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.wan_signin_response",
    "security.wan_verify_response",
})  # fmt: skip

# Sent with the e-mail address of an account that has just been locked; it may not exist.
locked = Signal()
# Sent with the account of which somebody has the password and too often not the second factor.
guessed = Signal()


@contextmanager
def comparing(email: str) -> Iterator[None]:
    """Hold the right to compare a password for `email`, which counts as a try to sign in.

    The address is spelled as `rules.spelled_once` has it: each spelling has its own count. Raises
    TooOftenError. Who finds no room to hash has tried nothing, so that is not counted; and who has
    tried too often takes nobody's room.
    """
    known = known_browsers.find(email)
    _refuse(_look_at_known(known) if known else _look_at_stranger(email))
    with hashing.slot(hashing.KNOWN if known else hashing.STRANGERS):
        # Where nothing is compared, the answer is the same for the right password.
        _refuse(_count_known(known) if known else _count_stranger(email))
        yield


@contextmanager
def comparing_again() -> Iterator[None]:
    """Hold the right to compare the password of whoever is signed in; it counts as their passkeys.

    Call it outside of a transaction. Raises TooOftenError.
    """
    whose = _number_of(_whose_codes())
    _refuse(limits.seconds_left(AGAIN, whose))
    with hashing.slot(hashing.KNOWN):
        _refuse(limits.count_unless_over(AGAIN, whose))
        yield


def _refuse(seconds: int) -> None:
    if seconds:
        raise limits.refusal(seconds)


def _look_at_known(browser: KnownBrowser) -> int:
    alone = limits.seconds_left(BROWSER, browser.number)
    return alone or limits.seconds_left(BROWSERS, str(browser.account_id))


def _look_at_stranger(email: str) -> int:
    """Return how many seconds a stranger has to wait who tried too often from one address, also
    until the account opens again: whoever waits is not sent away a second time."""
    waits = limits.seconds_left(ADDRESS, origins.source())
    return waits and max(waits, limits.seconds_left(LOCKED, email))


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


def forgive_codes(account: Account) -> None:
    """Begin to count codes anew after a new password by a link, once a day: who knew the one before
    could have tried until there are none left for the owner."""
    if limits.count_unless_over(FORGIVEN, str(account.id)):
        return
    for limit in (CODES, CODES_OF_BROWSERS, TOLD_OF_CODES, AGAIN):
        limits.forget(limit, str(account.id))


def _whose_codes() -> str:
    return str(session.get("tf_user_id") or session.get("_user_id", ""))


def _number_of(uniquifier: str) -> str:
    """Return by what the tries of an account are counted: another name, which all its sessions get
    when they end together, would begin a count anew."""
    chosen = sa.select(Account.id).where(Account.fs_uniquifier == uniquifier)
    # A connection of its own: what is counted next could not be seen in a transaction begun before.
    with db.engine.connect() as connection:
        number = connection.scalar(chosen)
    return uniquifier if number is None else str(number)


def _count_codes() -> None:
    if request.method != "POST" or request.endpoint not in ENDPOINTS_OF_CODES:
        return
    whose = _whose_codes()
    if not whose:
        # What a passkey signs cannot be guessed, and a count would keep out its owner: strangers
        # could use it up for a whole network.
        return
    number = _number_of(whose)
    if "tf_user_id" not in session:
        _refuse(limits.count_unless_over(AGAIN, number))
        return
    _count_code_of(number, whose)


def count_code_again(account: Account) -> None:
    """Count a code by which whoever is signed in shows again who they are, after the password, as
    one of the sign-in. Call it outside of a transaction. Raises TooOftenError."""
    _count_code_of(str(account.id), account.fs_uniquifier)


def _count_code_of(number: str, whose: str) -> None:
    seconds = _count_code(number)
    if seconds and not limits.count_unless_over(TOLD_OF_CODES, number):
        guessed.send(current_app._get_current_object(), whose=whose)  # type: ignore[attr-defined]
    _refuse(seconds)


def _count_code(number: str) -> int:
    """Return how many seconds whoever has given the password of an account has to wait: what others
    have used up who know it too is not taken from the browsers of its owner."""
    known = known_browsers.find_of(int(number)) if number.isdecimal() else None
    if known is None:
        return limits.count_unless_over(CODES, number)
    alone = limits.count_unless_over(CODES_OF_BROWSER, known.number)
    return alone or limits.count_unless_over(CODES_OF_BROWSERS, number)


def init_app(app: Flask) -> None:
    """Count codes before a transaction begins."""
    app.before_request(_count_codes)
