"""What must be true of reports in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.files.stored_files import find_changed
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import OVER
from webapp.matches.models import Match
from webapp.mission_reports import queries, rules
from webapp.mission_reports.models import MissionReport, MissionReportFile


def reports_follow_missions(session: Session) -> Iterator[str]:
    """Reports are of missions that are over, and one of which both have come waits for none."""
    reports = session.execute(
        sa.select(
            MissionReport.id, MissionReport.request_id, Deployment.state,
            Deployment.id.label("mission"), Match.request_id.label("asked"),
        )
        .join(MissionReport.deployment)
        .join(Deployment.match)
        .order_by(MissionReport.id)
    )  # fmt: skip
    for report in reports:
        if report.state not in OVER:
            yield f"deployment {report.mission} is “{report.state}” and has a report"
        if report.request_id not in {None, report.asked}:
            yield f"report {report.id} is of request {report.request_id} and of another mission"
    waiting = sa.select(Deployment).where(Deployment.state.in_(rules.AWAITED))
    for mission in session.scalars(waiting):
        if not queries.reports_missing(session, mission):
            yield f"deployment {mission.id} is “{mission.state}” and both reports have come"


def files_of_reports_are_whole(session: Session) -> Iterator[str]:
    """What was sent with a report is what is given back."""
    yield from find_changed(session, MissionReportFile)
