"""The pages on which many entries are written at once, or a curriculum is read: by an expert, or by
a coordinator for somebody without an account."""

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import paging
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import EditForm, render_form, say_done
from webapp.core.limits import Limit, limited
from webapp.core.paging import page_number
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.transactions import begin_anew, roll_back, takes_file
from webapp.core.words.translation import _, gettext, ngettext
from webapp.core.words.vocabularies import jurisdictions, languages, levels
from webapp.curricula import forms, operations, pieces, queries
from webapp.curricula.extraction import LARGEST_FILE
from webapp.curricula.models import CurriculumDraft
from webapp.experts.views.desks import WRITE, Desk, desk_for, own_desk
from webapp.experts.views.roster import PROFILE
from webapp.themes import queries as themes

bp = Blueprint("curricula", __name__, template_folder="templates")

READING = Limit("files read", "30/hour")
# So many characters of a text stand on one page.
PER_PAGE = 6_000


CHANGED_ELSEWHERE = _(
    "The draft of your file was changed in another window, or another file was read. All that stood"
    " on this page is below, with what you wanted to leave for later: what you send is saved, and"
    " the draft stays as it is."
)

# Where somebody sits down to write, looked up anew after a transaction has ended.
Seat = Callable[[], Desk]


def address_of(page: str, desk: Desk) -> str:
    """Return the address of a page of a desk."""
    if desk.is_own:
        return url_for(f"curricula.{page}")
    return url_for(f"curricula.{page}_for", expert_id=desk.expert.id)


def _upload(seat: Seat) -> Response:
    """Take a file, and read it into a draft that stands beside its text."""
    form, desk = forms.FileForm(), seat()
    draft = queries.find(db.session, desk.expert)
    if not form.validate_on_submit():
        return render_form("curricula/upload.html", form, draft=draft, desk=desk)
    name = desk.expert.name
    # Reading takes seconds, in which nobody else's writing has to wait.
    roll_back()
    text = form.read()
    found = pieces.read(text, name) if text else None
    begin_anew()
    desk = seat()
    if found is None:
        draft = queries.find(db.session, desk.expert)
        return render_form("curricula/upload.html", form, draft=draft, desk=desk)
    operations.keep(unit_of_work(), desk.expert, found)
    return redirect(address_of("entries", desk), HTTPStatus.SEE_OTHER)


