"""Two versions of terms of reference beside each other, field by field, in words."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.amendments.differences import Pieces, compare
from webapp.amendments.models import Amendment
from webapp.amendments.queries import get_version
from webapp.core.formats import day_name, number_name
from webapp.core.text_rules import first_capital
from webapp.core.translation import LabelledEnum, Message, gettext
from webapp.core.vocabularies import jurisdiction_name, language_name
from webapp.expertise_requests.content import (
    FIELD_NAMES,
    FOR_INVITED,
    PARTS,
    RANKED,
    Content,
    names_in,
    read_json,
)
from webapp.expertise_requests.models import TermsOfReference
from webapp.themes import queries as themes


@dataclass(frozen=True)
class Change:
    """One field that says something else: what it said and what it says, in pieces."""

    label: Message
    before: Pieces
    after: Pieces


@dataclass(frozen=True)
class Said:
    """What one field of a version says."""

    label: Message
    text: str


def content_of(terms: TermsOfReference) -> Content:
    """Return what a version of terms of reference says."""
    return Content(**read_json(terms.content))


def changes_of(
    session: Session, amendment: Amendment, *, for_invited: bool = False
) -> list[Change]:
    """Return what a change changes, beside what was agreed before it; or as much of it as experts
    who are invited read."""
    before = content_of(get_version(amendment.request, amendment.from_version))
    after = replace(before, **read_json(amendment.changes))
    fields = FOR_INVITED | {"title"} if for_invited else frozenset(FIELD_NAMES)
    return list(_compare(session, before, after, fields))


def changes_between(
    session: Session, earlier: TermsOfReference, later: TermsOfReference
) -> list[Change]:
    """Return what differs between two versions."""
    return list(_compare(session, content_of(earlier), content_of(later), frozenset(FIELD_NAMES)))


def _compare(
    session: Session, before: Content, after: Content, fields: Collection[str]
) -> Iterator[Change]:
    labels = _theme_labels(session)
    for name in _in_order():
        old, new = getattr(before, name), getattr(after, name)
        if name in fields and old != new:
            yield Change(
                FIELD_NAMES[name],
                *compare(_in_words(name, old, labels), _in_words(name, new, labels)),
            )


def list_said(session: Session, terms: TermsOfReference) -> dict[str, list[Said]]:
    """Return, by part of the form, what a version says in the fields that say something."""
    content, labels = content_of(terms), _theme_labels(session)
    return {
        part: [
            Said(FIELD_NAMES[name], text)
            for name in _in_order(part)
            if (text := _in_words(name, getattr(content, name), labels))
        ]
        for part in PARTS
    }


def _in_order(*parts: str) -> Iterator[str]:
    """Yield the names of the fields of a text as the form has them, all or those of some parts."""
    for part in parts or PARTS:
        for name in names_in(part):
            if name not in RANKED:
                yield name
            elif name == RANKED[0]:
                yield "themes"


def _theme_labels(session: Session) -> dict[str, str]:
    return {code: label for code, label, _area in themes.list_all_choices(session)}


def _in_words(name: str, value: Any, labels: Mapping[str, str]) -> str:
    """Return what stands in a field as it is read; nothing where nothing was said."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return day_name(value)
    if isinstance(value, LabelledEnum):
        return first_capital(str(value.label))
    if isinstance(value, int):
        return number_name(value)
    return _LISTS[name](value, labels) if name in _LISTS else str(value or "")


def _themes(codes: Collection[str], labels: Mapping[str, str]) -> str:
    return "\n".join(labels.get(code, code) for code in codes)


def _languages(rows: Collection[tuple[str, str, bool]], _labels: Mapping[str, str]) -> str:
    return "\n".join(_language(*row) for row in rows)


def _language(code: str, level: str, required: bool) -> str:
    said = {"language": language_name(code), "level": str(level)}
    if required:
        return gettext("%(language)s, %(level)s or better, required", **said)
    return gettext("%(language)s, %(level)s or better, useful", **said)


def _excluded(codes: Collection[str], _labels: Mapping[str, str]) -> str:
    return "\n".join(jurisdiction_name(code) for code in codes)


def _jurisdiction(code: str | None, _labels: Mapping[str, str]) -> str:
    return jurisdiction_name(code)


_LISTS: dict[str, Callable[[Any, Mapping[str, str]], str]] = {
    "themes": _themes,
    "languages": _languages,
    "excluded": _excluded,
    "jurisdiction": _jurisdiction,
}
