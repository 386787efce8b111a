"""Whoever comes to ask for an organisation reads no more what coordinators were told of it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import RequestState
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation


def join(work: UnitOfWork, account: Account, house: Organisation) -> None:
    organisations.add_member(work, house, account)


def be_given_the_role(work: UnitOfWork, account: Account, house: Organisation) -> None:
    accounts.change_roles(work, account, {Role.COORDINATOR, Role.REQUESTER}, seen=None)


@pytest.mark.parametrize("change", [join, be_given_the_role])
def test_a_coordinator_who_comes_to_ask_keeps_no_notice_of_who_was_considered(
    app: Flask, change: Callable[[UnitOfWork, Account, Organisation], None]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.MATCHING)
        match = factories.match(session, MatchState.INVITED, request=request)
        why = factories.grounds()
        matches.take(factories.work(session, match.expert.account), match, MatchStep.DECLINE, why)
        number = person.id
    with reading(app) as session:
        assert session.query(Notice).filter_by(account_id=number).count() > 0
    with writing(app) as session:
        house = factories.organisation(session)
        change(factories.work(session), session.get_one(Account, number), house)
    with reading(app) as session:
        assert session.query(Notice).filter_by(account_id=number).count() == 0
