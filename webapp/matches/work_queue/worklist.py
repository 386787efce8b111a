"""The coordinators' work queue: what waits for them, for others, and for a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.words.formats import periods_name
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.workflows.workflow import NOBODY, why_not_theirs
from webapp.expertise_requests import correspondence
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as expert_rules
from webapp.matches import approving, candidates, queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import profile_tasks, waiting
from webapp.matches.work_queue.lines import Line, list_added
from webapp.matches.work_queue.waiting import Kind, Task
from webapp.platform_settings.queries import get_settings

WORDS = {
    Kind.FIND_OWNER: _("Nobody acts as its owner any more: ask the organisation who takes it over"),
    Kind.FIND_COORDINATOR: _(
        "No coordinator may do what comes next: an administrator lets in one who may"
    ),
    Kind.READ: _("Read the request and accept or return it"),
    Kind.CORRECT: _("The requester corrects the request"),
    Kind.FIND: _("Find experts for the accepted terms of reference"),
    Kind.FIND_MORE: _("Fewer experts are considered than are wanted: find somebody else"),
    Kind.FIND_ANEW: _("Nobody is left to select: find somebody else"),
    Kind.ASK_FOR_OTHER_DAYS: _(
        "Fewer experts are considered than are wanted. %(name)s declined, and would go on other"
        " days (%(days)s): ask the requester whether these are possible, or find somebody else"
    ),
    Kind.CONSIDER_AGAIN: _(
        "Fewer experts are considered than are wanted. %(name)s declined, and could go on the days"
        " that are asked for now (%(days)s): consider them again, or find somebody else"
    ),
    Kind.INVITE: _("Invite %(name)s or take them off the shortlist"),
    Kind.ANSWER: _("%(name)s answers the invitation"),
    Kind.ASK_BY_TELEPHONE: _(
        "%(name)s has no open account: ask them (%(telephone)s), and note the answer"
    ),
    Kind.DECIDE: _("%(name)s said yes: ask for release or approve"),
    Kind.RELEASE: _("The nominating authority answers about %(name)s"),
    Kind.ASK_BY_LETTER: _(
        "The authority of %(name)s has nobody here who can answer: ask it by letter, and note"
        " the answer"
    ),
    Kind.APPROVE: _("%(name)s is released: approve"),
    Kind.RENEW: _(
        "%(name)s is not approved until the mission ends: agree on it with the authority"
    ),
    Kind.PROPOSE: _("Propose %(name)s to the requester"),
    Kind.END: _("%(name)s can go no further for this request: end the match"),
    Kind.CHOOSE: _("The requester selects among the experts proposed"),
    Kind.LET_GO: _("All places are filled: tell %(name)s that they are no longer needed"),
    Kind.DECIDE_CHANGE: _("Agree to the change of the terms of reference, or refuse it"),
    Kind.ANSWER_CHANGE: _("The requester answers to the change of the terms of reference"),
    Kind.PREPARE: _("Prepare the journey of the experts; close the request shortly before it"),
    Kind.CLOSE: _("Close the request when the experts are on their way"),
}
# What becomes of the tasks of others when an answer is overdue.
OVERDUE = {
    Kind.CORRECT: _("The requester has not corrected the request: ask them"),
    Kind.CHOOSE: _("The requester has not chosen: ask them"),
    Kind.ANSWER_CHANGE: _("The requester has not answered to changed terms: ask them"),
    Kind.ANSWER: _("%(name)s has not answered: ask them, or look for somebody else"),
    Kind.RELEASE: _("The authority of %(name)s has not answered: ask it"),
}
ASK_OR_LEAVE = _("You put this expert forward: ask for the release, or let a colleague approve.")
# From these a coordinator goes on among the experts for the request.
AMONG_EXPERTS = frozenset({
    Kind.FIND, Kind.FIND_MORE, Kind.FIND_ANEW, Kind.ASK_FOR_OTHER_DAYS, Kind.CONSIDER_AGAIN,
    Kind.CHOOSE,
})  # fmt: skip


@dataclass(frozen=True)
class Worklist:
    """What waits for coordinators (`ours`), for others (`theirs`), and for a day (`later`).

    `more_vetting` are profiles to be screened beside those that are listed.
    """

    ours: list[Line]
    theirs: list[Line]
    later: list[Line]
    more_vetting: int


def worklist(session: Session, actor: Actor, *, mine: bool = False) -> Worklist:
    """Return the queue of all coordinators as this one reads it: what is due first stands first.

    What only a colleague may do waits for others; of a request of their own or their
    organisation's nobody reads here who is considered. `mine` leaves out requests that a colleague
    sees to.
    """
    tasks = [
        _without_themselves(task, actor)
        for task in _list_tasks(session, clock.today())
        if not _tells_how_many(task, actor)
    ]
    later = [_line_of(task) for task in tasks if task.kind is Kind.PREPARE]
    ours = [_line_of(task) for task in tasks if _is_for_us(task)]
    ours += [*_clashes(session), *_messages(session, actor), *list_added(session, clock.today())]
    theirs = [
        _line_of(task) for task in tasks if task.kind is not Kind.PREPARE and not _is_for_us(task)
    ]
    ours, theirs, later = (_without_candidates(one, actor) for one in (ours, theirs, later))
    if four_eyes := get_settings(session).four_eyes:
        ours = _with_four_eyes(session, ours, actor)
    considered = candidates.list_requests(session, actor)
    for line in list(ours):
        why = line.request and candidates.why_no_task_of(
            actor, line.request, line.match, considered=considered, four_eyes=four_eyes
        )
        if why:
            ours.remove(line)
            theirs.append(replace(line, note=line.note or why))
    *of_profiles, more = profile_tasks.list_lines(session, actor)
    rivals = candidates.list_rivals(session, actor)
    ours_there, asked = (
        [one for one in lines if _is_ours(one, actor, rivals)] for lines in of_profiles
    )
    lists = (ours + ours_there, theirs + asked, later)
    ours, theirs, later = (_finish(session, lines, actor, mine=mine) for lines in lists)
    return Worklist(ours, theirs, later, more)


def _finish(session: Session, lines: list[Line], actor: Actor, *, mine: bool) -> list[Line]:
    """Put lines in order and say who sees to each request; `mine` leaves colleagues' out."""
    names = requests.get_handler_names(session, [line.request for line in lines if line.request])
    if mine:
        lines = [one for one in lines if not _is_colleagues(one, names, actor)]
    named = [
        replace(line, handler=names.get(line.request.id)) if line.request else line
        for line in lines
    ]
    return sorted(named, key=lambda line: (line.due, line.since))


