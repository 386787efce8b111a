"""Views of deployments: the calendar, and each mission with its steps."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from webapp.accounts import sessions
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Permission, actor, may, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, Refused, make_offers, take_sent
from webapp.core.limits import Limit, limited
from webapp.core.origins import SAFE_METHODS
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, name_shown, shows
from webapp.core.roles import Role
from webapp.core.transactions import roll_back
from webapp.core.words.days import days_of_week
from webapp.core.words.language import SOURCE_LANGUAGE, use_language
from webapp.core.words.translation import _, gettext
from webapp.deployments import consequences, feeds, moving, operations, queries, rules
from webapp.deployments.calendar import Known, Window, chart, holidays_of
from webapp.deployments.forms import DaysForm, FeedForm, RowsForm, TeamDaysForm, rows_form
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.moving import Member
from webapp.deployments.queries import Chosen
from webapp.deployments.weeks import by_weeks, stretches_of
from webapp.deployments.workflow import ONCE_FOR_TEAM, OVER, WORKFLOW, DeploymentStep
from webapp.expertise_requests import timeline
from webapp.experts import queries as profiles
from webapp.experts.forms import WindowForm
from webapp.experts.models import Expert
from webapp.matches import releases

bp = Blueprint("deployments", __name__, url_prefix="/deployments", template_folder="templates")
MISSION = _("a mission")
CALENDAR = _("the calendar of deployments")
MAKING_FEEDS = Limit("addresses for a calendar", "20/day")


@bp.get("")
@requires(Permission.DEPLOYMENT_READ)
@shows(CALENDAR, LISTS)
def index() -> str:
    """Show who is where in some months, as far as this person may see it, as a chart and by weeks.

    Coordinators choose whose rows they see, and read when those are not available.
    """
    return _calendar(FeedForm(formdata=None, obj=feeds.find(db.session, actor().id)))


def _calendar(feed_form: FeedForm) -> str:
    reader, session = actor(), db.session
    is_office = Role.COORDINATOR in reader.roles
    form = rows_form(session, reader, request.args) if is_office else WindowForm(request.args)
    chosen = form.month.data if form.validate() or not form.month.errors else None
    window = Window.of(chosen or queries.find_day_to_show(session, reader, clock.today()))
    if not form.month.errors:
        form.month.data = window.first
    rows = form.rows if isinstance(form, RowsForm) else Chosen()
    number = page_number(request.args.get("page"))
    page = queries.list_rows(session, reader, rows, window.first, window.last, number)
    known = _known_of(page.items, window, is_office=is_office)
    return render_template(
        "deployments/index.html",
        form=form,
        asked=form.without("month"),
        is_office=is_office,
        window=window,
        page=page,
        rows=chart(page.items, window, known),
        months=by_weeks(window, stretches_of(page.items, known)) if page.items else [],
        missions=[one for row in known.missions.values() for one in row],
        days_of_week=days_of_week(),
        cancelled=queries.list_cancelled(session, reader, window.first, window.last),
        feed=feeds.find(session, reader.id),
        feed_form=feed_form,
    )


def _known_of(experts: Sequence[Expert], window: Window, *, is_office: bool) -> Known:
    """Return what the reader may know of the days of some experts."""
    session, days = db.session, (window.first, window.last)
    ids = [expert.id for expert in experts]
    missions = queries.list_missions_of(session, actor(), ids, *days)
    asked = ids if is_office else []
    return Known(
        missions,
        off=queries.list_days_off(session, asked, *days),
        held=queries.list_days_held(session, actor(), asked, *days),
        holidays={one.id: holidays_of(one, missions.get(one.id, ()), window) for one in experts},
    )


def _own_account() -> Account:
    return db.session.get_one(Account, actor().id)


@bp.post("/feed")
@requires(Permission.DEPLOYMENT_READ)
@limited(MAKING_FEEDS)
@shows(CALENDAR, LISTS)
def make_feed() -> str | Response:
    """Make a secret address for the calendar of another program, and show it this once."""
    form = FeedForm()
    if not form.validate_on_submit():
        return make_response(_calendar(form), HTTPStatus.BAD_REQUEST)
    with_days_off = form.with_days_off.data and may(Permission.PROFILE_EDIT)
    return render_template(
        "deployments/feed.html",
        with_days_off=with_days_off,
        token=feeds.make(
            unit_of_work(),
            _own_account(),
            secret=current_app.config["SECRET_KEY"],
            began=sessions.began_at(),
            with_days_off=with_days_off,
        ),
        platform=current_app.config["PLATFORM_URL"],
    )


@bp.post("/feed/end")
@requires(Permission.DEPLOYMENT_READ)
def end_feed() -> Response:
    """Let the secret address answer nothing any more."""
    if ActionForm().validate_on_submit():
        feeds.end(unit_of_work(), _own_account())
        flash(gettext("The address for your calendar answers nothing any more."))
    return redirect(url_for("deployments.index"))


@bp.get("/feed/<token>.ics")
@requires(Permission.PUBLIC)
def feed(token: str) -> Response:
    """Give the missions of whoever has made this address, without a name."""
    found = feeds.find_at(db.session, token)
    if found is None:
        abort(404)
    owner = found.account
    use_language(owner.language or SOURCE_LANGUAGE)
    today = clock.today()
    seen = queries.list_visible(
        db.session, owner.as_actor(None), today - feeds.PAST, today + feeds.AHEAD
    )
    whose = profiles.find_own(db.session, owner.as_actor(None)) if found.with_days_off else None
    answer = make_response(feeds.write(seen, clock.now(), whose))
    answer.mimetype = "text/calendar"
    return answer


@bp.get("/<int:deployment_id>")
@requires(Permission.DEPLOYMENT_READ)
@shows(MISSION, SINGLE)
def show(deployment_id: int) -> Response:
    """Show a mission: where it stands, who else goes, what happened, and what can be done."""
    return _mission_page(queries.get(db.session, actor(), deployment_id))


@bp.route("/<int:deployment_id>/days", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
@shows(MISSION, SINGLE)
def move(deployment_id: int) -> Response:
    """Change the days of a mission: first it is shown what follows, then everybody is told."""
    deployment = queries.get(db.session, actor(), deployment_id)
    if request.method in SAFE_METHODS:
        if not rules.can_move(deployment, actor()):
            return redirect(url_for("deployments.show", deployment_id=deployment_id))
        looking = DaysForm.in_address(deployment, request.args)
        return _days_page(deployment, looking, is_asked=bool(request.args))
    form = DaysForm(deployment)
    if not form.validate_on_submit():
        return _days_page(deployment, form)
    seen = form.version.data
    try:
        operations.move(unit_of_work(), deployment, *form.days, seen_version=seen)
    except ConflictError as error:
        roll_back()
        return _days_page(deployment, form, is_asked=True, problem=str(error))
    flash(gettext("The mission has other days, and all sides are told."))
    return redirect(url_for("deployments.show", deployment_id=deployment_id))


def _days_page(
    deployment: Deployment, form: DaysForm, *, is_asked: bool = False, problem: str = ""
) -> Response:
    """Render the days of a mission, and of days that were asked for what follows from them."""
    found = None
    if is_asked and form.validate() and form.days != (deployment.start, deployment.end):
        found = consequences.look(db.session, actor(), deployment, *form.days, clock.now())
    form.version.data = deployment.version
    return render_form(
        "deployments/days.html",
        form,
        problem=problem,
        deployment=deployment,
        found=found,
        elsewhere=[consequences.sentence_of(one) for one in found.elsewhere] if found else [],
        conditional_release=_conditional_release(deployment),
        tells_authority=operations.can_tell_authority(unit_of_work(), deployment),
        clears_anew=deployment.state is DeploymentState.CLEARED,
    )


@bp.route("/<int:deployment_id>/team-days", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
@shows(MISSION, SINGLE)
def move_team(deployment_id: int) -> Response:
    """Change the days of a whole team: first it is shown who can go, then all who can are moved."""
    deployment = queries.get(db.session, actor(), deployment_id)
    asked = deployment.match.request
    team = moving.team_of(db.session, asked)
    if request.method == "POST" and len(team) <= 1:
        raise ConflictError(
            _(
                "This was no team any more when you sent it: nobody's days are changed. Each"
                " mission has a form for its own days."
            )
        )
    if not moving.can_move(actor(), team):
        return redirect(url_for("deployments.show", deployment_id=deployment_id))
    if request.method in SAFE_METHODS:
        looking = TeamDaysForm.in_address(team, request.args)
        return _team_page(deployment, team, looking, is_asked=bool(request.args))
    form = TeamDaysForm(team)
    if not form.validate_on_submit():
        return _team_page(deployment, team, form)
    try:
        moved = moving.move(unit_of_work(), asked, *form.days, seen=form.seen.data or "")
    except ConflictError as error:
        roll_back()
        return _team_page(deployment, team, form, is_asked=True, problem=str(error))
    flash(_said_of_team(moved))
    return redirect(url_for("deployments.show", deployment_id=deployment_id))


def _said_of_team(members: Sequence[Member]) -> str:
    behind = [name_shown(one.mission.match.expert) for one in members if one.obstacles]
    if behind:
        return gettext(
            "The team has other days, and everybody is told. Not on these days: %(names)s.",
            names=", ".join(behind),
        )
    return gettext("The team has other days, and everybody is told.")


def _team_page(
    deployment: Deployment,
    team: Sequence[Deployment],
    form: TeamDaysForm,
    *,
    is_asked: bool = False,
    problem: str = "",
) -> Response:
    """Render the days of a team, and of days that were asked for who can go on them."""
    members: Sequence[Member] = []
    if is_asked and form.validate():
        members = moving.look(db.session, actor(), team, *form.days, clock.now())
        form.seen.data = moving.marks_of(members)
    return render_form(
        "deployments/team_days.html",
        form,
        problem=problem,
        deployment=deployment,
        team=team,
        members=members,
        conditional_releases={
            one.id: release for one in team if (release := _conditional_release(one))
        },
        clears_anew=any(
            one.moves and one.mission.state is DeploymentState.CLEARED for one in members
        ),
    )


@bp.post("/<int:deployment_id>/<step>")
@requires(Permission.MATCH_DECIDE)
@shows(MISSION, SINGLE)
def take_step(deployment_id: int, step: str) -> Response:
    """Take one step of a mission."""
    deployment = queries.get(db.session, actor(), deployment_id)
    name = WORKFLOW.find(step) or abort(404)
    take = partial(operations.take_together, unit_of_work(), deployment, name)
    together = operations.list_together(db.session, deployment, name, actor(), clock.today())
    said = {"name": ", ".join(name_shown(one.match.expert) for one in together)}
    if refused := take_sent(WORKFLOW, name, deployment.state, take, said=said):
        return _mission_page(deployment, refused)
    return redirect(url_for("deployments.show", deployment_id=deployment_id))


def _noted_together(
    deployment: Deployment, steps: Sequence[DeploymentStep]
) -> Sequence[Deployment]:
    """Return for whom of a team what can be done now is noted once, if for several."""
    reader, today = actor(), clock.today()
    for name in ONCE_FOR_TEAM.intersection(steps):
        found = operations.list_together(db.session, deployment, name, reader, today)
        if len(found) > 1:
            return found
    return []


def _conditional_release(deployment: Deployment) -> releases.OnConditions | None:
    """Return on which conditions the expert was released, to SEESAC and to the expert alone."""
    is_mine = deployment.match.expert.account_id == actor().id
    if not is_mine and not rules.is_office(actor(), deployment):
        return None
    days = deployment.start, deployment.end
    return releases.find_conditions(db.session, deployment.match, days)


def _mission_page(deployment: Deployment, refused: Refused = NOTHING_REFUSED) -> Response:
    """Render a mission; a step that was refused keeps what was typed.

    SEESAC alone sees why a mission has ended: the reason may be the expert's own.
    """
    reader, today = actor(), clock.today()
    match = deployment.match
    missing = queries.list_missing(db.session, deployment)
    steps = rules.possible_steps(deployment, reader, today, missing)
    office = rules.is_office(reader, deployment)
    return render_form(
        "deployments/show.html",
        refused.form or ActionForm(),
        deployment=deployment,
        match=match,
        conditional_release=_conditional_release(deployment),
        expertise_request=match.request,
        team=queries.list_team(db.session, reader, deployment),
        together=_noted_together(deployment, steps),
        offers=make_offers(WORKFLOW, steps, deployment.state, refused=refused),
        not_mine=Role.COORDINATOR in reader.roles and rules.why_colleagues(deployment, reader),
        reported=OVER,
        can_move=rules.can_move(deployment, reader),
        can_move_team=moving.can_move(reader, moving.team_of(db.session, match.request)),
        later=rules.list_obstacles(deployment, today, missing) if office else [],
        reason=deployment.reason if office else None,
        is_mine=match.expert.account_id == reader.id,
        lines=timeline.lines_about(db.session, match.request, reader, match.expert_id),
        problem=refused.problem,
        typed=refused.typed,
    )
