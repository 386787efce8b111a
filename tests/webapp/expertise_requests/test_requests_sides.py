"""Nobody acts on a request for both sides, through whatever hands it and they have gone."""

import dataclasses

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.queries import find_open
from webapp.amendments.workflow import AmendmentStep
from webapp.core.errors import ConflictError
from webapp.core.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import operations, taking_over
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

FOR_OFFICE, FOR_ASKING = "acted on this request for SEESAC", "for those who ask"
BECAUSE = Grounds(ReasonKind.COMMENT, "Fewer are enough.")


class Case:
    """A request of a ministry, and somebody with both roles who belongs to it or not."""

    def __init__(self, app: Flask, state: RequestState = RequestState.SUBMITTED) -> None:
        self.app = app
        with writing(app) as session:
            self.ministry = factories.organisation(session).id
            owner = factories.account(session, Role.REQUESTER, organisation_id=self.ministry)
            both = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
            self.both, self.owner = both.id, owner.id
            self.request = factories.request(session, state, requester=owner).id

    def move(self, session: Session, *, in_ministry: bool) -> None:
        person = session.get_one(Account, self.both)
        person.organisation_id = self.ministry if in_ministry else None

    def take_over(self, session: Session, number: int) -> None:
        request = session.get_one(ExpertiseRequest, self.request)
        work = factories.work(session, session.get_one(Account, number))
        why = factories.grounds(text="On leave.")
        taking_over.take_over(work, request, why, seen_version=request.version)

    def take(self, session: Session, step: RequestStep) -> None:
        request = session.get_one(ExpertiseRequest, self.request)
        operations.take(factories.work(session, session.get_one(Account, self.both)), request, step)


def test_who_has_acted_for_seesac_takes_no_request_over(app: Flask) -> None:
    case = Case(app)
    with writing(app) as session:
        case.take(session, RequestStep.ACCEPT)
        case.move(session, in_ministry=True)
    with writing(app) as session, pytest.raises(ConflictError, match=FOR_OFFICE):
        case.take_over(session, case.both)


def test_nobody_agrees_to_the_change_that_they_offered_for_the_other_side(app: Flask) -> None:
    case = Case(app, RequestState.ACCEPTED)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request)
        both = session.get_one(Account, case.both)
        content = dataclasses.replace(get_content(request), place="Elsewhere")
        amendments.propose(
            factories.work(session, both), request, content, BECAUSE,
            seen_version=request.tor_version,
        )  # fmt: skip
        case.move(session, in_ministry=True)
    with writing(app) as session, pytest.raises(ConflictError, match=FOR_OFFICE):
        case.take_over(session, case.both)
    with writing(app) as session:
        # Whatever way a request may have come into their hands.
        request = session.get_one(ExpertiseRequest, case.request)
        request.requester_id = case.both
        session.flush()
        session.refresh(request)
        change = find_open(session, request.id)
        assert change
        work = factories.work(session, session.get_one(Account, case.both))
        with pytest.raises(ConflictError, match=FOR_OFFICE):
            amendments.take(work, change, AmendmentStep.ACCEPT)


def test_who_has_asked_decides_nothing_for_seesac_afterwards(app: Flask) -> None:
    case = Case(app)
    with writing(app) as session:
        case.move(session, in_ministry=True)
        case.take_over(session, case.both)
    with writing(app) as session:
        case.take_over(session, case.owner)
        case.move(session, in_ministry=False)
    with writing(app) as session, pytest.raises(ConflictError, match=FOR_ASKING):
        case.take(session, RequestStep.ACCEPT)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request)
        office = factories.account(session, Role.COORDINATOR)
        factories.requests.advance(session, request, RequestStep.ACCEPT, office)
        match = factories.match(session, MatchState.AVAILABLE, request=request).id
    with writing(app) as session:
        work = factories.work(session, session.get_one(Account, case.both))
        found = session.get_one(Match, match)
        with pytest.raises(ConflictError, match=FOR_ASKING):
            matches.take(work, found, MatchStep.APPROVE, Grounds(ReasonKind.NO_RELEASE_NEEDED))
        with pytest.raises(ConflictError, match=FOR_ASKING):
            matches.take(work, found, MatchStep.ASK_RELEASE)


def test_nobody_takes_a_request_over_for_which_they_know_to_be_considered(app: Flask) -> None:
    case = Case(app, RequestState.ACCEPTED)
    with writing(app) as session:
        expert = factories.expert(session)
        assert expert.account
        request = session.get_one(ExpertiseRequest, case.request)
        match = factories.match(session, MatchState.INVITED, request=request, expert=expert)
        number, match_id = expert.account.id, match.id
    with writing(app) as session:
        person = session.get_one(Account, number)
        person.organisation_id = case.ministry
        person.roles = [*person.roles, *session.get_one(Account, case.owner).roles]
    with writing(app) as session, pytest.raises(ConflictError, match="considered"):
        case.take_over(session, number)
    with writing(app) as session:
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        why = Grounds(ReasonKind.MISTAKE)
        matches.take(office, session.get_one(Match, match_id), MatchStep.CANCEL, why)
    with writing(app) as session:
        case.take_over(session, number)
