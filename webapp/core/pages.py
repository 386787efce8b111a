"""What every template can use: names for codes, days for dates, and the state of things."""

from datetime import datetime
from enum import Enum

from flask import Flask
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from webapp.core import clock, forms, vocabularies


def moment_name(value: datetime | None) -> str:
    """Return a moment as people of the region read it, in UTC: 5 November 2018, 14:03."""
    return f"{vocabularies.day_name(value.date())}, {value:%H:%M}" if value else ""


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


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        day=vocabularies.day_name,
        moment=moment_name,
        jurisdiction=vocabularies.jurisdiction_name,
        language=vocabularies.language_name,
        month=vocabularies.month_name,
        slug=slug,
        paragraphs=paragraphs,
        showable=forms.showable,
    )
    app.jinja_env.globals.update(
        period=vocabularies.period_name,
        today=clock.today,
        csrf_token=generate_csrf,
        kosovo_footnote=vocabularies.KOSOVO_FOOTNOTE,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
