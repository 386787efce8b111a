"""Whoever accepted a request before anybody saw to one sees to it since, unless they could not."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.structure.test_migrations import downgrade, engine_of, upgrade
from tests.structure.test_migrations_keep_data import empty_app
from webapp.accounts.models import Account, RoleRow, account_role
from webapp.core.roles import Role
from webapp.expertise_requests import handling
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ActedOn, ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import Expert
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]
__all__ = ["empty_app"]
Change = Callable[[Session, ExpertiseRequest, Account], object]


def nothing(_session: Session, _request: ExpertiseRequest, _office: Account) -> None:
    """Leave it with who accepted it."""


def leave_to_all(session: Session, request: ExpertiseRequest, office: Account) -> None:
    request.handled_by = office.id
    handling.leave_to_all(factories.work(session, office), request)


def consider(session: Session, request: ExpertiseRequest, office: Account) -> None:
    match = factories.match(session, MatchState.SHORTLISTED, request=request)
    theirs = sa.update(Expert).where(Expert.id == match.expert_id)
    session.execute(theirs.values(account_id=office.id))


def ask(session: Session, request: ExpertiseRequest, office: Account) -> None:
    session.add(ActedOn(request_id=request.id, account_id=office.id, side=Role.REQUESTER))


def join_the_asking(session: Session, request: ExpertiseRequest, office: Account) -> None:
    asking = factories.organisation(session)
    session.flush()
    request.organisation_id = office.organisation_id = asking.id
    of_role = sa.select(sa.literal(office.id), RoleRow.id).where(RoleRow.name == Role.REQUESTER)
    session.execute(account_role.insert().from_select(["account_id", "role_id"], of_role))


def belong_to_it(session: Session, request: ExpertiseRequest, office: Account) -> None:
    """Let the office be of the organisation and ask for nothing there: no requester."""
    asking = factories.organisation(session)
    session.flush()
    request.organisation_id = office.organisation_id = asking.id


def close_the_account(_session: Session, _request: ExpertiseRequest, office: Account) -> None:
    office.active = False


def exchange_the_role(session: Session, _request: ExpertiseRequest, office: Account) -> None:
    theirs = sa.update(account_role).where(account_role.c.account_id == office.id)
    other = sa.select(RoleRow.id).where(RoleRow.name == Role.ADMINISTRATOR).scalar_subquery()
    session.execute(theirs.values(role_id=other))


def end(session: Session, request: ExpertiseRequest, _office: Account) -> None:
    ended = sa.update(ExpertiseRequest).where(ExpertiseRequest.id == request.id)
    session.execute(ended.values(state=RequestState.CLOSED))


STAYS = (leave_to_all, consider, ask, join_the_asking, close_the_account, exchange_the_role, end)


def accepted(session: Session, change: Change) -> tuple[int, int]:
    """Make a request that was accepted, and change it; return whose it should be."""
    office = factories.account(session, Role.COORDINATOR)
    request = factories.request(session, RequestState.SUBMITTED)
    # As if by the code that knew of no hands: nothing of them is in the log.
    request.handled_by = office.id
    requests.take(factories.work(session, office), request, RequestStep.ACCEPT)
    change(session, request, office)
    return request.id, office.id


def test_whoever_accepted_a_request_sees_to_it_unless_they_cannot_or_it_was_in_hands_before(
    empty_app: Flask,
) -> None:
    upgrade(empty_app)
    with writing(empty_app) as session:
        made = {one: accepted(session, one) for one in (nothing, belong_to_it, *STAYS)}
    downgrade(empty_app, "0113")
    with engine_of(empty_app).begin() as connection:
        connection.execute(sa.update(ExpertiseRequest).values(handled_by=None))
    upgrade(empty_app)
    with reading(empty_app) as session:
        given = {
            one.__name__
            for one, (request, office) in made.items()
            if session.get_one(ExpertiseRequest, request).handled_by == office
        }
    assert given == {"nothing", "belong_to_it"}
