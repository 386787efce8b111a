"""What every template can use: names for codes, days for dates, and the state of things."""

from datetime import date
from enum import Enum
from urllib.parse import quote

from babel import Locale
from flask import Flask
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from webapp.core import clock
from webapp.core.words import formats, text_rules, vocabularies
from webapp.core.words.translation import Words, in_words


def slug(value: object) -> str:
    """Return a state or kind as a name for a style: "not selected" becomes "not-selected"."""
    text = value.value if isinstance(value, Enum) else str(value)
    return str(text).replace(" ", "-")


def paragraphs(value: str | None) -> Markup:
    """Return text that people typed as escaped paragraphs and line breaks."""
    blocks = [block for block in (value or "").split("\n\n") if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, block.split("\n"))))
        for block in blocks
    )


def language_own_name(code: str) -> str:
    """Return the name of a language in that language, such as "Shqip" for `sq`."""
    # Within a sentence many languages write their name small; on a button it begins a line.
    return text_rules.first_capital(Locale.parse(code).get_display_name(code) or code)


def period(start: date | None, end: date | None) -> Markup:
    """Return a period of days that stays on one line where it fits; without days it is empty.

    A line would otherwise end after its dash, and leave the first day behind.
    """
    name = formats.period_name(start, end)
    return Markup('<span class="together">{}</span>').format(name) if name else Markup("")


def mailto(address: str) -> str:
    """Return the link that writes to an address, and to no other than is shown (RFC 6068)."""
    return f"mailto:{quote(address, safe='@')}"


def is_text(value: object) -> bool:
    """Tell whether a value is words: a string, or a text marked for translation."""
    return isinstance(value, str | Words)


def init_app(app: Flask) -> None:
    """Give the templates these filters, tests and names."""
    app.jinja_env.filters.update(
        day=formats.day_name,
        duration=formats.duration_name,
        first_capital=text_rules.first_capital,
        in_words=in_words,
        jurisdiction=vocabularies.jurisdiction_name,
        language=vocabularies.language_name,
        language_own_name=language_own_name,
        mailto=mailto,
        moment=formats.moment_name,
        month=formats.month_name,
        number=formats.number_name,
        paragraphs=paragraphs,
        showable=text_rules.showable,
        slug=slug,
        without_addresses=text_rules.without_addresses,
    )
    app.jinja_env.tests.update(text=is_text)
    app.jinja_env.globals.update(
        period=period,
        today=clock.today,
        csrf_token=generate_csrf,
        kosovo_footnote=vocabularies.KOSOVO_FOOTNOTE,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
