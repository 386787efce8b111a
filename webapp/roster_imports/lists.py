"""What a cell says that lists several things: languages, themes, missions and the like.

What cannot be understood is refused in words, and nothing of the cell is taken.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from webapp.core import clock
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.curricula.dates import find_day, find_periods
from webapp.curricula.spoken import EUROPASS, find_languages
from webapp.curricula.wordings import Phrase, language_names, words_of
from webapp.experts.contents import Claim, EvidenceContent, Skill, TrainingContent
from webapp.experts.models import EvidenceKind
from webapp.roster_imports.cells import LONGEST_LINE, PARTS, CellError, one_of

# It begins where what is before the number does: a long run of that is read once.
_YEARS = re.compile(
    r"(?<![\s,(–-])[\s,(–-]*+(\d{1,2})\+?\s*(?:years?|y|god\w*|год\w*|лет|рок\w*|vjet|ani|ans)\W*$"
)
_COMMA_OR_BRACKET = re.compile(r"([,()])")
_CEFR = re.compile(r"(?<!\w)[ABCАВС]\s?[12](?!\w)")
# Codes of languages that are written beside those of ISO 639-1.
_LANGUAGE_CODES = {
    "ENG": "en", "FRA": "fr", "FRE": "fr", "RUS": "ru", "UKR": "uk", "ALB": "sq", "SQI": "sq",
    "BOS": "bs", "HRV": "hr", "CRO": "hr", "CNR": "cnr", "MNE": "cnr", "SRP": "sr", "SRB": "sr",
    "MKD": "mk", "MAC": "mk", "RON": "ro", "RUM": "ro", "BUL": "bg", "SLV": "sl", "GER": "de",
    "DEU": "de", "ITA": "it", "SPA": "es", "TUR": "tr", "GRE": "el", "HUN": "hu",
}  # fmt: skip
_way = one_of({kind.value: kind for kind in HelpKind})


def parts_of(written: str, comma: bool = True) -> list[str]:
    """Return the parts of a cell that lists several things."""
    parts = [part.strip(" ,.-") for part in PARTS.split(written)]
    if comma:
        parts = [one.strip() for part in parts for one in _at_commas(part)]
    return [part for part in parts if part]


def _at_commas(part: str) -> list[str]:
    """Cut a part at its commas, but for those in brackets."""
    found, bracket = [""], False
    for piece in _COMMA_OR_BRACKET.split(part):
        bracket = piece == "(" or (bracket and piece != ")")
        if piece == "," and not bracket:
            found.append("")
        else:
            found[-1] += piece
    if bracket:
        # It was opened and not closed, so it holds nothing together.
        before, opened, behind = found.pop().rpartition("(")
        first, *others = behind.split(",")
        found += [before + opened + first, *others]
    return found


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
