"""What happens to deployments: they begin with a selection, and go on to the follow-up.

`plan` and `cancel` follow what happens to matches; `take` takes any step that people are offered.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit, reasons
from webapp.core.record.reasons import Reason, Why
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, _
from webapp.core.workflows.workflow import Mail, Recipient, Step
from webapp.deployments import mails, queries, rules, signals
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import AHEAD, COMING, ONCE_FOR_TEAM, OVER, WORKFLOW, DeploymentStep
from webapp.expertise_requests import telling as asking
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.rules import GIVEN_UP
from webapp.experts import rules as experts
from webapp.experts import telling
from webapp.matches import bookings, moved
from webapp.matches import operations as matches
from webapp.matches.models import Match
from webapp.matches.rules import days_between, hears_of_days
from webapp.matches.telling import facts_of
from webapp.messages import operations as messages

# Where those are led who are told of a mission.
PATH = "/deployments/%(deployment_id)s"
PATH_OF_AUTHORITY = "/officials/missions/%(deployment_id)s"


def plan(match: Match, *, work: UnitOfWork) -> Deployment:
    """Put the mission of a selected expert into the calendar, in the selection's transaction."""
    request, (start, end) = match.request, match.request.mission_days
    if start is None or end is None:
        raise ConflictError(_("The request has no dates, so no deployment can be planned."))
    deployment = queries.find_of_match(work.session, match.id)
    if deployment:
        name = DeploymentStep.PLAN_AGAIN
        step = WORKFLOW.check(name, deployment.state, work.actor)
    else:
        name = DeploymentStep.PLAN
        step = WORKFLOW[name]
        deployment = Deployment(match_id=match.id)
    before = (deployment.start, deployment.end), deployment.tor_version, deployment.state_since
    deployment.state, deployment.state_since, deployment.reason = step.target, work.now, None
    deployment.start, deployment.end = start, end
    deployment.tor_version = request.tor_version
    work.session.add(deployment)
    work.session.flush()
    _record(work, deployment, match, name)
    _tell(work, deployment, step)
    if name is DeploymentStep.PLAN_AGAIN:
        _hold_days(work, deployment)
        _tell_what_changed(work, deployment, *before)
    return deployment


def _hold_days(work: UnitOfWork, deployment: Deployment) -> None:
    """Hold the days of a mission, where those to which an earlier plan was moved are held."""
    work.session.refresh(deployment.match, ["booked_days"])
    held = sorted(row.day for row in deployment.match.booked_days)
    if held != days_between(deployment.start, deployment.end):
        bookings.move(work, deployment.match, deployment.start, deployment.end)
        matches.ask_for_release_anew(work, deployment.match)


def _tell_what_changed(
    work: UnitOfWork, deployment: Deployment, days: tuple[date, date], terms: int, ended: datetime
) -> None:
    """Let what was made ready before a mission `ended` stand as far as it is the same mission."""
    if days != (deployment.start, deployment.end):
        signals.days_changed.send(deployment, work=work, until=ended)
    if terms != deployment.tor_version:
        signals.terms_changed.send(deployment, work=work)


def come_under_other_terms(work: UnitOfWork, deployment: Deployment) -> None:
    """Let a mission that is ahead be made ready for other terms of reference, and cleared anew.

    Whoever calls this has locked the request, and with it each of its missions.
    """
    if deployment.state is not DeploymentState.PLANNED:
        _plan_again(work, deployment, DeploymentStep.TERMS_CHANGE)
    signals.terms_changed.send(deployment, work=work)


def hold_back(work: UnitOfWork, deployment: Deployment) -> None:
    """Let a mission not be cleared any more to which its expert consents no longer; tell of it.

    Whoever calls this has locked the request and the expert.
    """
    _plan_again(work, deployment, DeploymentStep.HOLD_BACK)


def _plan_again(work: UnitOfWork, deployment: Deployment, name: DeploymentStep) -> None:
    step = WORKFLOW.check(name, deployment.state, work.on_behalf().actor)
    deployment.state, deployment.state_since = step.target, work.now
    work.session.flush()
    _record(work, deployment, deployment.match, name)
    _tell(work, deployment, step)


def cancel(match: Match, *, work: UnitOfWork, reason: Reason) -> None:
    """End the mission of a match that was cancelled: it does not take place, or is broken off.

    People cannot cancel the match of a mission that has begun: that is ended early, by itself. Who
    leaves the roster after a mission has been on it all the same.
    """
    deployment = queries.find_of_match(work.session, match.id)
    if deployment is None:
        raise LookupError(f"match {match.id} was selected without a deployment")
    if deployment.state in AHEAD:
        name = DeploymentStep.CANCEL
    elif not work.actor.is_platform:
        raise ConflictError(
            _("The mission has begun, so the selection stays: SEESAC can end it early.")
        )
    elif deployment.state in OVER:
        return
    else:
        name = DeploymentStep.BREAK_OFF
    # It follows from what the expert, the requester or a coordinator did with the match.
    step = WORKFLOW.check(name, deployment.state, work.on_behalf().actor, reason)
    if name is DeploymentStep.BREAK_OFF:
        deployment.end = min(deployment.end, work.now.date())
    deployment.state, deployment.state_since, deployment.reason = step.target, work.now, reason
    work.session.flush()
    _record(work, deployment, match, name, reason)
    _tell(work, deployment, step)


