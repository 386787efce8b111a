"""The pulse of each job worker: noted by itself every minute, and missed by those who serve pages.

A worker that has stopped cannot say so, and on a full disk it has. So the processes that answer
requests look after it, after jobs that do nothing but fail, and after the room on the disk, once a
minute and in a transaction of its own, and tell the administrators on the platform. Those of each
host look after the job workers of all: on a host without power nobody does.
"""

from datetime import datetime, timedelta

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.errors import in_one_line
from webapp.core.job_runs import list_failing
from webapp.core.monitoring import room
from webapp.core.responses.localization import WITHOUT_READER
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.messages import alarms, queries
from webapp.messages.rules import KEPT_HOSTS, Host, running_hosts, silent_hosts

EVERY = timedelta(minutes=1)


def beat() -> None:
    """Note that the job worker runs, and whether it was refused for want of room; call it in an
    application context."""
    now = clock.now()
    with transaction() as session:
        alarms.beat(session, here(), now)
    _look_for_room(now)


def list_hosts(session: Session) -> list[Host]:
    """Return the hosts that should have a job worker: those where one has run, and this one.

    Where none ever ran here it is given its time from the start of the process, and is then made
    known to the others.
    """
    hosts = [
        Host(worker.host, worker.at, worker.has_run) for worker in queries.list_job_workers(session)
    ]
    watch: Watch | None = current_app.extensions.get("pulse")
    if watch is not None and here() not in {host.name for host in hosts}:
        hosts.append(Host(here(), watch.started, has_run=False))
    return hosts


def here() -> str:
    """Return the name of this host."""
    return str(current_app.config["HOST_NAME"])


def _look_for_room(now: datetime) -> None:
    found, refusals = room.look(), room.refusals()
    refused_at = refusals.unwritten
    if not found.is_little and refused_at is None:
        return
    with transaction() as session:
        work = UnitOfWork(session, SYSTEM, now)
        if found.is_little:
            alarms.tell_of_little_room(work, here(), found.free)
        if refused_at is not None:
            alarms.tell_of_refusals(work, refused_at)
    refusals.unwritten = None


def _look_for_failing(now: datetime) -> None:
    failing = list_failing(db.session, now)
    db.session.rollback()
    if not failing:
        return
    with transaction() as session:
        for job in failing:
            alarms.tell_of_failing(UnitOfWork(session, SYSTEM, now), job)


class Watch:
    """Looks after job workers and disk, now and then, from a process that serves pages."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.started = self._looked = clock.now()

    def look(self) -> None:
        """Look, unless somebody has just done so, and tell of what has to be seen to."""
        now = clock.now()
        # Those who have no reader are served while the database is away, too.
        if request.endpoint in {None, *WITHOUT_READER} or now - self._looked < EVERY:
            return
        self._looked = now
        try:
            # A session of its own: the request's is not touched. What finds no room to be told is
            # told in the log, and once more when there is some.
            with self._app.app_context(), room.left_out_if_full():
                _look_for_room(now)
                self._look(now)
                _look_for_failing(now)
        except SQLAlchemyError as error:
            # The request itself will say that the database does not answer.
            message = "the pulse of the job workers could not be read: %s"
            self._app.logger.warning(message, in_one_line(error))

    def _look(self, now: datetime) -> None:
        hosts = list_hosts(db.session)
        db.session.rollback()
        silent = silent_hosts(now, hosts)
        if not silent:
            return
        others_run = bool(running_hosts(now, hosts))
        with transaction() as session:
            work = UnitOfWork(session, SYSTEM, now)
            for host in silent:
                # One that is older was spoken of long enough, and would be deleted each minute.
                if not host.has_run and now - host.at < KEPT_HOSTS:
                    alarms.wait_for(session, host)
                alarms.tell_of_silence(work, host.name, host.at, others_run=others_run)


def init_app(app: Flask) -> None:
    """Watch over this installation, if it has a job worker."""
    if app.config.get("JOBS_FILE") is not None:
        watch = app.extensions["pulse"] = Watch(app)
        app.before_request(watch.look)
