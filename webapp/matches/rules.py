"""What the states of a match imply, and how days join to periods."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Why
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import Owners, Recipient, Step, why_not_theirs
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import rules as profile_rules
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState
from webapp.matches.release_steps import HELD, MAY_GO
from webapp.matches.workflow import ENDED, OFFERED, OPEN, WORKFLOW, MatchStep

S = MatchState
# A request is ranked once its terms of reference are accepted; later the ranking stays readable.
RANKABLE = request_rules.AGREED
# Below this share of the best score hardly anybody suits: a ranking is folded there.
LITTLE = 0.35
# What is told of past requests is true of so many at least, by so many parties: others could tell
# whose one of fewer was.
REQUESTS_AT_LEAST = 5
PARTIES_AT_LEAST = 3
# With so many above who are not considered yet, choosing somebody needs a reason.
ABOVE_AT_MOST = 10
MATCHABLE = request_rules.MATCHABLE
GIVEN_UP = request_rules.GIVEN_UP
# The first and the last of some days, as far as they are known.
Days = tuple[date | None, date | None]
# States that hold the expert's days: nobody else can have them until the match ends.
BOOKED = HELD
# States in which the expert has said yes and nobody has said no since.
SAID_YES = OPEN - {S.SHORTLISTED, S.INVITED}
# Whoever stands here was asked at least, and takes a place of the team unless they fall out.
IN_TEAM = OPEN - {S.SHORTLISTED, S.ALTERNATE}
# Closing a request ends no match in these: who goes, and who stays ready to go instead.
STAY_WHEN_CLOSED = frozenset({S.SELECTED, S.ALTERNATE})
# Once the places are filled, SEESAC lets all others go.
WANTED_WHEN_FILLED = STAY_WHEN_CLOSED | OFFERED
# The reasons of these states are meant for the expert; those of others are coordinators' notes.
REASON_FOR_EXPERT = ENDED

# Steps that bring an expert nearer to a mission need a request that still looks for somebody, and
# those of the requester one whose experts they are choosing among.
_CHOOSING = frozenset({RequestState.PROPOSED})
REQUEST_STATES = {
    MatchStep.INVITE: MATCHABLE,
    MatchStep.ACCEPT: MATCHABLE,
    MatchStep.RELEASE: MATCHABLE,
    MatchStep.REFUSE_RELEASE: MATCHABLE,
    MatchStep.NOTE_YES: MATCHABLE,
    MatchStep.APPROVE: MATCHABLE,
    MatchStep.RECONSIDER: MATCHABLE,
    MatchStep.SELECT: _CHOOSING,
    # Of those who are not selected the requester still decides who stays in reserve.
    MatchStep.KEEP_AS_ALTERNATE: _CHOOSING | {RequestState.CONFIRMED},
    MatchStep.PASS_OVER: _CHOOSING | {RequestState.CONFIRMED},
    MatchStep.TAKE_BACK_SELECTION: frozenset(
        {RequestState.PROPOSED, RequestState.CONFIRMED, RequestState.CLOSED}
    ),
}
# Who has departed is not taken back any more: SEESAC ends the mission early.
END_A_SELECTION = frozenset(
    {
        MatchStep.TAKE_BACK, MatchStep.FALL_OUT, MatchStep.TAKE_BACK_SELECTION,
        MatchStep.REFUSE_RELEASE, MatchStep.RECORD_REFUSAL,
    }
)  # fmt: skip
# What people take back has still to come.
BEFORE_THE_END = frozenset(
    {MatchStep.TAKE_BACK_YES, MatchStep.FALL_OUT, MatchStep.TAKE_BACK_SELECTION}
)
# Who answers is the expert's authority, as it was when it was asked.
ANSWERS_OF_AUTHORITY = frozenset({MatchStep.RELEASE, MatchStep.REFUSE_RELEASE})
ANSWERS_ON_RELEASE = ANSWERS_OF_AUTHORITY | {MatchStep.RECORD_RELEASE, MatchStep.RECORD_REFUSAL}
FOUR_EYES = _(
    "You put %(name)s forward, and the platform asks for four eyes: a colleague has to approve."
)
MATCHES_STAY = _("The request is “%(state)s”, so its matches stay as they are.")
BEEN_THERE = _(
    "%(name)s has been on the mission for this request already, and what was done stays as it is."
    " Another mission of theirs needs a request of its own."
)
# All but those that end a match need an expert who is active on the roster and does not ask.
ONLY_ACTIVE = (frozenset(REQUEST_STATES) | {MatchStep.PROPOSE}) - {
    MatchStep.PASS_OVER,
    MatchStep.REFUSE_RELEASE,
    MatchStep.TAKE_BACK_SELECTION,
}


def fell_out_at(match: Match) -> datetime | None:
    """Return since when a match is over: of what comes later its expert, and whoever released them,
    read nothing. Nothing is returned for one that is open."""
    return match.state_since if match.state in ENDED else None


def identity_of_nobody(name: str) -> dict[str, str | None]:
    """Return what a match keeps of an expert who is to be forgotten: a `name` that is none."""
    return {"name": name, "post": "", "rank": "", "institution": "", "jurisdiction": None}


def is_far_below(relative: float, above: int) -> bool:
    """Tell whether somebody has little of what the best has, or many better stand above.

    `above` are those above who are not considered for the request yet.
    """
    return relative < LITTLE or above >= ABOVE_AT_MOST


def owners_of(request: ExpertiseRequest, expert: Expert) -> Owners:
    """Return whose own the match of this expert for this request is, by role.

    Who has acted for an authority on the request or on the expert has acted on the match.
    """
    of_request, of_expert = request_rules.owners_of(request), profile_rules.owners_of(expert)
    role = Role.NOMINATING_AUTHORITY
    return {**of_request, **of_expert, role: of_expert[role].joined_by(of_request[role])}


def owners_of_match(match: Match) -> Owners:
    """Return whose own a match is, by role: of authorities that which was asked for the expert."""
    owners = owners_of(match.request, match.expert)
    if match.authority_id is None:
        return owners
    return profile_rules.of_authority(owners, match.authority_id)


def is_of_authority(actor: Actor, match: Match) -> bool:
    """Tell whether this person acts for the authority whose official the expert was when the days
    were asked for; what another one comes to be asked is no matter of theirs."""
    asked = profile_rules.as_authority(match.authority_id)
    return Role.NOMINATING_AUTHORITY in actor.roles and asked.acts(actor)


def is_official_yet(match: Match) -> bool:
    """Tell whether the expert is the official of the authority that was asked, as they were."""
    return match.authority_id is not None and match.authority_id == match.expert.authority_id


def list_who_release(match: Match, acting: Mapping[int, Sequence[Actor]]) -> list[Actor]:
    """Return who of the authority that was asked can answer whether it releases the expert.

    `acting` are, by organisation, those who act for an authority. Where nobody there can, SEESAC
    asks by letter, as where the authority is not on the platform at all, or is not the expert's
    any more.
    """
    members = acting.get(match.authority_id or 0, ()) if is_official_yet(match) else ()
    return profile_rules.list_who_answer(members, owners_of_match(match))


def check_step(
    name: MatchStep, match: Match, actor: Actor, why: Why | None = None, *, four_eyes: bool = False
) -> Step[MatchState]:
    """Return the step, or refuse in words; experts and requesters act only on what is their own."""
    step = WORKFLOW.check(name, match.state, actor, why, owners_of_match(match))
    if obstacle := _find_obstacle(name, match):
        raise ConflictError(obstacle)
    refusal = _why_other_eyes(match, actor, four_eyes=four_eyes)
    if refusal and name is MatchStep.APPROVE:
        raise ForbiddenError(refusal)
    return step


def possible_steps(
    match: Match, actor: Actor, role: Role, *, four_eyes: bool = False
) -> list[MatchStep]:
    """Return what this person can do in this role with the match now, in the table's order."""
    possible = WORKFLOW.possible(match.state, actor, owners_of_match(match))
    names = [name for name in possible if WORKFLOW[name].by is role]
    # An authority that is asked anew may yet say no.
    if (four_eyes and put_forward(match, actor)) or is_asked_anew(match, clock.today()):
        names = [name for name in names if name is not MatchStep.APPROVE]
    return [name for name in names if not _find_obstacle(name, match)]


