"""What coordinators do with matches: the queue, and each match with its steps."""

from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import (
    NOTHING_REFUSED,
    AnyReasonForm,
    Refused,
    make_offers,
    reason_form,
    take_sent,
)
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, name_shown, note, shows
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _, gettext
from webapp.expertise_requests import timeline
from webapp.experts import joining
from webapp.experts import queries as experts
from webapp.matches import (
    approving,
    candidates,
    departures,
    offering,
    operations,
    queries,
    releases,
    remarks,
    rules,
)
from webapp.matches.forms import seen_days
from webapp.matches.models import Match, MatchState
from webapp.matches.ranking.profile_reading import read_profile
from webapp.matches.seen import written_days
from webapp.matches.standing import why_it_cannot_go_on
from webapp.matches.views import bp, roster
from webapp.matches.work_queue import beyond_office, profile_tasks
from webapp.matches.work_queue import groups as queue_groups
from webapp.matches.work_queue.waiting import is_reached
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.platform_settings.queries import get_settings

MATCH = _("a match with a request")


@bp.get("/queue")
@requires(Permission.MATCH_DECIDE)
@shows(_("the work queue"), LISTS)
def queue() -> str:
    """Show what waits for coordinators, for others and for a day: what is due first first."""
    mine = request.args.get("see") == "mine"
    work = queue_groups.asked_work(request.args.get("of"))
    tasks = worklist(db.session, actor(), mine=mine)
    ours, later, theirs = (
        queue_groups.get_groups(lines, work, page_number(request.args.get(parameter)))
        for lines, parameter in (
            (tasks.ours, "page"),
            (tasks.later, "later"),
            (tasks.theirs, "others"),
        )
    )
    # Their names stand within the sentences of the tasks.
    shown = (line for page in (ours, later, theirs) for group in page.items for line in group.lines)
    note(db.session, *(line.named.tells_of for line in shown if line.named))
    return render_template(
        "matches/queue.html",
        tasks=tasks,
        ours=ours,
        later=later,
        theirs=theirs,
        counts=queue_groups.count_work((*tasks.ours, *tasks.later, *tasks.theirs)),
        work=work,
        mine=mine,
        fold_groups=queue_groups.fold,
        shown=queue_groups.SHOWN,
        shown_of_others=queue_groups.SHOWN_OF_OTHERS,
    )


@bp.post("/calls/<int:number>/done")
@requires(Permission.ROSTER_DECIDE)
def note_call(number: int) -> Response:
    """Note that somebody without an account was told by telephone."""
    form = ActionForm()
    if form.validate_on_submit():
        joining.note_call(unit_of_work(), profile_tasks.get_call(db.session, actor(), number))
        flash(gettext("Noted."))
    return redirect(url_for("matches.queue"))


@bp.get("/roster/<int:expert_id>/reading")
@requires(Permission.ROSTER_READ)
@shows(_("what the matcher reads in a profile"), SINGLE)
def reading(expert_id: int) -> str:
    """Show coordinators what the matcher reads in a profile, in whatever state it is."""
    expert = experts.get(db.session, expert_id)
    return render_template(
        "matches/reading.html",
        expert=expert,
        reading=read_profile(roster(), db.session, expert),
    )


