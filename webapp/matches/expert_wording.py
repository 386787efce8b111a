"""What experts read of their own matches."""

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.words.formats import period_name, periods_name
from webapp.core.words.translation import Deferred, Message, _
from webapp.experts.models import Expert
from webapp.matches import queries, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import OPEN

# What an invited expert reads of where the match stands.
TOLD_TO_EXPERT = {
    MatchState.INVITED: _(
        "You are asked whether you would go. Nothing is decided by a yes: SEESAC may still need the"
        " release of your authority."
    ),
    MatchState.AVAILABLE: _(
        "You said yes. SEESAC now decides and may ask your authority to release you."
    ),
    MatchState.DECLINED: _("You declined this invitation."),
    MatchState.RELEASE_ASKED: _("Your authority was asked to release you."),
    MatchState.RELEASED: _("Your authority releases you. SEESAC now decides."),
    MatchState.REFUSED: _("Your authority does not release you for this mission."),
    MatchState.APPROVED: _("You are approved, and the days are booked for you."),
    MatchState.PROPOSED: _("You are proposed to the requester, who will choose."),
    MatchState.SELECTED: _("You are selected. The mission stands in your deployments."),
    MatchState.ALTERNATE: _("The requester keeps you in reserve for this mission."),
    MatchState.NOT_SELECTED: _("The requester chose somebody else this time."),
    MatchState.CANCELLED: _("This match has ended."),
    MatchState.SHORTLISTED: _("SEESAC considers you again for this mission."),
}
# What is read instead while nobody can be approved for the mission, or not this expert.
OTHERS_WERE_CHOSEN = {
    MatchState.INVITED: _(
        "Others were chosen for this mission before you answered, so nobody waits for your answer."
        " If a place becomes free again, you can say yes here."
    ),
    **dict.fromkeys(
        (MatchState.AVAILABLE, MatchState.RELEASE_ASKED, MatchState.RELEASED),
        _(
            "You said yes, and others were chosen for this mission. You need not do anything;"
            " SEESAC comes back to you if a place becomes free again."
        ),
    ),
}
FELL_OUT = _(
    "You have told SEESAC that you cannot go on this mission, for which you had been proposed."
)
NOT_ACTIVE = _(
    "Your profile is “%(state)s” on the roster, so you cannot be sent on this mission now. If that"
    " is not right, please write to SEESAC."
)


AMONG_THOSE_WHO_ASK = _(
    "You belong to those who ask for this mission now, or have acted for them, so you cannot be"
    " sent on it, nor answer here: SEESAC ends it. If that is not right, please write to SEESAC."
)


def told_to_expert(match: Match) -> Message:
    """Return where a match stands, as the expert reads it whom it is about."""
    if match.state in OPEN and rules.is_among_those_who_ask(match.request, match.expert):
        return AMONG_THOSE_WHO_ASK
    if match.state is MatchState.DECLINED and match.proposed_at:
        return FELL_OUT
    if match.state not in OTHERS_WERE_CHOSEN or not rules.is_stuck(match):
        return TOLD_TO_EXPERT[match.state]
    if match.request.state in rules.MATCHABLE:
        return NOT_ACTIVE % {"state": match.expert.state}
    return OTHERS_WERE_CHOSEN[match.state]


def clash_warnings(session: Session, expert: Expert) -> list[Message]:
    """Return, for the expert, the booked days that the profile says are not available."""
    return [
        _(
            "You are booked for “%(title)s”, %(period)s, but not available on these days of it:"
            " %(days)s. SEESAC sees this among its tasks; please write to SEESAC, or change your"
            " days if you can go after all.",
            title=clash.match.request.title,
            period=Deferred(period_name, *rules.days_of(clash.match)),
            days=Deferred(periods_name, clash.periods),
        )
        for clash in queries.list_clashes(session, clock.today(), expert.id)
    ]
