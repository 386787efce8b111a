"""Refusals and remarks name no request and no expert to those who may not read of them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.matches.test_matches_those_who_ask import WHO, change_sides, on_the_other_side
from webapp.accounts.models import Account
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.deployments import operations as missions
from webapp.deployments import queries as deployments
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import telling
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.matches import amended, operations, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import WORKFLOW, MatchStep

PLAIN = "a coordinator who does not ask"


class Case:
    """Somebody considered for one request, and for another one on the same days."""

    def __init__(self, session: Session, who: str, state: MatchState) -> None:
        office = factories.account(session, Role.COORDINATOR)
        side = "owner" if who == PLAIN else who
        writer, asks = on_the_other_side(session, side)
        self.reader: Account = office if who == PLAIN else asks
        accepted = RequestState.ACCEPTED
        self.own: ExpertiseRequest = factories.request(
            session, accepted, requester=writer, coordinator=office, experts_needed=2
        )
        self.other: ExpertiseRequest = factories.request(session, accepted, coordinator=office)
        self.other.start, self.other.end = self.own.start, self.own.end
        session.flush()
        self.expert: Expert = factories.expert(session)
        self.third: Expert = factories.expert(session)
        self.called: Expert = factories.expert(session, signs_in=False)
        self.match: Match = factories.match(
            session,
            MatchState.AVAILABLE,
            request=self.other,
            expert=self.expert,
            coordinator=office,
        )
        factories.match(session, state, request=self.own, expert=self.expert, coordinator=office)
        factories.match(
            session, MatchState.INVITED, request=self.own, expert=self.called, coordinator=office
        )
        if who != PLAIN:
            change_sides(session, who, asks, self.own)

    def addresses(self) -> Iterator[str]:
        ranking = f"/requests/{self.other.id}/matches"
        yield f"/matches/{self.match.id}"
        yield ranking
        yield f"{ranking}/{self.expert.id}"
        yield f"/requests/{self.other.id}/invite"
        yield f"/requests/{self.other.id}/compare?expert={self.expert.id}&expert={self.third.id}"
        yield f"/roster/{self.third.id}/join/{self.expert.id}"

    def told(self, pages: Pages) -> list[str]:
        """Return where a page or a refusal tells of the one request."""
        own, days = self.own.reference, "Approved for a mission"
        found = []
        for address in self.addresses():
            response = pages.client.get(address, follow_redirects=True)
            assert response.status_code == 200, address
            if own in response.text or days in response.text:
                found.append(address)
        step = f"/matches/{self.match.id}/approve"
        why = {"approve-kind": "no release needed", "approve-reason": ""}
        if own in pages.client.post(step, data={"csrf_token": pages.own_token(), **why}).text:
            found.append(step)
        if self.called.name in pages.get("/queue").text:
            found.append("/queue")
        return found


@pytest.mark.thorough
@pytest.mark.parametrize("state", [MatchState.AVAILABLE, MatchState.APPROVED])
@pytest.mark.parametrize("who", WHO)
def test_no_remark_and_no_refusal_tells_those_who_ask_who_is_considered(
    app: Flask, visitor: Callable[[], Pages], who: str, state: MatchState
) -> None:
    with writing(app) as session:
        case = Case(session, who, state)
    assert case.told(visitor().come_in(case.reader)) == []


@pytest.mark.parametrize("who", [*WHO, PLAIN])
def test_a_call_about_the_own_request_is_noted_by_others_alone(
    app: Flask, visitor: Callable[[], Pages], who: str
) -> None:
    with writing(app) as session:
        case = Case(session, who, MatchState.INVITED)
        said = _("%(reference)s: you are not needed any more", reference=case.own.reference)
        telling.let_be_called(factories.work(session), case.called, said)
        session.flush()
        calls = sa.select(PhoneCall).where(PhoneCall.expert_id == case.called.id)
        number = session.scalars(calls).one().id
    done = who == PLAIN
    pages = visitor().come_in(case.reader)
    pages.post(f"/calls/{number}/done", status=302 if done else 404)
    with reading(app) as session:
        assert (session.get_one(PhoneCall, number).done_at is not None) is done


def test_others_are_told_of_it(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        case = Case(session, PLAIN, MatchState.APPROVED)
    told = case.told(visitor().come_in(case.reader))
    assert {f"/matches/{case.match.id}", f"/matches/{case.match.id}/approve", "/queue"} <= set(told)
    assert f"/requests/{case.other.id}/matches" in told


@pytest.mark.parametrize("state", sorted(amended.IN_RELEASE | rules.BOOKED))
def test_nobody_learns_by_changing_the_days_whose_release_is_asked(
    session: Session, state: MatchState
) -> None:
    """What SEESAC has offered is refused in one sentence, which tells of nobody."""
    match = factories.match(session, state)

    def refusal_for(side: Role) -> str:
        with pytest.raises(ConflictError) as refused:
            amended.refuse_other_days(
                match.request, session=session, changes={"start": None}, side=side
            )
        return str(refused.value)

    assert "Experts are held for these days" in refusal_for(Role.COORDINATOR)
    assert "What SEESAC has offered" in refusal_for(Role.REQUESTER)
    assert not re.search("expert|held|release|booked|approved", refusal_for(Role.REQUESTER))


def test_a_requester_reads_nothing_of_another_mission_of_the_expert(session: Session) -> None:
    office = factories.account(session, Role.COORDINATOR)
    work = factories.work(session, office)
    asked = factories.request(session, RequestState.ACCEPTED, coordinator=office, experts_needed=2)
    match = factories.match(session, MatchState.SELECTED, request=asked, coordinator=office)
    # The other one of the two keeps the days of the request, as only the first is moved.
    factories.match(session, MatchState.SELECTED, request=asked, coordinator=office)
    mission = deployments.find_of_match(session, match.id)
    assert mission
    later = timedelta(days=60)
    missions.move(
        work, mission, mission.start + later, mission.end + later, seen_version=mission.version
    )
    other = factories.request(session, RequestState.ACCEPTED, coordinator=office)
    other.start, other.end = match.request.start, match.request.end
    factories.match(
        session, MatchState.APPROVED, request=other, expert=match.expert, coordinator=office
    )
    name, asks = MatchStep.TAKE_BACK_SELECTION, factories.work(session, match.request.requester)
    with pytest.raises(ConflictError) as refused:
        operations.take(asks, match, name, factories.grounds(WORKFLOW[name]))
    said = str(refused.value)
    assert "cannot be held for the days of the request any more" in said
    assert other.reference not in said
    assert "another mission" not in said


def test_an_invitation_to_an_account_that_is_refused_names_nobody(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        with_account = factories.expert(session)
        without = factories.expert(session, signs_in=False)
        without.contact_email = ""
    pages = sign_in_as(Role.COORDINATOR)
    for expert, why in ((with_account, "has an account already"), (without, "No e-mail address")):
        page = pages.post(f"/roster/{expert.id}/invite", {}, status=409)
        assert why in page.text
        assert expert.name not in page.text
    with reading(app) as session:
        assert session.get(Expert, without.id)
