"""What the columns of a table stand for: where its headings are, and which field each names."""

import csv
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from webapp.config import DATA
from webapp.core.words.translation import Message, _
from webapp.curricula.wordings import Phrase, find, language_names, words_of
from webapp.roster_imports.reading import Sheet

# The fields that a column can be read into, in the order in which the page offers them.
FIELDS: dict[str, Message] = {
    "name": _("Name"),
    "given_name": _("First name"),
    "family_name": _("Family name"),
    "contact_email": _("E-mail"),
    "telephone": _("Telephone"),
    "jurisdiction": _("Jurisdiction"),
    "entity": _("Entity, canton or region"),
    "institution": _("Institution"),
    "unit": _("Unit"),
    "post": _("Post"),
    "rank": _("Rank"),
    "nato_rank": _("Code of the rank"),
    "service": _("Service"),
    "service_since": _("In the service since"),
    "gender": _("Gender"),
    "languages": _("Languages"),
    "themes": _("Themes"),
    "ways": _("Ways in which you can help"),
    "missions": _("Missions"),
    "trainings": _("Training and certificates"),
    "summary": _("Summary"),
    "max_days": _("Longest mission, in days"),
    "notice_days": _("Notice you need, in days"),
    "approved_until": _("Approved until"),
}
# Several columns may be read into one of these, such as "Language 1" and "Language 2".
SEVERAL = frozenset({"languages", "themes", "ways", "missions", "trainings"})
NAMES = frozenset({"name", "given_name", "family_name"})
# Title rows and notes stand above a header, hardly ever more.
SEARCHED = 25
LONGEST_HEADING = 80
# So many rows tell what stands in a column.
TOLD_BY = 200
BETWEEN = " – "


@dataclass(frozen=True)
class Header:
    """The row of headings: its number, and the heading of each column."""

    row: int
    labels: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Return what is the same for files with the same headings."""
        return sha256(repr([words_of(label) for label in self.labels]).encode()).hexdigest()


def text_of(cell: object) -> str:
    """Return the text of a cell, be it that of a formula."""
    return str(cell[0]) if isinstance(cell, list) else str(cell)


def find_header(sheet: Sheet) -> Header:
    """Return the row among the first ones that names most fields, or else the first full one."""
    headers = [header_at(sheet, number) for number, _cells in sheet.rows[:SEARCHED]]
    named = max(headers, key=_fields_named)
    if _fields_named(named):
        return named
    return max(headers, key=lambda header: sum(map(bool, header.labels)) > 1)


def _fields_named(header: Header) -> int:
    counted = Counter(header.labels)
    # A title over the whole table names no column.
    single = [label for label in header.labels if 2 * counted[label] <= max(len(counted), 2)]
    return len({field for label in single if (field := guess(label))})


def header_at(sheet: Sheet, row: int) -> Header:
    """Return the headings of a row, each behind one that is merged above several columns."""
    cells = {number: content for number, content in sheet.rows if number in (row - 1, row)}
    own = _filled(sheet, row, cells.get(row, []))
    above: dict[int, str] = {}
    for first, left, last, right in sheet.merges:
        if first == last == row - 1 and left < right and right - left + 1 < sheet.width:
            over = cells.get(row - 1, [])
            text = text_of(over[left]) if left < len(over) else ""
            above |= dict.fromkeys(range(left, right + 1), " ".join(text.split()))
    labels = [
        BETWEEN.join(dict.fromkeys(filter(None, (above.get(at, ""), own.get(at, "")))))
        for at in range(sheet.width)
    ]
    return Header(row, tuple(labels))


def _filled(sheet: Sheet, row: int, cells: Sequence[object]) -> dict[int, str]:
    """Return the texts of a row, with those of cells that are merged into it."""
    found = {at: " ".join(text_of(cell).split()) for at, cell in enumerate(cells)}
    missing = {at for at in range(sheet.width) if not found.get(at)}
    contents = dict(sheet.rows)
    for first, left, last, right in sheet.merges:
        top = contents.get(first, [])
        if missing and first <= row <= last and left < len(top):
            text = " ".join(text_of(top[left]).split())
            covered = missing.intersection(range(left, right + 1)) if text else set()
            found |= dict.fromkeys(covered, text)
            missing -= covered
    return found


def covered(
    merges: Iterable[tuple[int, int, int, int]], numbers: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield of cells in the rows `numbers` that are merged into one above, each once: its row, its
    column, and the row of that one.

    A range can reach far beyond the rows that have something in them, and in a file that nobody's
    spreadsheet has made thousands can repeat each other.
    """
    reached: dict[int, int] = {}
    for first, column, last, _right in sorted(merges):
        at = bisect_left(numbers, first)
        if at < len(numbers) and numbers[at] == first:
            after = max(first, reached.get(column, 0))
            reached[column] = max(last, after)
            for number in numbers[bisect_right(numbers, after) : bisect_right(numbers, last)]:
                yield number, column, first


