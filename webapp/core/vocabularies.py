"""Controlled vocabularies: jurisdictions, languages and levels, with the names people read.

Names come from the Unicode CLDR as Babel ships it. The platform says "jurisdiction", not
"country", and Kosovo carries its footnote wherever it is written.
"""

import enum
from datetime import date
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date

KOSOVO = "XKX"
KOSOVO_FOOTNOTE = (
    "* References to Kosovo shall be understood to be in the context of United Nations"
    " Security Council resolution 1244 (1999)."
)
# Jurisdictions of South East Europe whose officials the roster may hold.
PARTICIPATING = (
    "ALB", "BIH", "BGR", "GRC", "HRV", "HUN", "MDA", "MKD", "MNE", "ROU", "SRB", "SVN", "TUR",
    "UKR", KOSOVO,
)  # fmt: skip


class CefrLevel(enum.StrEnum):
    """Levels of the Common European Framework of Reference for Languages, lowest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


# Languages of the region and of the platform's requests come first in lists.
LANGUAGES_FIRST = ("en", "fr", "ru", "uk", "sq", "bs", "hr", "cnr", "sr", "mk", "ro", "bg", "sl")
LANGUAGES_MORE = (
    "ar", "az", "cs", "de", "el", "es", "et", "fa", "hu", "hy", "it", "ka", "kk", "ky", "lt", "lv",
    "mn", "nl", "pl", "pt", "sk", "sv", "sw", "tg", "tr", "uz",
)  # fmt: skip


@cache
def _english() -> Locale:
    return Locale("en")


# Among the aliases stand codes withdrawn from the standard, second codes for one place (Kosovo* is
# XKX and nothing else), and codes of tests, of sums and of places where nobody governs.
_NO_JURISDICTIONS = frozenset({
    "ANT", "BUR", "DDR", "FXX", "SUN", "TMP", "YMD", "YUG", "ZAR", "SCG", "QUU", "ATA",
    "XK", "XA", "XB", "ZZ", "QO", "EU", "EZ", "UN", "AC", "CP", "CQ", "DG", "EA", "IC", "TA",
})  # fmt: skip


@cache
def jurisdictions() -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 codes (and XKX) with English names, in the order of the names."""
    names = _english().territories
    found = {KOSOVO: "Kosovo*"}
    for alpha3, targets in get_global("territory_aliases").items():
        if len(alpha3) != 3 or not alpha3.isalpha() or alpha3 in _NO_JURISDICTIONS:
            continue
        if len(targets) == 1 and targets[0] in names and targets[0] not in _NO_JURISDICTIONS:
            found.setdefault(alpha3, names[targets[0]].replace(" & ", " and "))
    return dict(sorted(found.items(), key=lambda entry: entry[1]))


def jurisdiction_name(code: str | None) -> str:
    """Return the name of a jurisdiction, or the code itself where no name is known."""
    return jurisdictions().get(code or "", code or "")


@cache
def languages() -> dict[str, str]:
    """Return ISO 639 codes with English names; `cnr` is Montenegrin, which has no short code."""
    names = {"cnr": "Montenegrin"}
    return {
        code: names.get(code) or _english().languages[code]
        for code in (*LANGUAGES_FIRST, *sorted(LANGUAGES_MORE))
    }


def language_name(code: str) -> str:
    """Return the name of a language, or the code itself where no name is known."""
    return languages().get(code, code)


def day_name(value: date | None) -> str:
    """Return a day as people of the region read it: 5 November 2018."""
    return format_date(value, "d MMMM y", locale="en") if value else ""


def month_name(value: date) -> str:
    """Return the month of a day: November 2018."""
    return format_date(value, "MMMM y", locale="en")


def period_name(start: date | None, end: date | None) -> str:
    """Return a period of days in words, as short as it can be without doubt."""
    if start is None or end is None:
        return day_name(start or end)
    if start == end:
        return day_name(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_name(end)}"
    if start.year == end.year:
        return f"{format_date(start, 'd MMMM', locale='en')} – {day_name(end)}"
    return f"{day_name(start)} – {day_name(end)}"
