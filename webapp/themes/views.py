"""Views of themes and their synonyms, for administrators."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import paging
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form, seen_version
from webapp.core.paging import Page, page_number
from webapp.core.transactions import roll_back
from webapp.core.words.search import fits
from webapp.core.words.translation import gettext
from webapp.themes import operations, queries, wording
from webapp.themes.forms import (
    NewThemeForm,
    SearchForm,
    SynonymForm,
    ThemeForm,
    wording_language,
)
from webapp.themes.models import Theme

bp = Blueprint("themes", __name__, url_prefix="/themes", template_folder="templates")

PER_PAGE = 50


@bp.get("")
@requires(Permission.THEMES_KEEP)
def index() -> Response:
    """List the themes by area with what uses them, narrowed by words."""
    form = SearchForm(request.args)
    search = form.search.data or "" if form.validate() else ""
    body = render_template(
        "themes/index.html",
        form=form,
        search=search,
        page=_found(search, page_number(request.args.get("page"))),
        experts=wording.counted(db.session, wording.EXPERTS),
        requests=wording.counted(db.session, wording.REQUESTS),
    )
    return make_response(body, 400 if form.errors else 200)


def _found(search: str, number: int) -> Page[Theme]:
    """Return a page of the themes whose names, in both languages, or synonyms hold the words."""
    found = [
        theme
        for theme in queries.list_with_synonyms(db.session)
        if fits(search, "\n".join((theme.label, wording.label_of(theme), *_wordings(theme))))
    ]
    return paging.cut(found, number, size=PER_PAGE)


def _wordings(theme: Theme) -> list[str]:
    return [synonym.wording for synonym in theme.synonyms]


@bp.get("/new")
@requires(Permission.THEMES_KEEP)
def new() -> Response:
    """Show the form of a new theme."""
    return render_form("themes/new.html", NewThemeForm(formdata=None))


@bp.post("/new")
@requires(Permission.THEMES_KEEP)
def create() -> Response:
    """Make a theme."""
    form = NewThemeForm()
    if not form.validate_on_submit():
        return render_form("themes/new.html", form)
    try:
        theme = operations.add(unit_of_work(), form.label.data or "", form.area.data or "")
    except operations.TakenError as error:
        form.label.errors = [str(error)]
        return render_form("themes/new.html", form)
    flash(gettext("“%(label)s” can be chosen now.", label=theme.label))
    return _to_page_of(theme.code)


@bp.get("/<code>")
@requires(Permission.THEMES_KEEP)
def show(code: str) -> Response:
    """Show a theme with its synonyms."""
    return _page_of(queries.get(db.session, code))


@bp.post("/<code>")
@requires(Permission.THEMES_KEEP)
def rename(code: str) -> Response:
    """Give a theme another name."""
    theme = queries.get(db.session, code)
    form = ThemeForm()
    if not form.validate_on_submit():
        return _page_of(theme, form)
    try:
        operations.rename(unit_of_work(), theme, form.label.data or "", seen=form.seen.data or "")
    except operations.TakenError as error:
        form.label.errors = [str(error)]
        return _page_of(theme, form)
    except ConflictError as error:
        roll_back()
        form.seen.data = theme.label
        return _page_of(theme, form, problem=str(error))
    flash(gettext("The name is saved."))
    return _to_page_of(code)


@bp.post("/<code>/move-<any(up, down):direction>")
@requires(Permission.THEMES_KEEP)
def move(code: str, direction: str) -> Response:
    """Change places with the theme before or after."""
    theme = queries.get(db.session, code)
    operations.move(unit_of_work(), theme, up=direction == "up", seen=seen_version())
    return redirect(url_for("themes.index", _anchor=f"theme-{code}"))


@bp.post("/<code>/<any(retire, offer):what>")
@requires(Permission.THEMES_KEEP)
def retire(code: str, what: str) -> Response:
    """Offer a theme no more, or again."""
    theme = queries.get(db.session, code)
    try:
        operations.retire(unit_of_work(), theme, retired=what == "retire")
    except ConflictError as error:
        roll_back()
        return _page_of(theme, problem=str(error))
    return _to_page_of(code)


@bp.post("/<code>/synonyms")
@requires(Permission.THEMES_KEEP)
def add_synonym(code: str) -> Response:
    """Let the ranking read a wording as this theme."""
    theme = queries.get(db.session, code)
    form = SynonymForm()
    if not form.validate_on_submit():
        return _page_of(theme, synonym_form=form)
    language, words = form.language.data or "", form.wording.data or ""
    try:
        operations.add_synonym(unit_of_work(), theme, language, words)
    except operations.TakenError as error:
        form.wording.errors = [str(error)]
        return _page_of(theme, synonym_form=form)
    flash(gettext("The next ranking reads “%(wording)s” as this theme.", wording=words))
    return _to_page_of(code)


@bp.post("/synonyms/<int:synonym_id>/remove")
@requires(Permission.THEMES_KEEP)
def remove_synonym(synonym_id: int) -> Response:
    """Let the ranking read a wording as nothing but its words again."""
    synonym = queries.get_synonym(db.session, synonym_id)
    code, words = synonym.theme_code, synonym.wording
    operations.remove_synonym(unit_of_work(), synonym)
    flash(gettext("“%(wording)s” is no synonym any more.", wording=words))
    return _to_page_of(code)


def _to_page_of(code: str) -> Response:
    return redirect(url_for("themes.show", code=code))


def _page_of(
    theme: Theme,
    form: ThemeForm | None = None,
    *,
    synonym_form: SynonymForm | None = None,
    problem: str = "",
) -> Response:
    """Render a theme; the form that was refused keeps what was typed."""
    fresh = ThemeForm(formdata=None, data={"label": theme.label, "seen": theme.label})
    return render_form(
        "themes/show.html",
        form or synonym_form or ActionForm(),
        problem=problem,
        theme=theme,
        name_form=form or fresh,
        synonym_form=synonym_form or SynonymForm(formdata=None),
        wording_language=wording_language,
        experts=wording.counted(db.session, wording.EXPERTS).get(theme.code, 0),
        requests=wording.counted(db.session, wording.REQUESTS).get(theme.code, 0),
    )
