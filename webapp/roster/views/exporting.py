"""The list as a file: the same people and columns as on the page, each of them recorded."""

from collections.abc import Iterator

from flask import Response, request

from webapp.accounts import sessions
from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import DomainError
from webapp.core.files.spreadsheets import Row, as_csv, as_xlsx
from webapp.core.forms.file_fields import attachment
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, refuse_too_many
from webapp.core.record.disclosure import LISTS, shows
from webapp.core.transactions import begin_anew, writes_late
from webapp.core.words.translation import _, gettext
from webapp.matches.ranking import free_text
from webapp.matches.views import whole_roster
from webapp.roster import operations, queries
from webapp.roster.facets import Moment
from webapp.roster.forms import FACETS, PurposeForm, RosterForm, roster_form
from webapp.roster.views import bp
from webapp.roster.wording import row_of

# A file leaves the platform, and all that is in it at once.
EXPORTS = Limit("exports of the roster", "5/hour; 15/day")
# So many take a second or two; the whole of a larger roster is for nobody to carry away.
MOST = 5000
# Profiles are read in pieces, so that those who read pages meanwhile get their turns.
AT_ONCE = 250
FILE = "/roster/export.<any('csv','xlsx'):kind>"
KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class TooManyError(DomainError):
    """More experts fit than a file takes."""


@bp.get(FILE)
@requires(Permission.ROSTER_READ)
def ask_for_export(kind: str) -> Response:
    """Ask what a file of the experts that fit is for, before it is given."""
    form = roster_form(db.session, request.args)
    if not form.validate():
        return _refuse(form)
    _find(form)
    return _ask(form, PurposeForm(), kind)


@bp.post(FILE)
@requires(Permission.ROSTER_READ)
@shows(_("a file with a list of the roster"), LISTS)
@writes_late
def export(kind: str) -> Response:
    """Give the experts that fit what was asked for as a file, and record what it is for."""
    form = roster_form(db.session, request.args)
    if not form.validate():
        return _refuse(form)
    purpose = PurposeForm()
    if not purpose.validate_on_submit():
        return _ask(form, purpose, kind)
    refuse_too_many(EXPORTS)
    moment, ids = _find(form)
    write, content_type = KINDS[kind]
    body = write(_rows(form, ids, moment))
    begin_anew()
    sessions.hold()
    operations.take_along(unit_of_work(), ids, purpose.grounds, "roster.export", request.path)
    return attachment(body, content_type, f"roster-{moment.today.isoformat()}.{kind}")


def _refuse(form: RosterForm) -> Response:
    answer = render_form("roster/index.html", form, page=None, arguments={}, chosen=[])
    answer.status_code = 400
    return answer


def _ask(form: RosterForm, purpose: PurposeForm, kind: str) -> Response:
    return render_form(
        "roster/export.html",
        purpose,
        kind=kind,
        arguments=form.in_address,
        chosen=form.chosen(FACETS),
        columns=form.shown_columns,
    )


def _find(form: RosterForm) -> tuple[Moment, list[int]]:
    """Return the numbers of the experts that fit at this moment, in the order of the page."""
    found = free_text.find(whole_roster(), db.session, form.asked.words)
    moment = Moment(clock.now(), actor(), found.places.keys())
    ids = queries.list_ids(
        db.session, form.asked, moment, sort=form.order, places=dict(found.places)
    )
    if len(ids) > MOST:
        raise TooManyError(
            _("A file takes at most %(most)s experts. Please narrow the list down.", most=MOST)
        )
    return moment, ids


def _rows(form: RosterForm, ids: list[int], moment: Moment) -> Iterator[Row]:
    columns = form.shown_columns
    yield (gettext("Name"), gettext("State"), *(str(column.label) for column in columns))
    for first in range(0, len(ids), AT_ONCE):
        for line in queries.load_lines(db.session, ids[first : first + AT_ONCE], moment):
            yield row_of(line, columns)
        db.session.expunge_all()
