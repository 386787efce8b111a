"""What a text lists, one by one: with signs, numbers or letters, in lines, paragraphs or clauses.

Texts are pasted from papers whose lines end where the paper ends, so a line can go on with the one
above it. Where that is not certain, a line stands for itself. Words stay as they were typed, with
the numbers and letters before them; only a mere sign before an entry is left off.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# With what an entry begins, also in a line of its own above it: a sign, some of which are those of
# the fonts of office programs, and "o" before a tab, which is their second sign.
_SIGN = re.compile(r"(?:[-–—−•*·▪●○◦‣⁃∙■□➢✓►→\uf0b7\uf0a7\uf0d8](?:\s+|$)|o\t\s*)")
_MARK = re.compile(
    r"\(?(\d{1,2}(?:\.\d{1,2})+(?=[.)]?\s)|(?:\d{1,2}|[^\W\d_]{1,4})(?=[.)](?:\s|$)))"
)
# In which order marks follow one another; lists in Cyrillic do without й and ё.
_ORDERS = tuple(
    {mark: at for at, mark in enumerate(marks)}
    for marks in (
        "abcdefghijklmnopqrstuvwxyz",
        "абвгдежзиклмнопрст",
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
    )
)
# Papers have no narrower lines; and lines end at the width of a paper if two of them are full.
_NARROWEST, _FULL_LINES = 40, 2
_FINISHED = re.compile(r"[.;!?…][\"”»’)\]]*$")
_NEXT_SENTENCE = re.compile(r"\w{3}[.!?]\s+(\w)")
_BROKEN_WORD = re.compile(r"\w-$")
# No entry ends with these words.
_LEADING_ON = frozenset(
    {
        *("a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to"),
        *("with", "dr.", "e.g.", "i.e.", "mr.", "ms.", "no.", "nr."),
        *("в", "во", "для", "до", "за", "и", "из", "или", "к", "на", "о", "об", "от", "по", "при"),
        *("с", "со", "у", "через", "г.", "гг.", "др.", "им.", "пос.", "с.", "т.е.", "ул."),
        *("i", "ili", "iz", "kod", "na", "od", "po", "pri", "s", "sa", "u", "uz", "za"),
        *("br.", "ul."),
    }
)
# Lists within lists are no deeper. What looks like the beginnings of more are dates and initials.
_MOST_OPEN = 20
# Two clauses are one sentence as often as they are two entries.
_FEWEST_CLAUSES = 3
# What introduces all clauses: behind it the first one goes on as the others do.
_LEAD_IN = re.compile(r"^[^:;]+:\s+(?=(\w))")
_BETWEEN_CLAUSES = re.compile(r"(?<=;)\s+(?![^()]*\))")


@dataclass
class _Line:
    """A line without the sign before it, and whether an empty one is above it."""

    text: str
    is_marked: bool
    is_below_a_gap: bool


@dataclass
class _Chain:
    """Lines whose marks follow one another, as "1.", "2." and "3." do."""

    is_list: bool
    last: str
    lines: list[_Line] = field(default_factory=list)


def entries_of(text: str) -> list[str]:
    """Return what a text lists. A paragraph that lists nothing is one entry."""
    lines = list(_lines_of(text))
    _mark_counted(lines)
    lines = _without_lead_in(lines)
    entries = _joined(lines)
    is_counted = any(line.is_marked for line in lines)
    if is_counted or not all(one.endswith(";") for one in entries[:-1]):
        return entries
    return _clauses_of(" ".join(entries)) or entries


def _lines_of(text: str) -> Iterator[_Line]:
    is_below_a_gap = False
    for line in map(str.strip, text.splitlines()):
        if line:
            sign = _SIGN.match(line)
            yield _Line(line[sign.end() :] if sign else line, sign is not None, is_below_a_gap)
        is_below_a_gap = not line


def _mark_counted(lines: Sequence[_Line]) -> None:
    """Mark the lines that begin with numbers or letters one after the other. Any other is the first
    word of what was written: a date, an initial, the "г." of a town."""
    chains: list[_Chain] = []
    above = None
    for line in lines:
        is_below_a_sign, above = above is not None and above.is_marked, line
        found = _MARK.match(line.text)
        if found is None:
            continue
        mark, has_bracket = found[1].casefold(), line.text.startswith(")", found.end())
        # Below an entry with a sign nothing but another one begins so.
        line.is_marked |= is_below_a_sign and has_bracket and _is_first(mark)
        open_ones = reversed(chains[-_MOST_OPEN:])
        chain = next((one for one in open_ones if _follows(one.last, mark)), None)
        if chain is None:
            # With a bracket it is counted also where the beginning of the list is not here.
            chain = _Chain(_is_first(mark) or has_bracket, mark)
            chains.append(chain)
        chain.last = mark
        chain.lines.append(line)
    for chain in chains:
        for line in chain.lines:
            line.is_marked |= chain.is_list and len(chain.lines) > 1


def _without_lead_in(lines: list[_Line]) -> list[_Line]:
    """Return the lines without the one sentence that introduces all of them, such as "The expert
    will:": it belongs to none of its entries. Where there are several, each belongs to its own."""
    leading = [at for at, line in enumerate(lines) if line.text.endswith(":")]
    if len(leading) != 1:
        return lines
    lead_in, listed = lines[: leading[0] + 1], lines[leading[0] + 1 :]
    is_sentence = not any(
        line.is_marked or _FINISHED.search(line.text) or _has_sentences(line.text)
        for line in lead_in
    )
    return listed if is_sentence and len(_joined(listed)) > 1 else lines


