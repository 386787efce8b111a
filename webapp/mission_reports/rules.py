"""Who writes and who reads which report, and when."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import object_session

from webapp.core.actor import Actor
from webapp.core.words.text_rules import has_words
from webapp.core.words.translation import Message, _
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import FOLLOW_UP_FROM, is_office
from webapp.deployments.workflow import OVER
from webapp.expertise_requests import rules as requests
from webapp.experts import rules as experts
from webapp.experts.models import ExpertState
from webapp.matches.work_queue import waiting
from webapp.mission_reports.content import Question, Said, asked_of, points_asked
from webapp.mission_reports.models import Judgement, MissionReport, MissionReportFile, Side

S = DeploymentState
# Reports are awaited here, and after it one can still follow the other that came by letter. One
# that was given back is sent again however far the mission has got since.
AWAITED = frozenset({S.RETURNED, S.CURTAILED})
WRITTEN = AWAITED | {S.REPORTED}


ERASED = _("The expert was erased, so nothing more is written about this mission.")


def team_of(deployment: Deployment) -> Sequence[Deployment]:
    """Return the missions of all who go or went for the same request: for its requester one."""
    session = object_session(deployment)
    return missions.list_standing(session, deployment.match.request) if session else [deployment]


def about(deployment: Deployment, side: Side) -> Sequence[Deployment]:
    """Return the missions that the report of a side is about."""
    return [deployment] if side is Side.EXPERT else team_of(deployment)


def is_over(team: Iterable[Deployment]) -> bool:
    """Tell whether all of a team are back."""
    return all(one.state in OVER for one in team)


def asked_on(deployment: Deployment, side: Side) -> Deployment | None:
    """Return on which mission the report of a side is asked for now: the requester's when all of
    the team are back, on that of those to be judged which ended last."""
    if side is Side.EXPERT:
        return deployment
    team = team_of(deployment)
    judged = [one for one in team if is_judged(one)]
    return max(judged, key=lambda one: (one.end, one.id)) if judged and is_over(team) else None


def follow_up_from(deployment: Deployment) -> date:
    """Return from which day on one asks what has become of the mission of a team."""
    return max(one.end for one in [deployment, *team_of(deployment)]) + FOLLOW_UP_FROM


def is_judged(deployment: Deployment) -> bool:
    """Tell whether the requester is asked how useful the expert of a mission was."""
    return deployment.state in OVER and deployment.match.expert.state is not ExpertState.ERASED


def side_of(actor: Actor, deployment: Deployment) -> Side | None:
    """Return on which side of a mission this person stands, whatever other roles they have."""
    if experts.is_of(actor, deployment.match.expert):
        return Side.EXPERT
    if requests.is_asking(actor, deployment.match.request):
        return Side.REQUESTER
    return None


def writes_itself(deployment: Deployment, side: Side) -> bool:
    """Tell whether a side has somebody who can write on the platform."""
    if side is Side.EXPERT:
        return waiting.is_reached(deployment.match)
    return requests.has_owner(deployment.match.request)


def account_told(deployment: Deployment, side: Side) -> int | None:
    """Return who is told what concerns the report of a side, if the side has somebody."""
    match = deployment.match
    if side is Side.EXPERT:
        return experts.account_told(match.expert)
    return requests.account_told(match.request)


def is_own(actor: Actor, deployment: Deployment, side: Side) -> bool:
    """Tell whether the report of a side is this person's own."""
    if side is Side.EXPERT:
        return experts.is_own(actor, deployment.match.expert)
    # Whoever was on the mission stands on that side alone, also if the request has become theirs.
    if any(experts.is_of(actor, one.match.expert) for one in team_of(deployment)):
        return False
    return requests.is_requester(actor, deployment.match.request)


def can_enter(actor: Actor, deployment: Deployment) -> bool:
    """Tell whether this person puts the mission into its expert's profile: the expert, or, for one
    without an account, SEESAC (decision 234)."""
    expert = deployment.match.expert
    if experts.is_own(actor, expert):
        return True
    return is_office_for(actor, deployment, Side.EXPERT) and not experts.why_not_written(
        actor, expert
    )


def is_office_for(actor: Actor, deployment: Deployment, side: Side) -> bool:
    """Tell whether this person sees to the report of a side for SEESAC: nobody does who was one of
    those whom it is about."""
    return is_office(actor, deployment) and all(
        is_office(actor, one) for one in about(deployment, side)
    )


def can_write(actor: Actor, deployment: Deployment, side: Side) -> bool:
    """Tell whose report it is to write: the side's own, or SEESAC's where the side cannot."""
    if is_own(actor, deployment, side):
        return True
    return is_office_for(actor, deployment, side) and not writes_itself(deployment, side)


def reads_follow_up(actor: Actor, deployment: Deployment) -> bool:
    """Tell whether this person answers how it went on, or notes it for SEESAC, and reads it."""
    side = Side.REQUESTER
    return is_own(actor, deployment, side) or is_office_for(actor, deployment, side)


def find_obstacle(deployment: Deployment, report: MissionReport | None) -> Message | None:
    """Return why a report cannot be written now, if so."""
    if deployment.match.expert.state is ExpertState.ERASED:
        return ERASED
    given_back = report is not None and is_given_back(report)
    if deployment.state not in WRITTEN and not given_back:
        return _(
            "Reports are written after the return, and the mission is “%(state)s” now.",
            state=deployment.state,
        )
    if report is not None and report.sent_at is not None:
        return _("The report was sent and stays as it is. SEESAC can give it back to you once.")
    return None


