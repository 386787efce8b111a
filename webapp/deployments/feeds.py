"""The missions of a person, and if they choose so the days on which they are not available, as an
iCalendar file at a secret address (RFC 5545), and that address.

Whoever has the address reads the file, and calendars in the cloud keep what they read. So it names
nobody and no title: the reference of the request, where, and when (docs/adr/0100).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.ciphers import hash_of, token_of
from webapp.core.db import lock
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _, gettext
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.deployments.models import CalendarFeed, Deployment, DeploymentState
from webapp.experts import calendar as days_off
from webapp.experts.models import Expert
from webapp.messages import operations as messages
from webapp.messages.letters import Letter, Mailing

# What lies further back, or ahead, is not read by calendars.
PAST, AHEAD = timedelta(days=90), timedelta(days=730)
_DAY = timedelta(days=1)
# Within this time another address is asked for by the same click.
ONE_CLICK = timedelta(seconds=10)


_MADE = Letter(
    _("An address for your calendar was made"),
    _(
        "Whoever knows this address reads when and where your missions are, and the days on which"
        " you are not available if you have chosen that, without signing in. If it was not you who"
        " made it, end it and write to SEESAC at once."
    ),
    "/account/security",
    mailing=Mailing.ALWAYS,
)
_ENDED = Letter(
    _("The address for your calendar has ended"),
    _(
        "It ended together with your sessions, as with a new password. If your calendar read it,"
        " make another one."
    ),
    "/deployments",
)


def find(session: Session, account_id: int | None) -> CalendarFeed | None:
    """Return the feed of a person, if they have one."""
    return session.get(CalendarFeed, account_id) if account_id else None


def make(
    work: UnitOfWork, account: Account, *, secret: str, began: datetime, with_days_off: bool = False
) -> str:
    """Return the token of a new address; the one before is worth nothing any more.

    Whoever clicks twice is shown the same address: of two, the page that stays might hold the one
    that is dead already. Whose session `began` since has not clicked before, and gets a new one: an
    address ends with each session in which it can have been seen (`end_with_session`).
    """
    lock(work.session, account)
    feed = find(work.session, account.id)
    if feed is None or work.now - feed.made_at >= ONE_CLICK or feed.made_at < began:
        _forget(work.session, account)
        feed = CalendarFeed(account_id=account.id, made_at=work.now)
        feed.token_hash = hash_of(_token_of(feed, secret))
        work.session.add(feed)
        work.session.flush()
        audit.record(work, Action.FEED_MADE, account)
        messages.queue(work, account.id, _MADE)
    feed.with_days_off = with_days_off
    return _token_of(feed, secret)


def _token_of(feed: CalendarFeed, secret: str) -> str:
    text = f"{feed.account_id} {feed.made_at.timestamp()}"
    return token_of(text, secret=secret, purpose="address for a calendar")


def end(work: UnitOfWork, account: Account) -> None:
    """Let the address of a person answer nothing any more."""
    lock(work.session, account)
    if _forget(work.session, account):
        audit.record(work, Action.FEED_ENDED, account)


def end_with_session(account: Account, *, work: UnitOfWork, began: datetime) -> None:
    """End the address with a session that had begun before it was made: it may come from there."""
    feed = find(work.session, account.id)
    if feed and feed.made_at >= began:
        end_with_sessions(account, work=work)


def end_with_sessions(account: Account, *, work: UnitOfWork) -> None:
    """End the address with all sessions of an account: whoever was in one may have made it."""
    if not _forget(work.session, account):
        return
    audit.record(work, Action.FEED_ENDED, account)
    if account.active:
        messages.queue(work, account.id, _ENDED)


def _forget(session: Session, account: Account) -> bool:
    rows = sa.delete(CalendarFeed).where(CalendarFeed.account_id == account.id)
    return bool(session.execute(rows).rowcount)  # type: ignore[attr-defined]


def find_at(session: Session, token: str) -> CalendarFeed | None:
    """Return what is at the address with this secret; a closed account has nothing there."""
    feed = session.scalars(
        sa.select(CalendarFeed).where(CalendarFeed.token_hash == hash_of(token))
    ).one_or_none()
    return feed if feed and feed.account.active else None


def write(deployments: Iterable[Deployment], now: datetime, whose: Expert | None = None) -> bytes:
    """Return missions as a file, and with `whose` the days on which that expert is not available.

    A cancelled mission stays in it, so that calendars take it out.
    """
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//RSSRP expert matching//EN")
    made.add("version", "2.0")
    made.add("refresh-interval", timedelta(hours=6))
    for deployment in deployments:
        request = deployment.match.request
        event = Event()
        event.add("uid", f"mission-{deployment.id}@rssrp")
        event.add("dtstamp", now)
        event.add("last-modified", deployment.state_since)
        event.add("dtstart", deployment.start)
        event.add("dtend", deployment.end + _DAY)
        event.add("summary", gettext("Mission %(reference)s", reference=request.reference))
        event.add("location", jurisdiction_name(request.jurisdiction))
        cancelled = deployment.state is DeploymentState.CANCELLED
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        made.add_component(event)
    for off in days_off.events_of(whose, now) if whose else ():
        made.add_component(off)
    return bytes(made.to_ical())