def _entries(desk: Desk) -> Response:
    """Write many entries on one page, with what was read in a curriculum if there is a draft."""
    expert = desk.expert
    draft = queries.find(db.session, expert)
    form = forms.entries_form(
        expert, draft.pieces if draft else None, draft.version if draft else None
    )
    form.offer({code: label for code, label, _area in themes.list_choices(db.session)})
    if form.is_submitted() and not form.draft.data:
        # Its rows are of no draft: that of now stays as it is, and nothing can be left in it.
        form.leave_nothing()
        draft = None
    if not form.validate_on_submit():
        return _show(form, desk, draft)
    if draft and form.draft.data != str(draft.version):
        # Its rows are no longer those of the draft, which stays as it is when they are sent again.
        form.draft.data, form.version.data = "", expert.version
        form.leave_nothing()
        return _show(form, desk, None, problem=str(CHANGED_ELSEWHERE))
    content = form.content()
    kept = operations.levels_that_stay(expert, content.languages)
    try:
        count = operations.take(unit_of_work(), expert, content, seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        form.version.data = expert.version
        return _show(form, desk, draft, problem=str(error))
    if draft:
        operations.leave_rest(unit_of_work(), draft, form.done())
    _tell_how_many(count)
    _tell_levels_that_stay(kept)
    if form.draft.data and not draft:
        flash(
            gettext(
                "What you left for later is not there any more: its draft was dropped in another"
                " window, or is too old. Please send the file again for it."
            ),
            "warning",
        )
    if draft and queries.find(db.session, expert):
        return redirect(address_of("entries", desk), HTTPStatus.SEE_OTHER)
    return redirect(desk.home(), HTTPStatus.SEE_OTHER)


def _tell_how_many(count: int) -> None:
    """Tell how many entries are new; that none is may surprise whoever has sent some."""
    if not count:
        flash(gettext("Nothing new was added to your profile."), "warning")
        return
    flash(
        ngettext("%(num)s entry is in your profile.", "%(num)s entries are in your profile.", count)
    )


def _tell_levels_that_stay(codes: Sequence[str]) -> None:
    """Name the languages, if there are any, whose levels the profile keeps."""
    if codes:
        flash(
            gettext(
                "The profile has other levels for these languages, and they stay: %(languages)s."
                " Where what was read is right, please change it in the section of languages.",
                languages=", ".join(languages()[code] for code in codes),
            ),
            "warning",
        )


def _show(
    form: forms.EntriesForm, desk: Desk, draft: CurriculumDraft | None, problem: str = ""
) -> Response:
    return render_form(
        "curricula/entries.html",
        form,
        problem=problem,
        expert=desk.expert,
        desk=desk,
        draft=draft,
        sources=_sources(draft) if draft else {},
        nothing_read=draft is not None and not operations.has_pieces(draft),
        left_over=_left_over(draft) if draft else [],
        lists={
            "all-jurisdictions": jurisdictions().values(),
            "all-languages": languages().values(),
            "all-levels": levels().values(),
            "all-themes": form.offered_themes.values(),
        },
        shown=forms.SHOWN,
        longest_text=PER_PAGE,
    )


def _sources(draft: CurriculumDraft) -> dict[str, list[str]]:
    """Return the lines that each piece was found in."""
    lines = draft.text.split("\n")
    return {
        section: [
            "\n".join(lines[piece["lines"][0] : piece["lines"][1] + 1])
            for piece in draft.pieces[section]
        ]
        for section in operations.SECTIONS
    }


def _left_over(draft: CurriculumDraft) -> list[str]:
    """Return the lines of which something is in no piece."""
    lines = draft.text.split("\n")
    return [lines[number] for number in draft.pieces.get(operations.LEFT_OVER, ())]


def _source(desk: Desk) -> Response:
    """Show the text of a long curriculum page by page, as it was read."""
    draft = queries.get(db.session, desk.expert)
    page = paging.cut(draft.text, page_number(request.args.get("page")), size=PER_PAGE)
    return make_response(render_template("curricula/source.html", page=page, desk=desk))


def _drop(desk: Desk) -> Response:
    """Drop a draft with its text."""
    if EditForm().validate_on_submit():
        drop = partial(operations.drop, unit_of_work(), desk.expert)
        say_done(drop, gettext("The draft and its text are deleted."))
    return redirect(desk.home(), HTTPStatus.SEE_OTHER)


@bp.route("/profile/curriculum", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
@limited(READING)
@takes_file(LARGEST_FILE + 500_000)
def upload() -> Response:
    """Have one's curriculum read."""
    return _upload(own_desk)


@bp.route("/profile/entries", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def entries() -> Response:
    """Write many entries of one's profile on one page."""
    return _entries(own_desk())


@bp.get("/profile/curriculum/text")
@requires(Permission.PROFILE_EDIT)
def source() -> Response:
    """Show the text of one's curriculum."""
    return _source(own_desk())


@bp.post("/profile/curriculum/drop")
@requires(Permission.PROFILE_EDIT)
def drop() -> Response:
    """Drop one's draft."""
    return _drop(own_desk())


@bp.route(f"{WRITE}/curriculum", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
@limited(READING)
@takes_file(LARGEST_FILE + 500_000)
def upload_for(expert_id: int) -> Response:
    """Have the curriculum read of somebody without an account."""
    return _upload(partial(desk_for, expert_id))


@bp.route(f"{WRITE}/entries", methods=["GET", "POST"])
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
def entries_for(expert_id: int) -> Response:
    """Write many entries of the profile of somebody without an account."""
    return _entries(desk_for(expert_id))


@bp.get(f"{WRITE}/curriculum/text")
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
def source_for(expert_id: int) -> Response:
    """Show the text of the curriculum of somebody without an account."""
    return _source(desk_for(expert_id))


@bp.post(f"{WRITE}/curriculum/drop")
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
def drop_for(expert_id: int) -> Response:
    """Drop the draft of somebody without an account."""
    return _drop(desk_for(expert_id))
