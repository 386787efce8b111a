"""A notice that is being written while its reader leaves a role or an organisation is not theirs to
read, though nobody could delete what was not to be seen yet."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, MailChoice
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.messages import operations, queries, sweep
from webapp.messages.letters import Letter
from webapp.messages.models import Notice
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation

pytestmark = pytest.mark.postgres
TOLD = Letter(_("%(name)s is considered", name="Canary"), _("Somebody."), "/requests/1")


@pytest.fixture
def leaver(app: Flask) -> Account:
    """Return a coordinator and official of an authority, who is told in the daily mail."""
    with writing(app) as session:
        person = factories.account(session, Role.COORDINATOR, Role.NOMINATING_AUTHORITY)
        person.mail_choice = MailChoice.DAILY
        organisations.add_member(factories.work(session), factories.organisation(session), person)
        return person


def lose_a_role(account: Account, work: UnitOfWork) -> None:
    """Be a coordinator no more."""
    accounts.change_roles(work, account, [Role.NOMINATING_AUTHORITY])


def leave_an_organisation(account: Account, work: UnitOfWork) -> None:
    """Be a member no more."""
    organisation = work.session.get_one(Organisation, account.organisation_id)
    organisations.remove_member(work, organisation, account)


@pytest.fixture(params=[lose_a_role, leave_an_organisation])
def leave(app: Flask, leaver: Account, request: pytest.FixtureRequest) -> Callable[[], ExitStack]:
    """Return a function with which the leaver leaves; it is committed when what it returns ends."""

    def begin() -> ExitStack:
        stack = ExitStack()
        session = stack.enter_context(writing(app))
        request.param(session.get_one(Account, leaver.id), factories.work(session))
        session.flush()
        return stack

    return begin


def read_by(app: Flask, leaver: Account, visitor: Callable[[], Pages]) -> list[int]:
    """Return how many notices are shown to somebody as a number, on their page and by mail."""
    page = visitor().come_in(leaver).get("/notices").text
    with reading(app) as session:
        stored = session.scalars(sa.select(Notice.id).where(Notice.account_id == leaver.id)).all()
        unread = queries.count_unread(session, leaver.id)
        daily = sum(count for account, count in queries.list_digests(session))
        with pytest.raises(NotFoundError):
            queries.get_notice(session, leaver.as_actor(None), stored[0])
    return [len(stored), page.count("Canary"), unread, daily]


def test_a_notice_that_was_begun_before_its_reader_left_is_not_read(
    app: Flask, leaver: Account, leave: Callable[[], ExitStack], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        work = factories.work(session)
        leave().close()
        operations.queue(work, leaver.id, TOLD)
    assert read_by(app, leaver, visitor) == [1, 0, 0, 0]


def test_neither_is_one_that_was_begun_while_they_left(
    app: Flask, leaver: Account, leave: Callable[[], ExitStack], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        leaving = leave()
        # Nobody sees yet that they leave, so they are told like the others.
        work = factories.work(session)
        readers = operations.coordinators(work, {})
        leaving.close()
        for number in readers:
            operations.queue(work, number, TOLD)
    assert read_by(app, leaver, visitor) == [1, 0, 0, 0]


def test_what_was_left_behind_is_deleted_and_what_is_told_afterwards_stays(
    app: Flask, leaver: Account, leave: Callable[[], ExitStack], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        work = factories.work(session)
        leave().close()
        operations.queue(work, leaver.id, TOLD)
    with writing(app) as session:
        operations.queue(factories.work(session), leaver.id, TOLD)
    assert visitor().come_in(leaver).get("/notices").text.count("Canary") == 1
    with app.app_context():
        sweep.delete_due()
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).where(Notice.account_id == leaver.id)) == 1


def test_a_leaving_that_is_taken_back_hides_nothing(
    app: Flask, leaver: Account, leave: Callable[[], ExitStack], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        operations.queue(factories.work(session), leaver.id, TOLD)
    with pytest.raises(ZeroDivisionError), leave():
        raise ZeroDivisionError
    with writing(app) as session:
        factories.account(session)
    assert visitor().come_in(leaver).get("/notices").text.count("Canary") == 1
