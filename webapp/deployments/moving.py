"""The days of a whole team: one look says who can go on others, and one form moves all who can.

Whoever cannot go keeps the days that they have and stays named with the reason, until SEESAC has
moved them alone or somebody else goes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.workflows.workflow import Recipient
from webapp.deployments import mails, operations, queries, rules
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import COMING
from webapp.expertise_requests.asking import asks
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import WITHOUT_TEXTS
from webapp.matches import moved as followers
from webapp.matches import queries as match_queries
from webapp.matches import rules as match_rules
from webapp.matches.models import BookedDay, Match
from webapp.matches.remarks import Remark, RemarkKind, list_remarks
from webapp.matches.wording import remark_sentence

K = RemarkKind
# What the days of a mission decide; of a clash with another mission the bookings tell more.
OF_DAYS = frozenset(
    {K.NOTICE, K.CERTIFICATE, K.APPROVAL, K.UNAVAILABLE_NEAR, K.BOOKED_NEAR, K.NOT_FREE}
)


@dataclass(frozen=True)
class Member:
    """One of a team and the days that they would get: why they cannot go then, if so, and what is
    to be remarked if they can."""

    mission: Deployment
    start: date
    end: date
    obstacles: Sequence[Message]
    remarks: Sequence[Message]

    @property
    def has_them(self) -> bool:
        """Tell whether these are the days that they have already."""
        return (self.start, self.end) == (self.mission.start, self.mission.end)

    @property
    def moves(self) -> bool:
        """Tell whether their days change."""
        return not self.obstacles and not self.has_them

    @property
    def mark(self) -> str:
        """Return how the form says what its sender has seen of them."""
        word = "goes" if self.moves else "stays"
        return f"{self.mission.id}-{self.mission.version}-{word}"


def team_of(session: Session, request: ExpertiseRequest) -> Sequence[Deployment]:
    """Return the missions for a request of which days can change still."""
    return [one for one in queries.list_standing(session, request) if one.state in COMING]


def list_parted(session: Session) -> Sequence[ExpertiseRequest]:
    """Return the requests whose team is to go on different days."""
    starts, ends = Deployment.start, Deployment.end
    parted = (
        sa.select(Match.request_id)
        .join(Deployment.match)
        .where(Deployment.state.in_(COMING))
        .group_by(Match.request_id)
        .having(
            sa.or_(sa.func.min(starts) < sa.func.max(starts), sa.func.min(ends) < sa.func.max(ends))
        )
    )
    chosen = sa.select(ExpertiseRequest).where(ExpertiseRequest.id.in_(parted))
    return session.scalars(chosen.options(*WITHOUT_TEXTS).order_by(ExpertiseRequest.id)).all()


def can_move(actor: Actor, team: Sequence[Deployment]) -> bool:
    """Tell whether there is a team that this person can move: nobody does who is of it."""
    return len(team) > 1 and all(rules.can_move(one, actor) for one in team)


def look(
    session: Session, actor: Actor, team: Iterable[Deployment], start: date, end: date,
    now: datetime,
) -> list[Member]:  # fmt: skip
    """Return of each of a team, by number, whether they can go on other days; of a mission that has
    begun the first day stays."""
    with_days: dict[tuple[date, date], list[Deployment]] = {}
    for one in team:
        days = one.start if rules.has_begun(one) else start, end
        with_days.setdefault(days, []).append(one)
    found = [
        member
        for days, missions in with_days.items()
        for member in _look_at(session, actor, missions, days, now)
    ]
    return sorted(found, key=lambda member: member.mission.id)


def _look_at(
    session: Session, actor: Actor, missions: Sequence[Deployment], days: tuple[date, date],
    now: datetime,
) -> Iterator[Member]:  # fmt: skip
    """Yield of each mission whether its expert can go on these days. All are read at once: a move
    looks while it holds them."""
    request, numbers = missions[0].match.request, [one.match.expert_id for one in missions]
    people = match_queries.list_with_parts(session, numbers)
    found = list_remarks(session, actor, request, people, now, days)
    booked = match_queries.list_bookings(session, numbers, *days)
    conceals = asks(session, actor)
    for one in missions:
        of_one = found.get(one.match.expert_id, [])
        obstacles: list[Message] = []
        # Whoever has these days has been given them in spite of whatever stands against them.
        if (one.start, one.end) != days:
            obstacles += _why_not_sent(one, days[1])
            obstacles += _why_taken(one, booked, conceals)
            obstacles += sentences(of_one, {K.UNAVAILABLE})
        remarks = sentences(of_one, OF_DAYS - ({K.NOTICE} if rules.has_begun(one) else set()))
        yield Member(one, *days, obstacles, remarks)


def sentences(remarks: Iterable[Remark], kinds: Iterable[RemarkKind]) -> list[Message]:
    """Return in words those remarks that are of some kinds."""
    return [remark_sentence(one) for one in remarks if one.kind in kinds]


def _why_not_sent(mission: Deployment, end: date) -> list[Message]:
    """Return what refuses to send an expert until a day, whatever they do on the days before."""
    try:
        operations.refuse_who_cannot_go(mission.match, end)
    except ConflictError as error:
        return [error.args[0]]
    return []


def _why_taken(mission: Deployment, booked: Iterable[BookedDay], conceals: bool) -> list[Message]:
    """Return which other missions have taken some of the days; it `conceals` every word of them
    from those who may not read who is considered for another request."""
    others = dict.fromkeys(
        row.match
        for row in booked
        if row.expert_id == mission.match.expert_id and row.match_id != mission.match_id
    )
    if others and conceals:
        return [_("On another mission on some of these days.")]
    return [
        _(
            "On the mission for %(reference)s, %(period)s.",
            reference=one.request.reference,
            period=Deferred(period_name, *match_rules.days_of(one)),
        )
        for one in others
    ]


def why_not(
    session: Session, actor: Actor, mission: Deployment, start: date, end: date
) -> list[Message]:
    """Return what refuses to give a mission these days."""
    booked = match_queries.list_bookings(session, [mission.match.expert_id], start, end)
    taken = _why_taken(mission, booked, asks(session, actor))
    return [*_why_not_sent(mission, end), *taken]


def marks_of(members: Iterable[Member]) -> str:
    """Return what the form sends back of what was seen."""
    return " ".join(member.mark for member in members)


def move(
    work: UnitOfWork, request: ExpertiseRequest, start: date, end: date, *, seen: str
) -> list[Member]:
    """Give other days to all of a team who can go on them, book them anew, and tell everybody; of
    what was done each is returned as they were seen.

    Refuses in words: whoever may not move it, anything that is not as it was `seen`, days on which
    nobody can go.
    """
    team = team_of(work.session, request)
    operations.lock_all_who_move(work, request, team)
    team = team_of(work.session, request)
    for one in team:
        work.session.refresh(one)
    if not can_move(work.actor, team):
        raise ForbiddenError(_("A team is moved by SEESAC, and by nobody who is of it."))
    members = look(work.session, work.actor, team, start, end, work.now)
    if marks_of(members) != seen:
        raise ConflictError(
            _("The team, or who of it can go, has changed meanwhile. Please look at it again.")
        )
    moved = [one for one in members if one.moves]
    if not moved:
        raise ConflictError(_("Nobody of the team can get these days."))
    for member in moved:
        operations.change_days(work, member.mission, member.start, member.end)
    _tell(work, members, moved)
    if not any(map(rules.has_begun, team)):
        followers.follow(work, request, start, end)
    return members


def _tell(work: UnitOfWork, members: Sequence[Member], moved: Sequence[Member]) -> None:
    """Tell each expert and their authority, those who stay behind, and the requester once."""
    for member in moved:
        for mail in mails.OTHER_DAYS:
            if mail.to in {Recipient.EXPERT, Recipient.AUTHORITY} and match_rules.hears_of_days(
                member.mission.match, mail.to, work.now.date()
            ):
                operations.send(work, member.mission, mail)
    behind = [one for one in members if one.obstacles]
    for member in behind:
        operations.send(work, member.mission, mails.STAYS_BEHIND)
    told = mails.PART_HAS_OTHER_DAYS if behind else mails.TEAM_HAS_OTHER_DAYS
    operations.send(work, moved[0].mission, told)


def list_behind(
    session: Session, actor: Actor, request: ExpertiseRequest, now: datetime
) -> list[Member]:
    """Return those of a team who cannot go on the days that most of it have, or that it got last,
    with the reasons."""
    team = team_of(session, request)
    counted = Counter((one.start, one.end) for one in team)
    if len(counted) < 2:
        return []
    latest = max(team, key=lambda one: (counted[one.start, one.end], one.state_since))
    apart = [one for one in team if (one.start, one.end) != (latest.start, latest.end)]
    found = look(session, actor, apart, latest.start, latest.end, now)
    return [member for member in found if member.obstacles]
