"""Whoever comes to ask for an organisation reads no more what coordinators were told of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.record.stored_words import texts_in
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation


def join(work: UnitOfWork, account: Account, house: Organisation) -> None:
    organisations.add_member(work, house, account)


def be_given_the_role(work: UnitOfWork, account: Account, house: Organisation) -> None:
    account.organisation_id = house.id
    accounts.change_roles(work, account, {Role.COORDINATOR, Role.REQUESTER}, seen=None)


def bring_a_request(work: UnitOfWork, account: Account, house: Organisation) -> None:
    account.organisation_id = house.id
    (request,) = work.session.query(ExpertiseRequest).filter_by(organisation_id=house.id)
    request.organisation_id = request.requester.organisation_id = None
    work.session.flush()
    organisations.add_member(work, house, request.requester)


def decline(session: Session, request: ExpertiseRequest) -> None:
    """Let somebody who was invited say no, of which coordinators are told."""
    match = factories.match(session, MatchState.INVITED, request=request)
    why = factories.grounds()
    matches.take(factories.work(session, match.expert.account), match, MatchStep.DECLINE, why)


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [join, be_given_the_role, bring_a_request])
def test_a_coordinator_keeps_no_notice_of_who_was_considered_for_a_request_of_their_own_house(
    app: Flask, change: Callable[[UnitOfWork, Account, Organisation], None]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        house = factories.organisation(session)
        own = factories.request(session, RequestState.MATCHING)
        own.organisation_id = own.requester.organisation_id = house.id
        other = factories.request(session, RequestState.MATCHING)
        for request in (own, other):
            decline(session, request)
        number, references = person.id, (own.reference, other.reference)
    assert told_of(app, number) == set(references)
    with writing(app) as session:
        change(
            factories.work(session),
            session.get_one(Account, number),
            session.get_one(Organisation, house.id),
        )
    # What concerns others stays to be read.
    assert told_of(app, number) == {references[1]}


def told_of(app: Flask, account_id: int) -> set[str]:
    """Return the references of the requests of which somebody's notices tell."""
    with reading(app) as session:
        notices = session.query(Notice).filter_by(account_id=account_id)
        texts = {text for notice in notices for text in texts_in(notice.words)}
    return {text for text in texts if text.startswith("R-")}