@bp.get("/matches/<int:match_id>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def show(match_id: int) -> str | Response:
    """Show one match: the ranking as it was seen, where it stands, and what can be done."""
    return _match_page(queries.get(db.session, actor(), match_id))


@bp.get("/matches/<int:match_id>/letter")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def letter(match_id: int) -> Response:
    """Give the signed letter by which the expert of a match was released."""
    match = queries.get(db.session, actor(), match_id)
    note(db.session, match.expert.tells_of)
    return download(releases.get_file(db.session, match))


@bp.get("/matches/<int:match_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def check(match_id: int, step: str) -> Response:
    """Show what will happen before a step that cannot be taken back."""
    match = queries.get(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    if name not in _list_steps(match)[0]:
        return redirect(url_for("matches.show", match_id=match_id))
    return _check_page(match, name, reason_form(WORKFLOW, name, match.state))


@bp.post("/matches/<int:match_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def take_step(match_id: int, step: str) -> Response:
    """Take one step of a match."""
    match = queries.get(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), match, name, seen_days=seen_days(name))
    said = {"name": name_shown(match.expert)}
    if refused := take_sent(WORKFLOW, name, match.state, take, said=said):
        if refused.form and match.state in WORKFLOW[name].asks_first:
            return _check_page(match, name, refused.form)
        return _match_page(match, refused)
    if name is MatchStep.INVITE:
        say_whom_to_ask(match)
    if name is MatchStep.ASK_RELEASE:
        _say_whether_to_write(match)
    return redirect(url_for("matches.show", match_id=match_id))


def say_whom_to_ask(match: Match) -> None:
    """Say that nobody but the reader asks an expert who was invited and gets no mail."""
    if not is_reached(match):
        flash(
            gettext(
                "%(name)s has no open account and gets no mail: please ask, and note the answer.",
                name=name_shown(match.expert),
            )
        )


def _say_whether_to_write(match: Match) -> None:
    """Say that nobody but the reader asks an authority that has nobody who can answer here."""
    acting = accounts.list_acting(db.session, Role.NOMINATING_AUTHORITY)
    if not candidates.list_who_release(match, acting):
        flash(
            gettext(
                "The authority of %(name)s has nobody here who can answer and gets no mail: please"
                " ask it by letter, and note the answer.",
                name=name_shown(match.expert),
            )
        )


def _check_page(match: Match, name: MatchStep, form: AnyReasonForm | None) -> Response:
    return render_form(
        "matches/check.html",
        form or ActionForm(),
        match=match,
        expertise_request=match.request,
        name=name,
        step=WORKFLOW[name],
        reason_form=form,
        letter=releases.find_letter(db.session, match),
        remarks=remarks.list_about(db.session, actor(), match, clock.now()),
    )


def _list_steps(match: Match) -> tuple[list[MatchStep], Message | None]:
    if candidates.is_considered(db.session, actor(), match.request_id):
        return [], None
    four_eyes = get_settings(db.session).four_eyes
    return offering.list_steps(db.session, match, actor(), Role.COORDINATOR, four_eyes=four_eyes)


def _why_it_cannot_go_on(match: Match) -> Message | None:
    if departures.has_been_there(db.session, match):
        return rules.BEEN_THERE % {"name": name_shown(match.expert)}
    return why_it_cannot_go_on(match)


def _match_page(match: Match, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a match with its possible steps; the one that was refused keeps what was typed."""
    not_mine = candidates.why_not_theirs(db.session, actor(), match)
    for_others = approving.is_for_others(db.session, actor(), match)
    letter = releases.find_letter(db.session, match)
    names, why_not_approved = _list_steps(match)
    return render_form(
        "matches/show.html",
        refused.form or ActionForm(),
        match=match,
        expertise_request=match.request,
        offers=make_offers(WORKFLOW, names, match.state, refused=refused),
        cannot_go_on=_why_it_cannot_go_on(match) or why_not_approved,
        not_mine=not_mine or (rules.four_eyes_for(match) if for_others else None),
        who_can=approving.who_can(db.session, actor(), match) if for_others else None,
        beyond_office=beyond_office.is_beyond(db.session, match, clock.today()),
        can_propose=match.state is MatchState.APPROVED
        and match.request.state in rules.MATCHABLE
        and not not_mine,
        remarks=remarks.list_about(db.session, actor(), match, clock.now()),
        letter_days=releases.find_other_days(letter, match),
        lines=timeline.lines_about(db.session, match.request, actor(), match.expert_id),
        letter=letter,
        letter_file=releases.find_file(db.session, match),
        for_other_days=rules.is_asked_anew(match, clock.today()),
        days_of=rules.days_of,
        written_days=written_days(match),
        others=queries.list_others(db.session, actor(), match.expert_id, besides=match.id),
        problem=refused.problem,
        typed=refused.typed,
    )
