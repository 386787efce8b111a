"""Women and men are counted at each step as it was: in the first places, and when proposed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Gender
from webapp.insights.kinds import Asked
from webapp.insights.queries.steps import Steps, count_by_gender
from webapp.matches import operations
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep


def counted(session: Session) -> dict[Gender | None, Steps]:
    """Return what is counted of the last days."""
    today = clock.today()
    return count_by_gender(session, Asked(today - timedelta(days=10), today))


def test_the_first_places_are_those_of_the_ranking_from_which_somebody_was_first_chosen(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED).id
        woman = factories.expert(session, gender=Gender.FEMALE).id
        man = factories.expert(session, gender=Gender.MALE).id
        factories.expert(session, gender=None)
    coordinator = sign_in_as(Role.COORDINATOR)
    coordinator.post(f"/requests/{request}/matches/{woman}")
    with writing(app) as session:
        factories.expert(session, gender=Gender.MALE)
    coordinator.post(f"/requests/{request}/matches/{man}")
    with reading(app) as session:
        found = counted(session)
        assert {gender: one.first_places for gender, one in found.items()} == {
            Gender.FEMALE: 1, Gender.MALE: 1, None: 1,
        }  # fmt: skip
        assert found[Gender.MALE].roster == 2


@pytest.mark.both_databases
def test_who_was_taken_back_after_the_proposal_was_proposed(session: Session) -> None:
    match = factories.match(session, MatchState.PROPOSED)
    match.expert.gender = Gender.FEMALE
    coordinator = factories.account(session, Role.COORDINATOR)
    operations.take(
        factories.work(session, coordinator), match, MatchStep.TAKE_BACK,
        Grounds(ReasonKind.PERSONAL),
    )  # fmt: skip
    session.flush()
    assert match.state is MatchState.CANCELLED
    assert counted(session)[Gender.FEMALE] == Steps(1, 0, 1, 1, 0)