def take_together(
    work: UnitOfWork, deployment: Deployment, name: DeploymentStep, why: Why | None = None
) -> None:
    """Take a step as it is offered on the page of a mission: what is noted once for a team is noted
    for all of it with whom this person can take the step, or for nobody."""
    together = list_together(work.session, deployment, name, work.actor, work.now.date())
    experts_of = sorted((one.match.expert for one in together), key=lambda expert: expert.id)
    lock(work.session, deployment.match.request, *experts_of)
    for one in together:
        take(work, one, name, why)


def list_together(
    session: Session, deployment: Deployment, name: DeploymentStep, actor: Actor, today: date
) -> list[Deployment]:
    """Return with which missions a step is taken together: with one, or with those of a team."""
    if name not in ONCE_FOR_TEAM:
        return [deployment]
    others = [
        one
        for one in queries.list_standing(session, deployment.match.request)
        if one is not deployment and name in rules.possible_steps(one, actor, today)
    ]
    return [deployment, *others]


def take(
    work: UnitOfWork, deployment: Deployment, name: DeploymentStep, why: Why | None = None
) -> None:
    """Take a step with a deployment: change its state, record it, tell whom the table names.

    Refuses in words: wrong role or person, wrong state, wrong day, no reason.
    """
    match = deployment.match
    # Whatever changes the match or its days holds these locks, so the deployment needs none.
    lock(work.session, match.request, match.expert)
    work.session.refresh(deployment)
    if name in rules.ONLY_WHO_CAN_GO:
        refuse_who_cannot_go(match, deployment.end)
    missing = queries.list_missing(work.session, deployment)
    step = rules.check_step(name, deployment, work.actor, why, work.now.date(), missing)
    reason = reasons.keep(work, why, match.expert.tells_of)
    deployment.state, deployment.state_since = step.target, work.now
    if name is DeploymentStep.CURTAIL:
        deployment.end, deployment.reason = work.now.date(), reason
        bookings.free_after(work, match, deployment.end)
    work.session.flush()
    _record(work, deployment, match, name, reason)
    _tell(work, deployment, step, reason)


def refuse_who_cannot_go(match: Match, end: date) -> None:
    """Refuse an expert who is not active on the roster, whom the requester cannot receive by now,
    or who is not approved until a mission ends."""
    matches.refuse_inactive(match.expert)
    matches.refuse_excluded(match)
    experts.refuse_unapproved(match.expert, end)


def move(
    work: UnitOfWork, deployment: Deployment, start: date, end: date, *, seen_version: int
) -> None:
    """Change the days of a mission that is not over, book them anew, and tell all sides.

    Refuses in words: wrong role or person, wrong state, other days since the page was opened, days
    that the expert is on another mission.
    """
    match = deployment.match
    lock_all_who_move(work, match.request, [deployment])
    work.session.refresh(deployment)
    name = rules.step_of_move(deployment)
    step = rules.check_step(name, deployment, work.actor, None, work.now.date())
    if deployment.version != seen_version:
        raise ConflictError(_("The mission was changed meanwhile. Please look at its days again."))
    if name is DeploymentStep.MOVE_END:
        start = deployment.start
    if (start, end) == (deployment.start, deployment.end):
        raise ConflictError(_("These are the days that the mission has already."))
    refuse_who_cannot_go(match, end)
    change_days(work, deployment, start, end)
    _tell(work, deployment, step)
    if does_request_follow(work.session, deployment, start, end):
        moved.follow(work, match.request, start, end)


def does_request_follow(session: Session, deployment: Deployment, start: date, end: date) -> bool:
    """Tell whether the whole request is for the days that one of its missions gets: whoever else
    goes has them already. The first to go of several moves no place that is still open."""
    request = deployment.match.request
    team = queries.list_standing(session, request)
    if deployment.state not in AHEAD or len(team) < min(request.experts_needed, 2):
        return False
    others = [one for one in team if one is not deployment]
    return all(one.state in AHEAD and (one.start, one.end) == (start, end) for one in others)


def lock_all_who_move(
    work: UnitOfWork, request: ExpertiseRequest, team: Iterable[Deployment]
) -> None:
    """Lock a request, and all whose days may change when missions for it are moved."""
    lock(work.session, request)
    people = {one.match.expert for one in team} | {*moved.experts_who_follow(work, request)}
    lock(work.session, *sorted(people, key=lambda expert: expert.id))


