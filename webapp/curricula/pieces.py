"""From the text of a curriculum to pieces of a profile, each with the lines it was found in."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from webapp.curricula.dates import Period, find_day, find_periods
from webapp.curricula.lines import LONGEST_HEADING, prepared
from webapp.curricula.spoken import Spoken, find_languages
from webapp.curricula.wordings import (
    first_named,
    headings,
    labels,
    place_names,
    says,
    words_of,
)
from webapp.experts.models import EvidenceKind, TrainingKind

# What fits into the fields of a profile.
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_SUMMARY = 200, 2000, 3000
MOST_PIECES = 40
# A date within a longer line is part of a sentence.
_WORDS_OF_DATED = 16
_BULLET = re.compile(r"^\s*(?:[-–—•·▪●○◦*►✓\uf0b7]|\d{1,2}[.)])\s+")
_TELEPHONE = re.compile(r"\+\d[\d ()/.-]{7,18}\d")
# What stands between two headings in one: "Misije i projekti", "Education & training".
# Each begins where its blanks do: a long run of them is read once.
_JOINTS = re.compile(
    r"(?<!\s)\s*+[&/+]\s*|(?<!\s)\s++(?:and|i|и|dhe|edhe|și|şi|та|й|et)\s+", re.IGNORECASE
)
_SEPARATORS = " \t,;:|•·–—-()[]/."
_EVIDENCE = ("experience", "missions")
_ASIDE = ("other", "personal")
_KINDS = (
    ("training given", EvidenceKind.TRAINING_GIVEN),
    ("mission", EvidenceKind.MISSION),
    ("procedure", EvidenceKind.PROCEDURE),
    ("project", EvidenceKind.PROJECT),
)


@dataclass
class Entry:
    """A piece of evidence or a training, in the source's words; `lines` are its first and last."""

    title: str
    description: str = ""
    place: str = ""
    period: Period | None = None
    lines: tuple[int, int] = (0, 0)
    kind: str = ""
    jurisdiction: str | None = None
    expires: date | None = None


@dataclass
class Found:
    """What a curriculum tells: its lines, and the pieces that were found in them."""

    lines: list[str]
    summary: str = ""
    telephone: str = ""
    evidence: list[Entry] = field(default_factory=list)
    trainings: list[Entry] = field(default_factory=list)
    languages: list[Spoken] = field(default_factory=list)


Numbered = tuple[int, str]


def read(text: str) -> Found:
    """Return the pieces of a curriculum, in the order in which they stand there."""
    lines = prepared(text)
    sections = _sections(lines)
    found = Found(lines)
    found.summary = _joined(line for _, line in sections.get("summary", ()))[:LONGEST_SUMMARY]
    found.telephone = _telephone(lines)
    for section in _EVIDENCE:
        for entry in _entries(sections.get(section, [])):
            _name_kind(entry, section)
            found.evidence.append(entry)
    for section in ("education", "training"):
        for entry in _trainings(sections.get(section, [])):
            entry.kind = _training_kind(entry.title, section)
            found.trainings.append(entry)
    spoken, native = _spoken_lines(lines, sections)
    found.languages = find_languages(spoken, native)
    found.evidence, found.trainings = found.evidence[:MOST_PIECES], found.trainings[:MOST_PIECES]
    return found


def _sections(lines: Sequence[str]) -> dict[str, list[Numbered]]:
    """Return the lines of each section; what stands before the first heading is personal."""
    sections: dict[str, list[Numbered]] = {}
    current = "personal"
    for number, line in enumerate(lines):
        section, rest = _heading(line)
        if section:
            current = section
            # Two parts under one heading, such as two kinds of missions, do not run together.
            sections.setdefault(current, []).append((number, ""))
        if not section or rest:
            sections.setdefault(current, []).append((number, rest or line))
    return sections


def _heading(line: str) -> tuple[str, str]:
    """Return the section that a line begins, and what stands behind its heading."""
    plain = _BULLET.sub("", line).strip(_SEPARATORS)
    if not plain:
        return "", ""
    if len(plain) <= LONGEST_HEADING and (section := _section_named(plain)):
        return section, ""
    before, colon, rest = plain.partition(":")
    section = headings().get(words_of(before), "") if colon else ""
    # Behind these a colon may be followed by what they are about; behind others stand labels.
    return (section, rest.strip()) if section in ("languages", "summary") else ("", "")


def _section_named(plain: str) -> str:
    """Return the section of a heading, or of one that names several."""
    if section := headings().get(words_of(plain)):
        return section
    named = [headings().get(words_of(part), "") for part in _JOINTS.split(plain)]
    if not all(named):
        return ""
    # Of education and courses together each title tells what it is; what is left aside counts last.
    if "training" in named:
        return "training"
    return next((section for section in named if section not in _ASIDE), named[0])


