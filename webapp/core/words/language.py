"""The language in which texts are put into words now, and what the Unicode CLDR knows of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import Locale

SOURCE_LANGUAGE = "en"
FOLDER = Path(__file__).resolve().parents[2] / "translations"

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages in which the platform speaks, English first."""
    found = sorted(path.parents[1].name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))
    return (SOURCE_LANGUAGE, *(code for code in found if code != SOURCE_LANGUAGE))


def current_language() -> str:
    """Return the code of the language in which texts are put into words now."""
    return _language.get()


def current_locale() -> Locale:
    """Return the CLDR's data of the current language: names, dates, plural forms."""
    return _locale(_language.get())


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def use_language(language: str) -> None:
    """Put texts into words in `language` from here on, in this context."""
    _language.set(language)


@contextmanager
def in_language(language: str | None) -> Iterator[None]:
    """Put texts into words in `language` within the block, or in English if it is not known."""
    token = _language.set(language if language in languages() else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)
