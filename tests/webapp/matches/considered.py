"""A coordinator, or a member of an authority, who is considered for a request, and a rival."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage, RequestState
from webapp.experts.models import Expert
from webapp.experts.standing_tables import Approval
from webapp.matches.candidates import CONSIDERED
from webapp.matches.models import IgnoredConsideration, Match, MatchState
from webapp.mission_checklists.models import Item, ItemState

WHY = str(CONSIDERED)


class Case:
    """A coordinator who is considered for a request, a rival, and a colleague."""

    def __init__(
        self,
        app: Flask,
        visitor: Callable[[], Pages],
        state: MatchState,
        rivals: MatchState = MatchState.APPROVED,
        role: Role = Role.COORDINATOR,
    ) -> None:
        self.app = app
        with writing(app) as session:
            office = factories.account(session, Role.COORDINATOR)
            person = factories.account(session, role, Role.EXPERT)
            own = factories.expert(session, person=person)
            self.third = factories.expert(session).id
            request = factories.request(
                session, RequestState.MATCHING, coordinator=office, experts_needed=2
            )
            factories.match(session, state, request=request, expert=own, coordinator=office)
            rival = factories.match(session, rivals, request=request, coordinator=office)
            self.request_id, self.rival, self.rivals_profile = (
                request.id, rival.id, rival.expert_id
            )  # fmt: skip
            self.people: tuple[Account, Account] = (person, office)
        self.pages, self.colleague = (visitor().come_in(one) for one in self.people)

    def send(self, path: str, sent: dict[str, Any]) -> Page:
        """Send what no page of theirs offers."""
        facts = {
            "rival": self.rival, "request": self.request_id, "third": self.third,
            "profile": self.rivals_profile, "own": self.people[0].id,
            "mission": self.mission,
        }  # fmt: skip
        address, pages = path.format(**facts), self.pages
        values = {name: str(value).format(**facts) for name, value in sent.items()}
        answer = pages.client.post(address, data={"csrf_token": pages.own_token(), **values})
        return pages.check(address, answer)

    @property
    def mission(self) -> int | None:
        with reading(self.app) as session:
            found = session.query(Deployment.id).filter_by(match_id=self.rival)
            number: int | None = found.scalar()
            return number

    def states(self) -> tuple[Any, ...]:
        with reading(self.app) as session:
            mission = session.query(Deployment).filter_by(match_id=self.rival).one_or_none()
            return (
                session.get_one(Match, self.rival).state,
                session.get_one(Expert, self.rivals_profile).state,
                session.query(Approval).count(),
                session.query(Item).filter(Item.state != ItemState.OPEN).count(),
                mission and (mission.start, mission.state),
                session.query(RequestMessage).count(),
                session.get_one(ExpertiseRequest, self.request_id).handled_by,
                session.get_one(ExpertiseRequest, self.request_id).state,
                session.query(Match).count(),
                session.query(IgnoredConsideration).count(),
            )

    def in_one_authority(self, session: Session, *, asked: bool) -> int:
        """Let the person be of the authority whose official the rival is, and which was `asked` for
        the release or not; return its number."""
        house: int = factories.organisation(session).id
        session.get_one(Account, self.people[0].id).organisation_id = house
        rival = session.get_one(Match, self.rival)
        factories.make_official(session, rival.expert, house)
        if asked:
            rival.authority_id, rival.release_asked_at = house, clock.now()
        return house
