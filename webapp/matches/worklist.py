"""The coordinators' work queue: what waits for them, and what waits for others, oldest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.formats import periods_name
from webapp.core.roles import Role
from webapp.core.translation import Deferred, Message, _
from webapp.core.workflow import why_not_theirs
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import queries as experts
from webapp.experts import rules as expert_rules
from webapp.experts import standing_queries as standing
from webapp.experts.models import Expert, IdentityChange
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.workflow import VETTED_FIRST
from webapp.matches import queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import OFFERED, WORKFLOW, MatchStep
from webapp.platform_settings.queries import get_settings

OURS_REQUEST = {
    RequestState.SUBMITTED: _("Read the request and accept or return it"),
    RequestState.ACCEPTED: _("Find experts for the accepted terms of reference"),
    RequestState.CONFIRMED: _("Close the request when the experts are on their way"),
}
THEIRS_REQUEST = {
    RequestState.RETURNED: _("The requester corrects the request"),
    RequestState.PROPOSED: _("The requester selects among the experts proposed"),
}
OURS_MATCH = {
    MatchState.SHORTLISTED: _("Invite %(name)s or take them off the shortlist"),
    MatchState.AVAILABLE: _("%(name)s said yes: ask for release or approve"),
    MatchState.RELEASED: _("%(name)s is released: approve"),
    MatchState.APPROVED: _("Propose %(name)s to the requester"),
}
THEIRS_MATCH = {
    MatchState.INVITED: _("%(name)s answers the invitation"),
    MatchState.RELEASE_ASKED: _("The nominating authority answers about %(name)s"),
}
# Who cannot be asked on the platform is SEESAC's task.
BY_TELEPHONE = _("%(name)s has no account: ask them (%(telephone)s), and note the answer")
BY_LETTER = _("The authority of %(name)s has nobody here: ask it by letter, and note the answer")
# What becomes of their tasks when an answer is overdue.
OVERDUE = {
    RequestState.RETURNED: _("The requester has not corrected the request: ask them"),
    RequestState.PROPOSED: _("The requester has not chosen: ask them"),
    MatchState.INVITED: _("%(name)s has not answered: ask them, or look for somebody else"),
    MatchState.RELEASE_ASKED: _("The authority of %(name)s has not answered: ask it"),
}
TO_APPROVE = WORKFLOW[MatchStep.APPROVE].sources
# An import brings thousands at once; nobody reads further in a queue.
MOST_VETTED = 50
TO_BE_ENDED = _("%(name)s can go no further for this request: end the match")


@dataclass(frozen=True)
class Task:
    """One line of the queue; `match` is None where the whole request waits.

    `note` says for whom of several coordinators it waits, where not all may do it.
    """

    since: datetime
    what: Message
    request: ExpertiseRequest
    match: Match | None = None
    note: Message | None = None

    @property
    def reply_by(self) -> date | None:
        """Return until when an answer is awaited, where one is."""
        if self.match is None:
            return self.request.reply_by
        return self.match.reply_by if self.match.state in THEIRS_MATCH else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether an answer was awaited before today."""
        return self.reply_by is not None and self.reply_by < clock.today()


@dataclass(frozen=True)
class Worklist:
    """What waits for coordinators (`ours`) and for others (`theirs`).

    `identities` are changes of who experts are, which coordinators confirm; `vetting` are profiles
    to be screened, of which the first are listed and `more_vetting` are not; those of which more
    is `asked` wait for their experts; `calls` are what those without an account are to be told.
    """

    ours: list[Task]
    theirs: list[Task]
    identities: list[IdentityChange]
    vetting: list[Expert]
    more_vetting: int
    asked: set[int]
    calls: list[PhoneCall]


