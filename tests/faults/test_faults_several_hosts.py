"""Two hosts behind nginx on one PostgreSQL: whatever becomes of one of them, the other goes on."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.faults.crowd import is_sound
from tests.faults.hosts import Host, behind_nginx
from tests.faults.traffic import Traffic
from tests.live import Visitor
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

pytestmark = [pytest.mark.postgres, pytest.mark.long]
# More often than a host has workers, so that each is asked.
TIMES = 6
JOB_WORKERS_KILLED = 4


@pytest.fixture
def hosts(app: Flask, database_url: str, tmp_path: Path) -> Iterator[tuple[Host, Host]]:
    """Return two hosts that serve the test's database."""
    with ExitStack() as stack:
        made = [Host(tmp_path / name, database_url) for name in ("first", "second")]
        for host in made:
            stack.callback(host.close)
            host.start()
        yield made[0], made[1]


def test_hosts_are_killed_and_cut_and_nothing_is_lost_or_doubled(
    app: Flask, hosts: tuple[Host, Host], database_url: str, tmp_path: Path
) -> None:
    first, second = hosts
    with behind_nginx(tmp_path, [f"127.0.0.1:{host.from_nginx.port}" for host in hosts]) as url:
        with Traffic(app, url) as people:
            people.go_on()
            first.kill_worker()
            people.go_on()
            first.kill_jobs()
            people.go_on()
            first.start()
            second.kill()
            people.go_on()
            second.start()
            first.to_database.cut()
            people.go_on()
            first.to_database.mend()
            second.from_nginx.cut()
            people.go_on()
            second.from_nginx.mend()
            for host in hosts:
                host.kill_jobs()
            people.go_on()
            for host in hosts:
                host.start()
            people.go_on()
        people.nothing_is_lost_or_doubled()
        _each_mail_has_left(people, hosts)
    _the_newest_ranks_on(app, hosts)
    assert is_sound(first.folder, database_url)


def _each_mail_has_left(people: Traffic, hosts: tuple[Host, Host]) -> None:
    mails = people.mails()
    left = sum((host.mails() for host in hosts), Counter[str]())
    assert set(left) == mails
    # Only who was killed between sending and noting it may have sent one again.
    assert left.total() - len(left) <= JOB_WORKERS_KILLED


def _the_newest_ranks_on(app: Flask, hosts: tuple[Host, Host]) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        asked = factories.request(session, RequestState.ACCEPTED, title="Shoeing of horses")
        newest = factories.expert(session, summary="Shoes horses of the mounted police.")
    for host in hosts:
        visitor = Visitor(host.url).sign_in(coordinator)
        for _time in range(TIMES):
            page = visitor.get(f"/requests/{asked.id}/matches")
            assert newest.name in page.body, page.status
