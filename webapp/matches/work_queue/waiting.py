"""What there is to do for each open request, by whom, and for whom of them the request waits.

One rule for the queue, the pages, the lists and the reminders: an open request has at least one
task, and waits for whoever has the first of them.
"""

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.amendments import queries as amendments
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import WAITS_FOR as AMENDMENTS_WAIT_FOR
from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, Urgency
from webapp.expertise_requests.waiting import SIDE_OF, Side
from webapp.expertise_requests.workflow import WAITS_FOR as REQUEST_WAITS_FOR
from webapp.experts.rules import account_told, is_approved
from webapp.matches import candidates, offering, queries, rules, unanswered
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import OFFERED, OPEN, WAITS_FOR
from webapp.platform_settings.queries import get_settings

S = MatchState
# So long before its first day a request whose experts are chosen is to be closed.
CLOSED_BEFORE = timedelta(days=7)
# From the invitation to the selection: whoever stands here may fill a place.
LIVE = OPEN - {S.SHORTLISTED}


class Kind(enum.Enum):
    """What is to be done."""

    WRITE = "write"
    FIND_OWNER = "find an owner"
    FIND_COORDINATOR = "find a coordinator"
    READ = "read the request"
    CORRECT = "correct the request"
    FIND = "find experts"
    FIND_MORE = "find more experts"
    FIND_ANEW = "find experts anew"
    ASK_FOR_OTHER_DAYS = "ask for other days, or find experts"
    CONSIDER_AGAIN = "consider somebody again, or find experts"
    INVITE = "invite"
    ANSWER = "answer the invitation"
    ASK_BY_TELEPHONE = "ask by telephone"
    DECIDE = "ask for the release or approve"
    RELEASE = "answer about the release"
    ASK_BY_LETTER = "ask by letter"
    APPROVE = "approve"
    RENEW = "have the approval renewed"
    PROPOSE = "propose"
    END = "end the match"
    CHOOSE = "choose"
    LET_GO = "let go"
    PREPARE = "prepare the mission"
    DECIDE_CHANGE = "decide on changed terms"
    ANSWER_CHANGE = "answer to changed terms"
    CLOSE = "close the request"


@dataclass(frozen=True)
class Task:
    """Something to do for a request, or for one of its matches, and the side that does it."""

    kind: Kind
    side: Side
    since: datetime
    request: ExpertiseRequest
    match: Match | None = None
    # Who has declined and would go on other days, where somebody is to be found.
    interested: Match | None = None
    # Until when an answer is awaited, where one is.
    reply_by: date | None = None
    # When the first mission begins, where days are booked for it.
    begins: date | None = None

    @property
    def due(self) -> date:
        """Return the day by which it is to be done, and never after the latest day for names; what
        began after that is to be done on the day on which it began."""
        day, names_due = self._own_day, request_rules.get_names_due(self.request)
        return min(day, max(names_due, self.since.date())) if names_due else day

    @property
    def _own_day(self) -> date:
        began, first_day = self.since.date(), self.begins or self.request.first_day
        if self.reply_by:
            return self.reply_by
        if first_day and self.kind in {Kind.PREPARE, Kind.CLOSE}:
            return first_day
        return day_to_act(self.request.urgency, began, first_day)

    def is_overdue(self, today: date) -> bool:
        """Tell whether an answer was awaited before this day."""
        return self.reply_by is not None and self.reply_by < today


@dataclass(frozen=True)
class Facts:
    """What the rule asks besides requests and matches: the day, and who acts for whom."""

    today: date
    # Who acts for SEESAC, and whether somebody else approves than who has put an expert forward.
    coordinators: Sequence[Actor]
    four_eyes: bool
    # By coordinator, the requests for which they are considered themselves.
    considered: Mapping[int, Collection[int]]
    # By organisation, those who act for it as a nominating authority.
    authorities: Mapping[int, Sequence[Actor]]
    # By request, the jurisdictions whose experts it cannot receive.
    excluded: Mapping[int, Collection[str]]
    # By request, the change of its terms of reference that waits for an answer.
    amendments: Mapping[int, Amendment]
    # By request, who has declined it and would go on other days, the last one first.
    interested: Mapping[int, Sequence[Match]]
    # By request, when somebody who had been proposed last fell out.
    freed: Mapping[int, datetime]


