"""Nobody acts on a request for both sides, through whatever hands it and they have gone."""

import dataclasses
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.queries import find_open
from webapp.amendments.workflow import AmendmentStep
from webapp.core import invariants
from webapp.core.actor import SYSTEM
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import operations, queries, rules, sweep, taking_over
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

REFUSED = "You have acted here for the other side"
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
    with writing(app) as session, pytest.raises(ConflictError, match=REFUSED):
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
    with writing(app) as session, pytest.raises(ConflictError, match=REFUSED):
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
        with pytest.raises(ForbiddenError, match=REFUSED):
            amendments.take(work, change, AmendmentStep.ACCEPT)


def test_who_has_asked_decides_nothing_for_seesac_afterwards(app: Flask) -> None:
    case = Case(app)
    with writing(app) as session:
        case.move(session, in_ministry=True)
        case.take_over(session, case.both)
    with writing(app) as session:
        case.take_over(session, case.owner)
        case.move(session, in_ministry=False)
    with writing(app) as session, pytest.raises(ForbiddenError, match=REFUSED):
        case.take(session, RequestStep.ACCEPT)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request)
        office = factories.account(session, Role.COORDINATOR)
        factories.requests.advance(session, request, RequestStep.ACCEPT, office)
        match = factories.match(session, MatchState.AVAILABLE, request=request).id
    with writing(app) as session:
        work = factories.work(session, session.get_one(Account, case.both))
        found = session.get_one(Match, match)
        with pytest.raises(ForbiddenError, match=REFUSED):
            matches.take(work, found, MatchStep.APPROVE, Grounds(ReasonKind.NO_RELEASE_NEEDED))
        with pytest.raises(ForbiddenError, match=REFUSED):
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


def test_for_which_side_somebody_acts_is_known_at_once_and_as_the_log_has_it(app: Flask) -> None:
    case = Case(app)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request)
        assert {(act.account_id, act.side) for act in request.acted} == {
            (case.owner, Role.REQUESTER)
        }
        case.take(session, RequestStep.ACCEPT)
        acted = {(act.account_id, act.side) for act in request.acted}
        assert acted == {(case.owner, Role.REQUESTER), (case.both, Role.COORDINATOR)}
    with reading(app) as session:
        assert invariants.run(session) == []


def test_what_the_platform_does_as_a_consequence_is_nobody_s_act(app: Flask) -> None:
    case = Case(app, RequestState.ACCEPTED)
    with writing(app) as session:
        person = session.get_one(Account, case.both).as_actor()
        work = factories.work(session, dataclasses.replace(person, roles=SYSTEM.roles))
        request = session.get_one(ExpertiseRequest, case.request)
        operations.take(work, request, RequestStep.START_MATCHING)
        assert case.both not in {act.account_id for act in request.acted}


def test_an_act_that_is_not_noted_is_found_and_noted_within_a_minute(app: Flask) -> None:
    case = Case(app)
    with writing(app) as session:
        session.execute(sa.delete(ActedOn))
    with reading(app) as session:
        found = invariants.run(session)
    assert [line for line in found if f"account {case.owner} acted" in line]
    with app.app_context():
        sweep.note_acts()
    with reading(app) as session:
        acted = session.get_one(ExpertiseRequest, case.request).acted
        assert (case.owner, Role.REQUESTER) in {(act.account_id, act.side) for act in acted}


def test_who_has_acted_for_seesac_reads_it_as_a_colleague_and_is_offered_nothing(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app)
    with writing(app) as session:
        case.take(session, RequestStep.ACCEPT)
        case.move(session, in_ministry=True)
        both = session.get_one(Account, case.both)
        other = factories.account(session, Role.REQUESTER, organisation_id=case.ministry)
    address = f"/requests/{case.request}"
    assert f"{address}/take-over" in visitor().come_in(other).get(address).addresses
    assert f"{address}/take-over" not in visitor().come_in(both).get(address).addresses


def test_a_list_of_requests_reads_who_has_acted_in_one_query_more(app: Flask) -> None:
    with writing(app) as session:
        for _ in range(12):
            factories.request(session, RequestState.SUBMITTED)
    said: list[str] = []
    with reading(app) as session:
        engine = session.get_bind()
        sa.event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_: said.append(text))
        found = queries.list_open(session)
        assert all(rules.owners_of(request)[Role.REQUESTER].acted for request in found)
    assert len([text for text in said if "acted_on" in text]) == 1
