"""The ranking of a request: how coordinators read it, weigh it and choose from it."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, DoneSinceError, NotFoundError
from webapp.core.forms.page_forms import render_form, say_done
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, name_shown, note, shows
from webapp.core.transactions import begin_anew, roll_back, writes_late
from webapp.core.words.translation import _, gettext
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import queries as experts
from webapp.experts import rules as profile_rules
from webapp.experts.models import Expert
from webapp.matches import candidates, facts, operations, queries, remarks, rules
from webapp.matches.models import Match
from webapp.matches.placing import Placing
from webapp.matches.ranking import blind, comparison, facets, looks, rankings
from webapp.matches.ranking import choices as ranking_choices
from webapp.matches.ranking.comparison import LEAST, MOST
from webapp.matches.ranking.forms import (
    FACETS,
    ConsiderationsForm,
    considerations_form,
    filter_form,
    out_of_turn_form,
    ticks,
)
from webapp.matches.ranking.last_look import find_last_look
from webapp.matches.ranking.narrowing import Wanted
from webapp.matches.teams.forms import team_form
from webapp.matches.views import bp, roster
from webapp.matches.workflow import WORKFLOW, MatchStep

# In the address it says that somebody was chosen on the page of the team.
TEAM = "team"
# In the address it says that the list is read without names, and what then narrows nothing.
BLIND = "blind"
TELLING = frozenset({"jurisdiction", "institution"})


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
    pages = rankings.Pages(
        ranked=page_number(request.args.get("page")),
        ruled_out=page_number(request.args.get("ruled-out")),
        nothing_to_go_on=page_number(request.args.get("nothing")),
    )
    order = rankings.read_order(roster(), db.session, expertise_request, pages, looks.PLACES)
    shortlist = queries.list_of_request(db.session, expertise_request.id)
    look = _look()
    # A filter that is refused says so at its field and does not undo the others.
    offered = roster().remembered(db.session, facets.read_offered)
    filters = filter_form(db.session, _narrowing(look), order.result.subjects, offered)
    wanted = filters.wanted
    found = rankings.show(
        db.session, order, actor(), pages=pages, wanted=wanted,
        listed=[match.expert_id for match in shortlist],
    )  # fmt: skip
    out = rankings.veil(db.session, actor(), found.ruled_out.items)
    found = replace(found, ruled_out=replace(found.ruled_out, items=out))
    shown = {candidate.expert.id: candidate.rank for candidate in found.candidates}
    matched = {match.expert_id: match for match in shortlist}
    disguises = blind.disguise(found, matched) if look else {}
    found = blind.hide_in(found, disguises)
    left = {} if found.shown else _left_without_each(order, wanted)
    people = [candidate.expert for candidate in found.candidates]
    known = facts.list_facts(db.session, actor(), expertise_request, people)
    can_shortlist = candidates.can_shortlist(db.session, actor(), expertise_request)
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
        asked={**filters.in_address, **look},
        facets=[name for name in FACETS if not (look and name in TELLING)],
        here={"request_id": request_id, **look},
        kept={**filters.in_address, **look, "page": found.page},
        look=look,
        disguises=disguises,
        disguise_gone=blind.disguise_gone,
        last_look=find_last_look(db.session, actor(), request_id, order, shown, clock.now()),
        chosen=filters.chosen(FACETS),
        without=left,
        matched=matched,
        apart=rules.list_apart(expertise_request, shortlist),
        shortlist=shortlist,
        year=order.year,
        ticks=ticks(list(shown)),
        facts=known,
        can_shortlist=can_shortlist,
        is_me=partial(profile_rules.is_of, actor()),
        not_ours=partial(rules.why_not_shortlisted_by, actor(), expertise_request),
        remarks=remarks.list_remarks(
            db.session,
            actor(),
            expertise_request,
            people,
            clock.now(),
            missions={number: each.missions for number, each in known.items()},
        )
        if can_shortlist
        else {},
    )
    places = order.result.ranked[: looks.PLACES]
    g.ranking_seen = (request_id, [int(one.expert_id) for one in places])
    status = HTTPStatus.BAD_REQUEST if filters.errors or considerations.errors else HTTPStatus.OK
    return make_response(body, HTTPStatus.CONFLICT if problem else status)


def _left_without_each(order: rankings.Order, wanted: Wanted) -> dict[str, int]:
    """Return how many would be left without each single thing that was chosen; so few that this
    tells of each of them are shown by it."""
    left = rankings.left_without_each(db.session, order, actor(), wanted)
    told = {number for each in left.values() for number in each.few}
    note(db.session, *((Expert.__tablename__, number) for number in told))
    return {name: each.count for name, each in left.items()}


@bp.get("/requests/<int:request_id>/compare")
@requires(Permission.MATCH_DECIDE)
@shows(_("experts compared for a request"), LISTS)
def compare(request_id: int) -> Response:
    """Show two to four experts side by side; the address says whom, so that it can be passed on."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    if expertise_request.state not in rules.RANKABLE:
        return redirect(url_for("matches.ranking", request_id=request_id))
    asked = request.args.getlist("expert", type=int)
    order = rankings.read_order(roster(), db.session, expertise_request)
    people = order.load_known(db.session, asked[: MOST + 1])
    found = None
    if LEAST <= len(people) <= MOST:
        found = comparison.compare(db.session, actor(), expertise_request, order, people)
    body = render_template(
        "matches/compare.html",
        expertise_request=expertise_request,
        found=found,
        year=order.year,
        matched=queries.get_by_expert(db.session, request_id),
    )
    return make_response(body, HTTPStatus.OK if found else HTTPStatus.BAD_REQUEST)


