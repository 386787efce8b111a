"""The list as a file: the same people and columns as on the page, each of them recorded."""

from collections.abc import Iterator

from flask import Response, request

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.errors import DomainError
from webapp.core.files.spreadsheets import Row, as_csv, as_xlsx
from webapp.core.forms.file_fields import attachment
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit
from webapp.core.record.disclosure import note, shows
from webapp.core.words.translation import _, gettext
from webapp.matches.ranking import free_text
from webapp.matches.views import whole_roster
from webapp.roster import queries
from webapp.roster.facets import Moment
from webapp.roster.forms import RosterForm, roster_form
from webapp.roster.views import bp
from webapp.roster.wording import row_of

# A file leaves the platform, and all that is in it at once.
EXPORTS = Limit("exports of the roster", "5/hour; 15/day", of_reading=True)
# So many take a second or two; the whole of a larger roster is for nobody to carry away.
MOST = 5000
# Profiles are read in pieces, so that those who read pages meanwhile get their turns.
AT_ONCE = 250
KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class TooManyError(DomainError):
    """More experts fit than a file takes."""


@bp.get("/roster/export.<any('csv','xlsx'):kind>")
@requires(Permission.ROSTER_READ)
@shows(_("a file with a list of the roster"), EXPORTS)
def export(kind: str) -> Response:
    """Give the experts that fit what was asked for as a file."""
    form = roster_form(db.session, request.args)
    if not form.validate():
        answer = render_form("roster/index.html", form, page=None, arguments={}, chosen=[])
        answer.status_code = 400
        return answer
    found = free_text.find(whole_roster(), db.session, form.asked.words)
    moment = Moment(clock.now(), actor(), found.places.keys())
    ids = queries.list_ids(
        db.session, form.asked, moment, sort=form.order, places=dict(found.places)
    )
    if len(ids) > MOST:
        raise TooManyError(
            _("A file takes at most %(most)s experts. Please narrow the list down.", most=MOST)
        )
    write, content_type = KINDS[kind]
    body = write(_rows(form, ids, moment))
    note(db.session, *(("expert", number) for number in ids))
    return attachment(body, content_type, f"roster-{moment.today.isoformat()}.{kind}")


def _rows(form: RosterForm, ids: list[int], moment: Moment) -> Iterator[Row]:
    columns = form.shown_columns
    yield (gettext("Name"), gettext("State"), *(str(column.label) for column in columns))
    for first in range(0, len(ids), AT_ONCE):
        for line in queries.load_lines(db.session, ids[first : first + AT_ONCE], moment):
            yield row_of(line, columns)
        db.session.expunge_all()
