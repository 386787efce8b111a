"""The forms of sections that are lists: themes, languages, days off and jurisdictions."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import Field

from webapp.core import clock
from webapp.core.forms.fields import (
    MISSIONS,
    Choices,
    RowsField,
    choice,
    day,
    line,
    named,
    number,
    rows,
)
from webapp.core.forms.page_forms import EditForm, PageForm, RowForm
from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import CefrLevel, jurisdiction_choices, language_choices
from webapp.experts import calendar
from webapp.experts.contents import Claim, Skill
from webapp.experts.models import Expert, NoteKind, ThemeLevel
from webapp.kept_texts.forms import RestoredForm

# Empty rows offered below those that are filled; saving brings new ones.
SPARE_ROWS = 3
MOST_OTHER_THEMES = 12
MOST_LANGUAGES = 15
MOST_PERIODS = 30
SKILLS = ("listening", "speaking", "reading", "writing")
# Four levels of STANAG 6001, each from 0 to 5 with or without a plus.
_STANAG = re.compile(r"([0-5]\+?)[ ,/.-]*([0-5]\+?)[ ,/.-]*([0-5]\+?)[ ,/.-]*([0-5]\+?)")


def needs(given: Field, needed: Field, message: Message) -> None:
    """Put `message` at `needed` if it is empty while `given` is filled."""
    if given.data is not None and needed.data is None and not needed.errors:
        needed.errors = [message]


def once(taken: set[str], field: Field, message: Message) -> None:
    """Put `message` at the field if what it says was said before."""
    if field.data in taken:
        field.errors = [*field.errors, message]
    elif field.data:
        taken.add(field.data)


def gather(field: RowsField) -> None:
    """Make the errors of the rows those of the whole field."""
    errors = [row.errors for row in field]
    field.errors = errors if any(errors) else []


class ThemeRow(RowForm):
    """A theme with the years of work on it."""

    theme = choice(_("Theme"), empty=_("None"))
    level = choice(_("How well you know it"), named(ThemeLevel), empty=_("Not said"))
    years = number(_("Years of work on it"), 0, 60)


def claim_of(row: Any) -> Claim:
    """Return the theme of a row, as operations take it."""
    level = ThemeLevel(row.level.data) if row.level.data else None
    return Claim(row.theme.data, row.years.data, level)


class ThemesForm(RestoredForm, EditForm):
    """Up to three themes in their order, and others."""

    ranked = rows(_("Your main themes"), ThemeRow, 3)
    others = rows(_("Other themes"), ThemeRow, MOST_OTHER_THEMES)

    def offer(self, themes: Choices) -> None:
        """Offer these themes in every row."""
        for row in (*self.ranked, *self.others):
            row.theme.offer(themes)

    def validate_ranked(self, field: RowsField) -> None:
        """Refuse a theme that stands twice, and years of no theme."""
        self._check(field, set())

    def validate_others(self, field: RowsField) -> None:
        """Refuse a theme that stands twice or among the main ones, and years of no theme."""
        self._check(field, {row.theme.data for row in self.ranked if row.theme.data})

    @staticmethod
    def _check(field: RowsField, taken: set[str]) -> None:
        for row in field:
            needs(row.years, row.theme, _("Please choose the theme that these years belong to."))
            needs(row.level, row.theme, _("Please choose the theme that this level belongs to."))
            once(taken, row.theme, _("This theme stands here twice. Please keep one of them."))
        gather(field)

    def claims(self, name: str) -> list[Claim]:
        """Return the themes of the rows `name`: "ranked" or "others"."""
        return [claim_of(row) for row in self[name] if row.theme.data]


def themes_form(expert: Expert) -> ThemesForm:
    """Return the form with the themes of the profile and empty rows to add more."""
    ranked: list[dict[str, Any]] = [{}, {}, {}]
    others: list[dict[str, Any]] = []
    for claim in expert.themes:
        row = {"theme": claim.theme_code, "years": claim.years, "level": claim.level}
        if claim.priority <= len(ranked):
            ranked[claim.priority - 1] = row
        else:
            others.append(row)
    spare = _with_spare(others, MOST_OTHER_THEMES)
    return ThemesForm(data={"version": expert.version, "ranked": ranked, "others": spare})


def _with_spare(filled: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    empty: list[dict[str, Any]] = [{} for _spare in range(SPARE_ROWS)]
    return [*filled, *empty][:most]


def _level(label: Message) -> Field:
    return choice(label, [(level.value, level.value) for level in CefrLevel], empty=_("None"))


class LanguageRow(RowForm):
    """A language with its level, and with those of the four skills where they are known."""

    language = choice(_("Language"), language_choices, empty=_("None"))
    level = _level(_("Level"))
    listening = _level(_("Listening"))
    speaking = _level(_("Speaking"))
    reading = _level(_("Reading"))
    writing = _level(_("Writing"))
    stanag = line(_("STANAG 6001"), 11, hint=_("Such as 3 3 2 2, in the order of the four."))


def check_skills(row: Any) -> None:
    """Refuse levels of skills in no language, and what is no profile of STANAG 6001."""
    for name in (*SKILLS, "stanag"):
        if row[name].data and not row.language.data and not row.language.errors:
            row.language.errors = [_("Please choose the language.")]
    if row.stanag.data and not row.stanag.errors and not _STANAG.fullmatch(row.stanag.data):
        row.stanag.errors = [
            _("Please write four levels from 0 to 5, each with a plus if it has one: 3 3 2+ 2.")
        ]


def skill_of(row: Any) -> Skill:
    """Return the language of a row with its levels, as operations take it."""
    return Skill(
        row.language.data,
        CefrLevel(row.level.data),
        stanag=_stanag(row.stanag.data),
        **{name: CefrLevel(row[name].data) for name in SKILLS if row[name].data},
    )


class LanguagesForm(RestoredForm, EditForm):
    """The languages of the expert."""

    skills = rows(_("Languages"), LanguageRow, MOST_LANGUAGES)

    def validate_skills(self, field: RowsField) -> None:
        """Refuse a language without a level, a level without one, and one that stands twice."""
        taken: set[str] = set()
        for row in field:
            needs(row.language, row.level, _("Please choose the level."))
            needs(row.level, row.language, _("Please choose the language."))
            check_skills(row)
            once(
                taken, row.language, _("This language stands here twice. Please keep one of them.")
            )
        gather(field)

    def content(self) -> list[Skill]:
        """Return the languages with their levels, as the operation takes them."""
        return [skill_of(row) for row in self.skills if row.language.data]


def _stanag(written: str | None) -> str:
    """Return the four levels with a blank between them."""
    found = _STANAG.fullmatch(written or "")
    return " ".join(found.groups()) if found else ""


def languages_form(expert: Expert) -> LanguagesForm:
    """Return the form with the languages of the profile and empty rows to add more."""
    filled = [
        {name: getattr(row, name) for name in ("language", "level", *SKILLS, "stanag")}
        for row in expert.languages
    ]
    spare = _with_spare(filled, MOST_LANGUAGES)
    return LanguagesForm(data={"version": expert.version, "skills": spare})


class PeriodRow(RowForm):
    """Days on which the expert cannot go, both included."""

    start = day(_("First day"), *MISSIONS)
    end = day(_("Last day"), *MISSIONS)


class UnavailableForm(RestoredForm, EditForm):
    """The periods in which the expert cannot go; those of `stored` may have days that are over."""

    stored: Sequence[calendar.Period] = ()

    periods = rows(_("Periods"), PeriodRow, MOST_PERIODS)

    def validate_periods(self, field: RowsField) -> None:
        """Refuse half a period, one that ends before it begins, days that stand twice, and days
        that are over and were not stored before."""
        taken: list[tuple[date, date]] = []
        for row in field:
            needs(row.start, row.end, _("Please give the last day as well."))
            needs(row.end, row.start, _("Please give the first day as well."))
            if row.start.data and row.end.data and not row.errors:
                self._check(row, taken)
        gather(field)

    def _check(self, row: Any, taken: list[tuple[date, date]]) -> None:
        start, end = row.start.data, row.end.data
        if end < start:
            row.end.errors = [_("The last day lies before the first one.")]
        elif self._is_too_late(start, end):
            row.start.errors = [_("This day is over. Please begin today or later.")]
        elif any(start <= last and first <= end for first, last in taken):
            row.start.errors = [
                _("Some of these days stand in another row. Please keep one of them.")
            ]
        else:
            taken.append((start, end))

    def _is_too_late(self, start: date, end: date) -> bool:
        """Tell whether a period has days that are over and do not stand in the profile already."""
        over = min(end, clock.today() - timedelta(days=1))
        there = any(first <= start and over <= last for first, last in self.stored)
        return start <= over and not there

    def content(self) -> list[tuple[date, date]]:
        """Return the periods, as the operation takes them."""
        return [(row.start.data, row.end.data) for row in self.periods if row.start.data]


def unavailable_form(
    expert: Expert, periods: Sequence[tuple[date, date]] | None = None
) -> UnavailableForm:
    """Return the form with the periods of the profile and empty rows to add more.

    With `periods`, those stand there instead, and nothing is read of what was sent.
    """
    there = [(row.start, row.end) for row in expert.unavailable]
    filled = [{"start": start, "end": end} for start, end in (periods or there)]
    data = {"version": expert.version, "periods": _with_spare(filled, MOST_PERIODS)}
    sent = {} if periods is None else {"formdata": None}
    form = UnavailableForm(data=data, **sent)
    form.stored = calendar.with_more(there, ())
    return form


class CalendarFileForm(PageForm):
    """A file of another program's calendar."""

    file = FileField(
        _("Calendar file"),
        description=_(
            "An iCalendar file (.ics). Of its events nothing is read but their days; those that"
            " come again are read until the end of the year after next."
        ),
        validators=[FileRequired(_("Please choose a file."))],
    )

    def read(self, first: date, last: date) -> list[tuple[date, date]] | None:
        """Return the days that events take; what is wrong with the file is told at its field."""
        data = self.file.data.read(calendar.LARGEST_FILE + 1)
        try:
            return calendar.read(data, first, last)
        except calendar.CalendarError:
            self.file.errors = [
                _(
                    "This is no calendar file, it is larger than 300 kB, or too many of its events"
                    " come again."
                )
            ]
            return None


class JurisdictionForm(RestoredForm, EditForm):
    """A jurisdiction with what it is to the expert."""

    code = choice(_("Jurisdiction to add"), jurisdiction_choices, required=True)
    kind = choice(
        _("What it is to you"), named(NoteKind), empty=_("closed: I am never proposed for it")
    )