# What is to be done in a state; the tables of the workflows say by whom.
OF_REQUEST = {
    RequestState.DRAFT: Kind.WRITE,
    RequestState.SUBMITTED: Kind.READ,
    RequestState.RETURNED: Kind.CORRECT,
}
OF_MATCH = {
    S.INVITED: Kind.ANSWER,
    S.AVAILABLE: Kind.DECIDE,
    S.RELEASE_ASKED: Kind.RELEASE,
    S.RELEASED: Kind.APPROVE,
    S.APPROVED: Kind.PROPOSE,
}
# Within so many days SEESAC does what is its to do, by how urgent the request is; of a mission that
# begins within the last of these days, at once.
DAYS_TO_ACT = {Urgency.NORMAL: 7, Urgency.SOON: 3, Urgency.URGENT: 1}
LEAD = timedelta(days=28)
# Who stands here was asked for an answer, by a day.
ASKED = frozenset({S.INVITED, S.RELEASE_ASKED})
# These wait until the authority has approved the expert for all days of the mission.
TO_BE_APPROVED = frozenset({Kind.APPROVE, Kind.PROPOSE})
# What SEESAC does instead where who is asked is not on the platform.
INSTEAD = {Kind.ANSWER: Kind.ASK_BY_TELEPHONE, Kind.RELEASE: Kind.ASK_BY_LETTER}
# Before enough are proposed, SEESAC looks for more, and those who were asked answer.
_ORDER = (Side.OFFICE, Side.EXPERT, Side.AUTHORITY, Side.REQUESTER)


def day_to_act(urgency: Urgency, since: date, first_day: date | None = None) -> date:
    """Return by when SEESAC does what is its to do since a day; of a mission, in time before it."""
    day = since + timedelta(days=DAYS_TO_ACT[urgency])
    return min(day, max(since, first_day - LEAD)) if first_day else day


def list_tasks(
    session: Session, requests: Sequence[ExpertiseRequest], today: date
) -> dict[int, list[Task]]:
    """Return, by request, what there is to do for those that are open: first what it waits for."""
    if not requests:
        return {}
    numbers = [request.id for request in requests]
    matches = queries.list_by_request(session, numbers, OPEN)
    facts = read_facts(session, numbers, today)
    ended = queries.get_last_ends(session, numbers)
    return {
        request.id: find_tasks(request, matches.get(request.id, ()), facts, ended.get(request.id))
        for request in requests
        if request.state not in request_rules.ENDED
    }


def list_when_ended(session: Session, today: date) -> list[Task]:
    """Return what is still to be answered for the missions of requests that have ended."""
    matches = unanswered.list_when_ended(session)
    if not matches:
        return []
    facts = read_facts(session, [match.request_id for match in matches], today)
    tasks = [task for match in matches if (task := _of_match(match, facts))]
    return [task if _may_be_done(task, facts) else _of_administrator(task) for task in tasks]


def read_facts(session: Session, request_ids: Collection[int], today: date) -> Facts:
    """Return what the rule asks besides these requests and their matches."""
    here = accounts.list_able(session, Role.COORDINATOR)
    return Facts(
        today,
        [one.as_actor() for one in here],
        get_settings(session).four_eyes,
        candidates.list_requests_by(session, [one.id for one in here]),
        accounts.list_acting(session, Role.NOMINATING_AUTHORITY),
        offering.list_excluded(session, request_ids),
        amendments.list_open(session, request_ids),
        queries.get_interested(session, request_ids, today),
        queries.get_last_fallen_out(session, request_ids),
    )


