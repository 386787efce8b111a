"""What the pages about requests say: what happens next, and for whom a request waits."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy.orm import Session

from webapp.core.roles import Role
from webapp.core.translation import Message, _
from webapp.core.vocabularies import HelpKind
from webapp.expertise_requests import content, queries, rules
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    Payer,
    RequesterKind,
    RequestState,
    Urgency,
)
from webapp.expertise_requests.workflow import WAITS_FOR

S = RequestState
UNTITLED = _("Request without a title yet")

# What happens next, as the requester reads it.
NEXT = {
    S.DRAFT: _("Finish the text and send it to SEESAC, which does not see it before that."),
    S.SUBMITTED: _("SEESAC reads it, and accepts it or asks for a correction."),
    S.RETURNED: _("Correct what SEESAC asks for and send it again."),
    S.ACCEPTED: _("SEESAC looks for experts on the roster."),
    S.MATCHING: _("SEESAC asks experts and their authorities whether they can go."),
    S.PROPOSED: _("Read about the experts proposed and choose."),
    S.CONFIRMED: _("The experts you chose prepare to come; SEESAC closes the request then."),
    S.CLOSED: _("Nothing more: the request has been answered."),
    S.DECLINED: _("Nothing more: SEESAC cannot take the request on."),
    S.WITHDRAWN: _("Nothing more: the request was withdrawn."),
    S.UNFILLED: _("Nothing more: nobody was found for this request."),
}

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


def waits_for_requester(state: RequestState) -> bool:
    """Tell whether the requester has to do something now."""
    return WAITS_FOR.get(state) is Role.REQUESTER


def waits_for_office(state: RequestState) -> bool:
    """Tell whether SEESAC has to do something now."""
    return WAITS_FOR.get(state) is Role.COORDINATOR


def next_step(request: ExpertiseRequest) -> Message:
    """Return what happens next with a request, as its requester reads it."""
    if request.state is S.WITHDRAWN and request.submitted_at is None:
        return _("Nothing more: you threw this draft away.")
    return NEXT[request.state]


def lacking_parts(request: ExpertiseRequest) -> set[str]:
    """Return the parts of the form in which something is missing that a coordinator needs."""
    return {content.part_of(name) for name in rules.missing_for_submission(request)}


def in_hands(session: Session, account_id: int) -> Iterator[Message]:
    """Tell which requests a person owns, and who could take them over."""
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


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.globals.update(
        has_owner=rules.has_owner,
        lacking_parts=lacking_parts,
        next_step=next_step,
        form_parts=content.PART_TITLES,
        part_of=content.part_of,
        request_costs=content.COSTS,
        request_texts=content.texts_of,
        untitled_request=UNTITLED,
        waits_for_office=waits_for_office,
        waits_for_requester=waits_for_requester,
    )
