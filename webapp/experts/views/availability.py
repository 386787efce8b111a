"""The days on which an expert is not available: as a calendar, a list, and iCalendar files."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.file_fields import attachment
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.transactions import takes_file, writes_late
from webapp.core.words.days import days_of_week, shifted
from webapp.core.words.translation import _
from webapp.experts import calendar, forms, operations
from webapp.experts.forms.lists import MOST_PERIODS
from webapp.experts.models import Expert
from webapp.experts.views import bp
from webapp.experts.views.desks import Desk, own_desk
from webapp.experts.views.sections import edit_section

FindMissions = Callable[[Session, Expert, date, date], Sequence[calendar.Mission]]

TEMPLATE = "experts/unavailable.html"
# Where the package that knows the missions puts the function that finds those of an expert.
MISSIONS = "profile.missions"
# A large one takes seconds to be read.
CALENDARS = Limit("calendars read", "30/hour")


def _around(expert: Expert) -> dict[str, Any]:
    """Return what stands around the list of days, from the month of the address on."""
    shown, this = forms.WindowForm(request.args), clock.today().replace(day=1)
    first = (shown.month.data if shown.validate() else None) or this
    if not shown.errors:
        shown.month.data = first
    months = calendar.months(first)
    find: FindMissions | None = current_app.extensions.get(MISSIONS)
    last = shifted(first, calendar.MONTHS) - timedelta(days=1)
    return {
        "shown": shown,
        "earlier": max(this, shifted(first, -calendar.MONTHS)) if first > this else None,
        "later": shifted(first, calendar.MONTHS),
        "months": months,
        "missions": find(db.session, expert, first, last) if find else (),
        "is_off": calendar.is_off,
        "days_of_week": days_of_week(),
        "file": forms.CalendarFileForm(formdata=None),
        "expert": expert,
        "section": "unavailable",
        "desk": Desk(expert),
    }


@bp.route("/profile/unavailable", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def unavailable() -> Response:
    """Edit the periods in which the expert cannot go."""
    desk = own_desk()
    expert = desk.expert
    form = forms.unavailable_form(expert)

    def save(**how: Any) -> None:
        operations.save_unavailable(unit_of_work(), expert, form.content(), **how)

    done = _("The days on which you are not available are saved.")
    around = _around(expert)
    del around["expert"], around["section"], around["desk"]
    return edit_section(TEMPLATE, "unavailable", form, desk, save, done, **around)


@bp.get("/profile/unavailable.ics")
@requires(Permission.PROFILE_EDIT)
def unavailable_file() -> FlaskResponse:
    """Give the days to the calendar of another program; it names no reason and nobody."""
    days = calendar.write(own_desk().expert, clock.now())
    return attachment(days, calendar.MEDIA_TYPE, "not-available.ics")


@bp.post("/profile/unavailable/file")
@requires(Permission.PROFILE_EDIT)
@limited(CALENDARS)
@writes_late
@takes_file(calendar.LARGEST_FILE * 2)
def read_calendar() -> Response:
    """Put the days of a calendar's events into the list, to be looked at and saved."""
    expert, sent = own_desk().expert, forms.CalendarFileForm()
    around = _around(expert) | {"file": sent}
    today = clock.today()
    if not sent.validate_on_submit():
        return render_form(TEMPLATE, forms.unavailable_form(expert, []), **around)
    found = sent.read(today, date(today.year + 2, 12, 31))
    if found is None:
        return render_form(TEMPLATE, forms.unavailable_form(expert, []), **around)
    there = [(row.start, row.end) for row in expert.unavailable]
    periods = calendar.with_more(there, found)
    form = forms.unavailable_form(expert, periods[:MOST_PERIODS])
    return make_response(
        render_template(
            TEMPLATE, form=form, problem="", read=len(found), lost=periods[MOST_PERIODS:], **around
        )
    )