@bp.get("/requests/<int:request_id>/matches/<int:expert_id>")
@requires(Permission.MATCH_DECIDE)
@shows(_("the ranking for a request"), SINGLE)
def check_shortlist(request_id: int, expert_id: int) -> Response:
    """Ask why somebody shall be put on the shortlist before others who fit better."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    expert = experts.get(db.session, expert_id)
    if queries.find_match(db.session, request_id, expert_id) is not None:
        return _back_to_card(request_id, expert_id)
    order = rankings.read_order(roster(), db.session, expertise_request)
    placing = rankings.placing_in(order, db.session, expertise_request, expert_id)
    if placing.out_of_turn is None:
        return _back_to_card(request_id, expert_id)
    operations.refuse_inactive(expert)
    set_aside = rankings.find_set_aside(order.result, expert)
    return _out_of_turn_page(expertise_request, expert, placing, set_aside, out_of_turn_form())


@bp.post("/requests/<int:request_id>/matches/<int:expert_id>")
@requires(Permission.MATCH_DECIDE)
@shows(_("the ranking for a request"), SINGLE)
@writes_late
def shortlist(request_id: int, expert_id: int) -> Response:
    """Put an expert on the shortlist: of the ranking, or with a reason any other."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    expert = experts.get(db.session, expert_id)
    if already := queries.find_match(db.session, request_id, expert_id):
        return _on_the_shortlist(already, expert)
    operations.refuse_inactive(expert)
    order = rankings.read_order(roster(), db.session, expertise_request)
    placing = rankings.placing_in(order, db.session, expertise_request, expert_id)
    form = out_of_turn_form() if placing.out_of_turn else None
    if form and not form.kind.raw_data:
        # Others stand above by now, or a team has no place for the question.
        return redirect(_address("matches.check_shortlist", request_id, expert_id=expert_id))
    if form and not form.validate_on_submit():
        set_aside = rankings.find_set_aside(order.result, expert)
        return _out_of_turn_page(expertise_request, expert, placing, set_aside, form)
    begin_anew()
    if already := queries.find_match(db.session, request_id, expert_id):
        return _on_the_shortlist(already, expert)
    why = form.grounds if form else None
    operations.shortlist(unit_of_work(), expertise_request, expert, placing, why)
    flash(gettext("%(name)s is on the shortlist.", name=name_shown(expert)))
    return _back_to_card(request_id, expert_id)


