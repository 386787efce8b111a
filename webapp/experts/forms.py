"""Forms of the profile, one for each section, and those of the roster."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Field, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import MonthInput

from webapp.core import clock
from webapp.core.forms import (
    AddressForm,
    CalendarField,
    Choices,
    EditForm,
    PageForm,
    RowForm,
    RowsField,
    choice,
    day,
    line,
    number,
    rows,
    text,
    within_calendar,
)
from webapp.core.vocabularies import CefrLevel, jurisdiction_choices, languages
from webapp.experts import rules
from webapp.experts.contents import About, Claim, EvidenceContent, TrainingContent
from webapp.experts.models import EvidenceKind, Expert, ExpertState, Gender

# Empty rows offered below those that are filled; saving brings new ones.
SPARE_ROWS = 3
MOST_OTHER_THEMES = 12
MOST_LANGUAGES = 15
MOST_PERIODS = 30


def named(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return words, or the members of an enum of words, as choices with a capital letter."""
    return [(str(word), word.capitalize()) for word in words]


class CalendarMonthField(CalendarField):
    """A month, which is stored as its first day."""

    widget = MonthInput()
    written = "a month as year-month, such as 2018-11"


def month(label: str, *, hint: str = "") -> CalendarMonthField:
    """Return a field for a month."""
    validators = [Optional(), within_calendar]
    return CalendarMonthField(label, validators, format="%Y-%m", description=hint)


class AboutForm(EditForm):
    """Who the expert is and how long they can be away."""

    name = line("Name", required=True, hint="As it stands in your passport or service card.")
    post = line("Post", hint="Such as: head of the firearms registry.")
    rank = line("Rank", 100, hint="Leave empty if you have none.")
    institution = line("Institution", hint="Such as: Ministry of Interior, Police Directorate.")
    jurisdiction = choice(
        "Jurisdiction", jurisdiction_choices(), hint="Whose institution you serve."
    )
    gender = choice(
        "Gender",
        named(Gender),
        hint="Used only to count how many women and men take part. It never changes a ranking"
        " and is not shown to requesters.",
        empty="Not said",
    )
    summary = text(
        "Summary",
        3000,
        hint="What you do, what you are good at and what you have changed, in your own words. The"
        " ranking compares these words with requests.",
    )
    max_days = number(
        "Longest mission, in days",
        1,
        730,
        hint="You are not asked for missions that are longer.",
    )
    notice_days = number("Notice you need, in days", 0, 365, hint="From being asked to leaving.")

    def content(self) -> About:
        """Return what was written, as the operation takes it."""
        return About(
            name=self.name.data,
            post=self.post.data or "",
            rank=self.rank.data or "",
            institution=self.institution.data or "",
            jurisdiction=self.jurisdiction.data,
            gender=Gender(self.gender.data) if self.gender.data else None,
            summary=self.summary.data or "",
            max_days=self.max_days.data,
            notice_days=self.notice_days.data,
        )


