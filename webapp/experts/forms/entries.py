"""The forms of evidence and trainings, one entry at a time, and of asking who was there."""

from datetime import date

from wtforms import BooleanField, Field, ValidationError
from wtforms.widgets import MonthInput

from webapp.accounts.forms import address
from webapp.core import clock
from webapp.core.forms.checks import within_years
from webapp.core.forms.fields import (
    MISSIONS,
    CalendarField,
    choice,
    day,
    line,
    named,
    person_name,
    several,
    text,
)
from webapp.core.forms.page_forms import AddressForm, EditForm, PageForm
from webapp.core.words.days import read_month
from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import HelpKind, jurisdiction_choices
from webapp.experts.contents import EvidenceContent, TrainingContent
from webapp.experts.models import EvidenceKind, TrainingKind
from webapp.kept_texts.forms import RestoredForm

# The years of somebody's work: what has no end yet may have one soon.
WORK = (1950, 10)


class CalendarMonthField(CalendarField):
    """A month, which is stored as its first day."""

    widget = MonthInput()
    read = staticmethod(read_month)
    refusal = _("Please write a month as year-month, such as 2018-11.")

    @staticmethod
    def sent_by_browsers(day: date) -> str:
        """Return a month in the one form that a browser's calendar knows."""
        return day.isoformat()[: len("2018-11")]


def month(label: Message, *, hint: Message | str = "") -> CalendarMonthField:
    """Return a field for a month."""
    return CalendarMonthField(label, [within_years(*WORK)], description=hint)


class WindowForm(AddressForm):
    """From which month on days are shown."""

    month = CalendarMonthField(_("From the month of"), [within_years(*MISSIONS)])


class EvidenceForm(RestoredForm, EditForm):
    """One piece of evidence."""

    kind = choice(_("Kind of work"), named(EvidenceKind), required=True)
    title = line(
        _("Title"),
        required=True,
        hint=_("Such as: trainer on deactivation standards for armourers."),
    )
    role = line(_("Your role"), hint=_("Such as: lead trainer, member of the working group."))
    description = text(
        _("Description"),
        2000,
        hint=_(
            "What you did yourself, for whom, and what came of it. Two or three sentences are"
            " enough. Name no sources, suspects or cases."
        ),
    )
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices, hint=_("Where it took place."))
    place = line(_("Place"), hint=_("Town, base or organisation, such as: Academy in Bishkek."))
    started = month(_("First month"), hint=_("As year-month, such as 2018-11."))
    ended = month(_("Last month"), hint=_("Leave empty if it goes on, or has no end."))
    ways = several(_("What you were there"), named(HelpKind))
    kept_out = BooleanField(
        _("Keep this entry out of the ranking"),
        description=_("It stands in your profile, and requests are not compared with it."),
    )

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
            role=self.role.data or "",
            jurisdiction=self.jurisdiction.data,
            place=self.place.data or "",
            started=self.started.data,
            ended=self.ended.data,
            ways=tuple(map(HelpKind, self.ways.data)),
            kept_out=self.kept_out.data,
        )


class TrainingForm(RestoredForm, EditForm):
    """One training or certificate."""

    kind = choice(_("Kind of training"), named(TrainingKind), empty=_("Course attended"))
    title = line(
        _("Title"), required=True, hint=_("With the year and who gave it, where that says more.")
    )
    expires = day(_("Valid until"), 1950, 50, hint=_("Leave empty if it does not run out."))

    def content(self) -> TrainingContent:
        """Return what was written, as the operation takes it."""
        return TrainingContent(
            title=self.title.data,
            kind=TrainingKind(self.kind.data or TrainingKind.COURSE),
            expires=self.expires.data,
        )


class ConfirmationForm(EditForm):
    """Who was there and can confirm a piece of evidence."""

    name = person_name(_("Name"))
    organisation = line(_("Organisation"), required=True)
    email = address(
        _("E-mail address"),
        hint=_("Of their service, not a private one: coordinators see where the answer came from."),
    )


class AnswerForm(PageForm):
    """What somebody who was there says of a piece of evidence."""
