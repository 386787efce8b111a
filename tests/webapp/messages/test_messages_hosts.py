"""Of several hosts each has a job worker: one that falls silent is missed though others run."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.home.test_home_monitoring import KNOWN, TOKEN, figure
from tests.webapp.messages.test_messages_health import full_disk
from webapp.core import clock as now_clock
from webapp.core import job_runs
from webapp.core.job_runs import FOR_GOOD, JobRun
from webapp.core.monitoring import room
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.kept_texts import sweep as kept_texts_sweep
from webapp.messages import pulse
from webapp.messages import sweep as messages_sweep
from webapp.messages.models import JobWorker
from webapp.messages.rules import KEPT_HOSTS, SILENCE

pytestmark = pytest.mark.both_databases
HERE, THERE = "here", "there"
TOLD = "The job worker is silent"
FAILS = "A job fails again and again"


@pytest.fixture
def hosts(make_app: Callable[..., Flask], instance: Path) -> tuple[Flask, Flask]:
    """Return the application as two hosts have it, on one database."""
    made = [
        make_app(
            JOBS_FILE=str(instance / f"jobs-{name}.sqlite"), HOST_NAME=name, METRICS_TOKEN=TOKEN
        )
        for name in (HERE, THERE)
    ]
    return made[0], made[1]


def run(app: Flask, work: Callable[[], object] = pulse.beat) -> None:
    """Let the job worker of a host do something."""
    with app.app_context():
        job_runs.watched(work)


def administrator(app: Flask) -> Pages:
    """Return the browser of an administrator, at one host."""
    with writing(app) as session:
        person = factories.account(session, Role.ADMINISTRATOR)
    return Pages(app).come_in(person)


def known(app: Flask) -> list[str]:
    """Return the hosts that are known to have a job worker."""
    with reading(app) as session:
        return list(session.scalars(sa.select(JobWorker.host).order_by(JobWorker.host)))


def test_a_dead_job_worker_of_two_is_told_once_and_by_its_host(
    hosts: tuple[Flask, Flask], clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = hosts
    pages = administrator(here)
    for app in hosts:
        run(app)
    for _minute in range(int(SILENCE / pulse.EVERY) + 2):
        clock.shift(pulse.EVERY)
        run(here)
        pages.get("/notices")
        there.test_client().get("/privacy")
    notices = pages.get("/notices").text
    assert notices.count(TOLD) == 1
    assert "On the host there it has not run for 5 minutes. Those of other hosts do" in notices
    page = pages.get("/health").text
    assert "The job worker of there is silent" in page
    assert "That of here runs" in page
    assert "No mail leaves" not in page
    assert [r.levelno for r in caplog.records if "silent since" in r.message] == [logging.ERROR]
    clock.shift(SILENCE)
    pages.get("/notices")
    notices = pages.get("/notices").text
    assert "On the host here it has not run for 5 minutes, and on no other" in notices


def test_a_host_whose_job_worker_has_never_run_is_told_though_another_runs(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    pages = administrator(there)
    clock.shift(SILENCE)
    run(here)
    pages.get("/notices")
    assert "On the host there it has not run" in pages.get("/notices").text
    page = pages.get("/health")
    assert "The job worker of there has not run since the platform was started there" in page.text
    assert "That of here runs" in page.text
    assert "Forget this host" not in page.text, "it is not gone: it has shown this page"
    text = there.test_client().get("/metrics", headers=KNOWN).get_data(as_text=True)
    seconds = figure(text, 'platform_job_worker_silent_seconds{host="there"}')
    assert seconds >= SILENCE.total_seconds()
    run(there)
    assert "has not run" not in pages.get("/health").text


def test_a_host_whose_job_worker_has_never_run_is_told_to_all(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    pages = administrator(here)
    clock.shift(SILENCE - timedelta(seconds=1))
    run(here)
    there.test_client().get("/privacy")
    assert known(here) == [HERE], "it may yet begin"
    clock.shift(pulse.EVERY)
    there.test_client().get("/privacy")
    page = pages.get("/health")
    assert "The job worker of there has not run since the platform was started there" in page.text
    assert "Those of other hosts do its work meanwhile" in page.text
    assert "Forget this host: there" in page.text
    assert pages.get("/notices").text.count("On the host there it has not run") == 1
    text = here.test_client().get("/metrics", headers=KNOWN).get_data(as_text=True)
    seconds = figure(text, 'platform_job_worker_silent_seconds{host="there"}')
    assert seconds > SILENCE.total_seconds()
    run(there)
    assert "That of there runs" in pages.get("/health").text


def test_a_host_that_never_had_a_job_worker_is_spoken_of_for_some_days(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    clock.shift(KEPT_HOSTS - timedelta(seconds=1))
    there.test_client().get("/privacy")
    assert known(here) == [THERE]
    clock.shift(pulse.EVERY)
    run(here, messages_sweep.delete_due)
    there.test_client().get("/privacy")
    assert known(here) == []


def test_a_host_that_was_taken_away_is_forgotten_by_a_button(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    pages = administrator(here)
    for app in hosts:
        run(app)
    clock.shift(SILENCE)
    run(here)
    older = pages.get("/health")
    page = older.submit("Forget this host: there", {})
    assert "The host there is forgotten." in page.text
    assert "silent" not in page.text
    again = older.submit("Forget this host: there", {})
    assert "The host there was forgotten already." in again.text
    assert known(here) == [HERE]
    with reading(here) as session:
        assert set(session.scalars(sa.select(JobRun.host))) == {HERE}
        noted = session.query(AuditEvent).filter_by(action=Action.HOST_FORGOTTEN).one()
        assert noted.details == {"host": THERE}
    run(there)
    assert known(here) == [HERE, THERE], "it has come back"


def test_a_host_that_runs_again_is_not_forgotten_by_an_older_page(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    pages = administrator(here)
    run(there)
    clock.shift(SILENCE)
    older = pages.get("/health")
    run(there)
    page = older.submit("Forget this host: there", {})
    assert "The job worker of there runs again, so the host is not forgotten." in page.text
    assert THERE in known(here)
    with reading(here) as session:
        assert set(session.scalars(sa.select(JobRun.host))) == {THERE}


def test_a_host_that_was_taken_away_is_forgotten_after_days(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    run(there)
    clock.shift(KEPT_HOSTS - timedelta(seconds=1))
    run(here)
    run(here, messages_sweep.delete_due)
    assert known(here) == [HERE, THERE]
    clock.shift(timedelta(seconds=1))
    run(here, messages_sweep.delete_due)
    assert known(here) == [HERE]


def test_a_job_that_fails_on_one_host_is_told_though_it_goes_well_on_another(
    hosts: tuple[Flask, Flask], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = hosts
    pages = administrator(here)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    for _time in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(kept_texts_sweep, "sweep_out", fail)
            with pytest.raises(ZeroDivisionError):
                run(there, kept_texts_sweep.delete_due)
        clock.shift(FOR_GOOD / 2)
        for app in hosts:
            run(app)
        run(here, kept_texts_sweep.delete_due)
    pages.get("/notices")
    notices = pages.get("/notices").text
    assert notices.count(FAILS) == 1
    assert "this job has failed each time on the host there: Delete texts" in notices
    page = pages.get("/health").text
    assert "1 job fails each time." in page
    assert "· there ZeroDivisionError" in page
    run(there, kept_texts_sweep.delete_due)
    assert "fails each time" not in pages.get("/health").text


def test_figures_tell_of_each_job_worker(hosts: tuple[Flask, Flask], clock: Any) -> None:
    here, there = hosts
    run(there)
    clock.shift(timedelta(seconds=90))
    run(here)
    text = here.test_client().get("/metrics", headers=KNOWN).get_data(as_text=True)
    assert figure(text, 'platform_job_worker_silent_seconds{host="here"}') == 0
    assert figure(text, 'platform_job_worker_silent_seconds{host="there"}') == 90


def test_a_change_that_found_no_room_in_one_process_is_known_to_all_when_there_is_room(
    hosts: tuple[Flask, Flask], clock: Any
) -> None:
    here, there = hosts
    pages = administrator(there)
    with here.app_context():
        room.remember(full_disk())
    first = now_clock.now()
    assert "The disk of the database was full" not in pages.get("/health").text
    # Its own job worker writes it down, too: nobody may be looking at pages.
    run(here)
    assert "The disk of the database was full: a change was refused on" in pages.get("/health").text
    assert pages.get("/notices").text.count("The disk of the database was full") == 1
    with here.app_context():
        assert room.refusals().unwritten is None
    with writing(there) as session:
        room.write_down(session, first - timedelta(hours=1))
    with reading(there) as session:
        assert room.refused_since(session, first - timedelta(days=1)) == first, "the last counts"
        assert room.refused_since(session, first) is None
