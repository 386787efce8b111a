"""What a cell says: days, languages, themes and the like, in the ways in which people write them.

What cannot be understood, or may mean two things, is refused in words and never guessed at.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from email_validator import EmailNotValidError, validate_email

from webapp.config import DATA
from webapp.core import clock
from webapp.core.text_rules import cleaned_line
from webapp.core.translation import Message, _
from webapp.core.vocabularies import CefrLevel, HelpKind, jurisdiction_codes
from webapp.curricula.dates import find_day, find_periods
from webapp.curricula.spoken import EUROPASS, find_languages
from webapp.curricula.wordings import Phrase, language_names, months, place_names, words_of
from webapp.experts.contents import Claim, EvidenceContent, Skill, TrainingContent
from webapp.experts.models import EvidenceKind, Gender, NatoRank, Service

LONGEST_LINE = 200
_PARTS = re.compile(r"[;\n|•]")
_AND = re.compile(r"\s(?:and|i|и|dhe|și|si|та|et|&)\s", re.IGNORECASE)
_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()/.+-]{4,38}")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\.?(?:[T ][\d:.]+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_DAY_NAMED = re.compile(r"(\d{1,2})[.\s-]*([^\W\d_]+)[.\s,-]*(\d{4})\D{0,6}")
_NAMED_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_MONTH = re.compile(r"(?:(\d{1,2})[-/.]|([^\W\d_]+)\.?\s+)(\d{4})\.?")
_SERIAL = re.compile(r"[2-7]\d{4}")
_YEARS = re.compile(
    r"[\s,(–-]*(\d{1,2})\+?\s*(?:years?|y|god\w*|год\w*|лет|рок\w*|vjet|ani|ans)\W*$"
)
_CEFR = re.compile(r"(?<!\w)[ABCАВС]\s?[12](?!\w)")
# Spreadsheets count days from here. Source: ECMA-376 part 1, 18.17.4.1.
_FIRST_DAY = date(1899, 12, 30)
# Codes of languages that are written beside those of ISO 639-1.
_LANGUAGE_CODES = {
    "ENG": "en", "FRA": "fr", "FRE": "fr", "RUS": "ru", "UKR": "uk", "ALB": "sq", "SQI": "sq",
    "BOS": "bs", "HRV": "hr", "CRO": "hr", "CNR": "cnr", "MNE": "cnr", "SRP": "sr", "SRB": "sr",
    "MKD": "mk", "MAC": "mk", "RON": "ro", "RUM": "ro", "BUL": "bg", "SLV": "sl", "GER": "de",
    "DEU": "de", "ITA": "it", "SPA": "es", "TUR": "tr", "GRE": "el", "HUN": "hu",
}  # fmt: skip


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
    found = line(LONGEST_LINE)(_PARTS.sub(";", written))
    parts = [part.strip() for part in found.split(",") if part.strip()]
    titles = [part for part in parts[1:] if words_of(part) and _is_title(part)]
    parts = [part for part in parts if part not in titles]
    several = len(parts) > 2 or (len(parts) == 2 and all(len(p.split()) > 1 for p in parts))
    if several or re.search(r"[;/&+]", found) or _two_people(found):
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
    found = cleaned_line(written).strip("<> ;,").removeprefix("mailto:")
    if len(re.findall("@", found)) > 1:
        raise CellError(_("Several addresses stand in this cell. Please leave one."))
    try:
        validate_email(found, check_deliverability=False)
    except EmailNotValidError as error:
        raise CellError(_("This is no e-mail address such as name@example.org.")) from error
    return found.lower()


def telephone(written: str) -> str:
    """Read a number that can be dialled."""
    found = " ".join(re.sub(r"[;,\n]", " / ", cleaned_line(written)).split())
    found = re.sub(r"^(?:tel|mob)[.:\s]+", "", found, flags=re.IGNORECASE)
    if not _TELEPHONE.fullmatch(found) or "E+" in written:
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


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# The ways in which a day is written; of a month alone it is the last day.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (_YEAR_FIRST, lambda match: date(*map(int, match.groups()))),
    (_DAY_FIRST, _day_first),
    (_DAY_NAMED, lambda match: date(int(match[3]), _month(match[2]), int(match[1]))),
    (_NAMED_DAY, lambda match: date(int(match[3]), _month(match[1]), int(match[2]))),
    (_MONTH, lambda match: _last_day(int(match[3]), int(match[1] or 0) or _month(match[2]))),
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
_way = one_of({kind.value: kind for kind in HelpKind})


def nato_rank(written: str) -> NatoRank:
    """Read a code of a rank such as OF-3."""
    code = re.sub(r"[\s_-]*(\d+)", r"-\1", cleaned_line(written).upper())
    try:
        return NatoRank(code)
    except ValueError as error:
        raise CellError(_("This is no code of a rank such as OF-3.")) from error


def parts_of(written: str, comma: bool = True) -> list[str]:
    """Return the parts of a cell that lists several things."""
    parts = [part.strip(" ,.-") for part in _PARTS.split(written)]
    if comma:
        parts = [one.strip() for part in parts for one in re.split(r",(?![^(]*\))", part)]
    return [part for part in parts if part]


def ways(written: str) -> tuple[HelpKind, ...]:
    """Read ways of help, several in one cell."""
    found = [_way(part) for part in parts_of(written.replace("/", ";"))]
    return tuple(kind for kind in HelpKind if kind in found)


def languages(written: str, heading: str = "") -> list[Skill]:
    """Read languages with their levels, such as "EN C1; SR native".

    Below the name of a language as `heading`, its level alone is enough.
    """
    if words_of(heading) in language_names() and not _named_in(written):
        return _skills(f"{heading} {written}", written)
    found: dict[str, Skill] = {}
    for skill in (one for part in _language_parts(written) for one in _skills(part, part)):
        if found.setdefault(skill.language, skill) != skill:
            raise CellError(_("A language stands here twice, with different levels."))
    return list(found.values())


def _language_parts(written: str) -> Iterator[str]:
    for part in parts_of(written):
        if len(_named_in(part)) > 1 and "/" in part:
            yield from filter(None, map(str.strip, part.split("/")))
        elif part:
            yield part


def _named_in(written: str) -> list[str]:
    return [one.code for one in find_languages([(0, _spelled_out(written))], [])]


def _spelled_out(written: str) -> str:
    """Return a text in which codes of languages, in capitals or in front, are names."""

    def name_of(match: re.Match[str]) -> str:
        code = match[0]
        known = _LANGUAGE_CODES.get(code.upper()) or _short_codes().get(code.casefold())
        if known and (code.isupper() or match.start() == 0):
            return _plain_names()[known]
        return code

    return re.sub(r"(?<![\w-])[A-Za-z]{2,3}(?![\w-])", name_of, written.strip())


@cache
def _short_codes() -> dict[str, str]:
    return {code: code for code in language_names().values()}


@cache
def _plain_names() -> dict[str, str]:
    """Return a name for each language by which it is found again."""
    return {code: " ".join(phrase) for phrase, code in language_names().items()}


def _skills(part: str, written: str) -> list[Skill]:
    spoken = find_languages([(0, _spelled_out(part))], [])
    if not spoken:
        raise CellError(_("No language is known by these words: “%(words)s”.", words=written[:60]))
    told = len(_CEFR.findall(part))
    for one in spoken:
        # More levels than languages are those of a language that is not known.
        if not one.level or len(spoken) < told != EUROPASS:
            raise CellError(
                _(
                    "The level is missing, or cannot be understood: “%(words)s”. Please write it"
                    " as A1 to C2, or as native.",
                    words=written[:60],
                )
            )
    return [
        Skill(
            one.code,
            CefrLevel(one.level),
            stanag=one.stanag,
            **{skill: CefrLevel(level) for skill, level in one.skills.items()},
        )
        for one in spoken
    ]


def themes(known: Mapping[Phrase, str]) -> Callable[[str], list[Claim]]:
    """Return what reads themes, several in one cell, by `known` wordings of them."""

    def read(written: str) -> list[Claim]:
        found: dict[str, Claim] = {}
        for part in parts_of(written, comma=False):
            for claim in _claims(part, known):
                found.setdefault(claim.code, claim)
        return list(found.values())

    return read


def _claims(part: str, known: Mapping[Phrase, str]) -> Iterator[Claim]:
    """Yield the themes of a part: of the whole of it, or of what stands between its commas."""
    pieces = [part] if _theme(part, known) else parts_of(part)
    for piece in pieces:
        claim = _theme(piece, known)
        if claim is None:
            raise CellError(
                _(
                    "This is no theme of the platform: “%(words)s”. Please write a theme as its"
                    " list has it, or leave the column out.",
                    words=piece[:60],
                )
            )
        yield claim


def _theme(part: str, known: Mapping[Phrase, str]) -> Claim | None:
    years = _YEARS.search(part)
    code = known.get(words_of(part[: years.start()] if years else part))
    return Claim(code, int(years[1]) if years else None) if code else None


def missions(written: str) -> list[EvidenceContent]:
    """Read missions, several in one cell, each with its period where one is told."""
    found = []
    for part in parts_of(written, comma=False):
        periods = find_periods(part)
        period = periods[0] if len(periods) == 1 else None
        if period and period.start > clock.latest_today():
            raise CellError(_("This is still to come: “%(words)s”", words=part[:60]))
        title = part
        if period:
            title = (part[: period.first] + " " + part[period.last :]).strip(" ,;:()–-.")
        title = " ".join(title.split()) or part
        if len(title) > LONGEST_LINE:
            raise CellError(_("One of these is longer than a title: “%(words)s…”", words=part[:60]))
        found.append(
            EvidenceContent(
                EvidenceKind.MISSION,
                title,
                started=period.start if period else None,
                ended=period.end if period else None,
            )
        )
    return found


def trainings(written: str) -> list[TrainingContent]:
    """Read courses and certificates, several in one cell."""
    found = []
    for part in parts_of(written, comma=False):
        title = " ".join(part.split())
        if len(title) > LONGEST_LINE:
            raise CellError(_("One of these is longer than a title: “%(words)s…”", words=part[:60]))
        ends = find_day(part) if re.search(r"\b(?:until|do|до|deri|până|jusqu)", part) else None
        found.append(TrainingContent(title, ends))
    return found
