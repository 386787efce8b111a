"""What the states of a match imply, and how days join to periods."""

from collections.abc import Iterable
from datetime import date, timedelta

from webapp.core.actor import Actor
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.translation import Message, _
from webapp.core.workflow import Step
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertState
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import ENDED, OPEN, WORKFLOW, MatchStep

S = MatchState
# A request is ranked once its terms of reference are accepted; later the ranking stays readable.
RANKABLE = request_rules.AGREED
MATCHABLE = request_rules.MATCHABLE
# States that hold the expert's days: nobody else can have them until the match ends.
BOOKED = frozenset({S.APPROVED, S.PROPOSED, S.SELECTED, S.ALTERNATE})
# States in which the expert has said yes and nobody has said no since.
SAID_YES = OPEN - {S.SHORTLISTED, S.INVITED}
# The reasons of these states are meant for the expert; those of others are coordinators' notes.
REASON_FOR_EXPERT = ENDED

# Steps that bring an expert nearer to a mission need a request that still looks for somebody, and
# those of the requester one whose experts they are choosing among.
_CHOOSING = frozenset({RequestState.PROPOSED})
REQUEST_STATES = {
    MatchStep.INVITE: MATCHABLE,
    MatchStep.ACCEPT: MATCHABLE,
    MatchStep.NOTE_YES: MATCHABLE,
    MatchStep.APPROVE: MATCHABLE,
    MatchStep.RECONSIDER: MATCHABLE,
    MatchStep.SELECT: _CHOOSING,
    MatchStep.KEEP_AS_ALTERNATE: _CHOOSING,
    MatchStep.PASS_OVER: _CHOOSING,
}
# All but the one that ends a match need an expert who is active on the roster.
ONLY_ACTIVE = (frozenset(REQUEST_STATES) | {MatchStep.PROPOSE}) - {MatchStep.PASS_OVER}


def check_step(name: MatchStep, match: Match, actor: Actor, reason: str = "") -> Step[MatchState]:
    """Return the step, or refuse in words; experts and requesters act only on what is their own."""
    owners = {
        Role.EXPERT: match.expert.account_id,
        Role.REQUESTER: request_rules.owner_for(actor, match.request),
    }
    step = WORKFLOW.check(name, match.state, actor, reason, owners)
    if obstacle := _find_obstacle(name, match):
        raise ConflictError(obstacle)
    return step


def possible_steps(match: Match, role: Role) -> list[MatchStep]:
    """Return what this role can do with the match now, in the table's order."""
    names = WORKFLOW.possible(match.state, {role})
    return [name for name in names if not _find_obstacle(name, match)]


def awaits_answer(match: Match) -> bool:
    """Tell whether the expert was invited and can still say yes."""
    return MatchStep.ACCEPT in possible_steps(match, Role.EXPERT)


def is_stuck(match: Match) -> bool:
    """Tell whether a match could not be approved any more, whatever its expert would answer."""
    return _find_obstacle(MatchStep.APPROVE, match) is not None


def _find_obstacle(name: MatchStep, match: Match) -> Message | None:
    """Return what in the request or on the roster stands against a step, in words."""
    request, expert = match.request, match.expert
    if name in REQUEST_STATES and request.state not in REQUEST_STATES[name]:
        return _(
            "The request is “%(state)s”, so its matches stay as they are.", state=request.state
        )
    if name in ONLY_ACTIVE and expert.state is not ExpertState.ACTIVE:
        return _(
            "%(name)s is “%(state)s” on the roster now, so this match can only be ended.",
            name=expert.name,
            state=expert.state,
        )
    return None


def days_between(start: date, end: date) -> list[date]:
    """Return every day from `start` to `end`, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def as_periods(days: Iterable[date]) -> list[tuple[date, date]]:
    """Join days, in order, to periods without a gap."""
    periods: list[tuple[date, date]] = []
    for day in days:
        if periods and periods[-1][1] == day - timedelta(days=1):
            periods[-1] = (periods[-1][0], day)
        else:
            periods.append((day, day))
    return periods