def rows_below(sheet: Sheet, header: Header) -> list[tuple[int, list[object]]]:
    """Return the rows below the header; what is merged downward stands in each of its rows."""
    below = {number: list(cells) for number, cells in sheet.rows if number > header.row}
    for number, column, first in covered(sheet.merges, sorted(below)):
        if column < len(top := below[first]):
            cells = below[number]
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or top[column]
    return list(below.items())


@cache
def _headings() -> dict[Phrase, str]:
    with (DATA / "roster_imports" / "columns.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found: dict[Phrase, str] = {}
    for row in rows:
        for heading in row["headings"].split(";"):
            found.setdefault(words_of(heading), row["field"])
    return found


def is_heading(text: str) -> bool:
    """Tell whether a text is what some column is called, and nothing else."""
    return words_of(text) in _headings()


def guess(label: str) -> str | None:
    """Return the field that a heading names in one of the platform's languages, if any."""
    if len(label) > LONGEST_HEADING:
        return None
    *_above, own = label.split(BETWEEN)
    return _named(own) or _named(label)


def _named(label: str) -> str | None:
    words = tuple(word for word in words_of(label) if not word.isdigit())
    if not words:
        return None
    if words in _headings():
        return _headings()[words]
    if words in language_names():
        return "languages"
    inside = [
        # "Name of the institution" is an institution; of several the longest counts.
        (field in NAMES, -len(phrase), at, field)
        for phrase, field in _headings().items()
        if (at := find(words, phrase)) >= 0 and len("".join(phrase)) > 2
    ]
    return min(inside)[-1] if inside else None


def guess_all(header: Header) -> list[str]:
    """Return the field of each column, or nothing for one that stands for none or one twice."""
    # "E-mail" is the address where "Old e-mail" stands before it.
    exact = {label: _headings().get(words_of(label.split(BETWEEN)[-1])) for label in header.labels}
    fields: list[str] = []
    for label in header.labels:
        field = guess(label) or ""
        is_better = field in SEVERAL or field not in fields
        if exact[label] != field and field in exact.values() and field not in SEVERAL:
            is_better = False
        fields.append(field if is_better else "")
    # Where there is no other part of the name, a part is the whole of it.
    parts = {"given_name", "family_name"} & set(fields)
    if len(parts) == 1 and "name" not in fields:
        fields = ["name" if field in parts else field for field in fields]
    return fields


def fields_of(sheet: Sheet, header: Header) -> list[str]:
    """Return the fields of all columns by their headings; "Contact" is whichever of the two it
    holds, numbers or addresses."""
    fields = guess_all(header)
    if "contact_email" not in fields and "telephone" in fields:
        at = fields.index("telephone")
        below = [cells for number, cells in sheet.rows if number > header.row][:TOLD_BY]
        held = [text for cells in below if at < len(cells) and (text := text_of(cells[at]).strip())]
        if 2 * sum("@" in text for text in held) > len(held):
            fields[at] = "contact_email"
    return fields
