"""What profiles have waiting for coordinators: vetting, changes of identity, calls, approvals."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.record import audit
from webapp.core.record.stored_words import fact_of, unpack_words
from webapp.core.words.translation import Deferred, Message, _
from webapp.expertise_requests.models import ExpertiseRequest, number_of
from webapp.expertise_requests.queries import WITH_OWNER, WITHOUT_TEXTS
from webapp.expertise_requests.rules import is_asking
from webapp.experts import queries as experts
from webapp.experts import standing_queries as standing
from webapp.experts.models import Expert, ExpertState
from webapp.experts.rules import account_told
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.workflow import VETTED_FIRST
from webapp.matches.work_queue.lines import Line

# What profiles have waiting is to be done within so long.
DAYS_TO_ACT = timedelta(days=7)
# An import brings thousands at once; nobody reads further in a queue.
MOST_VETTED = 50
# So long before an approval ends its renewal is to be asked for.
BEFORE_APPROVAL_ENDS = timedelta(days=30)
CONFIRM = _("Confirm who %(name)s is: name, rank, post, institution or jurisdiction was changed")
ASKED = _("%(name)s was asked for more, and answers")
ASK = _("Ask %(name)s for what is still lacking")
WITHOUT_ACCOUNT = _("no account: ask by telephone (%(telephone)s), or invite")
CANNOT_SIGN_IN = _(
    "cannot sign in as an expert: ask by telephone (%(telephone)s), or have an administrator let"
    " them in again"
)
BEGIN, DECIDE = _("Begin to screen %(name)s"), _("Decide about %(name)s")
CALL = _("Call %(name)s (%(telephone)s): %(what)s")
# Nobody can be called whose number is not known: that is to be found first.
FIND_TELEPHONE = _("Find a telephone of %(name)s, whom nothing reaches here, and say: %(what)s")
APPROVAL = _("The approval of %(name)s ends on %(day)s: ask the authority to renew it")
SHUT_OUT = _("Decide about %(name)s, who cannot sign in as an expert any more")
STILL_RANKED = _(
    "The profile is still ranked, and no invitation reaches them. Ask by telephone (%(telephone)s);"
    " then suspend the profile, or have an administrator let them in again."
)
NO_TELEPHONE = _("no telephone is noted")


def list_lines(session: Session, actor: Actor) -> tuple[list[Line], list[Line], int]:
    """Return what coordinators have to do with profiles, what experts have to answer, and how many
    more wait to be vetted."""
    asked = standing.who_is_asked(session)
    found, in_all = standing.list_in_states(session, VETTED_FIRST, most=MOST_VETTED)
    since = audit.last_steps(session, Expert.__tablename__, [expert.id for expert in found])
    vetting = {
        expert: _line(
            since.get(expert.id, clock.now()),
            _words(expert, asked),
            expert,
            note=_how_to_ask(expert),
        )
        for expert in found
    }
    theirs = [line for expert, line in vetting.items() if _answers_here(expert, asked)]
    ours = [line for expert, line in vetting.items() if not _answers_here(expert, asked)]
    ours = [
        *_identities(session),
        *_shut_out(session),
        *ours,
        *_calls(session, actor),
        *_approvals(session),
    ]
    return ours, theirs, in_all - len(found)


def _how_to_ask(expert: Expert) -> Message | None:
    """Return how somebody is asked whom no notice reaches."""
    if account_told(expert) is not None:
        return None
    return CANNOT_SIGN_IN if expert.account else WITHOUT_ACCOUNT


def _answers_here(expert: Expert, asked: set[int]) -> bool:
    """Tell whether the expert was asked for more and can answer on the platform."""
    return expert.id in asked and account_told(expert) is not None


def _words(expert: Expert, asked: set[int]) -> Message:
    if expert.id in asked:
        return ASKED if account_told(expert) else ASK
    return BEGIN if expert.state is ExpertState.NOMINATED else DECIDE


def _identities(session: Session) -> Iterable[Line]:
    for change in experts.list_identity_changes(session):
        yield _line(change.state_since, CONFIRM, change.expert)


def _shut_out(session: Session) -> Iterable[Line]:
    for expert, since in standing.list_shut_out(session):
        yield _line(since, SHUT_OUT, expert, note=STILL_RANKED)


def _calls(session: Session, actor: Actor) -> Iterable[Line]:
    """Yield the calls to be made, but for those that would tell whoever asks for a request that
    somebody is considered for it: colleagues make them."""
    for call in _left_to(session, actor, standing.list_calls(session)):
        words = CALL if call.expert.telephone else FIND_TELEPHONE
        said = {"what": Deferred(_said, call.words)}
        yield _line(call.since, words % said, call.expert, call=call)


def _said(words: dict[str, Any]) -> str:
    """Return what an expert is to be told in one call, in the order in which it came."""
    return "; ".join(str(unpack_words(one)) for one in (*words.get("before", ()), words["what"]))


def get_call(session: Session, actor: Actor, number: int) -> PhoneCall:
    """Return a call that this coordinator may make; raises NotFoundError for any other number."""
    call = standing.get_call(session, number)
    if not _left_to(session, actor, [call]):
        raise NotFoundError(standing.NO_CALL)
    return call


def _left_to(session: Session, actor: Actor, calls: Sequence[PhoneCall]) -> list[PhoneCall]:
    about = {call.id: _reference(call) for call in calls}
    asked_for = _list_asked_for(session, actor, set(filter(None, about.values())))
    return [call for call in calls if about[call.id] not in asked_for]


def _reference(call: PhoneCall) -> str | None:
    """Return the reference of the request that a call tells of, if it tells of one."""
    reference: str | None = fact_of(call.words["what"], "reference")
    return reference


def _list_asked_for(session: Session, actor: Actor, references: Collection[str]) -> set[str]:
    """Return the references of those requests for which this person asks, or has asked."""
    found = session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.id.in_(map(number_of, references)))
        .options(*WITH_OWNER, *WITHOUT_TEXTS)
    )
    return {request.reference for request in found if is_asking(actor, request)}


def _approvals(session: Session) -> Iterable[Line]:
    today = clock.today()
    for expert in standing.list_ending_approvals(session, today, today + BEFORE_APPROVAL_ENDS):
        end = expert.approved_until
        if end is not None:
            since = datetime.combine(end - BEFORE_APPROVAL_ENDS, time(), clock.now().tzinfo)
            # The profile is "active" still, which would read as if all were well.
            yield replace(_line(since, APPROVAL % {"day": end}, expert), shows_state=False)


def _line(
    since: datetime,
    what: Message,
    expert: Expert,
    call: PhoneCall | None = None,
    note: Message | None = None,
) -> Line:
    facts = {"name": expert.name, "telephone": expert.telephone or NO_TELEPHONE}
    said = note % facts if note else None
    due = since.date() + DAYS_TO_ACT
    return Line(since, due, what % facts, expert=expert, call=call, note=said)
