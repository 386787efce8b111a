"""What a change of the terms of reference means for the experts who are considered for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.amendments import queries as agreed
from webapp.amendments import rules as amendments
from webapp.amendments.comparison import Change, changes_of
from webapp.amendments.models import Amendment
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.expertise_requests.content import FIELD_NAMES, FOR_INVITED
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.telling import about as about_request
from webapp.experts import telling
from webapp.experts.rules import account_told
from webapp.matches import operations, queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.telling import facts_of
from webapp.matches.work_queue.waiting import LIVE
from webapp.matches.workflow import ENDED, MatchStep
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

# What an expert says yes to, and an authority is asked for and releases somebody for.
RELEASED_FOR = amendments.DAYS | {"jurisdiction"}
IN_RELEASE = frozenset({MatchState.RELEASE_ASKED, MatchState.RELEASED})
HELD = _(
    "Experts are held for these days, so the days and the jurisdiction of the request stay. SEESAC"
    " can end those matches first and ask anew, and once experts are selected it changes the days"
    " of the missions."
)
# Nothing in it is of experts whom nobody has proposed.
OFFERED_TOO_LATE = _(
    "What SEESAC has offered cannot be agreed to any more. Please refuse it and say what you need:"
    " SEESAC can offer another change."
)
SUBJECT = _("%(reference)s: the terms of reference have changed")


def refuse_other_days(
    request: ExpertiseRequest, *, session: Session, changes: Mapping[str, Any], side: Role
) -> None:
    """Refuse to change what somebody's days are booked for, or an authority releases them for."""
    held = queries.list_in_states(session, request.id, rules.BOOKED | IN_RELEASE)
    if held and not RELEASED_FOR.isdisjoint(changes):
        raise ConflictError(OFFERED_TOO_LATE if side is Role.REQUESTER else HELD)


def list_changes(session: Session, match: Match) -> list[Change]:
    """Return what has changed of the terms of reference since an expert was invited; somebody whose
    match has ended reads of no later change."""
    if match.invited_at is None or match.state in ENDED:
        return []
    found = agreed.list_agreed_since(session, match.request_id, match.invited_at)
    return [change for one in found for change in changes_of(session, one, for_invited=True)]


def are_others_now(session: Session, match: Match) -> bool:
    """Tell whether the terms of reference are others than when a match ended: who fell out, and
    their authority, read nothing of those."""
    fell_out_at = rules.fell_out_at(match)
    if fell_out_at is None:
        return False
    return bool(agreed.list_agreed_since(session, match.request_id, fell_out_at))


def days_told(match: Match) -> tuple[date | None, date | None]:
    """Return the days that the expert and their authority read: whoever has fallen out reads of no
    later move, and so the days that they were there, or those that were agreed."""
    if match.state in ENDED and not match.booked_days:
        return match.request.start, match.request.end
    return rules.days_of(match)


def tell_experts(amendment: Amendment, *, work: UnitOfWork) -> None:
    """Tell the experts who were invited, and have not ended, what has changed of what they read.

    Who said yes to other days, or to another jurisdiction, is asked anew.
    """
    fields = [name for name in sorted(amendment.changes) if name in FOR_INVITED | {"title"}]
    if not fields:
        return
    for match in queries.list_in_states(work.session, amendment.request_id, LIVE):
        if match.state is MatchState.AVAILABLE and not RELEASED_FOR.isdisjoint(fields):
            operations.take(work.on_behalf(), match, MatchStep.ASK_ANEW)
        elif (told := account_told(match.expert)) is None:
            telling.let_be_called(work, match.expert, _subject(match))
        else:
            messages.queue(work, told, _letter(match, fields))


def _subject(match: Match) -> Message:
    return SUBJECT % {"reference": match.request.reference}


def _letter(match: Match, fields: list[str]) -> Letter:
    text = _(
        "What has changed of “%(title)s” is named below. Please read it again, and say so if you"
        " can no longer go."
    )
    about = (*about_request(match.request), *(FIELD_NAMES[name] for name in fields))
    return Letter(_subject(match), text % facts_of(match), f"/invitations/{match.id}", about)
