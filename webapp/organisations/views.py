"""Views of organisations, for administrators."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.accounts.sign_in import shown_anew
from webapp.core import in_hands
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, name_shown, note, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.organisations import operations, queries, signals
from webapp.organisations.forms import MemberForm, MemberSearchForm, OrganisationForm, SearchForm
from webapp.organisations.models import Organisation, OrganisationKind

MEMBERS, PERSON = _("the members of an organisation"), _("a member of an organisation")

bp = Blueprint(
    "organisations",
    __name__,
    url_prefix="/organisations",
    template_folder="templates",
)


@bp.get("")
@requires(Permission.ORGANISATIONS_KEEP)
def index() -> Response:
    """List the organisations with how many members they have, narrowed by words and kind."""
    form = SearchForm(request.args)
    asked = {name: value for name, value in form.data.items() if value} if form.validate() else {}
    page = queries.list_organisations(
        db.session,
        asked.get("search", ""),
        kind=OrganisationKind(asked["kind"]) if "kind" in asked else None,
        number=page_number(request.args.get("page")),
    )
    body = render_template(
        "organisations/index.html",
        form=form,
        asked=asked,
        page=page,
        members=queries.count_members(db.session, [row.id for row in page.items]),
    )
    return make_response(body, 400 if form.errors else 200)


@bp.get("/new")
@requires(Permission.ORGANISATIONS_KEEP)
def new() -> Response:
    """Show the form of a new organisation."""
    return _edit_page(OrganisationForm(formdata=None))


@bp.post("/new")
@requires(Permission.ORGANISATIONS_KEEP)
def create() -> Response:
    """Make an organisation."""
    form = OrganisationForm()
    if not form.validate_on_submit():
        return _edit_page(form)
    try:
        organisation = operations.create(unit_of_work(), _told(form))
    except operations.AlikeError as error:
        form.name.errors = [str(error)]
        return _edit_page(form)
    flash(gettext("%(name)s is there now; its members come next.", name=organisation.name))
    return _to_page_of(organisation.id)


@bp.get("/<int:organisation_id>")
@requires(Permission.ORGANISATIONS_KEEP)
@shows(MEMBERS, LISTS)
def show(organisation_id: int) -> Response:
    """Show an organisation with its members."""
    return _page_of(queries.get(db.session, organisation_id), MemberForm(formdata=None))


@bp.get("/<int:organisation_id>/edit")
@requires(Permission.ORGANISATIONS_KEEP)
def edit(organisation_id: int) -> Response:
    """Show the form of an organisation."""
    organisation = queries.get(db.session, organisation_id)
    return _edit_page(OrganisationForm(formdata=None, obj=organisation), organisation)


@bp.post("/<int:organisation_id>/edit")
@requires(Permission.ORGANISATIONS_KEEP)
def save(organisation_id: int) -> Response:
    """Rename an organisation, or say better what and where it is."""
    organisation = queries.get(db.session, organisation_id)
    form = OrganisationForm()
    if not form.validate_on_submit():
        return _edit_page(form, organisation)
    seen = form.version.data
    try:
        operations.change(unit_of_work(), organisation, _told(form), seen_version=seen)
    except operations.AlikeError as error:
        form.name.errors = [str(error)]
        return _edit_page(form, organisation)
    except ConflictError as error:
        roll_back()
        form.version.data = organisation.version
        return _edit_page(form, organisation, str(error))
    flash(gettext("%(name)s is saved.", name=organisation.name))
    return _to_page_of(organisation_id)


@bp.post("/<int:organisation_id>/members")
@requires(Permission.ORGANISATIONS_KEEP)
@shows(MEMBERS, LISTS)
@shown_anew
def add_member(organisation_id: int) -> Response:
    """Make an account a member."""
    organisation = queries.get(db.session, organisation_id)
    if organisation.closed_at is not None:
        # The page was opened before; it says now that nobody can be added.
        return _to_page_of(organisation_id)
    form = MemberForm()
    if not form.validate_on_submit():
        return _page_of(organisation, form)
    account = accounts.find_by_email(db.session, form.email.data or "")
    if account is None:
        form.email.errors = [gettext("There is no account with this address.")]
        return _page_of(organisation, form)
    # Whether they become a member or not, the answer names them.
    note(db.session, account.tells_of)
    try:
        operations.add_member(unit_of_work(), organisation, account)
    except ConflictError as error:
        roll_back()
        return _page_of(organisation, form, str(error))
    flash(gettext("%(name)s is a member now.", name=name_shown(account)))
    return _to_page_of(organisation_id)


@bp.get("/people/<int:account_id>")
@requires(Permission.ORGANISATIONS_KEEP)
@shows(PERSON, SINGLE)
def person(account_id: int) -> Response:
    """Show what is in somebody's hands, before they are taken out or their account is disabled."""
    return _person_page(account_id)


