"""What the package adds to the application: pages, invariants, its part of requests and queue."""

from collections.abc import Mapping, Sequence

from flask import Flask

from webapp.accounts.operations import all_sessions_ended, one_session_ended
from webapp.amendments import signals as amendments
from webapp.core import clock, in_reach, invariants
from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.record.disclosure import note
from webapp.core.roles import Role
from webapp.core.workflows import registry as workflow_registry
from webapp.deployments import (
    amended,
    asking,
    feeds,
    moving,
    operations,
    queries,
    standing_queries,
    tasks,
    viewers,
)
from webapp.deployments.invariants import deployments_follow_selections, missions_hold_their_days
from webapp.deployments.models import CalendarFeed, Deployment, DeploymentState
from webapp.deployments.moving import Member
from webapp.deployments.views import bp
from webapp.deployments.workflow import WORKFLOW
from webapp.expertise_requests import signals as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.views.viewers import INVITED
from webapp.matches import signals
from webapp.matches.work_queue import lines as queue_lines


def missions_of(request: ExpertiseRequest) -> Sequence[Deployment]:
    """Return the missions for a request, for the page of it; whom they name is recorded."""
    found = queries.list_of_request(db.session, actor(), request)
    note(db.session, *(mission.match.expert.tells_of for mission in found))
    return found


def missions_behind(request: ExpertiseRequest) -> Mapping[int, Member]:
    """Return who of a team cannot go on the days of the others, by mission, to who sees to it."""
    if Role.COORDINATOR not in actor().roles:
        return {}
    found = moving.list_behind(db.session, actor(), request, clock.now())
    return {member.mission.id: member for member in found}


def go_on_other_days(missions: Sequence[Deployment]) -> bool:
    """Tell whether somebody goes on other days than the request says."""
    return any(
        mission.state is not DeploymentState.CANCELLED
        and (mission.start, mission.end) != mission.match.request.mission_days
        for mission in missions
    )


def own_feed() -> CalendarFeed | None:
    """Return the secret address of the calendar of whoever reads, for the page of ways in."""
    return feeds.find(db.session, actor().id)


def init_app(app: Flask) -> None:
    """Add deployments to `app`; they begin and end with what happens to matches."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals.update(
        missions_of=missions_of,
        missions_behind=missions_behind,
        go_on_other_days=go_on_other_days,
        own_calendar_feed=own_feed,
    )
    workflow_registry.keep(app, WORKFLOW)
    app.extensions[INVITED] = viewers.list_invited
    invariants.keep(app, deployments_follow_selections, missions_hold_their_days)
    queue_lines.keep(app, tasks.list_lines, tasks.list_behind)
    amendments.changing.connect(amended.refuse_once_begun)
    amendments.agreed.connect(amended.follow)
    all_sessions_ended.connect(feeds.end_with_sessions)
    one_session_ended.connect(feeds.end_with_session)
    requests.asking.connect(asking.find_missions_to_come)
    requests.all_back.connect(asking.are_all_back)
    signals.selected.connect(operations.plan)
    signals.cancelled.connect(operations.cancel)
    signals.departed.connect(queries.list_departed)
