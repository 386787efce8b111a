"""What happens to reports: they are saved, sent, and given back once to be corrected.

When both have come the mission is reported by itself.
"""

import sqlalchemy as sa

from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.audit import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Deferred, _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office, owners_of
from webapp.deployments.workflow import DeploymentStep
from webapp.messages import operations as messages
from webapp.mission_reports import letters, queries, rules
from webapp.mission_reports.content import Answers
from webapp.mission_reports.models import MissionReport, MissionReportFile, Side

NOT_YOURS = _("A report is written by the side whose it is.")


def save(
    work: UnitOfWork, deployment: Deployment, side: Side, answers: Answers, *, seen_version: int
) -> MissionReport:
    """Keep what was written of a mission so far; nobody else reads it before it is sent."""
    report = _begin(work, deployment, side, seen_version)
    if work.actor.id is None:
        raise ForbiddenError(NOT_YOURS)
    if report is None:
        report = MissionReport(deployment_id=deployment.id, side=side)
        work.session.add(report)
    elif rules.is_anothers_draft(work.actor, report):
        _replace(work, deployment, report)
    report.written_by = work.actor.id
    report.by_office = rules.side_of(work.actor, deployment) is not side
    report.saved_at = work.now
    for name, value in vars(answers).items():
        setattr(report, name, value)
    work.session.flush()
    _record(work, Action.REPORT_SAVED, deployment, report)
    return report


def _replace(work: UnitOfWork, deployment: Deployment, report: MissionReport) -> None:
    """Take the files of another's draft away, and tell whoever has begun it, if they have their
    place still."""
    gone = sa.delete(MissionReportFile).where(MissionReportFile.report_id == report.id)
    work.session.execute(gone)
    writer = work.session.get(Account, report.written_by)
    if writer is None or writer.is_erased:
        return
    actor = writer.as_actor()
    in_office = report.by_office and is_office(actor, deployment)
    if in_office or rules.side_of(actor, deployment) is report.side:
        messages.queue(work, writer.id, letters.tells_of_replacing(deployment))


def send(work: UnitOfWork, deployment: Deployment, side: Side, *, seen_version: int) -> None:
    """Send a report: it stays as it is, and when both have come the mission is reported."""
    report = _begin(work, deployment, side, seen_version)
    if rules.is_anothers_draft(work.actor, report):
        raise ForbiddenError(NOT_YOURS)
    if report is None or (missing := rules.list_missing(report)):
        labels = [question.labels[side] for question in missing] if report else []
        raise ConflictError(_("This is still missing: %(what)s.", what=Deferred(_joined, labels)))
    report.sent_at = work.now
    work.session.flush()
    _record(work, Action.REPORT_SENT, deployment, report)
    letter = letters.tells_of_report(deployment, side)
    for account_id in _readers(work, deployment, side):
        messages.queue(work, account_id, letter)
    if deployment.state in rules.AWAITED and not queries.reports_missing(work.session, deployment):
        missions.take(work.on_behalf(), deployment, DeploymentStep.REPORTS_COME)


def give_back(work: UnitOfWork, deployment: Deployment, side: Side) -> None:
    """Give a report back to its writer, who corrects it and sends it again; this is done once."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    report = queries.find(work.session, deployment, side)
    if report is None or not rules.can_give_back(work.actor, deployment, report):
        raise ConflictError(_("This report cannot be given back now, or it was given back before."))
    report.sent_at, report.reopened_at = None, work.now
    work.session.flush()
    _record(work, Action.REPORT_GIVEN_BACK, deployment, report)
    messages.queue(work, rules.account_told(deployment, side), letters.gives_back(deployment, side))


def _begin(
    work: UnitOfWork, deployment: Deployment, side: Side, seen_version: int
) -> MissionReport | None:
    """Refuse what is not this person's to write, what cannot be written now, and a stale edit."""
    lock(work.session, deployment.match.request, deployment.match.expert)
    work.session.refresh(deployment)
    if not rules.can_write(work.actor, deployment, side):
        raise ForbiddenError(NOT_YOURS)
    report = queries.find(work.session, deployment, side)
    if report is not None:
        work.session.refresh(report)
    if obstacle := rules.find_obstacle(deployment, report):
        raise ConflictError(obstacle)
    if seen_version != (report.version if report else 0):
        raise ConflictError(
            _("This report was changed since you opened this page, perhaps in another window.")
        )
    return report


def _readers(work: UnitOfWork, deployment: Deployment, side: Side) -> list[int | None]:
    """Return who is told that a report has come: SEESAC, and the other side."""
    other = rules.account_told(deployment, Side.REQUESTER if side is Side.EXPERT else Side.EXPERT)
    return list(dict.fromkeys([*messages.coordinators(work, owners_of(deployment)), other]))


def _record(
    work: UnitOfWork, action: Action, deployment: Deployment, report: MissionReport
) -> None:
    # What somebody tries to say is no part of the story of the request.
    told = None if action is Action.REPORT_SAVED else deployment.match.request_id
    audit.record(
        work, action, report, request_id=told, side=report.side,
        expert_id=deployment.match.expert_id, by_office=report.by_office,
    )  # fmt: skip


def _joined(labels: list[object]) -> str:
    return ", ".join(map(str, labels))
