"""What of a curriculum came into no piece, so that its writer sees what to write by hand."""

from collections.abc import Iterable, Sequence

from webapp.curricula.dates import find_periods
from webapp.curricula.entries import Entry, label_of
from webapp.curricula.lines import BULLET
from webapp.curricula.sections import heading_of
from webapp.curricula.wordings import words_of


def find_left_over(
    lines: Sequence[str], entries: Iterable[Entry], languages: Iterable[int], texts: Iterable[str]
) -> list[int]:
    """Return the numbers of the lines of which some word is in none of the pieces that were found
    there: entries, the lines of `languages`, and `texts` such as the summary."""
    said = {number: set[str]() for number in range(len(lines))}
    for entry in entries:
        words = set(words_of(f"{entry.title} {entry.place} {entry.description}"))
        for number in range(entry.lines[0], entry.lines[1] + 1):
            said[number] |= words
    anywhere = set(words_of(" ".join(texts)))
    spoken = set(languages)
    return [
        number
        for number, line in enumerate(lines)
        if number not in spoken and not _words_beside(line) <= said[number] | anywhere
    ]


def _words_beside(line: str) -> set[str]:
    """Return the words that a line tells besides its heading, its label and its dates."""
    section, rest = heading_of(line)
    label, labelled = label_of(line)
    told = rest if section else labelled if label else BULLET.sub("", line)
    for period in reversed(find_periods(told)):
        told = f"{told[: period.first]} {told[period.last :]}"
    return {word for word in words_of(told) if not word.isdigit()}
