"""The entries of a section of a curriculum: posts, missions, courses, each with its days."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.curricula.dates import Period, find_periods
from webapp.curricula.lines import BULLET, SEPARATORS
from webapp.curricula.sections import Numbered
from webapp.curricula.validity import expiry_in, is_expiry
from webapp.curricula.wordings import (
    find,
    first_named,
    labels,
    phrases,
    place_names,
    says,
    words_of,
)

# What fits into the fields of a profile.
LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 2000
# A date within a longer line is part of a sentence.
_WORDS_OF_DATED = 16
# Within so many characters stands the date with which a longer one begins.
_OPENING = 80
# What parts a date from what was then.
_PARTING = frozenset(":–—-")
# What tells when something was, in a form or at the head of a table.
_WHEN = frozenset({"dates", "starts"})
# Of so many words at its beginning one says that a line names an organisation.
_WORDS_OF_ORGANISATION = 2
# "Durrës, Albania" beside a date is where it was.
_WORDS_OF_PLACE = 5
# So many words beside a date are a title.
_WORDS_OF_WHOLE = 3
# A title that goes on after a point has so many words behind it, if that is a sentence.
_WORDS_OF_SENTENCE = 4
# A short word before a point may be an abbreviation.
_SHORT_WORD = 5
_POINT = re.compile(r"\b(\w+)\)?\.\s++(?=[^\W\d_])")


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
    # Whether it stands below a post, as one thing that was done in it.
    is_below: bool = False


def label_of(line: str) -> tuple[str, str]:
    """Return what the label of a line stands for, and what it labels."""
    for mark in ("\t", ":", "  "):
        before, found, rest = line.partition(mark)
        if found and (label := labels().get(words_of(before.strip(SEPARATORS)))):
            return label, rest.strip(" \t:")
    return (labels().get(words_of(line.strip(SEPARATORS)), ""), "") if line else ("", "")


def _heads(line: str) -> list[str]:
    """Return what each column stands for, of the row of heads of a table."""
    named = [labels().get(words_of(cell), "") for cell in line.split("\t")]
    return named if "title" in named and not _WHEN.isdisjoint(named) else []


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


def entries_in(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield the entries of a section: rows of a table, parts of a form, or blocks with a date."""
    if any(_heads(line) for _, line in lines):
        yield from _rows(lines)
        return
    if any(label_of(line)[0] in _WHEN for _, line in lines):
        yield from _labelled(lines)
        return
    starts = list(_starts(lines))
    for first, last in itertools.pairwise([*starts, len(lines)]):
        block = [row for row in lines[first:last] if row[1]]
        if block and (entry := _entry(block)):
            yield entry


def _dated(line: str) -> Period | None:
    """Return the period that a line puts to an entry: a whole one, or a date at one of its ends;
    beside a date until which something is valid, any other."""
    words = len(words_of(line))
    if words > _WORDS_OF_DATED and (opening := _opening(line)):
        return opening
    if words > _WORDS_OF_DATED + 6:
        return None
    told = find_periods(line)
    periods = [period for period in told if not is_expiry(line, period)]
    for period in periods:
        is_edge = not words_of(line[: period.first]) or not words_of(line[period.last :])
        is_edge = is_edge or len(periods) < len(told)
        if words <= _WORDS_OF_DATED + 6 * period.is_range and is_edge:
            return period
    return None


def _opening(line: str) -> Period | None:
    """Return the period with which a line of any length begins. One date alone begins a point of a
    list, and a line that begins anew behind it, with a dash, a colon or a capital letter; elsewhere
    it may be one of a sentence that goes on from the line above."""
    mark = BULLET.match(line)
    begins = mark.end() if mark else 0
    for period in find_periods(line[:_OPENING])[:1]:
        behind = line[period.last :].lstrip()[:1]
        begins_anew = period.is_range or mark or behind.isupper() or behind in _PARTING
        if begins_anew and not words_of(line[begins : period.first]):
            return period
    return None


