"""The forms of deployments: the months of the calendar, and the days of a mission."""

from datetime import date
from typing import Any

from wtforms import Field, ValidationError

from webapp.core import clock
from webapp.core.forms.checks import within_years
from webapp.core.forms.fields import MISSIONS, day
from webapp.core.forms.page_forms import AddressForm, EditForm
from webapp.core.words.translation import _
from webapp.deployments import rules
from webapp.deployments.models import Deployment
from webapp.expertise_requests.rules import LONGEST
from webapp.experts.forms import CalendarMonthField


class WindowForm(AddressForm):
    """From which month on deployments are shown."""

    month = CalendarMonthField(_("From the month of"), [within_years(*MISSIONS)])


class DaysForm(EditForm):
    """The days of a mission; of one that has begun only the last one is asked for."""

    start = day(_("First day"), *MISSIONS, required=True)
    end = day(_("Last day"), *MISSIONS, required=True)

    def __init__(self, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(obj=deployment, **kwargs)
        self.begun = deployment.start if rules.has_begun(deployment) else None
        if self.begun:
            del self.start

    @property
    def first_day(self) -> date | None:
        """Return the first day: the one that was typed, or that of a mission that has begun."""
        return self.begun or self.start.data

    def validate_start(self, field: Field) -> None:
        """Refuse a beginning in the past."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("This day is past. A mission can begin today at the earliest."))

    def validate_end(self, field: Field) -> None:
        """Refuse an end in the past, before the beginning, or years after it."""
        if field.data is None:
            return
        if field.data < clock.today():
            raise ValidationError(_("This day is past. To note an early end, end the mission."))
        first = self.first_day
        if first and field.data < first:
            raise ValidationError(_("The last day lies before the first one."))
        if first and (field.data - first).days >= LONGEST:
            raise ValidationError(_("This is longer than two years. Please check the years."))
