"""Views of the statistics and of the report of a period; the period stands in the address."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.files.pdf import make_pdf
from webapp.core.files.spreadsheets import as_csv, as_xlsx
from webapp.core.forms.file_fields import attachment
from webapp.core.limits import Limit, limited
from webapp.expertise_requests.asking import list_asked_for
from webapp.insights import flow, leaving, places, report, statistics
from webapp.insights.forms import PeriodForm, period_form
from webapp.insights.kinds import Asked, Chart, Part, Statistic

bp = Blueprint("insights", __name__, url_prefix="/insights", template_folder="templates")
# A document takes seconds of a processor.
DOCUMENTS = Limit("reports made", "30/hour", of_reading=True)
# A page holds so many missions; the files hold all.
LISTED, PRINTED = 40, 400
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires(Permission.INSIGHTS_READ)
def index() -> Response:
    """Show the report of a period."""
    form, asked = _asked()
    found = report.make(db.session, asked)
    return _page("insights/report.html", form, asked=asked, report=found, most=LISTED)


@bp.get("/<any('themes','people','times','places','choices','costs'):part>")
@requires(Permission.INSIGHTS_READ)
def show(part: str) -> Response:
    """Show the statistics of one kind, each as a chart with its table."""
    form, asked = _asked()
    found = statistics.list_statistics(db.session, Part(part), asked)
    return _page(
        "insights/part.html", form, asked=asked, part=Part(part), statistics=found,
        draw={Chart.FLOW: flow.draw, Chart.MAP: places.draw},
    )  # fmt: skip


@bp.get("/<any('themes','people','times','places','choices','costs'):part>/<name>.csv")
@requires(Permission.INSIGHTS_READ)
def table(part: str, name: str) -> Response:
    """Give the numbers of one chart as a file."""
    _form, asked = _asked()
    drawn = statistics.list_statistics(db.session, Part(part), asked)
    return _csv(leaving.for_files(drawn), name, asked)


@bp.get("/report/<name>.csv")
@requires(Permission.INSIGHTS_READ)
def table_of_report(name: str) -> Response:
    """Give one table of the report of a period as a file."""
    _form, asked = _asked()
    return _csv(report.make(db.session, asked).for_files().tables, name, asked)


@bp.get("/report.<any('pdf','xlsx'):kind>")
@requires(Permission.INSIGHTS_READ)
@limited(DOCUMENTS)
def document(kind: str) -> Response:
    """Give the report of a period as a file."""
    _form, asked = _asked()
    found = report.make(db.session, asked).for_files()
    if kind == "xlsx":
        return _file(as_xlsx(report.rows_of_report(found)), XLSX, "report.xlsx", asked)
    page = render_template(
        "insights/document.html", asked=asked, report=found, most=PRINTED, made_at=clock.now()
    )
    return _file(make_pdf(page), "application/pdf", "report.pdf", asked)


def _asked() -> tuple[PeriodForm, Asked]:
    form = period_form(db.session, request.args)
    form.validate()
    own = frozenset(list_asked_for(db.session, actor()))
    return form, replace(form.asked(clock.today()), besides=own)


def _page(template: str, form: PeriodForm, **context: Any) -> Response:
    body = render_template(template, form=form, parts=Part, kept=form.in_address, **context)
    return make_response(body, 400 if form.errors else 200)


def _csv(tables: Iterable[Statistic], name: str, asked: Asked) -> Response:
    found = next((one for one in tables if one.name == name), None) or abort(404)
    body = as_csv(report.rows_of_statistic(found))
    return _file(body, "text/csv; charset=utf-8", f"{name}.csv", asked)


def _file(body: bytes, kind: str, name: str, asked: Asked) -> Response:
    return attachment(body, kind, f"{asked.first.isoformat()}-{asked.last.isoformat()}-{name}")
