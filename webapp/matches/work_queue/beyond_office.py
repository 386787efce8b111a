"""What no coordinator who is here may do, though it is SEESAC's: administrators let in another one.

It is the own of each of them, or they have put somebody forward whom somebody else has to approve.
"""

from datetime import date

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.roles import Role
from webapp.core.workflows.workflow import why_not_theirs
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.waiting import Side
from webapp.experts import rules as profile_rules
from webapp.experts import standing_queries as standing
from webapp.experts.workflow import VETTED_FIRST
from webapp.matches.models import Match
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.profile_tasks import MOST_VETTED


def list_tasks(session: Session, today: date) -> list[waiting.Task]:
    """Return what it is for the requests that are open."""
    found = waiting.list_tasks(session, requests.list_open(session, texts=False), today)
    return [task for tasks in found.values() for task in tasks if task.side is Side.ADMINISTRATOR]


def is_beyond(session: Session, match: Match, today: date) -> bool:
    """Tell whether it is what comes next with a match."""
    found = waiting.list_tasks(session, [match.request], today)
    tasks = found.get(match.request_id, [])
    return any(task.match is match and task.side is Side.ADMINISTRATOR for task in tasks)


def count_profiles(session: Session) -> int:
    """Return how many of the profiles that the queue lists for vetting no coordinator may vet."""
    here = [one.as_actor() for one in accounts.list_active(session, Role.COORDINATOR)]
    return sum(
        all(why_not_theirs(one, profile_rules.owners_of(expert)) for one in here)
        for expert in standing.list_in_states(session, VETTED_FIRST, most=MOST_VETTED)[0]
    )
