"""The pages on which a coordinator imports a roster that was kept elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core import paging
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import EditForm, render_form
from webapp.core.limits import Limit, limited
from webapp.core.paging import Page, page_number
from webapp.core.record import disclosure
from webapp.core.record.disclosure import LISTS, shows
from webapp.core.record.stored_words import people_in
from webapp.core.transactions import begin_anew, roll_back, takes_file
from webapp.core.words.text_rules import cleaned_line, first_unstorable, shortened
from webapp.core.words.translation import Message, _, gettext, ngettext
from webapp.organisations import queries as organisations
from webapp.roster_imports import checking, forms, inviting, operations, queries, undoing
from webapp.roster_imports.columns import Header, header_at, text_of
from webapp.roster_imports.extraction import LARGEST_FILE
from webapp.roster_imports.models import ImportState, RosterImport, Twins
from webapp.roster_imports.people import rows_of
from webapp.roster_imports.reading import Sheet

bp = Blueprint("roster_imports", __name__, template_folder="templates")

READING = Limit("tables read", "30/hour")
IMPORT = _("an import of the roster")
SAMPLES = 3
FINDINGS_PER_PAGE = 100


@bp.route("/roster/imports", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@limited(READING)
@takes_file(LARGEST_FILE + 500_000)
def index() -> Response:
    """Take a table, and list the imports there were."""
    form = forms.TableForm()
    if not form.validate_on_submit():
        return _index(form)
    # Reading takes seconds, in which nobody else's writing has to wait.
    roll_back()
    sheet = form.read()
    digest = sheet.digest() if sheet else ""
    begin_anew()
    if sheet is None:
        return _index(form)
    row = operations.begin(unit_of_work(), sheet, digest, _file_name(form))
    return redirect(url_for("roster_imports.columns", number=row.id), HTTPStatus.SEE_OTHER)


def _index(form: forms.TableForm) -> Response:
    number = page_number(request.args.get("page"))
    page = queries.list_imports(db.session, actor(), number)
    return render_form("roster_imports/index.html", form, page=page)


def _file_name(form: forms.TableForm) -> str:
    """Return the name of the file for people to know it by; it is no name of a file here."""
    name = cleaned_line(form.file.data.filename or "").replace("\\", "/").rpartition("/")[2]
    return "" if first_unstorable(name) else shortened(name, 200)


@bp.get("/roster/imports/<int:number>")
@requires(Permission.ROSTER_DECIDE)
@shows(IMPORT, LISTS)
def show(number: int) -> Response:
    """Show where an import stands: how far the work is, what was found, or whom it has brought."""
    return _show(queries.get(db.session, actor(), number))


def _show(row: RosterImport, problem: str = "") -> Response:
    form = EditForm(data={"version": row.version})
    number = page_number(request.args.get("page"))
    common: dict[str, Any] = {"row": row, "problem": problem, "at_work": row.is_at_work}
    if row.state is ImportState.READ:
        return _columns(row, *_form_of(row))
    if row.state is ImportState.CHECKED:
        found = queries.get_table(db.session, row).findings
        stored = found["faults"] or found["remarks"]
        page = _page_of(stored, number)
        return render_form("roster_imports/checked.html", form, page=page,
                           notes=map(checking.note, found["notes"]), **common)  # fmt: skip
    if row.state in queries.STORED and not row.is_being_undone:
        there, untouched = queries.count_people(db.session, row)
        invitable, waiting = queries.list_to_invite(db.session, row, inviting.AT_ONCE)
        return render_form(
            "roster_imports/stored.html",
            form,
            page=queries.list_people(db.session, row, number),
            can_undo=undoing.is_in_time(unit_of_work(), row),
            why_colleagues=operations.why_others_decide(db.session, actor(), row),
            changed=there - untouched,
            undone_until=row.stored_at and row.stored_at + operations.UNDONE_WITHIN,
            invitable=len(invitable),
            waiting=waiting,
            **common,
        )
    return render_form("roster_imports/at_work.html", form, **common)


def _page_of(stored: list[list[object]], number: int) -> Page[checking.Told]:
    page: Page[Any] = paging.cut(stored, number, size=FINDINGS_PER_PAGE)
    # What the check says of people on the roster names them.
    disclosure.note(db.session, *people_in(page.items))
    return replace(page, items=[checking.told(one) for one in page.items])


@bp.route("/roster/imports/<int:number>/columns", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
def columns(number: int) -> Response:
    """Say what the columns of a table are, and let it be checked."""
    row = queries.get(db.session, actor(), number)
    if row.state not in (ImportState.READ, ImportState.CHECKED):
        if request.method == "POST":
            flash(str(operations.MOVED_ON), "warning")
        return redirect(url_for("roster_imports.show", number=row.id), HTTPStatus.SEE_OTHER)
    form, sheet, header = _form_of(row)
    moves = request.method == "POST" and form.header_row.data != row.header_row
    if not form.validate_on_submit():
        return _columns(row, form, sheet, header)
    why = None if moves else form.problem(header)
    if why:
        form.columns.errors = [why]
        return _columns(row, form, sheet, header)
    try:
        if moves:
            moved = header_at(sheet, form.header_row.data)
            operations.move_header(
                unit_of_work(), row, sheet, moved, seen_version=form.version.data
            )
        else:
            _choose(row, form, header)
    except ConflictError as error:
        roll_back()
        return _show_moved(queries.get(db.session, actor(), number), str(error))
    page = "roster_imports.columns" if moves else "roster_imports.show"
    return redirect(url_for(page, number=number), HTTPStatus.SEE_OTHER)


def _show_moved(row: RosterImport, problem: str) -> Response:
    """Show what an import is now, with what was chosen on an older page where that still fits."""
    if row.state not in (ImportState.READ, ImportState.CHECKED):
        return _show(row, problem)
    form, sheet, header = _form_of(row)
    form.version.data = row.version
    return _columns(row, form, sheet, header, problem, forms.changed_meanwhile(form, row))


def _choose(row: RosterImport, form: forms.ColumnsForm, header: Header) -> None:
    authority = form.authority.data
    operations.choose(
        unit_of_work(),
        row,
        header,
        form.fields,
        Twins(form.twins.data),
        organisations.get(db.session, int(authority)) if authority else None,
        seen_version=form.version.data,
    )


def _form_of(row: RosterImport) -> tuple[forms.ColumnsForm, Sheet, Header]:
    sheet = checking.sheet_of(queries.get_table(db.session, row))
    header = header_at(sheet, row.header_row)
    authorities = operations.list_authorities(db.session, actor())
    return forms.columns_form(row, header, authorities), sheet, header


def _columns(
    row: RosterImport,
    form: forms.ColumnsForm,
    sheet: Sheet,
    header: Header,
    problem: str = "",
    meanwhile: Sequence[tuple[Message | str, object]] = (),
) -> Response:
    below = rows_of(sheet, header)
    samples = [
        [shortened(text_of(cells[at]), 60) for _number, cells in below
         if at < len(cells) and text_of(cells[at]).strip()][:SAMPLES]
        for at in range(len(header.labels))
    ]  # fmt: skip
    return render_form(
        "roster_imports/columns.html",
        form,
        problem=problem,
        meanwhile=meanwhile,
        row=row,
        sheet=sheet,
        samples=samples,
        people=len(below),
    )


def _act(number: int, act: Callable[[RosterImport, int], str]) -> Response:
    """Do something with an import and say what `act` returns of it, or show its page with what
    stands against it."""
    row, form = queries.get(db.session, actor(), number), EditForm()
    if not form.validate_on_submit():
        return _show(row)
    try:
        done = act(row, form.version.data)
    except ConflictError as error:
        roll_back()
        return _show(queries.get(db.session, actor(), number), problem=str(error))
    if done:
        flash(done)
    return redirect(url_for("roster_imports.show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/roster/imports/<int:number>/confirm")
@requires(Permission.ROSTER_DECIDE)
@shows(IMPORT, LISTS)
def confirm(number: int) -> Response:
    """Let a table without faults be stored."""

    def act(row: RosterImport, seen: int) -> str:
        operations.confirm(unit_of_work(), row, seen_version=seen)
        return gettext("The table is being stored.")

    return _act(number, act)


@bp.post("/roster/imports/<int:number>/drop")
@requires(Permission.ROSTER_DECIDE)
@shows(IMPORT, LISTS)
def drop(number: int) -> Response:
    """Throw away a table that is not stored."""

    def act(row: RosterImport, seen: int) -> str:
        operations.drop(unit_of_work(), row, seen_version=seen)
        return gettext("The table is thrown away. Nothing of it was stored.")

    return _act(number, act)


@bp.post("/roster/imports/<int:number>/undo")
@requires(Permission.ROSTER_DECIDE)
@shows(IMPORT, LISTS)
def undo(number: int) -> Response:
    """Take an import back, as far as nobody has changed or used what it brought."""

    def act(row: RosterImport, seen: int) -> str:
        undoing.ask(unit_of_work(), row, seen_version=seen)
        return gettext("The import is being taken back.")

    return _act(number, act)


@bp.post("/roster/imports/<int:number>/invite")
@requires(Permission.ROSTER_DECIDE)
@shows(IMPORT, LISTS)
def invite(number: int) -> Response:
    """Invite the next of those whom an import has brought to keep their profiles."""

    def act(row: RosterImport, seen: int) -> str:
        invited, refused = inviting.invite_next(unit_of_work(), row, seen_version=seen)
        if refused:
            flash(
                gettext(
                    "Not invited, because the address belongs to somebody else's account, or a"
                    " colleague decides on them: %(names)s. The page of the expert says which.",
                    names=", ".join(map(str, refused)),
                ),
                "warning",
            )
        if not invited:
            return ""
        return ngettext(
            "%(num)s invitation is on its way.", "%(num)s invitations are on their way.", invited
        )

    return _act(number, act)
