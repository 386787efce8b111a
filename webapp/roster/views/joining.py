"""Profiles that are likely to be of one person: pointed out, compared, joined or told apart."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock, paging
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import LISTS, SINGLE, note, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import Message, _, gettext
from webapp.core.workflows.workflow import OWN
from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState
from webapp.matches import candidates
from webapp.roster import duplicates, merging, side_by_side
from webapp.roster.forms import JoinForm
from webapp.roster.views import bp
from webapp.roster.wording import told_of

PER_PAGE = 25
COMPARED: Message = _("two profiles compared")


@bp.get("/roster/duplicates")
@requires(Permission.ROSTER_READ)
@shows(_("a list of profiles that may be of one person"), LISTS)
def list_duplicates() -> Response:
    """List the pairs of profiles that are likely to be of one person, surest first."""
    pairs = duplicates.list_pairs(db.session)
    asked = paging.page_number(request.args.get("page"))
    page = paging.cut(pairs, asked, size=PER_PAGE)
    note(db.session, *(one.named.person for pair in page.items for one in (pair.kept, pair.gone)))
    return render_form(
        "roster/duplicates.html", JoinForm(), page=page,
        since=duplicates.list_since(db.session),
    )  # fmt: skip


@bp.get("/roster/<int:expert_id>/join/<int:other_id>")
@requires(Permission.ROSTER_DECIDE)
@shows(COMPARED, SINGLE)
def compare(expert_id: int, other_id: int) -> Response:
    """Show two profiles beside each other, and what would be kept of each."""
    return _page(expert_id, other_id)


@bp.post("/roster/<int:expert_id>/join/<int:other_id>")
@requires(Permission.ROSTER_DECIDE)
@shows(COMPARED, SINGLE)
def join(expert_id: int, other_id: int) -> Response:
    """Join the other profile with this one."""
    kept, gone = (experts.get(db.session, number) for number in (expert_id, other_id))
    form = _form(kept, gone)
    if not form.validate_on_submit():
        return _page(expert_id, other_id, form)
    seen = (form.kept_version.data, form.gone_version.data)
    try:
        merging.join(
            unit_of_work(), kept, gone, form.taken.data, seen=seen,
            seen_apart=bool(form.told_apart.data),
        )  # fmt: skip
    except ConflictError as error:
        roll_back()
        return _page(expert_id, other_id, problem=str(error))
    flash(gettext("The two profiles are one now."))
    return redirect(url_for("experts.show", expert_id=expert_id))


@bp.post("/roster/<int:expert_id>/apart/<int:other_id>")
@requires(Permission.ROSTER_DECIDE)
@shows(COMPARED, SINGLE)
def tell_apart(expert_id: int, other_id: int) -> Response:
    """Note that the two are not the same person, so that nobody is asked again."""
    one, other = (experts.get(db.session, number) for number in (expert_id, other_id))
    merging.tell_apart(unit_of_work(), one, other)
    flash(gettext("Noted: these are two people."))
    return redirect(url_for("roster.list_duplicates"))


def _form(kept: Expert, gone: Expert) -> JoinForm:
    """Return the form with the fields in which the two differ to choose from."""
    form = JoinForm()
    form.taken.choices = [
        (one.name, _("%(what)s: %(value)s", what=one.label, value=_short(one)))
        for one in side_by_side.differences(kept, gone)
    ]
    return form


def _short(one: side_by_side.Difference) -> str:
    text = str(told_of(one.name, one.gone))
    return text if len(text) <= 90 else f"{text[:90]}…"


def _page(
    expert_id: int, other_id: int, form: JoinForm | None = None, problem: str = ""
) -> Response:
    kept, gone = (experts.get(db.session, number) for number in (expert_id, other_id))
    form = form or _form(kept, gone)
    form.kept_version.data, form.gone_version.data = kept.version, gone.version
    told_apart = side_by_side.are_told_apart(db.session, kept, gone)
    form.told_apart.data = "1" if told_apart else ""
    theirs = (candidates.why_not_decided_on(db.session, actor(), one) for one in (kept, gone))
    not_ours = OWN if kept.id == gone.id else next(filter(None, theirs), None)
    obstacles = side_by_side.find_obstacles(db.session, actor(), kept, gone, clock.today())
    return render_form(
        "roster/compare.html", form, problem=problem, kept=kept, gone=gone,
        differences={one.name: one for one in side_by_side.differences(kept, gone)},
        filled=side_by_side.filled(kept, gone),
        weights=[side_by_side.weigh(db.session, actor(), one) for one in (kept, gone)],
        obstacles=[] if not_ours else obstacles, not_ours=not_ours, is_own=not_ours is OWN,
        told_apart=told_apart,
        ended=ExpertState.ERASED in (kept.state, gone.state), fields=side_by_side.FIELDS,
    )  # fmt: skip
