"""What SEESAC has to decide about accounts, as a line of the coordinators' queue."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.words.translation import _n
from webapp.matches.work_queue.lines import Line
from webapp.matches.work_queue.profile_tasks import DAYS_TO_ACT
from webapp.membership.models import AccountRequest

PATH = "/accounts/requests"


def list_lines(session: Session, _today: date) -> Iterator[Line]:
    """Yield one line for all requests for an account, by the oldest of them.

    Strangers write as many as they like, among which nobody would find the other tasks.
    """
    waiting = sa.select(sa.func.count(), sa.func.min(AccountRequest.created_at))
    number, since = session.execute(waiting).one()
    if since is not None:
        words = _n(
            "%(num)s request for an account: grant or refuse it",
            "%(num)s requests for an account: grant or refuse each",
            number,
        )
        yield Line(since, since.date() + DAYS_TO_ACT, words, address=PATH)
