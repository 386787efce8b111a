"""How the pages of the roster put dates of past work into words."""

from datetime import date

from babel.dates import format_date

from webapp.experts.models import Evidence


def _month(value: date) -> str:
    return format_date(value, "MMMM y", locale="en")


def months(row: Evidence) -> str:
    """Return when the work took place, by months: "March 2018 – June 2019"."""
    if row.started is None:
        return f"until {_month(row.ended)}" if row.ended else ""
    if row.ended is None:
        return f"since {_month(row.started)}"
    if row.started == row.ended:
        return _month(row.started)
    return f"{_month(row.started)} – {_month(row.ended)}"


def years(row: Evidence) -> str:
    """Return when the work took place, by years: "2018–2019"; requesters are told no more."""
    if row.started is None:
        return f"until {row.ended.year}" if row.ended else ""
    if row.ended is None:
        return f"since {row.started.year}"
    if row.started.year == row.ended.year:
        return str(row.started.year)
    return f"{row.started.year}–{row.ended.year}"