def _person_page(account_id: int, problem: str = "") -> Response:
    account = accounts.get_account(db.session, account_id)
    own = account.organisation_id
    return render_form(
        "organisations/person.html",
        ActionForm(),
        problem=problem,
        account=account,
        organisation=None if own is None else queries.get(db.session, own),
        in_hands=in_hands.of(db.session, account_id),
    )


@bp.post("/<int:organisation_id>/members/<int:account_id>/remove")
@requires(Permission.ORGANISATIONS_KEEP)
@shows(PERSON, SINGLE)
def remove_member(organisation_id: int, account_id: int) -> Response:
    """Take a member out of an organisation."""
    organisation = queries.get(db.session, organisation_id)
    account = queries.get_member(db.session, organisation_id, account_id)
    try:
        operations.remove_member(unit_of_work(), organisation, account)
    except ConflictError as error:
        roll_back()
        return _person_page(account_id, str(error))
    note(db.session, account.tells_of)
    flash(
        gettext(
            "%(name)s is no member of %(organisation)s any more.",
            name=name_shown(account),
            organisation=organisation.name,
        )
    )
    return _to_page_of(organisation_id)


@bp.get("/<int:organisation_id>/close")
@requires(Permission.ORGANISATIONS_KEEP)
def ask_to_close(organisation_id: int) -> Response:
    """Show what will happen before an organisation is closed."""
    return _close_page(queries.get(db.session, organisation_id))


@bp.post("/<int:organisation_id>/close")
@requires(Permission.ORGANISATIONS_KEEP)
def close(organisation_id: int) -> Response:
    """Close an organisation."""
    organisation = queries.get(db.session, organisation_id)
    try:
        operations.close(unit_of_work(), organisation)
    except ConflictError as error:
        roll_back()
        return _close_page(organisation, str(error))
    flash(gettext("%(name)s is closed.", name=organisation.name))
    return redirect(url_for("organisations.index"))


def _told(form: OrganisationForm) -> operations.About:
    kind = OrganisationKind(form.kind.data)
    return operations.About(form.name.data or "", kind, form.jurisdiction.data)


def _to_page_of(organisation_id: int) -> Response:
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


def _edit_page(
    form: OrganisationForm, organisation: Organisation | None = None, problem: str = ""
) -> Response:
    return render_form("organisations/edit.html", form, problem=problem, organisation=organisation)


def _page_of(organisation: Organisation, form: MemberForm, problem: str = "") -> Response:
    narrowing = MemberSearchForm(request.args)
    search = narrowing.search.data or "" if narrowing.validate() else ""
    number = page_number(request.args.get("page"))
    answer = render_form(
        "organisations/show.html",
        form,
        problem=problem,
        organisation=organisation,
        narrowing=narrowing,
        search=search,
        page=queries.list_members(db.session, organisation.id, search, number),
    )
    if narrowing.errors:
        answer.status_code = 400
    return answer


def _close_page(organisation: Organisation, problem: str = "") -> Response:
    members = queries.count_members(db.session, [organisation.id])[organisation.id]
    told = signals.asked_what_stays.send(organisation, session=db.session)
    return render_form(
        "organisations/close.html",
        ActionForm(),
        problem=problem,
        organisation=organisation,
        own=actor().organisation_id == organisation.id,
        members=members.total,
        stays=[words for _listener, words in told if words],
    )