def is_anothers_draft(actor: Actor, report: MissionReport | None) -> bool:
    """Tell whether somebody else has begun a report, and sent it to nobody: whoever writes it in
    their place begins anew, and reads nothing of it.

    What SEESAC writes down is that of all its coordinators, and no words of the side. A report that
    was sent, and has not been changed since it was given back, was read: anybody goes on with it.
    """
    if report is None or report.sent_at is not None or _is_as_it_was_sent(actor, report):
        return False
    stands_there = side_of(actor, report.deployment) is report.side
    if stands_there == report.by_office:
        return True
    # There is one expert, whichever of their accounts has written, and there may be many askers.
    return stands_there and report.side is Side.REQUESTER and report.written_by != actor.id


def _is_as_it_was_sent(actor: Actor, report: MissionReport) -> bool:
    """Tell whether nobody has changed a report since it was given back, nor has anybody else added
    a file to it."""
    session = object_session(report)
    if session is None or report.reopened_at is None or report.saved_at > report.reopened_at:
        return False
    added = sa.exists().where(
        MissionReportFile.report_id == report.id,
        MissionReportFile.added_at > report.reopened_at,
        MissionReportFile.added_by != actor.id,
    )
    return not session.scalar(sa.select(added))


def is_given_back(report: MissionReport) -> bool:
    """Tell whether a report was given back to be corrected, and has not been sent again."""
    return report.reopened_at is not None and report.sent_at is None


def can_give_back(actor: Actor, deployment: Deployment, report: MissionReport) -> bool:
    """Tell whether a report that was sent can be given back to its writer by this person."""
    return (
        is_office_for(actor, deployment, report.side)
        and deployment.state in WRITTEN
        and report.sent_at is not None
        and report.reopened_at is None
    )


def points_of(deployment: Deployment, report: MissionReport | None) -> list[Said]:
    """Return what a report answers for point by point: what it has begun with, or what the terms
    of reference ask for, which change no more once a mission has begun.

    A report that was sent before there were points goes on without them. A draft whose words went
    with one of the team who was erased is asked for them anew.
    """
    if report is not None and _has_points_of_its_own(report):
        return [Said(one.kind, one.asked, one.said) for one in report.points]
    request = deployment.match.request
    return points_asked(request.tasks, request.outputs)


def _has_points_of_its_own(report: MissionReport) -> bool:
    if not report.points:
        return report.reopened_at is not None
    return report.sent_at is not None or any(one.asked for one in report.points)


def list_missing(report: MissionReport) -> list[Message]:
    """Return what a report needs before it is sent: answers, those to each point instead of one
    text where it has them, and of a requester all of the team back and judged."""
    side = report.side
    missing = [
        one.labels[side]
        for one in asked_of(side)
        if one.needed and not (one.name == "done" and report.points)
        if not _is_answered(getattr(report, one.name))
    ]
    if not all(_is_answered(one.said) for one in report.points):
        missing.insert(0, _("what was done of each task and output"))
    if any(one.women is None and one.men is None for one in report.participants):
        missing.append(_("how many took part from each institution"))
    return missing if side is Side.EXPERT else missing + _list_missing_of_team(report)


def _list_missing_of_team(report: MissionReport) -> list[Message]:
    team = team_of(report.deployment)
    judged = {one.deployment_id for one in report.judgements if one.rating and one.again}
    missing = []
    if any(is_judged(one) and one.id not in judged for one in team):
        missing.append(_("what you say of each expert"))
    if not is_over(team):
        missing.append(_("the return of all who went"))
    return missing


def _is_answered(answer: object) -> bool:
    return has_words(answer) if isinstance(answer, str) else answer is not None


def count_differently(theirs: MissionReport | None, own: MissionReport | None) -> bool:
    """Tell whether the reports of both sides were sent and say that other numbers took part; what
    a side leaves open contradicts nothing."""
    if not (theirs and own and theirs.sent_at and own.sent_at):
        return False
    both = (theirs.women, own.women), (theirs.men, own.men)
    return any(None not in pair and pair[0] != pair[1] for pair in both)


def list_readable(actor: Actor, deployment: Deployment, report: MissionReport) -> list[Question]:
    """Return the questions of a report of which this person reads the answers.

    A draft is its writer's. What was sent is read by coordinators as a whole, and by the other side
    without what judges people.
    """
    if is_own(actor, deployment, report.side):
        return [] if is_anothers_draft(actor, report) else asked_of(report.side)
    if report.sent_at is None:
        return []
    if is_office_for(actor, deployment, report.side):
        return asked_of(report.side)
    # A coordinator who went reads of the team's report what the others read who went.
    is_beside = side_of(actor, deployment) is not None or is_office(actor, deployment)
    return [one for one in asked_of(report.side) if is_beside and report.side in one.shared]


def list_judgements(
    actor: Actor, deployment: Deployment, report: MissionReport
) -> Sequence[Judgement]:
    """Return what a report says of each expert, to its writer and to SEESAC alone."""
    if is_own(actor, deployment, report.side):
        return [] if is_anothers_draft(actor, report) else report.judgements
    reads = report.sent_at is not None and is_office_for(actor, deployment, report.side)
    return report.judgements if reads else []


def reads_files(actor: Actor, deployment: Deployment, report: MissionReport) -> bool:
    """Tell whether this person reads the files of a report: as they read what remains, or as
    whoever goes on with it."""
    if report.sent_at is None and can_write(actor, deployment, report.side):
        return not is_anothers_draft(actor, report)
    readable = list_readable(actor, deployment, report)
    return any(question.name == "outputs" for question in readable)


def awaits(deployment: Deployment, reports: Iterable[MissionReport]) -> list[Side]:
    """Return whose report on a mission is awaited: each until both have come, and one that was
    given back until it is sent again."""
    if deployment.state not in AWAITED:
        return sorted(report.side for report in reports if is_given_back(report))
    came = {report.side for report in reports if report.sent_at}
    return [side for side in Side if side not in came]
