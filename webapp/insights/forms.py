"""The form that says which period is counted, read from the address."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.forms.fields import choice, day
from webapp.core.forms.page_forms import AddressForm
from webapp.core.words import vocabularies
from webapp.core.words.translation import _
from webapp.insights.kinds import Asked
from webapp.insights.queries import supply
from webapp.themes import queries as themes

USUAL = timedelta(days=364)


class PeriodForm(AddressForm):
    """A period, and what narrows it; without an answer the last year is meant."""

    first = day(_("From"), 2015, 1)
    last = day(_("Until"), 2015, 1)
    theme = choice(_("Theme"), empty=_("All themes"))
    jurisdiction = choice(_("Where help was asked for"), empty=_("Everywhere"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Refuse a period that ends before it begins."""
        is_valid: bool = super().validate(extra_validators)
        if is_valid and self.first.data and self.last.data and self.last.data < self.first.data:
            self.last.errors = [*self.last.errors, _("This day is before the first one.")]
            return False
        return is_valid

    def asked(self, today: date) -> Asked:
        """Return what is asked for; what was refused counts as not asked."""
        given = self.in_address
        last = given.get("last") or today
        first = min(given.get("first") or last - USUAL, last)
        return Asked(first, last, given.get("theme"), given.get("jurisdiction"))


def period_form(session: Session, arguments: Mapping[str, str]) -> PeriodForm:
    """Return the form with what stands in the address."""
    form = PeriodForm(arguments)
    form.theme.offer(themes.list_all_choices(session))
    hosts = supply.list_hosts(session)
    form.jurisdiction.offer(vocabularies.jurisdiction_choices(hosts))
    return form