def find_tasks(
    request: ExpertiseRequest,
    matches: Iterable[Match],
    facts: Facts,
    last_end: datetime | None = None,
) -> list[Task]:
    """Return what there is to do for an open request, first what it waits for.

    There is always something, unless the database is damaged: then `flask check` says so.
    `matches` are those of it that are open; `last_end` is when somebody last fell out of it.
    """
    tasks = _find(request, list(matches), facts, last_end)
    if amendment := facts.amendments.get(request.id):
        # What the others go by is agreed first.
        tasks = [_of_amendment(request, amendment), *tasks]
    if tasks and tasks[0].side is Side.REQUESTER and not request_rules.has_owner(request):
        tasks[0] = Task(Kind.FIND_OWNER, Side.OFFICE, tasks[0].since, request)
    tasks = [task if _may_be_done(task, facts) else _of_administrator(task) for task in tasks]
    # Whoever can act is waited for first.
    return sorted(tasks, key=lambda task: task.side is Side.ADMINISTRATOR)


def _may_be_done(task: Task, facts: Facts) -> bool:
    """Tell whether the side of a task can act: where it is SEESAC's, whether a coordinator may."""
    return task.side is not Side.OFFICE or any(
        _may_act(one, task, facts) for one in facts.coordinators
    )


def _may_act(actor: Actor, task: Task, facts: Facts) -> bool:
    considered = facts.considered.get(actor.id or 0, ())
    return not candidates.why_no_task_of(
        actor, task.request, task.match, considered=considered, four_eyes=facts.four_eyes
    )


def _of_administrator(task: Task) -> Task:
    return replace(task, kind=Kind.FIND_COORDINATOR, side=Side.ADMINISTRATOR)


def _find(
    request: ExpertiseRequest, matches: list[Match], facts: Facts, last_end: datetime | None
) -> list[Task]:
    if request.state in OF_REQUEST:
        kind, side = OF_REQUEST[request.state], SIDE_OF[REQUEST_WAITS_FOR[request.state]]
        return [Task(kind, side, request.state_since, request, reply_by=request.reply_by)]
    if request.state is RequestState.CONFIRMED:
        anew = [_of_match(one, facts) for one in matches if rules.is_asked_anew(one, facts.today)]
        return [
            *_let_go(matches),
            *(task for task in anew if task),
            _prepare(request, matches, facts.today),
        ]
    excluded = facts.excluded.get(request.id, ())
    going = offering.list_going(matches, excluded)
    tasks = [_of_stuck(match) for match in matches if match not in going]
    tasks += [task for match in going if (task := _of_match(match, facts))]
    # Whoever is kept in reserve by choice has been decided on, and fills no place.
    open_to_all = [one for one in going if not is_put_by(one, facts.freed.get(request.id))]
    interested = offering.list_receivable(facts.interested.get(request.id, ()), excluded)
    tasks += _fill(request, open_to_all, interested, last_end)
    choice = _choose(request, open_to_all)
    tasks = sorted(tasks, key=lambda task: (_ORDER.index(task.side), task.since))
    if choice and _is_enough(request, open_to_all):
        return [choice, *tasks]
    return [*tasks, choice] if choice else tasks


def _of_amendment(request: ExpertiseRequest, amendment: Amendment) -> Task:
    side = SIDE_OF[AMENDMENTS_WAIT_FOR[amendment.state]]
    kind = Kind.DECIDE_CHANGE if side is Side.OFFICE else Kind.ANSWER_CHANGE
    return Task(kind, side, amendment.state_since, request, reply_by=amendment.reply_by)


def _let_go(matches: Iterable[Match]) -> list[Task]:
    """Return a task for each expert who was asked, and was not proposed before the places were
    filled: they cannot say yes any more, and days may be booked for them."""
    return [
        Task(
            Kind.LET_GO,
            Side.OFFICE,
            max(match.state_since, match.request.state_since),
            match.request,
            match,
        )
        for match in matches
        if match.state in LIVE - rules.WANTED_WHEN_FILLED
    ]


def _prepare(request: ExpertiseRequest, matches: Iterable[Match], today: date) -> Task:
    """Return what is to be done before the first of its missions begins, and by that day."""
    chosen = (rules.days_of(match)[0] for match in matches if match.state is S.SELECTED)
    first_day = min((day for day in chosen if day), default=request.first_day)
    near = first_day is None or first_day - CLOSED_BEFORE <= today
    kind = Kind.CLOSE if near else Kind.PREPARE
    return Task(kind, Side.OFFICE, request.state_since, request, begins=first_day)


