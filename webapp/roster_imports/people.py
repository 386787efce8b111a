"""The people of a table: each row read into one, and each cell that cannot be named with its place.

A row is read whole, so that all that is wrong with it is told at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.core.files.tables import may_be_formula
from webapp.core.words.text_rules import mixed_word
from webapp.core.words.translation import Message, _
from webapp.curricula.wordings import Phrase, words_of
from webapp.experts.contents import Claim, EvidenceContent, Skill, TrainingContent
from webapp.roster_imports import cells, lists
from webapp.roster_imports.cells import CellError
from webapp.roster_imports.columns import (
    BETWEEN,
    NAMES,
    SEVERAL,
    Header,
    is_heading,
    rows_below,
    text_of,
)
from webapp.roster_imports.reading import UNREADABLE, Sheet, letter

Reader = Callable[[str], Any]
# A profile that holds more cannot be read by people.
MOST_LISTED = 15


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: the number of its row, the letters of its column, and why."""

    row: int
    column: str
    why: Message


@dataclass
class Person:
    """What a row tells of one person; `about` are plain fields of a profile by name."""

    row: int
    about: dict[str, Any] = field(default_factory=dict)
    languages: list[Skill] = field(default_factory=list)
    themes: list[Claim] = field(default_factory=list)
    missions: list[EvidenceContent] = field(default_factory=list)
    trainings: list[TrainingContent] = field(default_factory=list)
    approved_until: date | None = None
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name, or nothing if none was understood."""
        return str(self.about.get("name", ""))

    @property
    def email(self) -> str:
        """Return the e-mail address, or nothing."""
        return str(self.about.get("contact_email", ""))

    @property
    def jurisdiction(self) -> str | None:
        """Return the code of the jurisdiction, if one is told."""
        code: str | None = self.about.get("jurisdiction")
        return code

    def column_of(self, name: str) -> str:
        """Return the letters of the column in which a field stood."""
        return self.columns.get(name, "A")


READERS: Mapping[str, Reader] = {
    "name": cells.name,
    "given_name": cells.name,
    "family_name": cells.name,
    "contact_email": cells.email,
    "telephone": cells.telephone,
    "jurisdiction": cells.jurisdiction,
    "entity": cells.line(100),
    "institution": cells.line(200),
    "unit": cells.line(200),
    "post": cells.line(200),
    "rank": cells.line(100),
    "nato_rank": cells.nato_rank,
    "service": cells.service,
    "service_since": cells.year_of,
    "gender": cells.gender,
    "ways": lists.ways,
    "missions": lists.missions,
    "trainings": lists.trainings,
    "summary": cells.text,
    "max_days": cells.number(1, 730),
    "notice_days": cells.number(0, 365),
    "approved_until": cells.day,
}
_DAYS = frozenset({"approved_until", "service_since"})
_NAME_FIRST = ("name", "given_name", "family_name")
# What stands there beside plain fields.
_LISTS = frozenset({"languages", "themes", "missions", "trainings"})
FORMULA = _("A formula stands here. Please paste its value in its place.")
LOST = _("A character stands here that cannot be read or stored. Please write it anew.")


@dataclass
class Reading:
    """How the columns of a table are read: which field each is, and what themes are called."""

    header: Header
    fields: Sequence[str]
    themes: Mapping[Phrase, str]
    today: date
    from_1904: bool = False

    def read(self, row: int, content: Sequence[object]) -> tuple[Person, list[Fault]]:
        """Return the person of a row, and what is wrong with its cells."""
        person, faults = Person(row), []
        for at, cell in enumerate(content):
            name = self.fields[at] if at < len(self.fields) else ""
            # Some programs write formulas without what they come to: that is no empty cell.
            is_formula = isinstance(cell, list)
            if not name or (cells.is_nothing(text_of(cell)) and not is_formula):
                continue
            person.columns.setdefault(name, letter(at))
            try:
                self._take(person, name, at, cell)
            except CellError as error:
                faults.append(Fault(row, letter(at), error.message))
        return person, faults or list(self._faults_of_row(person, content))

    def _take(self, person: Person, name: str, at: int, cell: object) -> None:
        self._refuse(name, cell)
        value = self._reader(name, at)(text_of(cell))
        if name == "approved_until":
            _refuse_past(value, self.today)
            person.approved_until = value
        elif name in _LISTS:
            _add(getattr(person, name), value)
        elif name == "ways":
            person.about[name] = tuple(dict.fromkeys((*person.about.get(name, ()), *value)))
        else:
            if name in NAMES:
                _refuse_mixed(value)
                _refuse_heading(value)
                _refuse_sum(value)
            person.about[name] = value

    def _refuse(self, name: str, cell: object) -> None:
        """Refuse what is wrong in any cell, before it is read as a field."""
        written = text_of(cell)
        if isinstance(cell, list) or (name != "telephone" and _begins_as_formula(written)):
            raise CellError(FORMULA)
        if UNREADABLE in written:
            raise CellError(LOST)
        if self.from_1904 and name in _DAYS and len(written) > 4 and written.isdigit():
            # A number of days could be counted from either of two.
            raise CellError(cells.NO_DAY)

    def _reader(self, name: str, at: int) -> Reader:
        if name == "languages":
            own = self.header.labels[at].split(BETWEEN)[-1]
            return lambda written: lists.languages(written, own)
        return lists.themes(self.themes) if name == "themes" else READERS[name]

    def _faults_of_row(self, person: Person, content: Sequence[object]) -> Iterator[Fault]:
        """Join the parts of a name, and yield what is wrong with the row as a whole."""
        parts = [person.about.pop(name, "") for name in ("given_name", "family_name")]
        stood = [person.columns[name] for name in _NAME_FIRST if name in person.columns]
        column = stood[0] if stood else ""
        person.about.setdefault("name", " ".join(filter(None, parts)))
        person.columns.setdefault("name", column or self._name_column())
        if len(person.name) > cells.LONGEST_LINE:
            yield Fault(person.row, column, _("This name is longer than a name can be."))
        if not person.name:
            yield Fault(person.row, person.columns["name"], _("The name is missing."))
        elif sum(bool(text_of(cell).strip()) for cell in content) == 1 < len(self._used()):
            yield Fault(
                person.row,
                person.columns["name"],
                _(
                    "Nothing else stands in this row, so it may be a heading. Please delete the"
                    " row, or fill in more of it."
                ),
            )

    def _used(self) -> list[str]:
        return [name for name in self.fields if name]

    def _name_column(self) -> str:
        return next((letter(at) for at, name in enumerate(self.fields) if name in NAMES), "A")


def _begins_as_formula(written: str) -> bool:
    return may_be_formula(written) and not cells.is_nothing(written)


def _refuse_mixed(value: str) -> None:
    if word := mixed_word(value):
        raise CellError(
            _("The word “%(word)s” mixes letters of two alphabets that look alike.", word=word[:60])
        )


def _refuse_heading(value: str) -> None:
    if is_heading(value):
        raise CellError(
            _(
                "This is what a column is called, and nobody's name. Each row must hold one person,"
                " and the headings must stand above them."
            )
        )


def _refuse_sum(value: str) -> None:
    if words_of(value) in cells.words("sum"):
        raise CellError(
            _("This is a row of totals, and nobody's name. Please leave it out of the table.")
        )


def _refuse_past(value: date, today: date) -> None:
    if value < today:
        raise CellError(_("This day is past, so nothing would be approved."))
    if value.year > today.year + 10:
        raise CellError(
            _("The year must lie between %(first)s and %(last)s.", first=today.year,
              last=today.year + 10)
        )  # fmt: skip


def _add(listed: list[Any], more: list[Any]) -> None:
    """Add what is not listed yet; what is listed with other facts is refused."""
    for one in more:
        known = next((row for row in listed if _key(row) == _key(one)), None)
        if known is not None and known != one:
            raise CellError(_("This stands in another column of the row, with other facts."))
        if known is None:
            listed.append(one)
        # Asked for each: a cell can list thousands, and each is compared with those before.
        if len(listed) > MOST_LISTED:
            raise CellError(
                _("More than %(most)s stand here; that many are not kept.", most=MOST_LISTED)
            )


def _key(one: Any) -> object:
    if isinstance(one, Skill):
        return one.language
    return one.code if isinstance(one, Claim) else (one.title, getattr(one, "started", None))


def rows_of(sheet: Sheet, header: Header) -> list[tuple[int, list[object]]]:
    """Return the rows below the header, without those in which it is repeated."""
    return [
        (number, content)
        for number, content in rows_below(sheet, header)
        if not is_repeated(content, header)
    ]


def is_repeated(content: Sequence[object], header: Header) -> bool:
    """Tell whether a row is the header once more, as on each page of a print."""
    texts = [" ".join(text_of(cell).split()) for cell in content]
    return any(texts) and all(
        not text or text == label for text, label in zip(texts, header.labels, strict=False)
    )


def missing_fields(fields: Sequence[str]) -> Message | None:
    """Return why people cannot be read by these columns, if so."""
    if not NAMES & set(fields):
        return _("Please say which column holds the names.")
    for name in fields:
        if name and name not in SEVERAL and fields.count(name) > 1:
            return _("Two columns are read as one and the same field. Please choose one of them.")
    return None
