"""What stands in the fields of a request, in words: for pages that show it field by field."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.words.formats import day_name, number_name
from webapp.core.words.text_rules import first_capital
from webapp.core.words.translation import Deferred, LabelledEnum, Message, _, gettext
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed, jurisdiction_name, language_name
from webapp.expertise_requests.content import FIELD_NAMES, PARTS, Content, in_order
from webapp.themes import queries as themes


@dataclass(frozen=True)
class Said:
    """What one field of a text says, perhaps nothing."""

    name: str
    label: Message
    text: str


def list_said(session: Session, content: Content) -> dict[str, list[Said]]:
    """Return, by part of the form, what a text says in each of its fields."""
    labels = theme_labels(session)
    return {
        part: [
            Said(name, FIELD_NAMES[name], in_words(name, getattr(content, name), labels))
            for name in in_order(part)
        ]
        for part in PARTS
    }


def theme_labels(session: Session) -> dict[str, str]:
    """Return the labels of all themes, by code."""
    return {code: label for code, label, _area in themes.list_all_choices(session)}


def in_words(name: str, value: Any, labels: Mapping[str, str]) -> str:
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


def _languages(
    rows: Collection[tuple[str, CefrLevel, LanguageNeed]], _labels: Mapping[str, str]
) -> str:
    return "\n".join(str(language_asked(*row)) for row in rows)


_LANGUAGE_ASKED = {
    LanguageNeed.REQUIRED: _("%(language)s, %(level)s or better, required"),
    LanguageNeed.ONE_OF: _("%(language)s, %(level)s or better; one of several is enough"),
    LanguageNeed.USEFUL: _("%(language)s, %(level)s or better, useful"),
}


def language_asked(code: str, level: CefrLevel, need: LanguageNeed) -> Message:
    """Return what a request asks of a language."""
    return _LANGUAGE_ASKED[need] % {"language": Deferred(language_name, code), "level": level.value}


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