def _on_the_shortlist(match: Match, expert: Expert) -> Response:
    """Lead back to who stands there already: a second click of an impatient hand is no mistake
    worth a page of its own."""
    flash(
        gettext(
            "%(name)s is on the shortlist already (%(state)s).",
            name=name_shown(expert),
            state=match.state,
        )
    )
    return _back_to_card(match.request_id, expert.id)


def _back_to_card(request_id: int, expert_id: int) -> Response:
    """Lead back to the card on the list as it was narrowed and turned to, or in the team."""
    return redirect(_address(_list(), request_id, _anchor=f"expert-{expert_id}"))


def _list() -> str:
    """Return the endpoint of the page on which somebody is chosen."""
    return "matches.team" if TEAM in request.args else "matches.ranking"


def _address(endpoint: str, request_id: int, **values: Any) -> str:
    """Return an address that keeps how the list was narrowed, or what was asked of the team."""
    return url_for(endpoint, request_id=request_id, **values, **_kept())


def _kept() -> dict[str, Any]:
    """Return how the list was narrowed and turned to, or the team, as it stands in the address."""
    if TEAM in request.args:
        return {TEAM: "yes", **team_form(request.args).with_people()}
    names = (*FACETS, "page", BLIND)
    return {name: request.args[name] for name in names if name in request.args}


def _look() -> dict[str, str]:
    """Return what the address says of a look without names; nothing where it is the usual one."""
    return {BLIND: "yes"} if request.args.get(BLIND) == "yes" else {}


def _narrowing(look: dict[str, str]) -> MultiDict[str, str]:
    """Return what the address narrows the list to; without names, not to where somebody is from."""
    given = request.args.items(multi=True)
    return MultiDict([(name, value) for name, value in given if not (look and name in TELLING)])


def _out_of_turn_page(
    expertise_request: ExpertiseRequest,
    expert: Expert,
    placing: Placing,
    set_aside: rankings.SetAside | None,
    form: ReasonForm,
) -> Response:
    """Render how an expert stands, what speaks against choosing them, and the form for a reason."""
    if set_aside:
        (set_aside,) = rankings.veil(db.session, actor(), [set_aside])
    return render_form(
        "matches/out_of_turn.html",
        form,
        expertise_request=expertise_request,
        expert=expert,
        placing=placing,
        set_aside=set_aside,
        step=WORKFLOW[MatchStep.SHORTLIST],
        kept=_kept(),
        back=_address(_list(), expertise_request.id),
        worn=blind.disguise_alone(expert) if _look() else None,
    )


# What a button beside a passage does, by the last part of its address, and what is said then.
PASSAGES = {
    "count": (ranking_choices.count_passage, _("The passage counts in the ranking now.")),
    "set-aside": (ranking_choices.set_passage_aside, _("The passage is set aside again.")),
}


@bp.post("/requests/<int:request_id>/passages/<any('count','set-aside'):act>/<digest>")
@requires(Permission.MATCH_DECIDE)
@writes_late
def weigh_passage(request_id: int, act: str, digest: str) -> Response:
    """Let a passage of a request count that is set aside, or set it aside again."""
    expertise_request = requests.get_as_coordinator(db.session, actor(), request_id)
    seen = expertise_request.version
    found = rankings.list_set_aside(roster(), db.session, expertise_request)
    begin_anew()
    if expertise_request.version != seen:
        raise ConflictError(
            _(
                "The request was changed while this was on its way, so nothing is decided about the"
                " passage. Please look at it again."
            )
        )
    if digest not in {passage.digest for passage in found}:
        raise NotFoundError(_("The request has no such passage any more."))
    decide, done = PASSAGES[act]
    say_done(partial(decide, unit_of_work(), expertise_request, digest), str(done))
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
    except (ranking_choices.DecidedMeanwhileError, DoneSinceError) as error:
        roll_back()
        return _ranking_page(request_id, form, str(error))
    flash(gettext("The list is ranked by what you have ticked."))
    return redirect(url_for("matches.ranking", request_id=request_id, _anchor="considerations"))
