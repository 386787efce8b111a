"""A new request that begins with a text: a template of a theme, or an earlier request."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import TwinError
from webapp.core.limits import limited
from webapp.core.transactions import roll_back
from webapp.core.words.translation import gettext
from webapp.expertise_requests import beginnings, operations, queries
from webapp.expertise_requests.beginnings import Template
from webapp.expertise_requests.content import PARTS, Content
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.views import bp, to_page_of
from webapp.expertise_requests.views.writing import DRAFTS, begun
from webapp.themes import queries as themes


@bp.get("/templates")
@requires(Permission.REQUEST_WRITE)
def templates() -> str:
    """List the templates that a request can begin with, each with its text, by area."""
    choices = themes.list_all_choices(db.session)
    area_of = {code: area for code, _label, area in choices}
    areas: dict[str, list[Template]] = {area: [] for area in area_of.values()}
    for template in beginnings.templates():
        # It stands where its first theme does, and all themes have an area.
        areas[area_of[template.themes[0]]].append(template)
    return render_template(
        "expertise_requests/templates.html",
        areas={area: found for area, found in areas.items() if found},
        theme_names={code: label for code, label, _area in choices},
    )


@bp.post("/templates/<name>")
@requires(Permission.REQUEST_WRITE)
@limited(DRAFTS)
def begin_from_template(name: str) -> Response:
    """Store a draft that says what a template says, and lead on to its form."""
    template = beginnings.find_template(name) or abort(404)
    offered = frozenset(code for code, _label, _area in themes.list_choices(db.session))
    return _begin(beginnings.from_template(begun(), template, offered))


@bp.post("/<int:request_id>/copy")
@requires(Permission.REQUEST_WRITE)
@limited(DRAFTS)
def copy(request_id: int) -> Response:
    """Store a draft that says what an earlier request of one's own says, but for its days."""
    earlier = queries.get_own(db.session, actor(), request_id)
    return _begin(beginnings.from_earlier(begun(), earlier), earlier)


def _begin(content: Content, earlier: ExpertiseRequest | None = None) -> Response:
    try:
        made = operations.start_draft(unit_of_work(), content, copied_from=earlier)
    except TwinError as error:
        # The draft of the first click, or of another day, is the one that was wanted.
        roll_back()
        flash(str(error))
        return to_page_of(error.first.id)
    flash(
        gettext(
            "%(reference)s is a draft of your own now: change what is different this time.",
            reference=made.reference,
        )
    )
    return redirect(url_for("expertise_requests.edit", request_id=made.id, part=next(iter(PARTS))))