def _starts(lines: Sequence[Numbered]) -> Iterator[int]:
    """Yield where entries begin: as many lines before each date as in the first of them."""
    marked = [at for at, (_, line) in enumerate(lines) if BULLET.match(line) and _dated(line)]
    dated = [
        at for at, (_, line) in enumerate(lines) if line and not BULLET.match(line) and _dated(line)
    ]
    below = [at for at in marked if _is_below(lines[at][1])] if dated else []
    dated = dated or marked
    if not dated:
        return
    above = sum(1 for _, line in lines[: dated[0]] if line)
    offset = above if above <= 2 else 0
    alone = not _beside(lines[dated[0]][1])
    reached = 0
    for at in sorted([*dated, *below]):
        # What has its own words beside a date needs none from above where the first had no words.
        whole = at in below or (alone and len(words_of(_beside(lines[at][1]))) >= _WORDS_OF_WHOLE)
        start, left = at, 0 if whole else offset
        while left and start > reached and (lines[start - 1][1] or left == offset):
            start -= 1
            left -= bool(lines[start][1])
            if BULLET.match(lines[start][1]):
                start += 1
                break
        yield start
        reached = at + 1


def _is_below(line: str) -> bool:
    """Tell whether a point with a date, below a post, is a thing of its own: a mission or a course
    that was given, or what names the jurisdiction in which it was."""
    told = any(says(line, kind) for kind in ("mission", "training given"))
    return told or first_named(line, place_names()) is not None


def _beside(line: str) -> str:
    """Return the words of a line beside its date."""
    period = _dated(line)
    if period is None:
        return line
    before, after = line[: period.first], line[period.last :]
    beside = f"{before.strip(SEPARATORS)} {after.strip(SEPARATORS)}".strip()
    return beside if words_of(beside) else ""


def _entry(block: Sequence[Numbered]) -> Entry | None:
    """Return what a block of lines tells, of which one has the date."""
    at, period = next(
        ((at, period) for at, (_, line) in enumerate(block) if (period := _dated(line))), (0, None)
    )
    if period is None:
        return None
    beside = _beside(block[at][1])
    told = [line for number, (_, line) in enumerate(block) if number != at]
    place = ""
    where, role = _where_and_role(beside)
    if at == 0 and told and _is_where(beside, told[0]):
        place = beside
    elif role:
        place = where
        told.insert(at, role)
    elif beside:
        told.insert(at, beside)
    if not told:
        return None
    if len(told) > 1 and at and _names_organisation(told[0]) and not _names_organisation(told[1]):
        place = one_line(told.pop(0))
    title, rest = _whole_title(told)
    if "\t" in title:
        title, _, more = title.partition("\t")
        rest = [more, *rest]
    return Entry(
        one_line(title),
        _description(title, rest),
        place,
        period=period,
        lines=(block[0][0], block[-1][0]),
        is_below=at == 0 and bool(BULLET.match(block[0][1])) and _is_below(block[0][1]),
    )


def _is_where(beside: str, following: str) -> bool:
    """Tell whether what stands beside a date is the place of the title below it: an organisation or
    a jurisdiction, or any place where Europass prints the title in capitals."""
    words = words_of(beside)
    is_title = not (BULLET.match(following) or following.endswith("."))
    if is_title and not _names_organisation(following) and _names_where(beside):
        return True
    if not words or len(words) > _WORDS_OF_PLACE:
        return False
    first = following.split()[:2]
    return len(first) == 2 and all(map(str.isupper, first)) and not beside.isupper()


def _names_where(text: str) -> bool:
    """Tell whether a text begins with an organisation, or ends with a jurisdiction."""
    return _names_organisation(text) or words_of(text.rpartition(",")[2]) in place_names()


def _where_and_role(beside: str) -> tuple[str, str]:
    """Return the place and what was done there, of "Bishkek, Kyrgyzstan: speaker, OSCE"."""
    where, _, role = beside.partition(":")
    # "Mission to Chisinau, Moldova: mentor" names what it was as well.
    is_place = words_of(where.rpartition(",")[2]) in place_names() and not says(where, "mission")
    is_short = len(words_of(where)) <= _WORDS_OF_PLACE
    return (where, role.strip()) if is_place and is_short and words_of(role) else ("", "")


def _names_organisation(line: str) -> bool:
    """Tell whether a line begins with the name of an organisation."""
    words = words_of(line)
    return any(
        0 <= find(words, phrase) < _WORDS_OF_ORGANISATION for phrase in phrases("organisation")
    )


