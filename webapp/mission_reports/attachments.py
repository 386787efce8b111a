"""Files that belong to a report: a presentation, a list of those institutions that took part.

Whoever writes the report adds and removes them until it is sent, and whoever reads what remains
reads them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.files.stored_files import FileContent, check_fits, still_there
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.mission_reports import queries, rules
from webapp.mission_reports.models import MissionReport, MissionReportFile, Side
from webapp.mission_reports.operations import NOT_YOURS

MOST = 3


def list_files(session: Session, report: MissionReport) -> Sequence[MissionReportFile]:
    """Return the files of a report, without their content."""
    return session.scalars(
        sa.select(MissionReportFile)
        .where(MissionReportFile.report_id == report.id)
        .order_by(MissionReportFile.id)
    ).all()


def get(session: Session, report: MissionReport, file_id: int) -> MissionReportFile:
    """Return a file of a report; raises NotFoundError for any other."""
    file = session.get(MissionReportFile, file_id)
    if file is None or file.report_id != report.id:
        raise NotFoundError(_("There is no such file."))
    return file


def add(work: UnitOfWork, deployment: Deployment, side: Side, file: FileContent) -> None:
    """Add a file to a report that is not sent yet; the very same once more is one file."""
    report = _begin(work, deployment, side)
    check_fits(list_files(work.session, report), file, MOST)
    row = MissionReportFile(
        report_id=report.id, added_at=work.now, added_by=work.actor.id, **file.columns()
    )
    work.session.add(row)
    _raise_version(work, report)
    _record(work, Action.REPORT_FILE_ADDED, deployment, report, row.id)


def remove(work: UnitOfWork, deployment: Deployment, side: Side, file_id: int) -> None:
    """Remove a file with its content from a report that is not sent yet. Raises DoneSinceError
    where there is none any more."""
    report = _begin(work, deployment, side)
    work.session.delete(still_there(get, work.session, report, file_id))
    _raise_version(work, report)
    _record(work, Action.REPORT_FILE_REMOVED, deployment, report, file_id)


def _begin(work: UnitOfWork, deployment: Deployment, side: Side) -> MissionReport:
    """Let one after the other change the files of a report, and only those who write it."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    if work.actor.id is None or not rules.can_write(work.actor, deployment, side):
        raise ForbiddenError(NOT_YOURS)
    report = queries.find(work.session, deployment, side)
    if report is None:
        raise ConflictError(_("Please save the draft of the report first."))
    work.session.refresh(report)
    if obstacle := rules.find_obstacle(deployment, report):
        raise ConflictError(obstacle)
    if rules.is_anothers_draft(work.actor, report):
        raise ForbiddenError(NOT_YOURS)
    return report


def _raise_version(work: UnitOfWork, report: MissionReport) -> None:
    # Otherwise a page that was opened before would send files that its reader has not seen. The
    # words stay those of whoever has written them.
    flag_modified(report, "saved_at")
    work.session.flush()


def _record(
    work: UnitOfWork, action: Action, deployment: Deployment, report: MissionReport, file_id: int
) -> None:
    # As with the words of a draft, nobody is told of it before the report is sent.
    audit.record(
        work, action, report, side=report.side, expert_id=deployment.match.expert_id, file=file_id
    )
