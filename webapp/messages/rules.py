"""When mails are tried again, how long things are kept, and when silence is an alarm."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from webapp.messages.models import OutboxMessage

# After the last of these a message is given up and waits for an administrator.
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
# Longer than a mail server can take, whose every answer is awaited for MAIL_TIMEOUT at most.
CLAIM = timedelta(minutes=10)
# Between mails of which there are very many at once: some twenty at each run of the worker.
APART = timedelta(seconds=3)
# The worker runs every minute; one long mail or a restart is no silence yet.
SILENCE = timedelta(minutes=5)
# A host that was silent for so long was taken away, and is spoken of no more.
KEPT_HOSTS = timedelta(days=7)
# For so long the administrators' page tells that changes found no room on the disk.
REFUSALS_SHOWN = timedelta(days=1)
KEPT_NOTICES = timedelta(days=180)
# Keys name days, so that one which is older than any wait can be forgotten.
KEPT_SAYINGS = timedelta(days=400)
# Whom notices name is noted of so many in one transaction, which takes a fifth of a second.
NOTED_AT_ONCE = 200
# The hour (UTC) from which the daily mail leaves: before the working day from Sarajevo to Bishkek.
DIGEST_HOUR = 5

HEALTH_PAGE = "/health"

# How smtplib writes an answer: a number and what was said, of a recipient after the address.
_ANSWER = re.compile(r"\w+: (?:\{.*?: )?\((-?\d+), ")


class Host(NamedTuple):
    """A host that should have a job worker: when that last ran, or, if it `has_run` never, since
    when it is waited for."""

    name: str
    at: datetime
    has_run: bool = True


def silent_hosts(now: datetime, hosts: Iterable[Host]) -> list[Host]:
    """Return the hosts whose job worker has been silent for too long."""
    return [host for host in hosts if now - host.at >= SILENCE]


def running_hosts(now: datetime, hosts: Iterable[Host]) -> list[Host]:
    """Return the hosts whose job worker runs."""
    return [host for host in hosts if host.has_run and now - host.at < SILENCE]


def is_given_up(message: OutboxMessage) -> bool:
    """Tell whether a message was tried as often as it may be, in vain."""
    return message.sent_at is None and message.attempts > len(RETRIES)


def number_of_answer(error: str) -> str | None:
    """Return the number by which a mail server refused a mail, by the error that the outbox keeps;
    without an answer there is none."""
    answer = _ANSWER.match(error)
    return answer[1] if answer else None
