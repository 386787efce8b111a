"""What the package adds to the application: pages, reminders, and the lessons of like requests."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from webapp.core import clock, in_reach, invariants
from webapp.core.access import actor
from webapp.core.actor import Actor
from webapp.core.db import db
from webapp.core.errors import NotFoundError
from webapp.core.record import personal_data
from webapp.core.words.translation import _
from webapp.deployments import standing_queries
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.ranking.like_texts import LikeTexts
from webapp.messages import reminders
from webapp.mission_reports import likeness, queries, rules, tasks
from webapp.mission_reports.invariants import files_of_reports_are_whole, reports_follow_missions
from webapp.mission_reports.models import Lesson, Side
from webapp.mission_reports.personal_data import forget_typed
from webapp.mission_reports.reminders import find_follow_ups, find_reports
from webapp.mission_reports.views import bp

REPORT_TASKS = "report_tasks"


def lessons_like(request: ExpertiseRequest) -> Sequence[Lesson]:
    """Return the lessons of requests that are like one, for the pages of it."""
    return likeness.list_like(db.session, current_app.extensions[likeness.INDEX], request)


def report_tasks() -> Sequence[tasks.Task]:
    """Return what whoever reads is asked to write of missions, for their lists; one page asks for
    it many times."""
    if REPORT_TASKS not in g:
        setattr(g, REPORT_TASKS, tasks.list_tasks(db.session, actor(), clock.today()))
    found: Sequence[tasks.Task] = g.get(REPORT_TASKS)
    return found


def sides_count_differently(deployment: Deployment) -> bool:
    """Tell whether the two sides report other numbers of those who took part in a mission."""
    return rules.count_differently(*(queries.find(db.session, deployment, side) for side in Side))


def refuse_to_send(
    session: Session, reader: Actor, endpoint: str, about: Mapping[str, Any]
) -> None:
    """Refuse what is about a mission of others, and the report of a side to whoever neither writes
    it nor sees to it for SEESAC."""
    standing_queries.refuse_to_send(session, reader, endpoint, about)
    if "side" in about:
        deployment = standing_queries.get_on_a_side(session, reader, about["deployment_id"])
        whose = reader, deployment, Side(about["side"])
        if not (rules.can_write(*whose) or rules.is_office_for(*whose)):
            raise NotFoundError(_("There is no such report for you to write."))


def init_app(app: Flask) -> None:
    """Add reports to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, refuse_to_send)
    app.extensions[likeness.INDEX] = LikeTexts()
    app.jinja_env.globals.update(
        lessons_like=lessons_like,
        report_tasks=report_tasks,
        sides_count_differently=sides_count_differently,
    )
    invariants.keep(app, reports_follow_missions, files_of_reports_are_whole)
    personal_data.erasing.connect(forget_typed)
    reminders.keep(app, find_reports)
    reminders.keep(app, find_follow_ups)
