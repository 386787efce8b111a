"""Reminders of invitations without an answer, and of proposals from which nobody was chosen."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.reminders import NO_ANSWER, remind_requester
from webapp.expertise_requests.telling import about
from webapp.experts.rules import account_told
from webapp.matches import candidates, rules, unanswered
from webapp.matches.models import Match, MatchState
from webapp.matches.telling import facts_of
from webapp.matches.work_queue import waiting
from webapp.messages.letters import Letter
from webapp.messages.reminders import BEFORE, Reminder, key_of

SOON = _("%(reference)s: the invitation still waits for your answer")
LATE = _("%(reference)s: the invitation has waited for your answer too long")


def find_invitations(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of invitations that are due on a day."""
    for match in unanswered.list_unanswered(session, today + BEFORE, only=only):
        if match.reply_by is not None and not rules.is_stuck(match):
            yield _remind_expert(match, match.reply_by, today)


def _remind_expert(match: Match, day: date, today: date) -> Reminder:
    facts = {**facts_of(match), "day": day}
    reference = {"reference": match.request.reference}
    over = day < today
    if over:
        text = _("You have not answered by %(day)s whether you can go on “%(title)s”.")
    else:
        text = _("Please say whether you can go on “%(title)s”.")
    letter = Letter(
        (LATE if over else SOON) % reference,
        text % facts,
        f"/invitations/{match.id}",
        about(match.request),
        reply_by=None if over else day,
    )
    told = Letter(
        NO_ANSWER % reference,
        _("%(expert)s has not answered the invitation to “%(title)s” by %(day)s.") % facts,
        f"/matches/{match.id}",
        about(match.request),
    )
    return Reminder(
        match,
        match.request_id,
        key_of(match, match.id, day, today),
        account_told(match.expert),
        letter,
        rules.owners_of(match.request, match.expert),
        told if over else None,
    )


def find_releases(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of releases that authorities were asked for, to all who can answer."""
    acting = accounts.list_acting(session, Role.NOMINATING_AUTHORITY)
    for match in unanswered.list_unreleased(session, today + BEFORE, only=only):
        is_first = match.state is MatchState.RELEASE_ASKED
        if match.reply_by is None or (is_first and rules.is_stuck(match)):
            continue
        for number, one in enumerate(candidates.list_who_release(match, acting)):
            yield _remind_authority(match, match.reply_by, today, one.id, first=number == 0)


def _remind_authority(
    match: Match, day: date, today: date, account_id: int | None, *, first: bool
) -> Reminder:
    facts = {**facts_of(match), "day": day}
    over = day < today
    reference = {"reference": match.request.reference}
    letter = Letter(
        _("%(reference)s: a release still waits for your answer") % reference,
        _("Please say whether you release %(expert)s for “%(title)s”.") % facts,
        f"/releases/{match.id}",
        about(match.request),
        reply_by=None if over else day,
    )
    told = Letter(
        NO_ANSWER % reference,
        _("The authority of %(expert)s has not answered by %(day)s about “%(title)s”.") % facts,
        f"/matches/{match.id}",
        about(match.request),
    )
    key = f"{key_of(match, match.id, day, today)}:{account_id}"
    owners = rules.owners_of(match.request, match.expert)
    return Reminder(
        match, match.request_id, key, account_id, letter, owners, told if over and first else None
    )


def find_proposals(session: Session, today: date, only: int | None = None) -> Iterator[Reminder]:
    """Yield the reminders of proposals that are due on a day; somebody must be left to choose."""
    awaited = requests.list_awaited(session, RequestState.PROPOSED, today + BEFORE, only=only)
    found = waiting.list_tasks(session, awaited, today)
    for request in awaited:
        if any(task.kind is waiting.Kind.CHOOSE for task in found[request.id]):
            yield remind_requester(
                request,
                today,
                _("Please choose among the experts proposed for “%(title)s”."),
                _("You have not chosen by %(day)s among the experts proposed for “%(title)s”."),
                _("%(requester)s has not chosen by %(day)s among the experts for “%(title)s”."),
                path=f"/requests/{request.id}/proposed",
            )
