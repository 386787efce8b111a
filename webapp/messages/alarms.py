"""What administrators are told of the platform itself: silence, jobs that fail, want of room."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core.ciphers import hash_of
from webapp.core.db import insert_into
from webapp.core.errors import DoneSinceError
from webapp.core.job_runs import Failing
from webapp.core.monitoring import room
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.messages.letters import Letter, Mailing
from webapp.messages.models import JobWorker
from webapp.messages.operations import forget_host, tell_once
from webapp.messages.rules import HEALTH_PAGE, Host, silent_hosts

log = logging.getLogger(__name__)


def beat(session: Session, host: str, now: datetime) -> None:
    """Note that the job worker of a host runs."""
    seen = {"at": now, "has_run": True}
    beats = insert_into(JobWorker, session.get_bind()).values(host=host, **seen)
    session.execute(beats.on_conflict_do_update(index_elements=["host"], set_=seen))


def wait_for(session: Session, host: Host) -> None:
    """Let all hosts know of one whose job worker has never run, unless they know it."""
    waiting = insert_into(JobWorker, session.get_bind()).values(
        host=host.name, at=host.at, has_run=False
    )
    session.execute(waiting.on_conflict_do_nothing())


def forget(work: UnitOfWork, host: str) -> None:
    """Forget a host because an administrator says that it was taken away.

    Raises DoneSinceError where it was forgotten already, or where its job worker runs again.
    """
    # Held until the end, so that no job worker that comes back is forgotten with its history.
    worker = work.session.get(JobWorker, host, populate_existing=True, with_for_update=True)
    if worker is None:
        raise DoneSinceError(_("The host %(host)s was forgotten already.", host=host))
    if not silent_hosts(work.now, [Host(host, worker.at)]):
        raise DoneSinceError(
            _("The job worker of %(host)s runs again, so the host is not forgotten.", host=host)
        )
    audit.record(work, Action.HOST_FORGOTTEN, JobWorker, host=host)
    forget_host(work.session, worker)


def tell_of_silence(work: UnitOfWork, host: str, since: datetime, *, others_run: bool) -> None:
    """Tell the administrators, once, that the job worker of a host has not run since then."""
    minutes = int((work.now - since) / timedelta(minutes=1))
    what_follows = (
        _(
            "On the host %(host)s it has not run for %(minutes)s minutes. Those of other hosts do"
            " its work meanwhile. Please start it again; a host that was taken away can be"
            " forgotten.",
            host=host,
            minutes=minutes,
        )
        if others_run
        else _(
            "On the host %(host)s it has not run for %(minutes)s minutes, and on no other: no mail"
            " leaves, no reminder, nothing is deleted on time. Please start it again.",
            host=host,
            minutes=minutes,
        )
    )
    letter = Letter(_("The job worker is silent"), what_follows, HEALTH_PAGE, mailing=Mailing.NEVER)
    if tell_once(work, f"worker silent:{host}:{since:%Y-%m-%dT%H:%M:%S}", letter):
        log.error("the job worker of %s has been silent since %s", host, since.isoformat())


def tell_of_failing(work: UnitOfWork, job: Failing) -> None:
    """Tell the administrators, once, that a job has done nothing but fail on a host."""
    letter = Letter(
        _("A job fails again and again"),
        _(
            "Since %(day)s, %(time)s UTC, this job has failed each time on the host %(host)s:"
            " %(job)s. Until it goes well again its work is left undone there. The log of that host"
            " has the reason.",
            day=job.since.date(),
            time=f"{job.since:%H:%M}",
            host=job.host,
            job=job.words,
        ),
        HEALTH_PAGE,
    )
    which = hash_of(f"{job.host}/{job.name}")
    if tell_once(work, f"job failing:{which}:{job.since:%Y-%m-%dT%H:%M}", letter):
        log.error("the job %s has failed on %s since %s", job.name, job.host, job.since.isoformat())


def tell_of_little_room(work: UnitOfWork, host: str, free: int) -> None:
    """Tell the administrators, once a day, that the disk of a host is nearly full."""
    megabytes = free // 1_000_000
    letter = Letter(
        _("The disk of the platform is nearly full"),
        _(
            "%(size)s MB are free on the machine %(host)s. On a full disk every change is refused;"
            " what is there can still be read. Please make room.",
            size=megabytes,
            host=host,
        ),
        HEALTH_PAGE,
    )
    if tell_once(work, f"little room:{host}:{work.now:%Y-%m-%d}", letter):
        log.error("only %s MB are free on the disk of the instance folder", megabytes)


def tell_of_refusals(work: UnitOfWork, last: datetime) -> None:
    """Write down that changes were refused for want of room, and tell the administrators once a
    day."""
    room.write_down(work.session, last)
    letter = Letter(
        _("The disk of the database was full"),
        _(
            "Changes were refused at %(time)s UTC, because the database found no room for them."
            " Nothing that was kept is lost. Please make room on the machine of the database.",
            time=f"{last:%H:%M}",
        ),
        HEALTH_PAGE,
    )
    tell_once(work, f"no room:{work.now:%Y-%m-%d}", letter)