def can_shortlist(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person may put anybody on the shortlist of the request as it stands."""
    owners = request_rules.owners_of(request)
    return request.state in MATCHABLE and not WORKFLOW.why_not(MatchStep.SHORTLIST, actor, owners)


def why_not_shortlisted_by(
    actor: Actor, request: ExpertiseRequest, expert: Expert
) -> Message | None:
    """Return why somebody else puts this expert on the shortlist, if so."""
    return WORKFLOW.why_not(MatchStep.SHORTLIST, actor, owners_of(request, expert))


def awaits_answer(match: Match) -> bool:
    """Tell whether the expert was invited and can still say yes."""
    accept = MatchStep.ACCEPT
    return match.state in WORKFLOW[accept].sources and not _find_obstacle(accept, match)


def put_forward(match: Match, actor: Actor) -> bool:
    """Tell whether it was this person who chose the expert for the request."""
    return actor.id is not None and match.put_forward_by == actor.id


def reason_for_nothing(match: Match, actor: Actor, *, four_eyes: bool) -> Message | None:
    """Return why a coordinator cannot do what colleagues can do with the match, if so."""
    if own := why_not_theirs(actor, owners_of_match(match)):
        return own
    if match.state in WORKFLOW[MatchStep.APPROVE].sources:
        return _why_other_eyes(match, actor, four_eyes=four_eyes)
    return None


def _why_other_eyes(match: Match, actor: Actor, *, four_eyes: bool) -> Message | None:
    """Return why somebody else approves, if so."""
    if four_eyes and put_forward(match, actor):
        return four_eyes_for(match)
    return None


def four_eyes_for(match: Match) -> Message:
    """Return why whoever put an expert forward does not approve them."""
    return FOUR_EYES % {"name": Named.of(match.expert)}


def is_among_those_who_ask(request: ExpertiseRequest, expert: Expert) -> bool:
    """Tell whether the expert asks for the request, has done so, or asks for its organisation; with
    the account of a profile that was joined with this one, too."""
    others = profile_rules.list_other_accounts(expert)
    people = [Actor(number, frozenset()) for number in sorted(others)]
    if expert.account is not None:
        people.append(expert.account.as_actor())
    return any(request_rules.is_asking(person, request) for person in people)


def is_stuck(match: Match) -> bool:
    """Tell whether a match could not be approved any more, whatever its expert would answer."""
    return _find_obstacle(MatchStep.APPROVE, match) is not None


def _find_obstacle(name: MatchStep, match: Match) -> Message | None:
    """Return what in the request or on the roster stands against a step, in words."""
    request = match.request
    if name in ANSWERS_ON_RELEASE and match.state in MAY_GO:
        # Whoever is proposed or goes is asked about also once the places are filled.
        return _why_not_asked_anew(match) or _find_obstacle_on_roster(name, match)
    if name in REQUEST_STATES and request.state not in REQUEST_STATES[name]:
        return MATCHES_STAY % {"state": request.state}
    if name in BEFORE_THE_END and is_past(match, clock.today()):
        return _("The days of this mission are past, so nothing is taken back any more.")
    if name is MatchStep.TAKE_BACK_SELECTION and _is_past_day(request.last_day, clock.today()):
        return _(
            "The days of the request are past, so nobody is chosen anew for them: SEESAC can end"
            " the mission that was moved."
        )
    return _find_obstacle_on_roster(name, match)


def _why_not_asked_anew(match: Match) -> Message | None:
    """Return why an authority that has released somebody answers nothing about them now, if so."""
    if is_past(match, clock.today()):
        return _("The days of this mission are past, so nothing is answered about its release.")
    if not _is_wanted(match):
        return MATCHES_STAY % {"state": match.request.state}
    if not is_release_for_others(match):
        return _("The release that was given covers the days of the mission.")
    return None


def _find_obstacle_on_roster(name: MatchStep, match: Match) -> Message | None:
    """Return what in who the expert is by now stands against a step, in words."""
    request, expert = match.request, match.expert
    if name in ONLY_ACTIVE and expert.state is not ExpertState.ACTIVE:
        return _(
            "%(name)s is “%(state)s” on the roster now, so this match can only be ended.",
            name=Named.of(expert),
            state=expert.state,
        )
    if name in ONLY_ACTIVE and is_among_those_who_ask(request, expert):
        return _(
            "%(name)s belongs to those who ask now, or has acted for them, so this match can only"
            " be ended.",
            name=Named.of(expert),
        )
    if name in ANSWERS_OF_AUTHORITY and not is_official_yet(match):
        return _(
            "%(name)s is not the official of the authority that was asked any more, so this release"
            " is no matter of it.",
            name=Named.of(expert),
        )
    return None


def is_seen_to_by_its_expert(match: Match) -> bool:
    """Tell whether the one who sees to the request is the expert who is considered for it."""
    handler = match.request.handled_by
    return handler is not None and profile_rules.is_of(Actor(handler), match.expert)


def is_over(match: Match, today: date) -> bool:
    """Tell whether the mission of an expert, selected or in reserve, is past."""
    return match.state in STAY_WHEN_CLOSED and is_past(match, today)


def is_past(match: Match, today: date) -> bool:
    """Tell whether the days for which somebody is considered are past."""
    return _is_past_day(days_of(match)[1], today)


def _is_past_day(day: date | None, today: date) -> bool:
    return day is not None and day < today


def days_of(match: Match) -> Days:
    """Return the first and the last day of somebody's mission: what the match holds, which follows
    a mission that is moved, and before days are booked those of the request."""
    if match.booked_days:
        return match.booked_days[0].day, match.booked_days[-1].day
    return match.request.mission_days


def list_apart(request: ExpertiseRequest, matches: Iterable[Match]) -> list[tuple[Match, Days]]:
    """Return which of these are selected for other days than the request has, with their days."""
    of_each = [(one, days_of(one)) for one in matches if one.state is S.SELECTED]
    return [(one, days) for one, days in of_each if days != request.mission_days]


def is_release_for_others(match: Match, days: tuple[date, date] | None = None) -> bool:
    """Tell whether somebody who may go was released for other days than their mission has now, or
    than those that it would get."""
    released = match.released_start, match.released_end
    # The days of a mission are rows to be read, which hardly anybody needs here.
    if released == (None, None) or not _is_wanted(match):
        return False
    return go_beyond(days or days_of(match), released)


def go_beyond(days: Days, released: Days) -> bool:
    """Tell whether some are not among the days of a release; of one that was kept without its days
    nothing is known."""
    (first, last), (since, until) = days, released
    if not (first and last and since and until):
        return False
    return not since <= first <= last <= until


def _is_wanted(match: Match) -> bool:
    """Tell whether somebody may still go by a release; whoever is let go is asked about no more."""
    filled = match.request.state is RequestState.CONFIRMED
    return match.state in (WANTED_WHEN_FILLED if filled else MAY_GO)


def is_asked_anew(match: Match, today: date) -> bool:
    """Tell whether the authority is to answer for the other days that a mission has got."""
    return is_release_for_others(match) and not is_past(match, today)


def hears_of_days(match: Match, to: Recipient, today: date) -> bool:
    """Tell whether somebody is told that a mission has other days: an authority that is asked anew
    for these reads of them there."""
    return not (to is Recipient.AUTHORITY and is_asked_anew(match, today))


def awaits_release(match: Match) -> bool:
    """Tell whether the authority was asked for a release, for the first time or anew, and has not
    answered."""
    return match.state is S.RELEASE_ASKED or is_asked_anew(match, clock.today())


def names_nobody(requests: int, parties: int) -> bool:
    """Tell whether something that is true of so many requests of so many parties names none."""
    return requests >= REQUESTS_AT_LEAST and parties >= PARTIES_AT_LEAST


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
