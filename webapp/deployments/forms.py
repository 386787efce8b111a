"""The forms of deployments: the months and rows of the calendar, and the days of a mission."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, Field, HiddenField, ValidationError

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.forms.fields import MISSIONS, choice, day, given_day, line
from webapp.core.forms.page_forms import EditForm, PageForm
from webapp.core.words import vocabularies
from webapp.core.words.translation import _
from webapp.deployments import rules
from webapp.deployments.models import Deployment
from webapp.deployments.queries import Chosen, list_considering
from webapp.expertise_requests.rules import LONGEST
from webapp.experts.forms import WindowForm
from webapp.experts.queries import list_jurisdictions
from webapp.themes import queries as themes


class RowsForm(WindowForm):
    """Which experts have a row in the calendar of a coordinator."""

    q = line(_("Name, institution or post"), 300)
    theme = choice(_("Theme"), empty=_("Every theme"))
    jurisdiction = choice(_("Jurisdiction"), empty=_("Every jurisdiction"))
    considered_for = choice(_("Considered for the request"), empty=_("Any or none"))
    free = BooleanField(_("Also active experts without a mission in these months"))

    @property
    def rows(self) -> Chosen:
        """Return whose rows are asked for; what is refused narrows nothing."""
        given = self.in_address
        return Chosen(
            words=given.get("q", ""),
            theme=given.get("theme"),
            jurisdiction=given.get("jurisdiction"),
            request_id=int(given.get("considered_for", 0)) or None,
            with_free=given.get("free", False),
        )


def rows_form(session: Session, reader: Actor, arguments: Any) -> RowsForm:
    """Return the form as an address has filled it, with all that may be asked for."""
    form = RowsForm(arguments)
    form.theme.offer(themes.list_all_choices(session))
    form.jurisdiction.offer(vocabularies.jurisdiction_choices(list_jurisdictions(session)))
    form.considered_for.offer(
        (str(one.id), f"{one.reference} · {one.title}") for one in list_considering(session, reader)
    )
    return form


class FeedForm(PageForm):
    """What another program reads at a secret address."""

    with_days_off = BooleanField(_("Also the days on which I am not available"))


class DaysOfMission(PageForm):
    """Two days between which a mission can lie; of one that has begun only the last is asked for.

    `begun` is the first day of a mission that has begun, `start` that of one that has not.
    """

    start = day(_("First day"), *MISSIONS, required=True)
    end = day(_("Last day"), *MISSIONS, required=True)
    begun: date | None = None

    @property
    def first_day(self) -> date | None:
        """Return the first day: the one that was typed, or that of a mission that has begun."""
        return self.start.data if self.start else self.begun

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
        earliest = min(filter(None, [self.begun, first]), default=None)
        if earliest and (field.data - earliest).days >= LONGEST:
            raise ValidationError(_("This is longer than two years. Please check the years."))


class DaysForm(DaysOfMission, EditForm):
    """The days of one mission."""

    def __init__(self, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(obj=deployment, **kwargs)
        if rules.has_begun(deployment):
            self.begun = deployment.start
            del self.start

    @classmethod
    def in_address(cls, deployment: Deployment, arguments: Any) -> "DaysForm":
        """Return the form as an address has filled it: looking changes nothing."""
        return cls(deployment, formdata=arguments or None, meta={"csrf": False})

    @property
    def days(self) -> tuple[date, date]:
        """Return the days of a form that is valid."""
        end = given_day(self.end)
        return self.first_day or end, end


class TeamDaysForm(DaysOfMission):
    """The days of a whole team, first looked at and then sent with what was `seen`.

    Where some of it have begun, the last day is theirs, too.
    """

    seen = HiddenField()

    def __init__(self, team: Sequence[Deployment], **kwargs: Any) -> None:
        common = Counter((one.start, one.end) for one in team).most_common(1)
        (start, end), _times = common[0]
        super().__init__(data={"start": start, "end": end}, **kwargs)
        begun = [one.start for one in team if rules.has_begun(one)]
        self.begun = min(begun, default=None)
        if len(begun) == len(team):
            del self.start

    @classmethod
    def in_address(cls, team: Sequence[Deployment], arguments: Any) -> "TeamDaysForm":
        """Return the form as an address has filled it: looking changes nothing."""
        return cls(team, formdata=arguments, meta={"csrf": False})

    @property
    def days(self) -> tuple[date, date]:
        """Return the days of a form that is valid; the first is nothing to whoever has begun."""
        end = given_day(self.end)
        return self.first_day or end, end
