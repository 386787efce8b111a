"""How the installation stands, in figures for monitoring: mails, jobs, database, disk."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.monitoring import room
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
        beat = messages.last_beat(self._session)
        yield _gauge("mails_waiting", "Mails that have not left yet.", figures.waiting)
        yield _gauge("mails_given_up", "Mails that somebody has to look at.", figures.given_up)
        yield _gauge("database_bytes", "Size of the database.", figures.database_bytes)
        if beat is not None:
            silent = (now - beat).total_seconds()
            yield _gauge("job_worker_silent_seconds", "Since the job worker last ran.", silent)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"platform_{name}", told, value=value)
