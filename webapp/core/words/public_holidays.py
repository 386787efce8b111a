"""Public holidays of jurisdictions, on which a visit may stand before closed doors.

The library knows most jurisdictions, and of some the holidays of their parts; days that follow the
moon are its estimates. It is imported where a page shows holidays: most processes never do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from webapp.core.words.holiday_names import name_in_words
from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.core.words.vocabularies import KOSOVO, jurisdiction_codes

_ENGLISH = "en_US"


@dataclass(frozen=True, order=True)
class Holiday:
    """A public holiday of a jurisdiction (ISO 3166-1 alpha-3, and XKX), and the language in which
    it is named: the reader's, or English where no name in that is known."""

    day: date
    jurisdiction: str
    name: str
    language: str = SOURCE_LANGUAGE


def list_holidays(jurisdictions: Iterable[str], first: date, last: date) -> list[Holiday]:
    """Return the holidays from `first` to `last` in order; of an unknown jurisdiction there are
    none."""
    found = [
        Holiday(day, code, name, language)
        for code in set(jurisdictions)
        for year in range(first.year, last.year + 1)
        for day, name, language in _of_year(code, year, current_language())
        if first <= day <= last
    ]
    return sorted(found)


@lru_cache(maxsize=256)
def _of_year(jurisdiction: str, year: int, language: str) -> list[tuple[date, str, str]]:
    import holidays

    code = "XK" if jurisdiction == KOSOVO else jurisdiction_codes().get(jurisdiction, "")
    if code not in holidays.list_supported_countries():
        return []
    spoken = _variant_of(language, holidays.country_holidays(code).supported_languages)
    known = holidays.country_holidays(code, years=year, language=spoken or _ENGLISH)
    return sorted(
        (day, *((name, language) if spoken else name_in_words(name))) for day, name in known.items()
    )


def _variant_of(language: str, supported: Iterable[str]) -> str | None:
    """Return the library's code for a language, with or without a territory: `ru`, or `ru_KG`."""
    fitting = (code for code in supported if code.partition("_")[0] == language)
    return next(fitting, None)
