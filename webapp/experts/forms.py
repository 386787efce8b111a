"""Forms of the profile, one for each section, and those of the roster."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Field, ValidationError
from wtforms.widgets import MonthInput

from webapp.core import clock
from webapp.core.days import read_month
from webapp.core.fields import (
    MISSIONS,
    CalendarField,
    Choices,
    RowsField,
    choice,
    day,
    line,
    number,
    rows,
    text,
    within_years,
)
from webapp.core.forms import AddressForm, EditForm, RowForm
from webapp.core.translation import Deferred, LabelledEnum, Message, _
from webapp.core.vocabularies import (
    CefrLevel,
    jurisdiction_choices,
    jurisdiction_name,
    language_choices,
)
from webapp.experts.contents import (
    About,
    Claim,
    EvidenceContent,
    TrainingContent,
    identity_of,
)
from webapp.experts.models import EvidenceKind, Expert, ExpertState, Gender

# Empty rows offered below those that are filled; saving brings new ones.
SPARE_ROWS = 3
MOST_OTHER_THEMES = 12
MOST_LANGUAGES = 15
MOST_PERIODS = 30
# The years of somebody's work: what has no end yet may have one soon.
WORK = (1950, 10)


def named(kinds: Iterable[LabelledEnum]) -> list[tuple[str, Message]]:
    """Return the members of an enum of words as choices, each with its label."""
    return [(kind.value, kind.label) for kind in kinds]


class CalendarMonthField(CalendarField):
    """A month, which is stored as its first day."""

    widget = MonthInput()
    read = staticmethod(read_month)
    refusal = _("Please write a month as year-month, such as 2018-11.")

    @staticmethod
    def sent_by_browsers(day: date) -> str:
        """Return a month in the one form that a browser's calendar knows."""
        return day.isoformat()[: len("2018-11")]


def month(label: Message, *, hint: Message) -> CalendarMonthField:
    """Return a field for a month."""
    return CalendarMonthField(label, [within_years(*WORK)], description=hint)


class AboutForm(EditForm):
    """Who the expert is and how long they can be away."""

    name = line(_("Name"), required=True, hint=_("As it stands in your passport or service card."))
    post = line(_("Post"), hint=_("Such as: head of the firearms registry."))
    rank = line(_("Rank"), 100, hint=_("Leave empty if you have none."))
    institution = line(
        _("Institution"), hint=_("Such as: Ministry of Interior, Police Directorate.")
    )
    jurisdiction = choice(
        _("Jurisdiction"), jurisdiction_choices, hint=_("Whose institution you serve.")
    )
    gender = choice(
        _("Gender"),
        named(Gender),
        hint=_(
            "Used only to count how many women and men take part. It never changes a ranking"
            " and is not shown to requesters."
        ),
        empty=_("Not said"),
    )
    summary = text(
        _("Summary"),
        3000,
        hint=_(
            "What you do, what you are good at and what you have changed, in your own words. The"
            " ranking compares these words with requests."
        ),
    )
    max_days = number(
        _("Longest mission, in days"),
        1,
        730,
        hint=_("You are not asked for missions that are longer."),
    )
    notice_days = number(
        _("Notice you need, in days"), 0, 365, hint=_("From being asked to leaving.")
    )

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


def about_form(expert: Expert) -> AboutForm:
    """Return the form with what is stored; a field says so where its change is not confirmed."""
    pending = expert.pending_identity
    if pending is None:
        return AboutForm(obj=expert)
    stored = {name: getattr(expert, name) for name in (*vars(About("")), "version")}
    form = AboutForm(data=stored | vars(identity_of(pending)))
    for name, now in vars(identity_of(expert)).items():
        if getattr(pending, name) != now:
            shown = Deferred(jurisdiction_name, now) if name == "jurisdiction" and now else now
            form[name].description = (
                _("Waits for SEESAC's confirmation. Until then others read: %(now)s.", now=shown)
                if now
                else _("Waits for SEESAC's confirmation. Until then others read nothing here.")
            )
    return form


