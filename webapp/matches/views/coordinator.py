"""What coordinators do with matches: the queue, the ranking, and each match with its steps."""

from functools import partial
from http import HTTPStatus

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.disclosure import LISTS, SINGLE, note, shows
from webapp.core.errors import NotFoundError
from webapp.core.forms import ActionForm, render_form
from webapp.core.paging import page_number
from webapp.core.roles import Role
from webapp.core.step_forms import (
    NOTHING_REFUSED,
    AnyReasonForm,
    Refused,
    make_offers,
    reason_form,
    take_sent,
)
from webapp.core.transactions import roll_back
from webapp.core.translation import Message, _, gettext
from webapp.core.workflow import why_not_theirs
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests import timeline
from webapp.experts import queries as experts
from webapp.experts import rules as profile_rules
from webapp.matches import (
    operations,
    queries,
    ranking,
    ranking_choices,
    releases,
    remarks,
    rules,
)
from webapp.matches.forms import ConsiderationsForm, FilterForm, considerations_form
from webapp.matches.models import Match, MatchState
from webapp.matches.profile_reading import read_profile
from webapp.matches.standing import why_it_cannot_go_on
from webapp.matches.team import suggest
from webapp.matches.views import bp, roster
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.matches.worklist import worklist
from webapp.platform_settings.queries import get_settings
from webapp.themes import queries as themes

MATCH = _("a match with a request")


@bp.get("/queue")
@requires(Permission.MATCH_DECIDE)
@shows(_("the work queue"), LISTS)
def queue() -> str:
    """Show what waits for coordinators, for others and for a day: what is due first first."""
    mine = request.args.get("see") == "mine"
    tasks = worklist(db.session, actor(), mine=mine)
    # Their names stand within the sentences of the tasks.
    named = [line.named for line in (*tasks.ours, *tasks.theirs, *tasks.later) if line.named]
    note(db.session, *(expert.tells_of for expert in named))
    return render_template("matches/queue.html", tasks=tasks, mine=mine, now=clock.now())


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


@bp.get("/requests/<int:request_id>/matches", endpoint="ranking")
@requires(Permission.MATCH_DECIDE)
@shows(_("the ranking for a request"), LISTS)
def ranking_page(request_id: int) -> Response:
    """Show the ranked experts with what earned their places, and those set aside."""
    return _ranking_page(request_id)


def _ranking_page(
    request_id: int, refused: ConsiderationsForm | None = None, problem: str = ""
) -> Response:
    """Render a ranking; a choice of what counts that was `refused` keeps what was ticked."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    if expertise_request.state not in rules.RANKABLE:
        return make_response(
            render_template("matches/not_yet.html", expertise_request=expertise_request)
        )
    filters = FilterForm(request.args)
    filters.theme.offer(themes.list_all_choices(db.session))
    filters.jurisdiction.offer(experts.list_jurisdiction_choices(db.session))
    filters.validate()
    # A filter that is refused says so at its field and does not undo the other.
    asked = {f.name: f.data for f in (filters.theme, filters.jurisdiction) if not f.errors}
    narrowed = any(asked.values())
    found = ranking.rank(
        roster(),
        db.session,
        expertise_request,
        pages=ranking.Pages(
            ranked=page_number(request.args.get("page")),
            ruled_out=page_number(request.args.get("ruled-out")),
            nothing_to_go_on=page_number(request.args.get("nothing")),
        ),
        only=experts.list_ids_with(db.session, **asked) if narrowed else None,
    )
    shown = [candidate.expert.id for candidate in found.candidates]
    can_shortlist = expertise_request.state in rules.MATCHABLE
    # How much somebody is away counts in the year of the request, not in that of its reading.
    year = (expertise_request.start or clock.today()).year
    considerations = refused or considerations_form(found.considerations)
    if problem:
        considerations.see(found.considerations)
    body = render_template(
        "matches/ranking.html",
        expertise_request=expertise_request,
        found=found,
        filters=filters,
        considerations=considerations,
        problem=problem,
        asked=asked,
        narrowed=narrowed,
        matched=queries.get_by_expert(db.session, expertise_request.id),
        shortlist=queries.list_of_request(db.session, expertise_request.id),
        year=year,
        days_taken=queries.count_days_taken(db.session, shown, year),
        can_shortlist=can_shortlist,
        is_me=partial(profile_rules.is_of, actor()),
        remarks=remarks.list_remarks(db.session, expertise_request, shown, clock.now())
        if can_shortlist
        else {},
    )
    status = HTTPStatus.BAD_REQUEST if filters.errors or considerations.errors else HTTPStatus.OK
    return make_response(body, HTTPStatus.CONFLICT if problem else status)


@bp.get("/requests/<int:request_id>/team")
@requires(Permission.MATCH_DECIDE)
@shows(_("the team suggested for a request"), LISTS)
def team(request_id: int) -> str | Response:
    """Show who would cover a request together that needs several experts."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    if expertise_request.state not in rules.RANKABLE or expertise_request.experts_needed < 2:
        return redirect(url_for("matches.ranking", request_id=request_id))
    cover = request.args.get("first") == "subjects"
    return render_template(
        "matches/team.html",
        expertise_request=expertise_request,
        cover=cover,
        team=suggest(roster(), db.session, expertise_request, cover=cover),
        matched=queries.get_by_expert(db.session, request_id),
    )


