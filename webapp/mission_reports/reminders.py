"""Reminders of reports that have not come, and of what is asked months after a mission."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from webapp.core.db import is_one
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.deployments.rules import FOLLOW_UP_BY, owners_of, reports_due
from webapp.expertise_requests.reminders import NO_ANSWER
from webapp.matches.models import Match
from webapp.matches.telling import facts_of
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of
from webapp.mission_reports import queries, rules
from webapp.mission_reports.letters import days_of, path_of
from webapp.mission_reports.models import Side

_OFFICE = {
    Side.EXPERT: _("%(expert)s has not reported on the mission for “%(title)s” by %(day)s."),
    Side.REQUESTER: _("%(requester)s has not reported on the mission for “%(title)s” by %(day)s."),
}


def find_reports(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of reports that are due on a day."""
    for deployment, side in queries.list_awaiting(session, is_one(Match.request_id, only)):
        day = reports_due(deployment)
        if day <= today + BEFORE:
            yield _remind(deployment, side, day, today)


def _remind(deployment: Deployment, side: Side, day: date, today: date) -> Reminder:
    match, over = deployment.match, day < today
    facts = {**facts_of(match), "day": day}
    reference = {"reference": match.request.reference}
    asked = rules.account_told(deployment, side)
    letter = Letter(
        _("%(reference)s: your report on the mission is awaited") % reference,
        _("Please write your report on the mission for “%(title)s”. It takes a few minutes.")
        % facts,
        path_of(deployment, side),
        days_of(deployment),
        reply_by=None if over else day,
    )
    told = Letter(
        NO_ANSWER % reference, _OFFICE[side] % facts, path_of(deployment), days_of(deployment)
    )
    key = f"{key_of(deployment, deployment.id, day, today)}:{side}"
    office = told if over else None
    return Reminder(deployment, match.request_id, key, asked, letter, owners_of(deployment), office)


def find_follow_ups(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield what requesters are asked months after a mission: at first, and around the last day."""
    for deployment in queries.list_to_follow_up(session, today, is_one(Match.request_id, only)):
        day = deployment.end + FOLLOW_UP_BY
        yield _ask(deployment, day, today, first=True)
        if day <= today + BEFORE:
            yield _ask(deployment, day, today, first=False)


def _ask(deployment: Deployment, day: date, today: date, *, first: bool) -> Reminder:
    match, over = deployment.match, day < today
    facts = {**facts_of(match), "day": day}
    reference = {"reference": match.request.reference}
    letter = Letter(
        _("%(reference)s: what has become of the mission?") % reference,
        _("Please answer three questions about what has become of the mission for “%(title)s”.")
        % facts,
        f"{path_of(deployment)}/follow-up",
        days_of(deployment),
        reply_by=None if over else day,
    )
    told = Letter(
        NO_ANSWER % reference,
        _("%(requester)s has not said by %(day)s what has become of the mission for “%(title)s”.")
        % facts,
        path_of(deployment),
        days_of(deployment),
    )
    key = f"{key_of(deployment, deployment.id, day, today)}:follow-up"
    if first:
        # Another of the team may be the last to have reported by the next time.
        key = f"reminder:request:{match.request_id}:{day:%Y-%m-%d}:follow-up"
    asked = rules.account_told(deployment, Side.REQUESTER)
    office = told if over and not first else None
    return Reminder(deployment, match.request_id, key, asked, letter, owners_of(deployment), office)