def _whole_title(told: Sequence[str]) -> tuple[str, list[str]]:
    """Return a title with the lines in which it goes on, and the lines behind it."""
    title, rest = told[0], list(told[1:])
    while rest and _goes_on(title, rest[0]):
        title = f"{title} {rest.pop(0)}"
    title, further = _first_sentence(title)
    return title, [further, *rest] if further else rest


def _first_sentence(title: str) -> tuple[str, str]:
    """Return the first sentence of a title, and what more it tells: "Head of a unit. Wrote its
    rules." is a post. What may be an abbreviation, or has no sentence behind it, is left whole."""
    for point in _POINT.finditer(title):
        word, rest = point[1], title[point.end() :]
        is_whole = word.islower() or word.isupper() or len(word) > _SHORT_WORD
        is_sentence = rest[0].isupper() and len(words_of(rest)) >= _WORDS_OF_SENTENCE
        if is_whole and len(word) > 2 and is_sentence:
            return title[: point.end()].rstrip(), rest
    return title, ""


def _goes_on(line: str, following: str) -> bool:
    """Tell whether a sentence of one line goes on in the next, in small letters."""
    return following[:1].islower() and not line.endswith((".", ";", ":", "!"))


def _labelled(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield the entries of a form, in which labels say what stands beside them."""
    first = next(label for _, line in lines if (label := label_of(line)[0]) in ("title", *_WHEN))
    entry: dict[str, list[str]] = {}
    span = (0, 0)
    current = ""
    for number, line in [*lines, (-1, "")]:
        label, rest = label_of(line)
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
    ends = (" ".join(told.get(name, ())) for name in ("starts", "ends"))
    when = " ".join((*told.get("dates", ()), " – ".join(filter(None, ends))))
    title = " ".join(told.get("title", ()))
    periods = find_periods(when)
    if not title:
        return None
    return Entry(
        one_line(title),
        _description(title, told.get("description", ())),
        one_line(" ".join(told.get("place", ()))),
        periods[0] if periods else None,
        span,
    )


def _description(title: str, lines: Sequence[str]) -> str:
    """Return what stands below a title; of one that is too long for its field, all of it first."""
    whole = [title] if len(title) > LONGEST_TITLE else []
    return joined([*whole, *lines])[:LONGEST_DESCRIPTION]


def trainings_in(lines: Sequence[Numbered]) -> Iterator[Entry]:
    """Yield courses and degrees: entries where most have a date line, otherwise line by line."""
    filled = _whole_items([(number, line) for number, line in lines if line])
    dated = [line for _, line in filled if _dated(line)]
    labelled = any(label_of(line)[0] in _WHEN for _, line in filled)
    if labelled or (dated and len(dated) < len(filled) and not _is_list(filled)):
        entries = list(entries_in(lines))
    else:
        entries = [
            Entry(one_line(line), period=_dated(line), lines=(number, number))
            for number, line in filled
            if len(words_of(line)) > 1
        ]
    for entry in entries:
        text = f"{entry.title} {entry.description}"
        entry.expires = expiry_in(text)
        if entry.period and str(entry.period.start.year) not in entry.title:
            year = (entry.period.end or entry.period.start).year
            entry.title = one_line(f"{entry.title} ({year})")
        yield entry


def _whole_items(lines: Sequence[Numbered]) -> list[Numbered]:
    """Return the lines of a list, each with those in which it goes on."""
    marked = sum(bool(BULLET.match(line)) for _, line in lines)
    whole: list[Numbered] = []
    for number, line in lines:
        follows = bool(whole) and (
            _goes_on(whole[-1][1], line) or (marked > 1 and not BULLET.match(line))
        )
        if follows:
            whole[-1] = (whole[-1][0], f"{whole[-1][1]} {line}")
        else:
            whole.append((number, line))
    return whole


def _is_list(lines: Sequence[Numbered]) -> bool:
    return all(BULLET.match(line) for _, line in lines)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", BULLET.sub("", text)).strip(SEPARATORS.replace(")", ""))[
        :LONGEST_TITLE
    ]


def joined(lines: Iterator[str] | Sequence[str]) -> str:
    """Return lines as one text; what begins with a sign of a list stays on a line of its own."""
    parts: list[str] = []
    for line in lines:
        text = re.sub(r"\s+", " ", line).strip()
        if not text:
            continue
        if parts and not BULLET.match(line):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
    return "\n".join(parts)
