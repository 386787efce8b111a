"""What the columns of the roster say, as text for a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from webapp.core.files.spreadsheets import Row
from webapp.core.words.translation import Message, _, gettext
from webapp.core.words.vocabularies import jurisdiction_name, language_name
from webapp.experts.models import Expert
from webapp.roster.kinds import Column
from webapp.roster.queries import Line
from webapp.roster.side_by_side import LABELS
from webapp.themes.wording import label_of


def _post(expert: Expert) -> str:
    return ", ".join(filter(None, (expert.post, expert.institution)))


def _themes(expert: Expert) -> str:
    return "; ".join(label_of(claim.theme) for claim in expert.themes)


def _languages(expert: Expert) -> str:
    return ", ".join(f"{language_name(row.language)} {row.level.value}" for row in expert.languages)


def _availability(expert: Expert) -> str:
    return str(expert.availability.label) if expert.availability else ""


def _contact(expert: Expert) -> str:
    email = expert.account.email if expert.account else expert.contact_email
    return ", ".join(filter(None, (email, expert.telephone)))


def _day(value: object) -> str:
    # In the one form that sorts, and that every spreadsheet reads.
    return "" if value is None else str(value)[:10]


def _service(expert: Expert) -> str:
    said = str(expert.service.label) if expert.service else ""
    year = expert.service_since
    since = gettext("since %(year)s", year=str(year)) if year else ""
    return ", ".join(filter(None, (said, since)))


def _rank(expert: Expert) -> str:
    return ", ".join(filter(None, (expert.rank, expert.nato_rank and expert.nato_rank.value)))


def _number(value: int | None) -> int | str:
    return "" if value is None else value


_TEXTS: Mapping[Column, Callable[[Expert], str | int]] = {
    Column.POST: _post,
    Column.JURISDICTION: lambda expert: jurisdiction_name(expert.jurisdiction),
    Column.THEMES: _themes,
    Column.LANGUAGES: _languages,
    Column.WAYS: lambda expert: ", ".join(str(way.label) for way in expert.ways),
    Column.CONFIRMED: lambda expert: _day(expert.last_confirmed_at),
    Column.AVAILABILITY: _availability,
    Column.APPROVAL: lambda expert: _day(expert.approved_until),
    Column.CONTACT: _contact,
    Column.RANK: _rank,
    Column.UNIT: lambda expert: expert.unit,
    Column.ENTITY: lambda expert: expert.entity,
    Column.SERVICE: _service,
    Column.NOTICE: lambda expert: _number(expert.notice_days),
    Column.MAX_DAYS: lambda expert: _number(expert.max_days),
    Column.MOST_MISSIONS: lambda expert: _number(expert.most_missions),
}
_COUNTED: Mapping[Column, Callable[[Line], str | int]] = {
    Column.LOAD: lambda line: line.days,
    Column.MISSIONS: lambda line: line.missions,
    Column.STATE_SINCE: lambda line: _day(line.state_since),
}


def cell_of(line: Line, column: Column) -> str | int:
    """Return what a column says of somebody, as text or as a number."""
    return _COUNTED[column](line) if column in _COUNTED else _TEXTS[column](line.expert)


def row_of(line: Line, columns: Sequence[Column]) -> Row:
    """Return a line of the list as the cells of a table: name, state, and the chosen columns."""
    cells = (cell_of(line, column) for column in columns)
    return (line.expert.name, str(line.expert.state.label), *cells)


def told_of(name: str, stored: Any) -> Any:
    """Return a field's value as people read it, whether it comes from a profile or was kept."""
    if isinstance(stored, list):
        return "; ".join(stored)
    if name == "jurisdiction":
        return jurisdiction_name(stored)
    kind = getattr(Expert.__table__.columns[name].type, "enum_class", None)
    return stored if kind is None else getattr(kind(stored), "label", stored)


def label_of_field(name: str) -> Message:
    """Return what people call a field of a profile, or a list in it."""
    lists = {"themes": _("themes"), "languages": _("languages")}
    return lists.get(name) or LABELS[name]


def init_app(app: Flask) -> None:
    """Give the templates the words for fields of profiles."""
    app.jinja_env.filters.update(field_label=label_of_field)
    app.jinja_env.globals.update(cell_of=cell_of, told_of=told_of, label_of_field=label_of_field)
