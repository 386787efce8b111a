"""An authority that was asked to release somebody is told how that ends, and no other is."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import factories
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.errors import NotFoundError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations, releases
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice

S, M, K = MatchState, MatchStep, ReasonKind
# From the release on, in the order in which they are taken.
ON = (M.RECORD_RELEASE, M.APPROVE, M.PROPOSE, M.SELECT)
SAID = factories.requests.RELEASED
TELLS = "a release is not needed any more"


class Case:
    """An official who said yes, their authority, and SEESAC."""

    def __init__(self, session: Session) -> None:
        self.session = session
        home = factories.organisation(session)
        self.authority = factories.account(
            session, Role.NOMINATING_AUTHORITY, organisation_id=home.id
        )
        self.office = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session, authority_id=home.id, approved_until=factories.FOR_YEARS)
        self.match: Match = factories.match(
            session, S.AVAILABLE, expert=expert, coordinator=self.office
        )
        assert expert.account
        self.by: dict[Role, Account] = {
            Role.EXPERT: expert.account,
            Role.REQUESTER: self.match.request.requester,
            Role.COORDINATOR: self.office,
        }

    def take(self, step: MatchStep, why: Grounds | None = None, role: Role | None = None) -> None:
        """Let whoever takes it take a step."""
        if step is M.PROPOSE:
            work = factories.work(self.session, self.office)
            operations.propose(work, self.match.request)
            return
        if role is None:
            role = Role.REQUESTER if step is M.SELECT else Role.COORDINATOR
        operations.take(factories.work(self.session, self.by[role]), self.match, step, why)

    def told(self) -> int:
        """Return how often the authority was told that its release is not needed."""
        self.session.flush()
        notices = self.session.scalars(
            sa.select(Notice).where(Notice.account_id == self.authority.id)
        )
        return sum(TELLS in str(notice.words["subject"]["text"]) for notice in notices)


@pytest.mark.parametrize(
    ("reached", "end", "role", "why"),
    [
        (0, M.CANCEL, Role.COORDINATOR, K.MISTAKE),
        (1, M.CANCEL, Role.COORDINATOR, K.MISTAKE),
        (1, M.TAKE_BACK_YES, Role.EXPERT, K.PERSONAL),
        (2, M.CANCEL, Role.COORDINATOR, K.MISTAKE),
        (3, M.PASS_OVER, Role.REQUESTER, K.SUBJECT),
        (3, M.TAKE_BACK, Role.COORDINATOR, K.PERSONAL),
        (4, M.FALL_OUT, Role.EXPERT, K.PERSONAL),
        (4, M.TAKE_BACK, Role.COORDINATOR, K.PERSONAL),
    ],
)
def test_an_authority_that_was_asked_is_told_once_when_its_official_does_not_go(
    session: Session, reached: int, end: MatchStep, role: Role, why: ReasonKind
) -> None:
    case = Case(session)
    case.take(M.ASK_RELEASE)
    for step in ON[:reached]:
        case.take(step, SAID if step is M.RECORD_RELEASE else None)
    assert case.told() == 0
    case.take(end, Grounds(why), role)
    assert case.told() == 1


def test_it_is_told_as_well_when_the_request_is_withdrawn(session: Session) -> None:
    case = Case(session)
    case.take(M.ASK_RELEASE)
    case.take(M.RECORD_RELEASE, SAID)
    factories.requests.advance(
        session, case.match.request, RequestStep.WITHDRAW, case.match.request.requester
    )
    assert case.told() == 1


@pytest.mark.parametrize("approved", [False, True])
def test_an_authority_that_was_never_asked_is_told_of_nothing(
    session: Session, *, approved: bool
) -> None:
    case = Case(session)
    if approved:
        case.take(M.APPROVE, Grounds(K.NO_RELEASE_NEEDED))
    case.take(M.TAKE_BACK_YES, Grounds(K.PERSONAL), Role.EXPERT)
    assert case.told() == 0


def test_who_was_asked_for_an_earlier_mission_is_told_of_no_later_one(session: Session) -> None:
    case = Case(session)
    case.take(M.ASK_RELEASE)
    case.take(M.CANCEL, Grounds(K.MISTAKE))
    case.take(M.RECONSIDER, Grounds(K.FREE_AGAIN))
    case.take(M.INVITE)
    case.take(M.CANCEL, Grounds(K.MISTAKE))
    assert case.told() == 1


def test_a_release_is_asked_of_those_who_can_answer_alone(session: Session) -> None:
    case = Case(session)
    home, request = case.authority.organisation_id, case.match.request
    others = case.match.expert.account, request.requester
    for one in others:
        assert one
        one.organisation_id = home
        administrator = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
        accounts.change_roles(administrator, one, {Role.NOMINATING_AUTHORITY, *one.kinds})
    before = {one.id: count(session, one) for one in others if one}
    case.take(M.ASK_RELEASE)
    assert count(session, case.authority) == 1
    assert {one.id: count(session, one) for one in others if one} == before
    answers = factories.actor(case.authority)
    assert [match.id for match in releases.list_asked(session, answers)] == [case.match.id]
    # Who asks for experts reads nowhere who is considered for their own request.
    asks = factories.actor(request.requester)
    assert releases.list_asked(session, asks) == []
    with pytest.raises(NotFoundError):
        releases.get_asked(session, asks, case.match.id)


def count(session: Session, account: Account) -> int:
    """Return how many notices somebody has got."""
    session.flush()
    of_them = sa.select(sa.func.count()).where(Notice.account_id == account.id)
    return session.scalar(of_them) or 0