def _of_stuck(match: Match) -> Task:
    return Task(Kind.END, Side.OFFICE, match.state_since, match.request, match)


def _of_match(match: Match, facts: Facts) -> Task | None:
    """Return what is to be done with somebody who was invited; nothing if they are proposed."""
    # Who is asked for anew waits for the authority as they did before.
    state = S.RELEASE_ASKED if rules.is_asked_anew(match, facts.today) else match.state
    kind = OF_MATCH.get(state)
    if kind is None:
        return None
    if kind in TO_BE_APPROVED and not is_approved(
        match.expert, offering.last_day_of(match, facts.today)
    ):
        kind = Kind.RENEW
    side, here = SIDE_OF[WAITS_FOR[state]], True
    if kind in INSTEAD:
        here = (
            is_reached(match)
            if side is Side.EXPERT
            else bool(candidates.list_who_release(match, facts.authorities))
        )
    kind, side = (kind, side) if here else (INSTEAD[kind], Side.OFFICE)
    by = match.reply_by if state in ASKED else None
    since = match.state_since
    if state is not match.state and match.release_asked_at:
        since = match.release_asked_at
    return Task(kind, side, since, match.request, match, reply_by=by)


def is_reached(match: Match) -> bool:
    """Tell whether the expert can answer on the platform."""
    return account_told(match.expert) is not None


def is_put_by(match: Match, freed: datetime | None) -> bool:
    """Tell whether the requester has put somebody into reserve since anybody last fell out, and
    since they last began to choose, so that they wait for another one."""
    if match.state is not S.ALTERNATE or match.state_since < match.request.state_since:
        return False
    return freed is None or match.state_since > freed


def count_lacking(request: ExpertiseRequest, going: Iterable[Match]) -> int:
    """Return how many experts more are wanted than are considered beyond the shortlist."""
    return request.experts_needed - sum(match.state in LIVE for match in going)


def _fill(
    request: ExpertiseRequest, going: list[Match], interested: Sequence[Match],
    last_end: datetime | None,
) -> list[Task]:  # fmt: skip
    """Return the tasks of finding experts, where fewer are live than are wanted."""
    lacking = count_lacking(request, going)
    if lacking <= 0:
        return []
    listed = [match for match in going if match.state is S.SHORTLISTED]
    tasks = [Task(Kind.INVITE, Side.OFFICE, match.state_since, request, match) for match in listed]
    if len(listed) < lacking:
        since = max(request.state_since, last_end or request.state_since)
        fits = next((match for match in interested if _would_go(match, request)), None)
        if fits:
            kind, who = Kind.CONSIDER_AGAIN, fits
        elif interested:
            kind, who = Kind.ASK_FOR_OTHER_DAYS, interested[0]
        else:
            kind, who = _kind_of_finding(going, last_end), None
        tasks.append(Task(kind, Side.OFFICE, since, request, interested=who))
    return tasks


def _would_go(match: Match, request: ExpertiseRequest) -> bool:
    """Tell whether somebody who has declined would go on the days that are asked for now."""
    days, (begins, ends) = match.reason and match.reason.days, request.mission_days
    return bool(days and begins and ends and days[0] <= begins and ends <= days[1])


def _kind_of_finding(going: list[Match], last_end: datetime | None) -> Kind:
    if going:
        return Kind.FIND_MORE
    return Kind.FIND_ANEW if last_end else Kind.FIND


def _choose(request: ExpertiseRequest, going: list[Match]) -> Task | None:
    """Return the requester's choice, if somebody is proposed to choose from."""
    offered = [match for match in going if match.state in OFFERED]
    if request.state is not RequestState.PROPOSED or not offered:
        return None
    since = max(request.state_since, min(match.state_since for match in offered))
    return Task(Kind.CHOOSE, Side.REQUESTER, since, request, reply_by=request.reply_by)


def _is_enough(request: ExpertiseRequest, going: list[Match]) -> bool:
    """Tell whether those proposed and those selected are as many as are wanted."""
    shown = sum(match.state in OFFERED | {S.SELECTED} for match in going)
    return shown >= request.experts_needed