def _label(line: str) -> tuple[str, str]:
    """Return what the label of a line stands for, and what it labels."""
    for mark in ("\t", ":", "  "):
        before, found, rest = line.partition(mark)
        if found and (label := labels().get(words_of(before.strip(_SEPARATORS)))):
            return label, rest.strip(" \t:")
    return (labels().get(words_of(line.strip(_SEPARATORS)), ""), "") if line else ("", "")


def _heads(line: str) -> list[str]:
    """Return what each column stands for, of the row of heads of a table."""
    named = [labels().get(words_of(cell), "") for cell in line.split("\t")]
    return named if "title" in named and "dates" in named else []


def _rows(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield the entries of tables whose heads say what stands below them; a column of which nobody
    knows the name tells more, and so does a line without columns."""
    heads: list[str] = []
    told: dict[str, list[str]] = {}
    span = (0, 0)
    for number, line in [*lines, (-1, "\t")]:
        if "\t" not in line:
            told.setdefault("description", []).append(line)
            span = (span[0], number)
            continue
        if heads and (made := _from_labels(told, span)):
            yield made
        named, told, span = _heads(line), {}, (number, number)
        heads = named or heads
        for label, cell in zip(heads, () if named else line.split("\t"), strict=False):
            told.setdefault(label or "description", []).append(cell)


def _entries(lines: Sequence[Numbered]) -> Iterator[Entry]:
    if any(_heads(line) for _, line in lines):
        yield from _rows(lines)
        return
    if any(_label(line)[0] == "dates" for _, line in lines):
        yield from _labelled(lines)
        return
    starts = list(_starts(lines))
    for first, last in itertools.pairwise([*starts, len(lines)]):
        block = [row for row in lines[first:last] if row[1]]
        if block and (entry := _entry(block)):
            yield entry


def _dated(line: str) -> Period | None:
    """Return the period that a line puts to an entry: a whole one, or a date at one of its ends."""
    words = len(words_of(line))
    if words > _WORDS_OF_DATED + 6:
        return None
    for period in find_periods(line):
        is_edge = not words_of(line[: period.first]) or not words_of(line[period.last :])
        if words <= _WORDS_OF_DATED + 6 * period.is_range and is_edge:
            return period
    return None


def _starts(lines: Sequence[Numbered]) -> Iterator[int]:
    """Yield where entries begin: as many lines before each date as in the first of them."""
    dated = [
        at
        for at, (_, line) in enumerate(lines)
        if line and not _BULLET.match(line) and _dated(line)
    ] or [at for at, (_, line) in enumerate(lines) if line and _dated(line)]
    if not dated:
        return
    above = sum(1 for _, line in lines[: dated[0]] if line)
    offset = above if above <= 2 else 0
    reached = 0
    for at in dated:
        start, left = at, offset
        while left and start > reached and (lines[start - 1][1] or left == offset):
            start -= 1
            left -= bool(lines[start][1])
            if _BULLET.match(lines[start][1]):
                start += 1
                break
        yield start
        reached = at + 1


def _entry(block: Sequence[Numbered]) -> Entry | None:
    """Return what a block of lines tells, of which one has the date."""
    at, period = next(
        ((at, period) for at, (_, line) in enumerate(block) if (period := _dated(line))), (0, None)
    )
    if period is None:
        return None
    dated = block[at][1]
    beside = f"{dated[: period.first].strip(_SEPARATORS)} {dated[period.last :].strip(_SEPARATORS)}"
    told = [line for number, (_, line) in enumerate(block) if number != at]
    beside = beside.strip()
    if words_of(beside):
        told.insert(at, beside)
    if not told:
        return None
    title, rest = _whole_title(told)
    if "\t" in title:
        title, _, more = title.partition("\t")
        rest = [more, *rest]
    return Entry(
        _line(title),
        _joined(rest)[:LONGEST_DESCRIPTION],
        period=period,
        lines=(block[0][0], block[-1][0]),
    )


def _whole_title(told: Sequence[str]) -> tuple[str, list[str]]:
    """Return a title with the lines in which it goes on, and the lines behind it."""
    title, rest = told[0], list(told[1:])
    while rest and _goes_on(title, rest[0]):
        title = f"{title} {rest.pop(0)}"
    return title, rest


def _goes_on(line: str, following: str) -> bool:
    """Tell whether a sentence of one line goes on in the next, in small letters."""
    return following[:1].islower() and not line.endswith((".", ";", ":", "!"))


def _labelled(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield the entries of a form, in which labels say what stands beside them."""
    first = next(label for _, line in lines if (label := _label(line)[0]) in ("dates", "title"))
    entry: dict[str, list[str]] = {}
    span = (0, 0)
    current = ""
    for number, line in [*lines, (-1, "")]:
        label, rest = _label(line)
        if label == first or number < 0:
            if made := _from_labels(entry, span):
                yield made
            entry, span = {}, (number, number)
        if label:
            current = label
        said = rest if label else line
        if said and current:
            entry.setdefault(current, []).append(said)
            span = (span[0], number)


def _from_labels(told: dict[str, list[str]], span: tuple[int, int]) -> Entry | None:
    when = " ".join(told.get("dates", ()))
    title = " ".join(told.get("title", ()))
    periods = find_periods(when)
    if not title:
        return None
    return Entry(
        _line(title),
        _joined(told.get("description", ()))[:LONGEST_DESCRIPTION],
        _line(" ".join(told.get("place", ()))),
        periods[0] if periods else None,
        span,
    )


def _trainings(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield courses and degrees: entries where most have a date line, otherwise line by line."""
    filled = _whole_items([(number, line) for number, line in lines if line])
    dated = [line for _, line in filled if _dated(line)]
    labelled = any(_label(line)[0] == "dates" for _, line in filled)
    if labelled or (dated and len(dated) < len(filled) and not _is_list(filled)):
        entries = list(_entries(lines))
    else:
        entries = [
            Entry(_line(line), period=_dated(line), lines=(number, number))
            for number, line in filled
            if len(words_of(line)) > 1
        ]
    for entry in entries:
        text = f"{entry.title} {entry.description}"
        if says(text, "valid"):
            entry.expires = find_day(text)
        if entry.period and str(entry.period.start.year) not in entry.title:
            year = (entry.period.end or entry.period.start).year
            entry.title = _line(f"{entry.title} ({year})")
        yield entry


def _whole_items(lines: Sequence[Numbered]) -> list[Numbered]:
    """Return the lines of a list, each with those in which it goes on."""
    marked = sum(bool(_BULLET.match(line)) for _, line in lines)
    whole: list[Numbered] = []
    for number, line in lines:
        follows = bool(whole) and (
            _goes_on(whole[-1][1], line) or (marked > 1 and not _BULLET.match(line))
        )
        if follows:
            whole[-1] = (whole[-1][0], f"{whole[-1][1]} {line}")
        else:
            whole.append((number, line))
    return whole


def _is_list(lines: Sequence[Numbered]) -> bool:
    return all(_BULLET.match(line) for _, line in lines)


def _name_kind(entry: Entry, section: str) -> None:
    entry.kind = next(
        (kind.value for word, kind in _KINDS if says(entry.title, word)),
        (EvidenceKind.MISSION if section == "missions" else EvidenceKind.POST).value,
    )
    where = f"{entry.title} {entry.place} {entry.description}"
    entry.jurisdiction = first_named(where, place_names())


def _training_kind(title: str, section: str) -> str:
    if says(title, "degree") or (section == "education" and not says(title, "certificate")):
        return TrainingKind.DEGREE.value
    return (TrainingKind.CERTIFICATE if says(title, "certificate") else TrainingKind.COURSE).value


def _spoken_lines(
    lines: Sequence[str], sections: dict[str, list[Numbered]]
) -> tuple[list[Numbered], list[Numbered]]:
    """Return the lines on languages, and those of them that name mother tongues."""
    spoken: list[Numbered] = []
    native: list[Numbered] = []
    for number, line in sections.get("languages", ()):
        (native if _label(line)[0] == "mother tongue" else spoken).append((number, line))
    # Forms put the mother tongue among personal data, and its label in a line of its own.
    for number, line in enumerate(lines):
        label, rest = _label(line)
        if label == "mother tongue":
            following = lines[number + 1] if number + 1 < len(lines) else ""
            native.append((number, rest or following))
    return spoken, native


def _telephone(lines: Sequence[str]) -> str:
    found = next((f for line in lines[:60] if (f := _TELEPHONE.search(line))), None)
    return found[0] if found else ""


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", _BULLET.sub("", text)).strip(_SEPARATORS.replace(")", ""))[
        :LONGEST_TITLE
    ]


def _joined(lines: Iterator[str] | Sequence[str]) -> str:
    """Return lines as one text; what begins with a sign of a list stays on a line of its own."""
    parts: list[str] = []
    for line in lines:
        text = re.sub(r"\s+", " ", line).strip()
        if not text:
            continue
        if parts and not _BULLET.match(line):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
    return "\n".join(parts)