def _is_colleagues(line: Line, names: Mapping[int, Named], actor: Actor) -> bool:
    """Tell whether a colleague sees to what a line is about, or to its request; `names` has those
    to which somebody can see."""
    request = line.request
    if line.handled_by is not None:
        return line.handled_by != actor.id
    return request is not None and request.id in names and request.handled_by != actor.id


def _is_ours(line: Line, actor: Actor, rivals: Collection[int]) -> bool:
    owners = expert_rules.owners_of(line.expert) if line.expert else NOBODY
    is_rivals = line.expert is not None and line.expert.id in rivals
    return not is_rivals and not why_not_theirs(actor, owners)


def _tells_how_many(task: Task, actor: Actor) -> bool:
    """Tell whether a task would say to whoever asks how many are considered for the request."""
    return task.kind in AMONG_EXPERTS and request_rules.is_asking(actor, task.request)


def _without_themselves(task: Task, actor: Actor) -> Task:
    """Return a task as somebody reads it who would be the one to be considered again."""
    if task.interested and expert_rules.is_of(actor, task.interested.expert):
        return replace(task, kind=Kind.FIND_MORE, interested=None)
    return task


def _without_candidates(tasks: list[Line], actor: Actor) -> list[Line]:
    return [t for t in tasks if not (t.match and request_rules.is_asking(actor, t.match.request))]


def _with_four_eyes(session: Session, tasks: list[Line], actor: Actor) -> list[Line]:
    """Say who chose the experts that wait for somebody else's approval."""
    matches = [task.match for task in tasks if task.match]
    names = accounts.get_names(session, (match.put_forward_by for match in matches))
    return [replace(task, note=_who_chose(task.match, names, actor)) for task in tasks]


def _who_chose(match: Match | None, names: Mapping[int, str], actor: Actor) -> Message | None:
    if match is None or match.state not in approving.TO_APPROVE or match.put_forward_by is None:
        return None
    if rules.put_forward(match, actor):
        # Where nothing else is left to them, they read why it is nothing for them at all.
        return ASK_OR_LEAVE if match.state is MatchState.AVAILABLE else None
    who = names[match.put_forward_by]
    return _("%(who)s put this expert forward, so somebody else approves.", who=who)


def _list_tasks(session: Session, today: date) -> list[Task]:
    """Return what there is to do for all requests that were sent in and have not ended, and what
    authorities are asked anew for the missions of those that have."""
    found = waiting.list_tasks(session, requests.list_open(session, texts=False), today)
    of_open = [task for tasks in found.values() for task in tasks]
    return [*of_open, *waiting.list_when_ended(session, today)]


def _is_for_us(task: Task) -> bool:
    """Tell whether coordinators act now: it is theirs, or an answer of others is overdue."""
    if task.kind is Kind.PREPARE:
        return False
    return task.side is Side.OFFICE or task.is_overdue(clock.today())


def _line_of(task: Task) -> Line:
    words = OVERDUE if task.is_overdue(clock.today()) and task.kind in OVERDUE else WORDS
    match = task.match
    return Line(
        task.since,
        task.due,
        words[task.kind] % _facts_of(match, task.interested),
        task.request,
        match,
        reply_by=task.reply_by,
        among_experts=task.kind in AMONG_EXPERTS,
    )


def _facts_of(match: Match | None, interested: Match | None) -> dict[str, object]:
    """Return what a sentence says of the expert of a match, or of one who would go: that one is
    named by the sentence alone, so it notes whom it names."""
    if interested and interested.reason and (days := interested.reason.days):
        return {
            "name": Named.of(interested.expert), "days": Deferred(periods_name, [days]),
        }  # fmt: skip
    if match is None:
        return {}
    number = match.expert.telephone or profile_tasks.NO_TELEPHONE
    return {"name": match.expert.name, "telephone": number}


def _clashes(session: Session) -> list[Line]:
    """Return a line for each match whose expert is not available on days that it holds."""
    return [
        Line(
            clash.match.state_since,
            clock.today(),
            _(
                "%(name)s is not available on days that are booked: %(days)s",
                name=clash.match.expert.name,
                days=Deferred(periods_name, clash.periods),
            ),
            clash.match.request,
            clash.match,
            mission_days=rules.days_of(clash.match),
        )
        for clash in queries.list_clashes(session, clock.today())
    ]


def _messages(session: Session, actor: Actor) -> list[Line]:
    """Return a line for each request whose requester has written and waits for SEESAC, but for
    those whose messages this person does not read."""
    return [
        Line(
            since,
            waiting.day_to_act(request.urgency, since.date()),
            _("The requester has written: answer, or note that no answer is needed"),
            request,
            address=correspondence.PATH % {"request_id": request.id},
        )
        for request, since in correspondence.list_open(session)
        if request_rules.reads_as_coordinator(actor, request)
    ]
