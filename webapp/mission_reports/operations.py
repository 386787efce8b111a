"""What happens to reports: they are saved, sent, and given back once to be corrected.

When both have come the mission is reported by itself. That of the requester is about all who went.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Deferred, _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment
from webapp.deployments.rules import is_office, owners_of
from webapp.deployments.workflow import DeploymentStep
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.mission_reports import letters, queries, rules
from webapp.mission_reports.content import NAMES, Answers, sums_of
from webapp.mission_reports.models import (
    Judgement,
    MissionReport,
    MissionReportFile,
    Participants,
    Point,
    Side,
)

# How what is done with a report on several is told of: by no name.
_OF_TEAMS = {
    Action.REPORT_SENT: Action.TEAM_REPORT_SENT,
    Action.REPORT_GIVEN_BACK: Action.TEAM_REPORT_GIVEN_BACK,
}
NOT_YOURS = _("A report is written by the side whose it is.")


def save(
    work: UnitOfWork, deployment: Deployment, side: Side, answers: Answers, *, seen_version: int
) -> MissionReport:
    """Keep what was written of a mission so far; nobody else reads it before it is sent."""
    report = _begin(work, deployment, side, seen_version)
    if work.actor.id is None:
        raise ForbiddenError(NOT_YOURS)
    if report is None:
        report = MissionReport(deployment=deployment, side=side)
        work.session.add(report)
    elif rules.is_anothers_draft(work.actor, report):
        _replace(work, deployment, report)
    report.written_by = work.actor.id
    report.by_office = rules.side_of(work.actor, deployment) is not side
    report.saved_at = work.now
    # Rows alone do not raise the version, nor does a moment at which it was saved already.
    flag_modified(report, "saved_at")
    for name in NAMES:
        setattr(report, name, getattr(answers, name))
    _write_rows(report, answers)
    if side is Side.REQUESTER:
        report.request_id = deployment.match.request_id
        work.session.flush()
        _judge(report, answers)
    work.session.flush()
    _record(work, Action.REPORT_SAVED, deployment, report)
    return report


def _write_rows(report: MissionReport, answers: Answers) -> None:
    """Keep what was said point by point, and who took part by institution: these add up, as far as
    they are counted."""
    report.points = [Point(**vars(one)) for one in answers.points]
    report.participants = [Participants(**vars(one)) for one in answers.participants]
    women, men = sums_of(answers.participants)
    report.women = answers.women if women is None else women
    report.men = answers.men if men is None else men


def _judge(report: MissionReport, answers: Answers) -> None:
    """Keep what the requester says of each who can be judged; of others the rows stay."""
    kept = {row.deployment_id: row for row in report.judgements}
    judged = {one.id for one in rules.team_of(report.deployment) if rules.is_judged(one)}
    for said in answers.judged:
        if said.deployment_id not in judged:
            continue
        row = kept.get(said.deployment_id) or Judgement(deployment_id=said.deployment_id)
        if row not in report.judgements:
            report.judgements.append(row)
        row.rating, row.again = said.rating, said.again


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
        labels = missing if report else []
        raise ConflictError(_("This is still missing: %(what)s.", what=Deferred(_joined, labels)))
    report.sent_at = work.now
    work.session.flush()
    _record(work, Action.REPORT_SENT, deployment, report)
    _tell_of_report(work, deployment, side)
    for one in rules.about(deployment, side):
        _note_reports(work, one)


def _note_reports(work: UnitOfWork, deployment: Deployment) -> None:
    """Let a mission be reported of which both reports have come, and followed up if it was said
    already what has become of it."""
    if deployment.state not in rules.AWAITED or queries.reports_missing(work.session, deployment):
        return
    missions.take(work.on_behalf(), deployment, DeploymentStep.REPORTS_COME)
    if queries.find_follow_up(work.session, deployment):
        missions.take(work.on_behalf(), deployment, DeploymentStep.ANSWERS_COME)


def give_back(work: UnitOfWork, deployment: Deployment, side: Side) -> None:
    """Give a report back to its writer, who corrects it and sends it again; this is done once."""
    lock_about(work, deployment, side)
    report = queries.find(work.session, deployment, side)
    if report is None or not rules.can_give_back(work.actor, deployment, report):
        raise ConflictError(_("This report cannot be given back now, or it was given back before."))
    report.sent_at, report.reopened_at = None, work.now
    work.session.flush()
    _record(work, Action.REPORT_GIVEN_BACK, deployment, report)
    messages.queue(work, rules.account_told(deployment, side), letters.gives_back(deployment, side))


def lock_about(work: UnitOfWork, deployment: Deployment, side: Side) -> None:
    """Let nobody else change what the report of a side is about, until this work is committed."""
    work.session.refresh(deployment)
    together = rules.about(deployment, side)
    found = {one.match.expert for one in [deployment, *together]}
    lock(work.session, deployment.match.request, *sorted(found, key=lambda one: one.id))
    for one in {deployment, *together}:
        work.session.refresh(one)


def _begin(
    work: UnitOfWork, deployment: Deployment, side: Side, seen_version: int
) -> MissionReport | None:
    """Refuse what is not this person's to write, what cannot be written now, and a stale edit."""
    lock_about(work, deployment, side)
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


def _tell_of_report(work: UnitOfWork, deployment: Deployment, side: Side) -> None:
    """Tell that a report has come: SEESAC once, and the other side, of experts each on the page of
    their own mission."""
    letter = letters.tells_of_report(deployment, side)
    together = rules.about(deployment, side)
    # Whoever went is told on that side alone.
    office = [messages.coordinators(work, owners_of(one)) for one in together]
    told: dict[int | None, Letter] = dict.fromkeys(set(office[0]).intersection(*office), letter)
    if side is Side.EXPERT:
        told.setdefault(rules.account_told(deployment, Side.REQUESTER), letter)
    else:
        for one in together:
            own = letters.tells_of_report(one, side)
            told.setdefault(rules.account_told(one, Side.EXPERT), own)
    for account_id, said in told.items():
        messages.queue(work, account_id, said)


def _record(
    work: UnitOfWork, action: Action, deployment: Deployment, report: MissionReport
) -> None:
    # What somebody tries to say is no part of the story of the request.
    told = None if action is Action.REPORT_SAVED else deployment.match.request_id
    facts: dict[str, Any] = {"side": report.side, "by_office": report.by_office}
    if len(rules.about(deployment, report.side)) > 1:
        action = _OF_TEAMS.get(action, action)
    else:
        facts["expert_id"] = deployment.match.expert_id
    audit.record(work, action, report, request_id=told, **facts)


def _joined(labels: list[object]) -> str:
    return ", ".join(map(str, labels))