def change_days(work: UnitOfWork, deployment: Deployment, start: date, end: date) -> None:
    """Book other days for a mission, for which it is made ready anew unless it has begun.

    Whoever calls this has locked its request and its expert, has checked that it may be moved, and
    tells of it.
    """
    name = rules.step_of_move(deployment)
    bookings.move(work, deployment.match, start, end)
    deployment.start, deployment.end = start, end
    deployment.state, deployment.state_since = WORKFLOW[name].target, work.now
    work.session.flush()
    _record(work, deployment, deployment.match, name)
    matches.ask_for_release_anew(work, deployment.match)
    if name is DeploymentStep.MOVE:
        signals.days_changed.send(deployment, work=work, until=work.now)


def _tell(
    work: UnitOfWork, deployment: Deployment, step: Step[Any], reason: Reason | None = None
) -> None:
    """Tell all whom the table names of a step."""
    for mail in step.tells:
        if not _is_unheard(work, deployment, step, mail.to):
            send(work, deployment, mail, reason)


def _is_unheard(work: UnitOfWork, deployment: Deployment, step: Step[Any], to: Recipient) -> bool:
    """Tell whether a step is nothing to somebody: the end to an authority that was never told of
    the mission, a return to the requester before all of the team are back, and to the team what the
    end of the request tells each of."""
    if to is Recipient.TEAM:
        return _is_nothing_to_team(work, deployment, step)
    if step.tells is mails.OTHER_DAYS:
        return not hears_of_days(deployment.match, to, work.now.date())
    if step is WORKFLOW[DeploymentStep.CANCEL] and to is Recipient.AUTHORITY:
        return not queries.is_authority_told(work.session, deployment)
    if step is WORKFLOW[DeploymentStep.RETURN] and to is Recipient.REQUESTER:
        team = queries.list_standing(work.session, deployment.match.request)
        return any(one.state not in OVER for one in team)
    return False


def _is_nothing_to_team(work: UnitOfWork, deployment: Deployment, step: Step[Any]) -> bool:
    """Tell whether the others of a team hear nothing of a step: where the request has ended, each
    hears of that, and a team that comes together is told when it is changed."""
    request = deployment.match.request
    if step.target is DeploymentState.PLANNED and step.by is Role.REQUESTER:
        return not queries.has_somebody_fallen_out(work.session, deployment)
    return request.state in GIVEN_UP


def send(
    work: UnitOfWork, deployment: Deployment, mail: Mail[Any], reason: Reason | None = None
) -> None:
    """Tell whom a mail goes to what it says of a mission; who cannot be written to is called."""
    match = deployment.match
    facts = {**facts_of(match), "deployment_id": deployment.id}
    if mail.to is Recipient.TEAM:
        _send_to_team(work, deployment, mail)
        return
    if mail.to is Recipient.EXPERT and experts.account_told(match.expert) is None:
        telling.let_be_called(work, match.expert, mail.subject % {"reference": facts["reference"]})
        return
    readers = _readers_of(work, deployment, mail.to)
    days = Deferred(period_name, deployment.start, deployment.end)
    path = PATH_OF_AUTHORITY if mail.to is Recipient.AUTHORITY else PATH
    messages.send(work, readers, mail, facts, path=path, about=(days,), reason=reason)


def _readers_of(work: UnitOfWork, deployment: Deployment, to: Recipient) -> Sequence[int | None]:
    match = deployment.match
    if to is Recipient.REQUESTER:
        return asking.readers_of(work, match.request, to)
    owners = rules.owners_of(deployment)
    return telling.readers_of(work, match.expert, to, owners, authority_id=match.authority_id)


def can_tell_authority(work: UnitOfWork, deployment: Deployment) -> bool:
    """Tell whether anybody of the authority that was asked is here to be told of a mission."""
    return bool(_readers_of(work, deployment, Recipient.AUTHORITY))


def _send_to_team(work: UnitOfWork, deployment: Deployment, mail: Mail[Any]) -> None:
    """Tell the others who go on the same mission, each on the page of their own, without a name."""
    days = Deferred(period_name, deployment.start, deployment.end)
    standing = queries.list_standing(work.session, deployment.match.request)
    others = [one for one in standing if one is not deployment and one.state in COMING]
    # What waits for a call is put together with what comes now.
    by_call = [one.match.expert for one in others if experts.account_told(one.match.expert) is None]
    lock(work.session, *sorted(by_call, key=lambda expert: expert.id))
    for one in others:
        expert = one.match.expert
        if experts.account_told(expert) is None:
            about = mail.subject % {"reference": one.match.request.reference}
            telling.let_be_called(work, expert, about)
            continue
        facts = {**facts_of(one.match), "deployment_id": one.id}
        to = [experts.account_told(expert)]
        messages.send(work, to, mail, facts, path=PATH, about=(days,))


def _record(
    work: UnitOfWork, deployment: Deployment, match: Match, name: DeploymentStep,
    reason: Reason | None = None,
) -> None:  # fmt: skip
    audit.record(
        work, WORKFLOW.action(name), deployment, request_id=match.request_id, reason=reason,
        expert_id=match.expert_id, after=deployment.state,
    )  # fmt: skip