class EvidenceForm(EditForm):
    """One piece of evidence."""

    kind = choice("Kind of work", named(EvidenceKind), required=True)
    title = line(
        "Title", required=True, hint="Such as: trainer on deactivation standards for armourers."
    )
    description = text(
        "Description",
        2000,
        hint="What you did yourself, for whom, and what came of it. Two or three sentences are"
        " enough. Name no sources, suspects or cases.",
    )
    jurisdiction = choice("Jurisdiction", jurisdiction_choices(), hint="Where it took place.")
    started = month("First month", hint="As year-month, such as 2018-11.")
    ended = month("Last month", hint="Leave empty if it goes on, or has no end.")

    def validate_started(self, field: Field) -> None:
        """Refuse work that has not begun: it is no evidence yet."""
        if field.data and field.data > clock.today():
            raise ValidationError("This month is still to come. Evidence is work that has begun.")

    def validate_ended(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.started.data and field.data < self.started.data:
            raise ValidationError("The last month lies before the first one.")

    def content(self) -> EvidenceContent:
        """Return what was written, as the operation takes it."""
        return EvidenceContent(
            kind=EvidenceKind(self.kind.data),
            title=self.title.data,
            description=self.description.data or "",
            jurisdiction=self.jurisdiction.data,
            started=self.started.data,
            ended=self.ended.data,
        )


class TrainingForm(EditForm):
    """One training or certificate."""

    title = line(
        "Title", required=True, hint="With the year and who gave it, where that says more."
    )
    expires = day("Valid until", hint="Leave empty if it does not run out.")

    def content(self) -> TrainingContent:
        """Return what was written, as the operation takes it."""
        return TrainingContent(title=self.title.data, expires=self.expires.data)


def _needs(given: Field, needed: Field, message: str) -> None:
    """Put `message` at `needed` if it is empty while `given` is filled."""
    if given.data is not None and needed.data is None and not needed.errors:
        needed.errors = [message]


def _once(taken: set[str], field: Field, message: str) -> None:
    """Put `message` at the field if what it says was said before."""
    if field.data in taken:
        field.errors = [*field.errors, message]
    elif field.data:
        taken.add(field.data)


def _gather(field: RowsField) -> None:
    """Make the errors of the rows those of the whole field."""
    errors = [row.errors for row in field]
    field.errors = errors if any(errors) else []


class ThemeRow(RowForm):
    """A theme with the years of work on it."""

    theme = choice("Theme", empty="None")
    years = number("Years of work on it", 0, 60)


class ThemesForm(EditForm):
    """Up to three themes in their order, and others."""

    ranked = rows("Your main themes", ThemeRow, 3)
    others = rows("Other themes", ThemeRow, MOST_OTHER_THEMES)

    def offer(self, themes: Choices) -> None:
        """Offer these themes in every row."""
        for row in (*self.ranked, *self.others):
            row.theme.offer(themes)

    def validate_ranked(self, field: RowsField) -> None:
        """Refuse a theme that stands twice, and years of no theme."""
        self._check(field, set())

    def validate_others(self, field: RowsField) -> None:
        """Refuse a theme that stands twice or among the main ones, and years of no theme."""
        self._check(field, {claim.code for claim in self.claims("ranked")})

    @staticmethod
    def _check(field: RowsField, taken: set[str]) -> None:
        for row in field:
            _needs(row.years, row.theme, "Please choose the theme that these years belong to.")
            _once(taken, row.theme, "This theme stands here twice. Please keep one of them.")
        _gather(field)

    def claims(self, name: str) -> list[Claim]:
        """Return the themes of the rows `name`: "ranked" or "others"."""
        return [Claim(row.theme.data, row.years.data) for row in self[name] if row.theme.data]


def themes_form(expert: Expert) -> ThemesForm:
    """Return the form with the themes of the profile and empty rows to add more."""
    ranked: list[dict[str, Any]] = [{}, {}, {}]
    others: list[dict[str, Any]] = []
    for claim in expert.themes:
        row = {"theme": claim.theme_code, "years": claim.years}
        if claim.priority <= len(ranked):
            ranked[claim.priority - 1] = row
        else:
            others.append(row)
    spare = _with_spare(others, MOST_OTHER_THEMES)
    return ThemesForm(data={"version": expert.version, "ranked": ranked, "others": spare})


def _with_spare(filled: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    empty: list[dict[str, Any]] = [{} for _ in range(SPARE_ROWS)]
    return [*filled, *empty][:most]


class LanguageRow(RowForm):
    """A language with its level."""

    language = choice("Language", languages().items(), empty="None")
    level = choice("Level", [(level.value, level.value) for level in CefrLevel], empty="None")


class LanguagesForm(EditForm):
    """The languages of the expert."""

    skills = rows("Languages", LanguageRow, MOST_LANGUAGES)

    def validate_skills(self, field: RowsField) -> None:
        """Refuse a language without a level, a level without one, and one that stands twice."""
        taken: set[str] = set()
        for row in field:
            _needs(row.language, row.level, "Please choose the level.")
            _needs(row.level, row.language, "Please choose the language.")
            _once(taken, row.language, "This language stands here twice. Please keep one of them.")
        _gather(field)

    def content(self) -> list[tuple[str, CefrLevel]]:
        """Return the languages with their levels, as the operation takes them."""
        return [
            (row.language.data, CefrLevel(row.level.data))
            for row in self.skills
            if row.language.data
        ]


def languages_form(expert: Expert) -> LanguagesForm:
    """Return the form with the languages of the profile and empty rows to add more."""
    filled = [{"language": row.language, "level": row.level.value} for row in expert.languages]
    spare = _with_spare(filled, MOST_LANGUAGES)
    return LanguagesForm(data={"version": expert.version, "skills": spare})


class PeriodRow(RowForm):
    """Days on which the expert cannot go, both included."""

    start = day("First day")
    end = day("Last day")


class UnavailableForm(EditForm):
    """The periods in which the expert cannot go."""

    periods = rows("Periods", PeriodRow, MOST_PERIODS)

    def validate_periods(self, field: RowsField) -> None:
        """Refuse half a period, one that ends before it begins, and days that stand twice."""
        taken: list[tuple[date, date]] = []
        for row in field:
            _needs(row.start, row.end, "Please give the last day as well.")
            _needs(row.end, row.start, "Please give the first day as well.")
            if row.start.data and row.end.data and not row.errors:
                self._check(row, taken)
        _gather(field)

    @staticmethod
    def _check(row: Any, taken: list[tuple[date, date]]) -> None:
        start, end = row.start.data, row.end.data
        if end < start:
            row.end.errors = ["The last day lies before the first one."]
        elif any(start <= last and first <= end for first, last in taken):
            row.start.errors = ["Some of these days stand in another row. Please keep one of them."]
        else:
            taken.append((start, end))

    def content(self) -> list[tuple[date, date]]:
        """Return the periods, as the operation takes them."""
        return [(row.start.data, row.end.data) for row in self.periods if row.start.data]


def unavailable_form(expert: Expert) -> UnavailableForm:
    """Return the form with the periods of the profile and empty rows to add more."""
    filled = [{"start": row.start, "end": row.end} for row in expert.unavailable]
    spare = _with_spare(filled, MOST_PERIODS)
    return UnavailableForm(data={"version": expert.version, "periods": spare})


class ClosedJurisdictionForm(EditForm):
    """A jurisdiction to add to those where the expert cannot go."""

    code = choice("Jurisdiction to add", jurisdiction_choices(), required=True)


class SearchForm(AddressForm):
    """What the roster is narrowed to."""

    q = line("Name, institution or post", 100)
    theme = choice("Theme", empty="Every theme")
    jurisdiction = choice("Jurisdiction", empty="Every jurisdiction")
    state = choice(
        "State", named(s for s in ExpertState if s is not ExpertState.ERASED), empty="Every state"
    )


class StepForm(PageForm):
    """A coordinator's step with an expert, and why; later coordinators read it."""

    step = choice("Step", named(rules.STEPS_OF_COORDINATORS), required=True)
    reason = line("Reason", 500, hint="Needed to suspend. Coordinators read it later.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then that a step which needs a reason has one."""
        if not super().validate(extra_validators):
            return False
        if rules.STEPS[self.step.data].needs_reason and not self.reason.data:
            self.reason.errors = ["Please give the reason."]
        return not self.reason.errors