class EvidenceForm(EditForm):
    """One piece of evidence."""

    kind = choice(_("Kind of work"), named(EvidenceKind), required=True)
    title = line(
        _("Title"),
        required=True,
        hint=_("Such as: trainer on deactivation standards for armourers."),
    )
    description = text(
        _("Description"),
        2000,
        hint=_(
            "What you did yourself, for whom, and what came of it. Two or three sentences are"
            " enough. Name no sources, suspects or cases."
        ),
    )
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices, hint=_("Where it took place."))
    started = month(_("First month"), hint=_("As year-month, such as 2018-11."))
    ended = month(_("Last month"), hint=_("Leave empty if it goes on, or has no end."))

    def validate_started(self, field: Field) -> None:
        """Refuse work that has not begun: it is no evidence yet."""
        if field.data and field.data > clock.latest_today():
            raise ValidationError(
                _("This month is still to come. Evidence is work that has begun.")
            )

    def validate_ended(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.started.data and field.data < self.started.data:
            raise ValidationError(_("The last month lies before the first one."))

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
        _("Title"), required=True, hint=_("With the year and who gave it, where that says more.")
    )
    expires = day(_("Valid until"), 1950, 50, hint=_("Leave empty if it does not run out."))

    def content(self) -> TrainingContent:
        """Return what was written, as the operation takes it."""
        return TrainingContent(title=self.title.data, expires=self.expires.data)


def _needs(given: Field, needed: Field, message: Message) -> None:
    """Put `message` at `needed` if it is empty while `given` is filled."""
    if given.data is not None and needed.data is None and not needed.errors:
        needed.errors = [message]


def _once(taken: set[str], field: Field, message: Message) -> None:
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

    theme = choice(_("Theme"), empty=_("None"))
    years = number(_("Years of work on it"), 0, 60)


class ThemesForm(EditForm):
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
        self._check(field, {claim.code for claim in self.claims("ranked")})

    @staticmethod
    def _check(field: RowsField, taken: set[str]) -> None:
        for row in field:
            _needs(row.years, row.theme, _("Please choose the theme that these years belong to."))
            _once(taken, row.theme, _("This theme stands here twice. Please keep one of them."))
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
    empty: list[dict[str, Any]] = [{} for _spare in range(SPARE_ROWS)]
    return [*filled, *empty][:most]


class LanguageRow(RowForm):
    """A language with its level."""

    language = choice(_("Language"), language_choices, empty=_("None"))
    level = choice(_("Level"), [(level.value, level.value) for level in CefrLevel], empty=_("None"))


class LanguagesForm(EditForm):
    """The languages of the expert."""

    skills = rows(_("Languages"), LanguageRow, MOST_LANGUAGES)

    def validate_skills(self, field: RowsField) -> None:
        """Refuse a language without a level, a level without one, and one that stands twice."""
        taken: set[str] = set()
        for row in field:
            _needs(row.language, row.level, _("Please choose the level."))
            _needs(row.level, row.language, _("Please choose the language."))
            _once(
                taken, row.language, _("This language stands here twice. Please keep one of them.")
            )
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

    start = day(_("First day"), *MISSIONS)
    end = day(_("Last day"), *MISSIONS)


class UnavailableForm(EditForm):
    """The periods in which the expert cannot go."""

    periods = rows(_("Periods"), PeriodRow, MOST_PERIODS)

    def validate_periods(self, field: RowsField) -> None:
        """Refuse half a period, one that ends before it begins, and days that stand twice."""
        taken: list[tuple[date, date]] = []
        for row in field:
            _needs(row.start, row.end, _("Please give the last day as well."))
            _needs(row.end, row.start, _("Please give the first day as well."))
            if row.start.data and row.end.data and not row.errors:
                self._check(row, taken)
        _gather(field)

    @staticmethod
    def _check(row: Any, taken: list[tuple[date, date]]) -> None:
        start, end = row.start.data, row.end.data
        if end < start:
            row.end.errors = [_("The last day lies before the first one.")]
        elif any(start <= last and first <= end for first, last in taken):
            row.start.errors = [
                _("Some of these days stand in another row. Please keep one of them.")
            ]
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

    code = choice(_("Jurisdiction to add"), jurisdiction_choices, required=True)


class SearchForm(AddressForm):
    """What the roster is narrowed to."""

    q = line(_("Name, institution or post"), 100)
    theme = choice(_("Theme"), empty=_("Every theme"))
    jurisdiction = choice(_("Jurisdiction"), empty=_("Every jurisdiction"))
    state = choice(
        _("State"),
        named(ExpertState),
        empty=_("Every state"),
    )
