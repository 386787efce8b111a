"""The queue: what is due first stands first, profiles among the tasks."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState, Urgency
from webapp.experts.models import ExpertState
from webapp.matches.worklist import worklist


def test_an_urgent_request_and_a_near_one_stand_before_older_ones(app: Flask) -> None:
    with writing(app) as session:
        old = factories.request(session, RequestState.SUBMITTED)
        old.state_since = clock.now() - timedelta(days=5)
        urgent = factories.request(session, RequestState.SUBMITTED, urgency=Urgency.URGENT)
        start = clock.today() + timedelta(days=9)
        near = factories.request(
            session, RequestState.SUBMITTED, start=start, end=start + timedelta(days=2)
        )
        far = factories.request(session, RequestState.SUBMITTED)
        reader = factories.actor(factories.account(session, Role.COORDINATOR))
        lines = worklist(session, reader).ours
        assert [line.request for line in lines] == [near, urgent, old, far]
        assert lines[0].days_left == 9
        assert [(line.due - clock.today()).days for line in lines] == [0, 1, 2, 7]


def test_profiles_stand_among_the_tasks(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        nominated = factories.expert(session, signs_in=False, telephone="+387 33 1")
        nominated.state = ExpertState.NOMINATED
        ending = factories.expert(session)
        ending.approved_until = clock.today() + timedelta(days=10)
        later = factories.expert(session)
        later.approved_until = clock.today() + timedelta(days=40)
        request = factories.request(session, RequestState.SUBMITTED)
        reader = factories.actor(factories.account(session, Role.COORDINATOR))
        lines = worklist(session, reader).ours
        assert {line.expert for line in lines} == {None, nominated, ending}
        # Its renewal has been due for longer than the request.
        assert lines[0].expert is ending
    text = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert f"Begin to screen {nominated.name}" in text
    assert f"The approval of {ending.name} ends on" in text
    assert later.name not in text
    assert f"{request.reference} {request.title}" in text
