"""What the pages about requests say: what happens next, and for whom a request waits."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session, object_session

from webapp.core import clock
from webapp.core.words.translation import LabelledEnum, Message, _
from webapp.core.words.vocabularies import HelpKind
from webapp.expertise_requests import content, queries, rules, signals
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    Payer,
    RequesterKind,
    RequestState,
    Urgency,
)
from webapp.expertise_requests.saying import language_asked
from webapp.expertise_requests.waiting import Side, Waiting

S = RequestState
UNTITLED = _("Request without a title yet")

# What is said to the requester of a request that has ended.
ENDED = {
    S.CLOSED: _("Nothing more for now: the request has been answered."),
    S.DECLINED: _("Nothing more: SEESAC cannot take the request on."),
    S.WITHDRAWN: _("Nothing more: the request was withdrawn."),
    S.UNFILLED: _("Nothing more: nobody was found for this request."),
}
WAITS_FOR = {
    Side.REQUESTER: _("waits for the requester since %(day)s"),
    Side.OFFICE: _("waits for SEESAC since %(day)s"),
    Side.EXPERT: _("waits for the answer of an expert since %(day)s"),
    Side.AUTHORITY: _("waits for the answer of a nominating authority since %(day)s"),
    Side.ADMINISTRATOR: _("waits for an administrator to let a coordinator in, since %(day)s"),
}
# The same, as the requester reads it.
WAITS_FOR_YOU_OR = {
    Side.REQUESTER: _("Waits for you."),
    Side.OFFICE: _("Waits for SEESAC."),
    Side.EXPERT: _("Waits for the answer of an expert."),
    Side.AUTHORITY: _("Waits for the answer of a nominating authority."),
    Side.ADMINISTRATOR: _("Waits for SEESAC."),
}

WhoIsAwaited = Callable[[Session, Sequence[ExpertiseRequest]], Mapping[int, Waiting]]
# Where the package that knows who is considered puts the function that says who is awaited.
WHO_IS_AWAITED = "requests.who_is_awaited"

HELP = {
    HelpKind.TRAINER: _("Trainer: teaches a course"),
    HelpKind.ADVISER: _("Adviser: works with you on a plan, a law or a procedure"),
    HelpKind.ASSESSOR: _("Assessor: looks at how things stand and reports"),
    HelpKind.SPEAKER: _("Speaker: at a conference or a seminar"),
    HelpKind.MENTOR: _("Mentor: accompanies colleagues over time"),
    HelpKind.REMOTE: _("Remote support: from home, by call and in writing"),
    HelpKind.STUDY_VISIT: _("Host of a study visit: you come and see"),
}
# What a form offers besides an authority that asks by itself.
ASKERS = {RequesterKind.UNDP_OFFICE: _("A UNDP office on behalf of an authority")}
PAYERS = {
    Payer.REQUESTER: _("We pay"),
    Payer.SEESAC: _("SEESAC pays"),
    Payer.UNDP_OFFICE: _("The UNDP office pays"),
    Payer.SENDING_AUTHORITY: _("The expert's authority pays"),
    Payer.TO_BE_AGREED: _("To be agreed"),
}
URGENCIES = {
    Urgency.SOON: _("Soon: an answer within a month"),
    Urgency.URGENT: _("Urgent: an answer within days"),
}


def who_is_awaited(session: Session, requests: Sequence[ExpertiseRequest]) -> Mapping[int, Waiting]:
    """Return, by request, for whom those that are open wait."""
    find: WhoIsAwaited = current_app.extensions[WHO_IS_AWAITED]
    return find(session, requests)


def waits_for(waiting: Waiting) -> Message:
    """Return for whom a request waits and since when, as SEESAC and colleagues read it."""
    return WAITS_FOR[waiting.side] % {"day": waiting.since.date()}


class MissionOfClosed(LabelledEnum):
    """Where the mission of a request stands that is closed, until its experts have gone."""

    AHEAD = "ahead", _("mission ahead")
    UNDER_WAY = "under way", _("mission under way")


SAID_OF_MISSION = {
    MissionOfClosed.AHEAD: _(
        "The experts you chose come as agreed; after that you are asked for a report."
    ),
    MissionOfClosed.UNDER_WAY: _(
        "The experts you chose are on their mission until %(day)s; after that you are asked for a"
        " report."
    ),
}


def find_mission(request: ExpertiseRequest) -> MissionOfClosed | None:
    """Return where the mission of a closed request stands, if it is not over: it may have ended
    before its last day."""
    first, last, today = request.first_day, request.last_day, clock.today()
    if request.state is not S.CLOSED or last is None or last < today:
        return None
    if first is None or today < first:
        return MissionOfClosed.AHEAD
    answers = signals.all_back.send(request, session=object_session(request))
    return None if any(back for _receiver, back in answers) else MissionOfClosed.UNDER_WAY


def standing(request: ExpertiseRequest) -> Message:
    """Return how a request stands in a word or two: “closed” would be read as that all is over
    while its experts have yet to come, or are there."""
    return (find_mission(request) or request.state).label


def said_to_ended(request: ExpertiseRequest) -> Message:
    """Return what the requester reads of a request that has ended."""
    if request.state is S.WITHDRAWN and request.submitted_at is None:
        return _("Nothing more: you threw this draft away.")
    if mission := find_mission(request):
        return SAID_OF_MISSION[mission] % {"day": request.last_day}
    return ENDED[request.state]


def lacking_parts(request: ExpertiseRequest) -> set[str]:
    """Return the parts of the form in which something is missing that a coordinator needs."""
    return {content.part_of(name) for name in rules.missing_for_submission(request)}


def in_hands(session: Session, account_id: int) -> Iterator[Message]:
    """Tell which requests a person owns or sees to, and who could take them over."""
    for row in queries.in_hands_of(session, account_id):
        facts = {"reference": row.reference, "state": row.state}
        if row.organisation is None:
            yield _(
                "%(reference)s (%(state)s): a request that belongs to no organisation. Nobody could"
                " take it over before this person is a member of one.",
                **facts,
            )
        else:
            yield _(
                "%(reference)s (%(state)s): a request that colleagues in %(organisation)s can take"
                " over.",
                organisation=row.organisation.name,
                **facts,
            )
    yield from _seen_to(session, account_id)


def _seen_to(session: Session, account_id: int) -> Iterator[Message]:
    for row in queries.list_seen_to_by(session, account_id):
        yield _(
            "%(reference)s (%(state)s): a request to which this person sees. It stands in the queue"
            " of all coordinators, who can take it on.",
            reference=row.reference,
            state=row.state,
        )


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.globals.update(
        language_asked=language_asked,
        has_owner=rules.has_owner,
        lacking_parts=lacking_parts,
        field_names=content.FIELD_NAMES,
        form_parts=content.PART_TITLES,
        names_in=content.names_in,
        part_of=content.part_of,
        request_costs=content.COSTS,
        request_standing=standing,
        request_texts=content.texts_of,
        said_to_ended=said_to_ended,
        untitled_request=UNTITLED,
        waits_for=waits_for,
        waits_for_you_or=WAITS_FOR_YOU_OR,
    )
