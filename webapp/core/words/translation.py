"""Texts in the reader's language, without a web framework.

A text that a person reads is marked with `_` where it stands, with its facts beside it:

    raise ConflictError(_("%(name)s is on the shortlist already.", name=expert.name))

What `_` returns is put into words only when it is written onto a page or into a mail, in the
language that is current then. So rules and operations can refuse in words and know of no page.
Where the words are needed at once, `gettext` and `ngettext` return them as a string.

The texts in the code are English and are the keys of the catalogues in `webapp/translations`
(GNU gettext, read by Babel). `core/responses/localization.py` decides which language a page is in.
"""

import enum
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from webapp.core.words.formats import day_name
from webapp.core.words.language import FOLDER, current_language


@cache
def _catalogue(language: str) -> NullTranslations:
    """Return the texts of a language, read from the file that people edit.

    GNU gettext's binary form is made of it in memory, once a process: a compiled file beside it
    could be missing or stale.
    """
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def translated(text: str) -> str:
    """Return `text` in the current language, its `%(name)s` not yet filled."""
    return str(_catalogue(current_language()).ugettext(text))


def translated_plural(one: str, many: str, num: int) -> str:
    """Return in the current language the form of a text that fits `num`, not yet filled."""
    return str(_catalogue(current_language()).ungettext(one, many, num))


def translated_in_context(context: str, text: str) -> str:
    """Return in the current language a text that needs its `context`, not yet filled."""
    return str(_catalogue(current_language()).upgettext(context, text))


class Words:
    """Something that becomes words when it is written: `str()` says it in the current language."""


class Message(Words):
    """A text marked for translation, with its facts.

    Two messages are equal if they say the same of the same facts, in whatever language.
    """

    def __init__(
        self,
        text: str,
        facts: Mapping[str, Any],
        *,
        plural: str | None = None,
        context: str | None = None,
    ) -> None:
        self._text, self._facts, self._plural, self._context = text, facts, plural, context

    @property
    def source(self) -> str:
        """Return the text as it stands in the code, which is how it is stored where it must be."""
        return self._text

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what the text is filled with."""
        return self._facts

    @property
    def plural(self) -> str | None:
        """Return the text for several, if it has one."""
        return self._plural

    @property
    def context(self) -> str | None:
        """Return the context in which the text is translated, if it needs one."""
        return self._context

    def __str__(self) -> str:
        return self._template() % {name: in_words(fact) for name, fact in self._facts.items()}

    def _template(self) -> str:
        if self._plural is not None:
            return translated_plural(self._text, self._plural, self._facts["num"])
        if self._context is not None:
            return translated_in_context(self._context, self._text)
        return translated(self._text)

    def __repr__(self) -> str:
        return f"Message({self._text!r}, {dict(self._facts)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __mod__(self, facts: Mapping[str, Any]) -> "Message":
        """Return the text with more facts; validators of WTForms give their limits this way."""
        return Message(
            self._text, {**self._facts, **facts}, plural=self._plural, context=self._context
        )


def _(text: str, **facts: Any) -> Message:
    """Mark `text` for translation; `%(name)s` in it stands for a fact. A per cent sign is `%%`."""
    return Message(text, facts)


def _n(one: str, many: str, num: int, **facts: Any) -> Message:
    """Mark a text with a number: the form that fits `num`, which both can show as `%(num)s`."""
    return Message(one, {"num": num, **facts}, plural=many)


def _p(context: str, text: str, **facts: Any) -> Message:
    """Mark a text that needs its `context` to be translated, such as a word with two meanings."""
    return Message(text, facts, context=context)


def gettext(text: str, **facts: Any) -> str:
    """Return `text` in the current language, with `%(name)s` filled from `facts`."""
    return str(Message(text, facts))


def ngettext(one: str, many: str, num: int, **facts: Any) -> str:
    """Return in the current language the form of the text that fits `num`."""
    return str(_n(one, many, num, **facts))


def pgettext(context: str, text: str, **facts: Any) -> str:
    """Return in the current language a text that needs its `context` to be translated."""
    return str(_p(context, text, **facts))


class Deferred(Words):
    """What a function says of its arguments in the language of now, asked when it is written."""

    def __init__(self, say: Callable[..., object], *arguments: Any) -> None:
        self._say, self._arguments = say, arguments

    @property
    def say(self) -> Callable[..., object]:
        """Return the function that is asked."""
        return self._say

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Return what it is asked about."""
        return self._arguments

    def __str__(self) -> str:
        return str(self._say(*self._arguments))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Deferred) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self._say)


# What stands for a label where a member is looked up by its value alone.
_UNLABELLED = Message("", {})


class LabelledEnum(enum.StrEnum):
    """Words that the database stores and people read: each member has a value and a label.

    class Urgency(LabelledEnum):
        SOON = "soon", _("soon")
    """

    label: Message

    def __new__(cls, value: str, label: Message = _UNLABELLED) -> Self:
        """Make a member that is stored as `value` and read as `label`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def in_words(fact: object) -> object:
    """Return a fact as people read it: a code by its label, a day written out; others unchanged."""
    if isinstance(fact, LabelledEnum):
        return str(fact.label)
    if isinstance(fact, Words):
        return str(fact)
    if isinstance(fact, date) and not isinstance(fact, datetime):
        return day_name(fact)
    return fact