def worklist(session: Session, actor: Actor) -> Worklist:
    """Return the queue of all coordinators as this one reads it.

    What only a colleague may do waits for others; of a request of their own or their
    organisation's nobody reads here who is considered.
    """
    matches = queries.list_waiting(session, frozenset(OURS_MATCH | THEIRS_MATCH))
    stuck = [match for match in matches if rules.is_stuck(match)]
    going = [match for match in matches if not rules.is_stuck(match)]
    ours = _of_requests(session, OURS_REQUEST) + _of_matches(going, OURS_MATCH)
    ours += _of_matches(stuck, dict.fromkeys(MatchState, TO_BE_ENDED)) + _clashes(session)
    theirs = _of_requests(session, THEIRS_REQUEST) + _of_matches(going, THEIRS_MATCH)
    offered = {match.request_id for match in queries.list_waiting(session, OFFERED)}
    for task in [task for task in theirs if task.request.state is RequestState.PROPOSED]:
        if task.match is None and task.request.id not in offered:
            theirs.remove(task)
            ours.append(replace(task, what=_("Nobody is left to select: find somebody else")))
    for task in list(theirs):
        if unreachable := _ask_elsewhere(session, task):
            theirs.remove(task)
            ours.append(replace(task, what=unreachable))
    ours += [_ask_again(task) for task in theirs if task.is_overdue]
    theirs = [task for task in theirs if not task.is_overdue]
    ours, theirs = _without_candidates(ours, actor), _without_candidates(theirs, actor)
    if get_settings(session).four_eyes:
        ours = _with_four_eyes(session, ours, actor)
    for task in list(ours):
        if why := _why_colleagues(task, actor):
            ours.remove(task)
            theirs.append(replace(task, note=task.note or why))
    identities = [
        change
        for change in experts.list_identity_changes(session)
        if _is_ours(change.expert, actor)
    ]
    vetting, in_all = standing.list_in_states(session, VETTED_FIRST, most=MOST_VETTED)
    return Worklist(
        _by_age(ours),
        _by_age(theirs),
        identities,
        [one for one in vetting if _is_ours(one, actor)],
        in_all - len(vetting),
        standing.who_is_asked(session),
        [call for call in standing.list_calls(session) if _is_ours(call.expert, actor)],
    )


def _is_ours(expert: Expert, actor: Actor) -> bool:
    return not why_not_theirs(actor, expert_rules.owners_of(expert))


def _without_candidates(tasks: list[Task], actor: Actor) -> list[Task]:
    return [t for t in tasks if t.match is None or not request_rules.is_asking(actor, t.request)]


def _with_four_eyes(session: Session, tasks: list[Task], actor: Actor) -> list[Task]:
    """Say who chose the experts that wait for somebody else's approval."""
    matches = [task.match for task in tasks if task.match]
    names = accounts.get_names(session, (match.put_forward_by for match in matches))
    return [replace(task, note=_who_chose(task.match, names, actor)) for task in tasks]


def _who_chose(match: Match | None, names: Mapping[int, str], actor: Actor) -> Message | None:
    if match is None or match.state not in TO_APPROVE or match.put_forward_by is None:
        return None
    if rules.put_forward(match, actor):
        return rules.FOUR_EYES % {"name": match.expert.name}
    who = names[match.put_forward_by]
    return _("%(who)s put this expert forward, so somebody else approves.", who=who)


def _why_colleagues(task: Task, actor: Actor) -> Message | None:
    """Return why the task is for colleagues alone, if so."""
    match = task.match
    if match is None:
        return why_not_theirs(actor, request_rules.owners_of(task.request))
    if own := why_not_theirs(actor, rules.owners_of(match.request, match.expert)):
        return own
    # Whoever chose an expert can still ask for the release of those who only said yes.
    waits_for_approval = match.state is MatchState.RELEASED and rules.put_forward(match, actor)
    return task.note if waits_for_approval else None


def _ask_elsewhere(session: Session, task: Task) -> Message | None:
    """Return the task of asking those who are not on the platform, if it waits for such."""
    if task.match is None:
        return None
    expert = task.match.expert
    if task.match.state is MatchState.INVITED and expert.account_id is None:
        number = expert.telephone or _("no telephone is noted")
        return BY_TELEPHONE % {"name": expert.name, "telephone": number}
    members = accounts.list_members(session, Role.NOMINATING_AUTHORITY, expert.authority_id)
    if task.match.state is MatchState.RELEASE_ASKED and not members:
        return BY_LETTER % {"name": expert.name}
    return None


def _ask_again(task: Task) -> Task:
    """Return the task of asking those who owe an answer."""
    if task.match is None:
        return replace(task, what=OVERDUE[task.request.state])
    return replace(task, what=OVERDUE[task.match.state] % {"name": task.match.expert.name})


def _by_age(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: task.since)


def _of_requests(session: Session, words: dict[RequestState, Message]) -> list[Task]:
    return [
        Task(row.state_since, words[row.state], row)
        for row in requests.list_waiting(session, frozenset(words))
    ]


def _of_matches(matches: Iterable[Match], words: dict[MatchState, Message]) -> list[Task]:
    """Return a task for each of the matches whose state has words."""
    return [
        Task(row.state_since, words[row.state] % {"name": row.expert.name}, row.request, row)
        for row in matches
        if row.state in words
    ]


def _clashes(session: Session) -> list[Task]:
    """Return a task for each match whose expert is not available on days that it holds."""
    return [
        Task(
            clash.match.state_since,
            _(
                "%(name)s is not available on days that are booked: %(days)s",
                name=clash.match.expert.name,
                days=Deferred(periods_name, clash.periods),
            ),
            clash.match.request,
            clash.match,
        )
        for clash in queries.list_clashes(session, clock.today())
    ]
