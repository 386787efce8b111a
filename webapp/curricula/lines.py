"""The text of a curriculum as lines, as its writer meant them: without what a page adds to them."""

import re
from collections import Counter

from webapp.core.words.text_rules import normalized
from webapp.curricula.dates import with_whole_years
from webapp.curricula.wordings import find, words_of

LONGEST_HEADING = 60
SEPARATORS = " \t,;:|•·–—-()[]/."
BULLET = re.compile(r"^\s*(?:([-–—•·▪●○◦*►✓\uf0b7])|(\d{1,2})[.)]|([^\W\d_])\))\s+")
_HYPHENATED = re.compile(
    r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[a-zß-ÿ\u0100-\u024f\u0430-\u045f])"
    r"|(?<=[A-Z\u00c0-\u00de\u0400-\u042f])[-\u00ad\u2010]\n(?=[A-Z\u00c0-\u00de\u0400-\u042f])"
)
# A period whose end, or the year of whose end, stands on the next line: in a narrow column, or
# where a line of any length ends with the dash, or the next one begins with it.
_PARTED_PERIOD = re.compile(
    r"(?m)^(.{0,24}\d{4}\.?\s?[-–—]\s?[^\W\d_]*\.?|.{25,80}\d{4}\.?\s?[-–—])\n(?=.{0,14}(?:\d{4}|$))"
    r"|^(.{0,80}\d{4}\.?)\n(?=[-–—]\s?.{0,14}\d{4}\.?$)"
)
# What stands at the edge of each page: its number of how many, also with a word before it.
_PAGE_NUMBER = re.compile(r"^[^\W\d]{0,12}\.?\s?\d{1,3}\s?(?:/|\b[^\W\d]{1,3}\b)\s?\d{1,3}$")


def prepared(text: str) -> list[str]:
    """Return the lines of a text, with ligatures undone and words joined that a line end parts."""
    text = normalized("NFKC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _HYPHENATED.sub("", text).replace("\u00ad", "")
    text = "\n".join(_without_edges_of_pages([line.strip() for line in text.split("\n")]))
    text = with_whole_years(_PARTED_PERIOD.sub(r"\1\2 ", text))
    return [re.sub(r"[ \u00a0]{2,}", "  ", line).strip() for line in text.split("\n")]


def mark_of(line: str) -> str:
    """Return the sign that makes a line one of a list: numbers are one kind of it, letters too."""
    found = BULLET.match(line)
    if found is None:
        return ""
    return found[1] or ("1" if found[2] else "a")


def _without_edges_of_pages(lines: list[str]) -> list[str]:
    """Return lines without what stands on every page: its number, and whose curriculum it is."""
    name = words_of(next(filter(None, lines), ""))
    numbers = [line for line in lines if _PAGE_NUMBER.match(line)]
    if len(numbers) < 2 or not name:
        return lines
    times = Counter(lines)
    on_each_page = {
        line
        for line, number in times.items()
        if number > 1 and len(line) <= LONGEST_HEADING and find(words_of(line), name) >= 0
    }
    # The first of all names the person, and stays.
    first = lines.index(next(filter(None, lines)))
    return [
        line
        for at, line in enumerate(lines)
        if at == first or not (line in on_each_page or _PAGE_NUMBER.match(line))
    ]
