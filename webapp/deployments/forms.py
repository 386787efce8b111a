"""The form by which the calendar is turned to other months."""

from webapp.core.fields import MISSIONS, within_years
from webapp.core.forms import AddressForm
from webapp.core.translation import _
from webapp.experts.forms import CalendarMonthField


class WindowForm(AddressForm):
    """From which month on deployments are shown."""

    month = CalendarMonthField(_("From the month of"), [within_years(*MISSIONS)])
