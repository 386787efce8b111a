"""Consent is taken back as easily as it is given, and given anew."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
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
