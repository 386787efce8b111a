"""What a change of the terms of reference means for the experts who are considered for them."""

from sqlalchemy.orm import Session

from webapp.amendments import rules as amendments
from webapp.amendments.models import Amendment
from webapp.core.errors import ConflictError
from webapp.core.translation import Message, _
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.content import FIELD_NAMES, FOR_INVITED
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import telling
from webapp.matches import queries, rules
from webapp.matches.models import Match
from webapp.matches.operations import facts_of
from webapp.matches.waiting import LIVE
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

SUBJECT = _("%(reference)s: the terms of reference have changed")


def refuse_other_days(
    request: ExpertiseRequest, *, session: Session, fields: frozenset[str]
) -> None:
    """Refuse to change the days of a request for which somebody's days are booked."""
    booked = queries.list_in_states(session, request.id, rules.BOOKED)
    if booked and not amendments.DAYS.isdisjoint(fields):
        raise ConflictError(
            _(
                "Days of experts are booked for this request, so its days stay. Once the experts"
                " are selected, SEESAC changes the days of the missions."
            )
        )


def tell_experts(amendment: Amendment, *, work: UnitOfWork) -> None:
    """Tell the experts who were invited, and have not ended, what has changed of what they read."""
    fields = [name for name in sorted(amendment.changes) if name in FOR_INVITED | {"title"}]
    if not fields:
        return
    for match in queries.list_in_states(work.session, amendment.request_id, LIVE):
        if match.expert.account_id is None:
            telling.let_be_called(work, match.expert, _subject(match))
        else:
            messages.queue(work, match.expert.account_id, _letter(match, fields))


def _subject(match: Match) -> Message:
    return SUBJECT % {"reference": match.request.reference}


def _letter(match: Match, fields: list[str]) -> Letter:
    text = _(
        "What has changed of “%(title)s” is named below. Please read it again, and say so if you"
        " can no longer go."
    )
    about = (*requests.about(match.request), *(FIELD_NAMES[name] for name in fields))
    return Letter(_subject(match), text % facts_of(match), f"/invitations/{match.id}", about)
