"""What must be true of reports in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from webapp.core.files.stored_files import find_changed
from webapp.deployments.workflow import OVER
from webapp.mission_reports import rules
from webapp.mission_reports.models import MissionReport, MissionReportFile, Side


def reports_follow_missions(session: Session) -> Iterator[str]:
    """Reports are of missions that are over, and one of which both have come waits for none."""
    came: dict[int, set[Side]] = {}
    for report in session.scalars(
        sa.select(MissionReport).options(joinedload(MissionReport.deployment))
    ):
        mission = report.deployment
        if mission.state not in OVER:
            yield f"deployment {mission.id} is “{mission.state}” and has a report"
        if report.sent_at:
            came.setdefault(mission.id, set()).add(report.side)
        if len(came.get(mission.id, ())) == len(Side) and mission.state in rules.AWAITED:
            yield f"deployment {mission.id} is “{mission.state}” and both reports have come"


def files_of_reports_are_whole(session: Session) -> Iterator[str]:
    """What was sent with a report is what is given back."""
    yield from find_changed(session, MissionReportFile)
