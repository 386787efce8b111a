"""The one place that reads the time, so that tests can freeze it and nothing mixes zones."""

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in UTC."""
    return now().date()


def latest_today() -> date:
    """Return the day that it is already where days begin first: 14 hours before UTC, in Kiribati.

    Nobody is told that a day is still to come which has begun where they are.
    """
    return (now() + timedelta(hours=14)).date()