@bp.post("/requests/<int:request_id>/matches/<int:expert_id>")
@requires(Permission.MATCH_DECIDE)
@shows(_("the ranking for a request"), SINGLE)
def shortlist(request_id: int, expert_id: int) -> Response:
    """Put an expert of the ranking on the shortlist."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    expert = experts.get(db.session, expert_id)
    already = queries.find_match(db.session, request_id, expert_id)
    if already is None:
        placing = ranking.get_placing(roster(), db.session, expertise_request, expert_id)
        operations.shortlist(unit_of_work(), expertise_request, expert, placing)
        flash(gettext("%(name)s is on the shortlist.", name=expert.name))
    else:
        # A second click of an impatient hand is no mistake worth a page of its own.
        flash(
            gettext(
                "%(name)s is on the shortlist already (%(state)s).",
                name=expert.name,
                state=already.state,
            )
        )
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="shortlist"))


@bp.post("/requests/<int:request_id>/passages/<any('count','set-aside'):act>/<digest>")
@requires(Permission.MATCH_DECIDE)
def weigh_passage(request_id: int, act: str, digest: str) -> Response:
    """Let a passage of a request count that is set aside, or set it aside again."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    found = ranking.list_set_aside(roster(), db.session, expertise_request)
    if digest not in {passage.digest for passage in found}:
        raise NotFoundError(_("The request has no such passage any more."))
    if act == "count":
        ranking_choices.count_passage(unit_of_work(), expertise_request, digest)
        flash(gettext("The passage counts in the ranking now."))
    else:
        ranking_choices.set_passage_aside(unit_of_work(), expertise_request, digest)
        flash(gettext("The passage is set aside again."))
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="passages"))


@bp.post("/requests/<int:request_id>/considerations")
@requires(Permission.MATCH_DECIDE)
@shows(_("the ranking for a request"), LISTS)
def weigh(request_id: int) -> Response:
    """Let what is ticked count in the ranking of a request beside the subject, and nothing else."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    form = ConsiderationsForm()
    if not form.validate_on_submit():
        return _ranking_page(request_id, form)
    try:
        ranking_choices.ignore_considerations(
            unit_of_work(), expertise_request, form.ignored, seen=form.seen_ignored
        )
    except ranking_choices.DecidedMeanwhileError as error:
        roll_back()
        return _ranking_page(request_id, form, str(error))
    flash(gettext("The list is ranked by what you have ticked."))
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="considerations"))


@bp.get("/matches/<int:match_id>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def show(match_id: int) -> str | Response:
    """Show one match: the ranking as it was seen, where it stands, and what can be done."""
    return _match_page(queries.get(db.session, actor(), match_id))


@bp.get("/matches/<int:match_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def check(match_id: int, step: str) -> Response:
    """Show what will happen before a step that cannot be taken back."""
    match = queries.get(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    if name not in _possible_steps(match):
        return redirect(url_for("matches.show", match_id=match_id))
    return _check_page(match, name, reason_form(WORKFLOW, name, match.state))


@bp.post("/matches/<int:match_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MATCH, SINGLE)
def take_step(match_id: int, step: str) -> Response:
    """Take one step of a match."""
    match = queries.get(db.session, actor(), match_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take, unit_of_work(), match, name)
    said = {"name": match.expert.name}
    if refused := take_sent(WORKFLOW, name, match.state, take, said=said):
        if refused.form and match.state in WORKFLOW[name].asks_first:
            return _check_page(match, name, refused.form)
        return _match_page(match, refused)
    if name is MatchStep.INVITE and match.expert.account_id is None:
        flash(
            gettext(
                "%(name)s has no account and gets no mail: please ask, and note the answer.",
                name=match.expert.name,
            )
        )
    return redirect(url_for("matches.show", match_id=match_id))


def _check_page(match: Match, name: MatchStep, form: AnyReasonForm | None) -> Response:
    return render_form(
        "matches/check.html",
        form or ActionForm(),
        match=match,
        expertise_request=match.request,
        name=name,
        step=WORKFLOW[name],
        reason_form=form,
        remarks=remarks.list_about(db.session, match, clock.now()),
    )


def _why_not_mine(match: Match) -> Message | None:
    return why_not_theirs(actor(), rules.owners_of(match.request, match.expert))


def _possible_steps(match: Match) -> list[MatchStep]:
    four_eyes = get_settings(db.session).four_eyes
    return rules.possible_steps(match, actor(), Role.COORDINATOR, four_eyes=four_eyes)


def _match_page(match: Match, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a match with its possible steps; the one that was refused keeps what was typed."""
    four_eyes = get_settings(db.session).four_eyes
    return render_form(
        "matches/show.html",
        refused.form or ActionForm(),
        match=match,
        expertise_request=match.request,
        offers=make_offers(WORKFLOW, _possible_steps(match), match.state, refused=refused),
        cannot_go_on=why_it_cannot_go_on(match),
        not_mine=rules.reason_for_nothing(match, actor(), four_eyes=four_eyes),
        can_propose=match.state is MatchState.APPROVED
        and match.request.state in rules.MATCHABLE
        and not _why_not_mine(match),
        remarks=remarks.list_about(db.session, match, clock.now()),
        lines=timeline.lines_about(db.session, match.request, actor(), match.expert_id),
        letter=releases.find_letter(db.session, match.id),
        others=queries.list_others(db.session, actor(), match.expert_id, besides=match.id),
        problem=refused.problem,
        typed=refused.typed,
    )
