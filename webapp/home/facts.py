"""How the installation stands, in figures for monitoring: mails, jobs, database, disk."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.monitoring import room
from webapp.messages import pulse
from webapp.messages import queries as messages


class Standing(Collector):
    """Asked once for each look; what the database does not tell is left out, and that is told."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        free = room.look().free
        yield _gauge("disk_free_bytes", "Room on the disk of the instance folder.", free)
        try:
            found = list(self._told_by_the_database())
        except SQLAlchemyError:
            self._session.rollback()
            found = []
        yield _gauge("database_answers", "1 if the database answers, 0 if not.", bool(found))
        yield from found

    def _told_by_the_database(self) -> Iterator[Metric]:
        now = clock.now()
        figures = messages.get_figures(self._session, now)
        yield _gauge("mails_waiting", "Mails that have not left yet.", figures.waiting)
        yield _gauge("mails_given_up", "Mails that somebody has to look at.", figures.given_up)
        yield _gauge("database_bytes", "Size of the database.", figures.database_bytes)
        yield self._silence(now)

    def _silence(self, now: datetime) -> Metric:
        told = "Since the job worker of a host last ran, or is waited for."
        gauge = GaugeMetricFamily("platform_job_worker_silent_seconds", told, labels=["host"])
        for host in pulse.list_hosts(self._session):
            gauge.add_metric([host.name], (now - host.at).total_seconds())
        return gauge


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"platform_{name}", told, value=value)
