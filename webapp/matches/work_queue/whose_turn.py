"""For whom each request waits, and what happens next, as its requester reads it: no names."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.words.translation import _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import get_names_due
from webapp.expertise_requests.waiting import Side, Waiting
from webapp.matches.work_queue.waiting import Kind, Task, list_tasks

_LOOKS = _("SEESAC looks for experts on the roster.")
_LOOKS_FOR_OTHERS = _("Fewer experts are left than you need: SEESAC looks for others.")
_DECIDES = _("SEESAC decides about experts who were asked, and proposes them to you.")
_ASKED = _("SEESAC has asked experts whether they can go, and waits for their answers.")
_RELEASE = _("The authority of an expert was asked for the release, and answers.")
_COME = _("The experts you chose prepare to come; SEESAC closes the request then.")
NEXT = {
    Kind.WRITE: _("Finish the text and send it to SEESAC, which does not see it before that."),
    Kind.FIND_OWNER: _("SEESAC asks your organisation who acts as its owner."),
    Kind.READ: _("SEESAC reads it, and accepts it or asks for a correction."),
    Kind.CORRECT: _("Correct what SEESAC asks for and send it again."),
    Kind.FIND: _LOOKS,
    Kind.FIND_MORE: _LOOKS_FOR_OTHERS,
    Kind.FIND_ANEW: _("The experts who were asked cannot go: SEESAC looks for others."),
    Kind.ASK_FOR_OTHER_DAYS: _LOOKS_FOR_OTHERS,
    Kind.CONSIDER_AGAIN: _LOOKS_FOR_OTHERS,
    Kind.INVITE: _LOOKS,
    Kind.ANSWER: _ASKED,
    Kind.ASK_BY_TELEPHONE: _ASKED,
    Kind.DECIDE: _DECIDES,
    Kind.RELEASE: _RELEASE,
    Kind.ASK_BY_LETTER: _RELEASE,
    Kind.APPROVE: _DECIDES,
    Kind.RENEW: _DECIDES,
    Kind.PROPOSE: _DECIDES,
    Kind.END: _LOOKS,
    Kind.CHOOSE: _("Read about the experts proposed and choose."),
    Kind.DECIDE_CHANGE: _("SEESAC answers to the change of the terms of reference."),
    Kind.ANSWER_CHANGE: _("Read the change of the terms of reference, and agree or refuse."),
    Kind.FIND_COORDINATOR: _("SEESAC finds somebody who may decide on the next step."),
    Kind.LET_GO: _COME,
    Kind.PREPARE: _COME,
    Kind.CLOSE: _COME,
}


def who_is_awaited(session: Session, requests: Sequence[ExpertiseRequest]) -> dict[int, Waiting]:
    """Return, by request, for whom those that are open wait."""
    found = list_tasks(session, requests, clock.today())
    return {number: _in_words(tasks) for number, tasks in found.items() if tasks}


def _in_words(tasks: Sequence[Task]) -> Waiting:
    """Return the first task in words, and beside it what else there is to do, each thing once."""
    first, *others = [
        Waiting(task.side, task.since, NEXT[task.kind], task.reply_by) for task in tasks
    ]
    beside: dict[tuple[Side, str], Waiting] = {}
    for one in others:
        what = (one.side, one.next_step.source)
        if what != (first.side, first.next_step.source):
            beside.setdefault(what, one)
    due = get_names_due(tasks[0].request)
    return replace(first, beside=tuple(beside.values()), names_due=due)
