"""Consent is taken back as easily as it is given, and given anew."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.experts import operations
from webapp.experts.models import Expert, ExpertState
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.matches.models import Match, MatchState
from webapp.messages.models import Notice

pytestmark = pytest.mark.both_databases


def state(app: Flask, expert: Expert) -> ExpertState:
    with reading(app) as session:
        return session.get_one(Expert, expert.id).state


def test_consent_is_taken_back_on_my_data_and_given_anew(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.INVITED, coordinator=coordinator)
        expert, person = match.expert, match.expert.account
    pages = visitor().sign_in(person)
    page = pages.get("/my-data").follow("Take my consent back …")
    assert "You are out of the ranking at once" in page.text
    page.submit("Leave the roster")
    assert state(app, expert) is ExpertState.WITHDRAWN
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).consented_at is None
        assert session.get_one(Match, match.id).state is MatchState.CANCELLED
    page = pages.get("/my-data").follow("Agree to be on the roster")
    page.submit("Agree", {"consent": "y"})
    assert state(app, expert) is ExpertState.SCREENING
    with reading(app) as session:
        told = [row.words["subject"]["text"] for row in session.scalars(sa.select(Notice))]
        assert "Somebody comes back to the roster" in told


def test_whom_somebody_else_took_off_does_not_come_back_by_agreeing(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        person = expert.account
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        why = factories.requests.grounds(WORKFLOW[ExpertStep.TAKE_OFF])
        operations.take(work, expert, ExpertStep.TAKE_OFF, why)
        expert.consent_version = expert.consented_at = None
    pages = visitor().sign_in(person)
    assert "SEESAC can take your profile up again" in pages.get("/my-data").text
    pages.get("/profile/consent").submit("Agree", {"consent": "y"})
    assert state(app, expert) is ExpertState.WITHDRAWN


def lose_the_role(app: Flask, person: Account) -> None:
    """Let an administrator make a requester of somebody who was an expert."""
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
        accounts.change_roles(work, session.get_one(Account, person.id), {Role.REQUESTER})


def test_whoever_has_lost_the_role_takes_the_consent_back_all_the_same(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.INVITED)
        expert, person = match.expert, match.expert.account
    assert person is not None
    lose_the_role(app, person)
    pages = visitor().sign_in(person)
    page = pages.get("/my-data")
    assert "Who was shown your profile" not in page.text
    page.follow("Take my consent back …").submit("Leave the roster")
    assert state(app, expert) is ExpertState.WITHDRAWN
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).consented_at is None
        assert session.get_one(Match, match.id).state is MatchState.CANCELLED
    assert "Agree to be on the roster" not in pages.get("/my-data").text


def test_nobody_else_takes_it_back_by_that_page(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        stranger = factories.account(session, Role.REQUESTER)
    assert visitor().sign_in(stranger).get("/profile/leave", status=404)
    assert state(app, expert) is ExpertState.ACTIVE


@pytest.mark.parametrize("lost", ["role", "account"])
def test_whoever_is_shut_out_is_decided_about_by_seesac(
    app: Flask, visitor: Callable[[], Pages], lost: str
) -> None:
    with writing(app) as session:
        expert, other = factories.expert(session), factories.expert(session)
        coordinator = factories.account(session, Role.COORDINATOR)
        person = expert.account
    assert person is not None
    queue = visitor().sign_in(coordinator)
    words = f"Decide about {expert.name}, who cannot sign in as an expert any more"
    assert words not in queue.get("/queue").text
    if lost == "role":
        lose_the_role(app, person)
    else:
        with writing(app) as session:
            work = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
            accounts.disable(work, session.get_one(Account, person.id))
    page = queue.get("/queue")
    assert words in page.text
    assert f"Decide about {other.name}, who" not in page.text
    assert "The profile is still ranked, and no invitation reaches them." in page.text
    with writing(app) as session:
        why = factories.requests.grounds(WORKFLOW[ExpertStep.SUSPEND])
        work = factories.work(session, coordinator)
        operations.take(work, session.get_one(Expert, expert.id), ExpertStep.SUSPEND, why)
    assert words not in queue.get("/queue").text
