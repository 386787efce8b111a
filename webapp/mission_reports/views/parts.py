"""What the pages of reports share: the mission, and the page of all that was said of it."""

from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.forms.page_forms import render_form
from webapp.core.words.translation import _
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment
from webapp.experts import rules as experts
from webapp.mission_reports import attachments, follow_ups, lessons, queries, rules
from webapp.mission_reports.content import AFTERWARDS, OF_EACH, RATINGS
from webapp.mission_reports.forms import LessonForm, lesson_form
from webapp.mission_reports.models import Side

REPORTS = _("the reports on a mission")


def mission_of(deployment_id: int) -> Deployment:
    """Return a mission that this person may see."""
    return missions.get(db.session, actor(), deployment_id)


def reports_page(
    deployment: Deployment, form: LessonForm | None = None, problem: str = "", begin: str = ""
) -> Response:
    """Render all that this person may read of a mission afterwards; `form` holds a lesson, or it
    begins with an answer of the reports, by its number."""
    reader, request = actor(), deployment.match.request
    reports = {report.side: report for report in queries.list_of(db.session, deployment)}
    # Who was on the mission of the team writes none of its lessons, on whosever page.
    office = rules.is_office_for(reader, deployment, Side.REQUESTER)
    beginnings = lessons.list_beginnings(reports.values()) if office else []
    begun = {str(at): one for at, one in enumerate(beginnings, 1)}.get(begin)
    shown: FlaskForm = form or lesson_form(db.session, request, begun.text if begun else "")
    return render_form(
        "mission_reports/show.html",
        shown,
        problem=problem,
        deployment=deployment,
        sides=Side,
        counted_differently=rules.count_differently(*map(reports.get, Side)),
        ratings=RATINGS,
        of_each=OF_EACH,
        judgements={
            side: rules.list_judgements(reader, deployment, report)
            for side, report in reports.items()
        },
        team=rules.team_of(deployment),
        afterwards=AFTERWARDS,
        office=office,
        mine=rules.side_of(reader, deployment),
        reports=reports,
        readable={
            side: rules.list_readable(reader, deployment, report)
            for side, report in reports.items()
        },
        files={
            side: attachments.list_files(db.session, report)
            for side, report in reports.items()
            if rules.reads_files(reader, deployment, report)
        },
        writable=[
            side
            for side in Side
            if rules.can_write(reader, deployment, side)
            and not rules.find_obstacle(deployment, reports.get(side))
        ],
        begun_by_others=[
            side for side, report in reports.items() if rules.is_anothers_draft(reader, report)
        ],
        returnable=[
            side
            for side, report in reports.items()
            if rules.can_give_back(reader, deployment, report)
        ],
        entry=queries.find_entry(db.session, deployment),
        can_enter=rules.can_enter(reader, deployment),
        is_own=experts.is_own(reader, deployment.match.expert),
        follow_up=queries.find_follow_up(db.session, deployment)
        if rules.reads_follow_up(reader, deployment)
        else None,
        can_follow_up=rules.reads_follow_up(reader, deployment)
        and not follow_ups.find_obstacle(deployment, clock.today()),
        beginnings=beginnings,
        lessons=queries.list_lessons(db.session, request) if office else [],
    )
