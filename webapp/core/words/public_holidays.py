"""Public holidays of jurisdictions, on which a visit may stand before closed doors.

The library knows most jurisdictions, and of some the holidays of their parts; days that follow the
moon are its estimates. It is imported where a page shows holidays: most processes never do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from webapp.core.words.vocabularies import KOSOVO, jurisdiction_codes


@dataclass(frozen=True, order=True)
class Holiday:
    """A public holiday of a jurisdiction (ISO 3166-1 alpha-3, and XKX); its name is English."""

    day: date
    jurisdiction: str
    name: str


def list_holidays(jurisdictions: Iterable[str], first: date, last: date) -> list[Holiday]:
    """Return the holidays from `first` to `last` in order; of an unknown jurisdiction there are
    none."""
    found = [
        Holiday(day, code, name)
        for code in set(jurisdictions)
        for year in range(first.year, last.year + 1)
        for day, name in _of_year(code, year)
        if first <= day <= last
    ]
    return sorted(found)


@lru_cache(maxsize=256)
def _of_year(jurisdiction: str, year: int) -> list[tuple[date, str]]:
    import holidays

    code = "XK" if jurisdiction == KOSOVO else jurisdiction_codes().get(jurisdiction, "")
    if code not in holidays.list_supported_countries():
        return []
    known = holidays.country_holidays(code, years=year, language="en_US")
    return sorted(known.items())
