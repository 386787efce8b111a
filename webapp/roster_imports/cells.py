"""What a cell says: days, languages, themes and the like, in the ways in which people write them.

What cannot be understood, or may mean two things, is refused in words and never guessed at.
"""

import csv
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

from webapp.accounts.rules import is_address, spelled_once
from webapp.config import DATA
from webapp.core import clock
from webapp.core.forms.telephones import can_be_dialled
from webapp.core.words.text_rules import cleaned_line
from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import jurisdiction_codes
from webapp.curricula.wordings import Phrase, months, place_names, words_of
from webapp.experts.models import Gender, NatoRank, Service

LONGEST_LINE = 200
PARTS = re.compile(r"[;\n|•]")
# The place of somebody in the list, written with the name.
_NUMBER_BEFORE = re.compile(r"^\d{1,4}\s?[.)]\s?")
_ADDRESS_OF = re.compile(r"<([^<>\s]+@[^<>\s]+)>\W*$")
_AND = re.compile(r"\s(?:and|i|и|dhe|și|si|та|et|&)\s", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\.?(?:[T ][\d:.]+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_DAY_NAMED = re.compile(r"(\d{1,2})[.\s-]*([^\W\d_]+)[.\s,-]*(\d{4})\D{0,6}")
_NAMED_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_MONTH = re.compile(r"(?:(\d{1,2})[-/.]|([^\W\d_]+)\.?\s+)(\d{4})\.?")
_SERIAL = re.compile(r"[2-7]\d{4}")
# Spreadsheets count days from here. Source: ECMA-376 part 1, 18.17.4.1.
_FIRST_DAY = date(1899, 12, 30)
NO_DAY = _("This is not written as a day. Please write it as 2027-12-31.")


class CellError(ValueError):
    """A cell that cannot be understood; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@cache
def words(kind: str) -> frozenset[Phrase]:
    """Return the folded wordings of one kind (data/roster_imports/words.tsv)."""
    return frozenset(phrase for name, phrase in _rows() if name == kind)


@cache
def _rows() -> tuple[tuple[str, Phrase], ...]:
    with (DATA / "roster_imports" / "words.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return tuple((row["kind"], words_of(word)) for row in rows for word in row["words"].split(";"))


@cache
def _nothings() -> frozenset[str]:
    with (DATA / "roster_imports" / "words.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["kind"]: row["words"] for row in csv.DictReader(file, delimiter="\t")}
    return frozenset(word.strip() for word in rows["nothing"].split(";"))


def is_nothing(written: str) -> bool:
    """Tell whether a cell says that there is nothing to say."""
    return written.strip().casefold() in _nothings() or not written.strip()


def line(limit: int) -> Callable[[str], str]:
    """Return what reads a text of one line of at most `limit` characters."""

    def read(written: str) -> str:
        found = " ".join(cleaned_line(written).split())
        if len(found) > limit:
            raise CellError(
                _(
                    "This has %(written)s characters; at most %(limit)s fit.",
                    written=len(found),
                    limit=limit,
                )
            )
        return found

    return read


def text(written: str) -> str:
    """Read a text of several lines."""
    if len(written) > 3000:
        raise CellError(
            _(
                "This has %(written)s characters; at most %(limit)s fit.",
                written=len(written),
                limit=3000,
            )
        )
    return written


def name(written: str) -> str:
    """Read the name of one person; "Novak, Ana" is Ana Novak."""
    found = _NUMBER_BEFORE.sub("", line(LONGEST_LINE)(PARTS.sub(";", written)))
    parts = [part.strip() for part in found.split(",") if part.strip()]
    titles = [part for part in parts[1:] if words_of(part) and _is_title(part)]
    parts = [part for part in parts if part not in titles]
    several = len(parts) > 2 or (len(parts) == 2 and all(len(p.split()) > 1 for p in parts))
    if several or re.search(r"[;/&+]|\d[.)]\s", found) or _two_people(found):
        raise CellError(
            _("Several people seem to stand in this cell. Please give each a row of their own.")
        )
    if "@" in found or re.search(r"\d{3}", found):
        raise CellError(_("This is no name: it has digits or an address in it."))
    if not words_of(found):
        raise CellError(_("There is no name here."))
    whole = f"{parts[1]} {parts[0]}" if len(parts) == 2 else parts[0]
    return ", ".join([whole, *titles])


def _two_people(written: str) -> bool:
    parts = _AND.split(written)
    return len(parts) > 1 and all(len(part.split()) > 1 for part in parts)


def _is_title(part: str) -> bool:
    return all((word,) in words("title") for word in words_of(part)) or words_of(part) in words(
        "title"
    )


def email(written: str) -> str:
    """Read one e-mail address."""
    found = cleaned_line(written)
    if named := _ADDRESS_OF.search(found):
        found = named[1] if found.count("@") == 1 else found
    found = found.strip("<> ;,").removeprefix("mailto:")
    if len(re.findall("@", found)) > 1:
        raise CellError(_("Several addresses stand in this cell. Please leave one."))
    if not is_address(found):
        raise CellError(_("This is no e-mail address such as name@example.org."))
    return spelled_once(found)


def telephone(written: str) -> str:
    """Read a number that can be dialled."""
    found = " ".join(re.sub(r"[;,\n]", " / ", cleaned_line(written)).split())
    found = re.sub(r"^(?:tel|mob)[.:\s]+", "", found, flags=re.IGNORECASE)
    if not can_be_dialled(found) or "E+" in written:
        raise CellError(
            _(
                "This is no telephone number that could be dialled, or more than one. Please write"
                " digits, blanks and signs such as +, - and / only."
            )
        )
    return found


def jurisdiction(written: str) -> str:
    """Read a jurisdiction by its name in one of the platform's languages, or by its code."""
    found = words_of(written)
    code = written.strip(" *").upper()
    if code in jurisdiction_codes() or code == "XKX":
        return code
    if by_two := {two: three for three, two in jurisdiction_codes().items()}.get(code):
        return by_two
    for known in (found, tuple(word for word in found if word not in _JOINTS)):
        if place := place_names().get(known):
            return place
    raise CellError(_("This is no jurisdiction that is known. Please write its name or code."))


_JOINTS = frozenset({"and", "i", "dhe", "si", "ta", "et", "the", "of"})


def day(written: str) -> date:
    """Read a day; where day and month could be either of two numbers, nothing is guessed."""
    found = cleaned_line(written).strip()
    for form, read in _FORMS:
        if match := form.fullmatch(found):
            try:
                return read(match)
            except CellError:
                raise
            except ValueError as error:
                raise CellError(_("There is no such day in the calendar.")) from error
    raise CellError(NO_DAY)


def _day_first(match: re.Match[str]) -> date:
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    if match[2] == "/" and first <= 12 < second:
        return date(year, first, second)
    if match[2] != "." and first <= 12 and second <= 12 and first != second:
        raise CellError(
            _("This may be either of two days. Please write it as year-month-day, as 2027-12-31.")
        )
    return date(year, second, first)


def _month(name_: str) -> int:
    known = months().get(name_.casefold().rstrip("."))
    if known is None:
        raise CellError(_("“%(word)s” is no month that is known.", word=name_[:40]))
    return known


def _last_day(match: re.Match[str]) -> date:
    year, month = int(match[3]), int(match[1]) if match[1] else _month(match[2])
    # A month that is none has no days, in words of the calendar's own error.
    return date(year, month, monthrange(year, month)[1])


# The ways in which a day is written; of a month alone it is the last day.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (_YEAR_FIRST, lambda match: date(*map(int, match.groups()))),
    (_DAY_FIRST, _day_first),
    (_DAY_NAMED, lambda match: date(int(match[3]), _month(match[2]), int(match[1]))),
    (_NAMED_DAY, lambda match: date(int(match[3]), _month(match[1]), int(match[2]))),
    (_MONTH, _last_day),
    (_SERIAL, lambda match: _FIRST_DAY + timedelta(days=int(match[0]))),
)


def year_of(written: str) -> int:
    """Read the year in which somebody entered the service, from it or from a day of it."""
    found = cleaned_line(written).strip(" .")
    year = int(found) if re.fullmatch(r"\d{4}", found) else day(found).year
    last = clock.latest_today().year
    if not 1950 <= year <= last:
        raise CellError(
            _("The year must lie between %(first)s and %(last)s.", first=1950, last=last)
        )
    return year


def number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between `least` and `most`."""

    def read(written: str) -> int:
        match = re.fullmatch(r"(\d{1,4})\s*[^\W\d_]{0,8}\.?", cleaned_line(written))
        if not match or not least <= int(match[1]) <= most:
            raise CellError(
                _(
                    "Please write a whole number from %(least)s to %(most)s.",
                    least=least,
                    most=most,
                )
            )
        return int(match[1])

    return read


def one_of(kinds: Mapping[str, object]) -> Callable[[str], object]:
    """Return what reads one of these kinds by its words in the platform's languages."""

    def read(written: str) -> object:
        found = words_of(written)
        for kind, member in kinds.items():
            if found in words(kind):
                return member
        raise CellError(_("This word is not known here: “%(word)s”.", word=written[:60]))

    return read


gender = one_of({kind.value: kind for kind in Gender})
service = one_of({kind.value: kind for kind in Service})


def nato_rank(written: str) -> NatoRank:
    """Read a code of a rank such as OF-3."""
    parts = re.fullmatch(r"([A-Z]+)[\s_-]*(\d+)", cleaned_line(written).upper())
    try:
        return NatoRank(f"{parts[1]}-{parts[2]}" if parts else written)
    except ValueError as error:
        raise CellError(_("This is no code of a rank such as OF-3.")) from error
