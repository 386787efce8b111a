"""Who may read and write a request for expertise, what each state implies, what a text lacks."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from webapp.core.actor import Actor
from webapp.core.errors import ForbiddenError
from webapp.core.record.acts import list_acting
from webapp.core.record.reasons import Why
from webapp.core.roles import Role
from webapp.core.words import search
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import OTHER_SIDE, Owner, Owners, Step, why_not_theirs
from webapp.expertise_requests.beginnings import list_gaps
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import EDITABLE, MATCHABLE, WORKFLOW, RequestStep

S = RequestState
AGREED = frozenset({S.ACCEPTED, S.MATCHING, S.PROPOSED, S.CONFIRMED, S.CLOSED, S.UNFILLED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN, S.UNFILLED})
GIVEN_UP = ENDED - {S.CLOSED}
# States in which the requester has been shown experts.
DISCLOSING = frozenset({S.PROPOSED, S.CONFIRMED, S.CLOSED})
# States of what was sent in, in which nobody is proposed yet.
BEFORE_NAMES = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.MATCHING})
# The texts in which a request names people.
NAMING = ("focal_point", "authorised_contact")
# Longer than this is no assignment but an office, and most often a slip in the year.
LONGEST = 730
# Where the requester is, the day may still be yesterday's in UTC.
SLACK = timedelta(days=1)

__all__ = ["AGREED", "DISCLOSING", "EDITABLE", "ENDED", "LONGEST", "MATCHABLE", "NAMING"]


def get_names_due(request: ExpertiseRequest) -> date | None:
    """Return the latest day for names that the requester has given, until somebody is proposed."""
    return request.names_by if request.state in BEFORE_NAMES else None


def is_requester(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether the request is this person's own.

    What was written for an organisation stays there when its writer leaves it.
    """
    return Role.REQUESTER in actor.roles and _owner_of(request).acts(actor)


def is_colleague(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether the request belongs to this person's organisation, and to another person."""
    return (
        Role.REQUESTER in actor.roles
        and _owner_of(request).is_organisation_of(actor)
        and actor.id != request.requester_id
    )


def reads_as_coordinator(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person reads and writes for SEESAC: of what was sent in by others.

    Whose own or whose organisation's the request is never does, whatever other roles they have or
    have lost: an answer of SEESAC is nobody's to themselves.
    """
    return _reads_what_was_sent(actor, request) and not is_asking(actor, request)


def _reads_what_was_sent(actor: Actor, request: ExpertiseRequest) -> bool:
    return Role.COORDINATOR in actor.roles and request.submitted_at is not None


def can_read(actor: Actor, request: ExpertiseRequest) -> bool:
    """Requesters read what is theirs or a colleague's, coordinators what has ever been sent in."""
    return (
        is_requester(actor, request)
        or is_colleague(actor, request)
        or _reads_what_was_sent(actor, request)
    )


def has_owner(request: ExpertiseRequest) -> bool:
    """Tell whether somebody can act on the request as its owner; `queries.without_owner` is this
    for the database."""
    owner = request.requester
    return (
        owner.active
        and Role.REQUESTER in owner.kinds
        and request.organisation_id in {None, owner.organisation_id}
    )


def account_told(request: ExpertiseRequest) -> int | None:
    """Return the account of who asks, if that person still acts for the request."""
    return request.requester_id if has_owner(request) else None


def owners_of(request: ExpertiseRequest) -> Owners:
    """Return whose own the request is, by role: of authorities that of those who have answered for
    theirs whether it releases somebody."""
    return {
        Role.REQUESTER: _owner_of(request),
        Role.NOMINATING_AUTHORITY: Owner(
            None,
            any_member=True,
            acted=list_acting(request.acted, Role.NOMINATING_AUTHORITY),
            decided=list_acting(request.acted, Role.COORDINATOR),
        ),
    }


def is_asking(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person is on the side of those who ask, whatever other roles they have, or
    has acted for them in whose hands ever the request was."""
    return _why_asking(actor, request) is not None


def _why_asking(actor: Actor, request: ExpertiseRequest) -> Message | None:
    return why_not_theirs(actor, {Role.REQUESTER: _owner_of(request)})


def check_looks_for_experts(actor: Actor, request: ExpertiseRequest) -> None:
    """Refuse to show who is considered for a request, and why, to those who ask: they would read
    what is said of experts who are never proposed to them."""
    own = _why_asking(actor, request)
    if own is OTHER_SIDE:
        raise ForbiddenError(
            _("You have acted on this request for those who ask, so colleagues look for experts.")
        )
    if own:
        raise ForbiddenError(
            _(
                "This request is your own or your organisation's, so colleagues look for experts,"
                " and you read of those whom they propose."
            )
        )


def _owner_of(request: ExpertiseRequest) -> Owner:
    return Owner(
        request.requester_id,
        request.organisation_id,
        acted=list_acting(request.acted, Role.REQUESTER),
        decided=list_acting(request.acted, Role.COORDINATOR),
    )


def check_step(
    name: RequestStep, request: ExpertiseRequest, actor: Actor, why: Why | None = None
) -> Step[RequestState]:
    """Return the step, or refuse in words; a requester's steps are for the request's own writer."""
    return WORKFLOW.check(name, request.state, actor, why, owners_of(request))


def possible_steps(actor: Actor, request: ExpertiseRequest) -> list[RequestStep]:
    """Return the steps that this person can take with the request now, in the table's order."""
    names = WORKFLOW.possible(request.state, actor, owners_of(request))
    read = request.read_at is not None
    return [name for name in names if not (read and name is RequestStep.TAKE_BACK)]


def can_be_taken_over(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person may take the request over from a colleague.

    Of one that ended without experts there is nothing left to take over, only to read.
    """
    free = is_colleague(actor, request) and not has_decided(actor, request)
    return free and request.state not in GIVEN_UP


def has_decided(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person has acted on the request for SEESAC, or for an authority, so that
    they never ask."""
    return any(
        act.account_id == actor.id and act.side is not Role.REQUESTER for act in request.acted
    )


def missing_for_submission(text: Content | ExpertiseRequest) -> dict[str, Message]:
    """Return, by field, what a coordinator could not do without."""
    lacks = {}
    if not _says_something(text.title):
        lacks["title"] = _("Please give the request a title.")
    if not any(map(_says_something, (text.objectives, text.tasks, text.background))):
        lacks["objectives"] = _("Please say in a few sentences what the help is for.")
    if text.start is None:
        lacks["start"] = _("Please give the first day; it can be approximate.")
    if text.end is None:
        lacks["end"] = _("Please give the last day; it can be approximate.")
    if text.jurisdiction is None:
        lacks["jurisdiction"] = _("Please say where the work takes place.")
    for name, gaps in list_gaps(text).items():
        told = _("Please fill in what the template leaves open: %(gaps)s", gaps=" ".join(gaps))
        lacks.setdefault(name, told)
    return lacks


def _says_something(text: str) -> bool:
    return re.search(r"\w", text) is not None


def is_past(text: Content | ExpertiseRequest, today: date) -> bool:
    """Tell whether the work would have begun before today, wherever the requester is."""
    return text.start is not None and text.start < today - SLACK


def names(text: str, addresses: Collection[str], called: Collection[str]) -> bool:
    """Tell whether a text has one of somebody's addresses in it, or the whole of a name by which
    they are called."""
    return any(search.has_address(text, one) for one in addresses) or search.names(text, called)