def _is_first(mark: str) -> bool:
    return set(mark.split(".")) == {"1"} or any(order.get(mark) == 0 for order in _ORDERS)


def _follows(mark: str, following: str) -> bool:
    if not (mark[0].isdecimal() and following[0].isdecimal()):
        return any(mark in one and one.get(following) == one[mark] + 1 for one in _ORDERS)
    numbers, next_ones = _numbers(mark), _numbers(following)
    after = [[*numbers[:at], number + 1] for at, number in enumerate(numbers)]
    # Behind 1.2 come 1.3, 2, 2.1 and 1.2.1.
    return any(
        next_ones[: len(one)] == one and set(next_ones[len(one) :]) <= {1}
        for one in ([*numbers, 1], *after)
    )


def _numbers(mark: str) -> list[int]:
    return [int(number) for number in mark.split(".")]


def _joined(lines: Sequence[_Line]) -> list[str]:
    """Return each line with those that go on from it."""
    full, is_prose = _full_lines(lines), any(_has_sentences(line.text) for line in lines)
    entries: list[str] = []
    above, in_list, begins_high = "", False, False
    for at, line in enumerate(lines):
        is_heading = line.text[:1].isupper() and _introduces(lines, at)
        in_list = line.is_marked or (in_list and not (line.is_below_a_gap or is_heading))
        is_introduced = bool(entries) and (not above or above.endswith(":"))
        if is_introduced or (
            entries
            and not line.is_marked
            and (in_list or _goes_on(above, line, at in full, is_prose, begins_high))
        ):
            entries[-1] += _between(entries[-1], line.text) + line.text
        else:
            entries.append(line.text)
            is_introduced = True
        if is_introduced:
            begins_high = next(filter(str.isalpha, line.text), "").isupper()
        above = line.text
    return [entry for entry in entries if entry]


def _introduces(lines: Sequence[_Line], at: int) -> bool:
    """Tell whether a line without a mark introduces marked ones."""
    line, following = lines[at], lines[at + 1 : at + 2]
    return (
        not line.is_marked and line.text.endswith(":") and any(one.is_marked for one in following)
    )


def _full_lines(lines: Sequence[_Line]) -> set[int]:
    """Return the places of lines whose first word had no room in the line above them."""
    width = max((len(line.text) for line in lines), default=0)
    full = {
        at
        for at in range(1, len(lines))
        if not lines[at].is_below_a_gap
        if len(lines[at - 1].text) + len(lines[at].text.partition(" ")[0]) >= width
    }
    return full if width >= _NARROWEST and len(full) >= _FULL_LINES else set()


def _goes_on(above: str, line: _Line, is_full: bool, is_prose: bool, begins_high: bool) -> bool:
    """Tell whether a line without a mark goes on with the one above it: one that is full and not
    finished, or is full of prose, or ends or goes on as no entry does."""
    if _BROKEN_WORD.search(above) or above.rpartition(" ")[2].casefold() in _LEADING_ON:
        return True
    if _FINISHED.search(above):
        return is_full and is_prose
    # No paper has torn what is narrower, unless the line cannot begin an entry.
    is_torn = len(above) >= _NARROWEST or line.text.partition(" ")[0] in _LEADING_ON
    return is_full or (begins_high and is_torn and line.text[:1].islower())


def _between(above: str, line: str) -> str:
    return "" if not above or (_BROKEN_WORD.search(above) and line[:1].islower()) else " "


def _has_sentences(text: str) -> bool:
    return any(found[1].isupper() for found in _NEXT_SENTENCE.finditer(text))


def _clauses_of(text: str) -> list[str]:
    """Return the clauses of a sentence that lists with semicolons; of any other there are none."""
    clauses = _BETWEEN_CLAUSES.split(text)
    if len(clauses) < _FEWEST_CLAUSES or any(map(_has_sentences, clauses)):
        return []
    lead_in = _LEAD_IN.match(clauses[0])
    if lead_in and lead_in[1].islower():
        clauses[0] = clauses[0][lead_in.end() :]
    return clauses
