"""What coordinators have to do about the roster as a whole, as a line of their queue."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from webapp.core.words.translation import _n
from webapp.matches.work_queue.lines import Line
from webapp.matches.work_queue.profile_tasks import DAYS_TO_ACT
from webapp.roster import duplicates

PATH = "/roster/duplicates"


def list_lines(session: Session, _today: date) -> Iterator[Line]:
    """Yield one line for all pairs of profiles that may be of one person, by the oldest of them.

    An import can bring hundreds of pairs, among which nobody would find the other tasks.
    """
    number, since = duplicates.count_waiting(session)
    if since is not None:
        words = _n(
            "%(num)s pair of profiles looks like one person: compare the two, and join them or say"
            " that they are two people",
            "%(num)s pairs of profiles look like one person each: compare them, and join them or"
            " say that they are two people",
            number,
        )
        yield Line(since, since.date() + DAYS_TO_ACT, words, address=PATH)
