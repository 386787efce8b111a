"""A coordinator takes a request on or hands it over; the queue says who sees to what."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests import handling
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.models import ProfileView
from webapp.messages.models import Notice

SIGN_IN = Callable[..., Pages]
pytestmark = pytest.mark.both_databases


def test_a_coordinator_takes_a_request_on_and_hands_it_over(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        first = factories.account(session, Role.COORDINATOR)
        second = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.SUBMITTED)
    pages = visitor().come_in(first)
    assert "No coordinator has taken it on yet." in pages.get(f"/requests/{request.id}").text
    page = pages.get(f"/requests/{request.id}/coordinator")
    page.submit("Let this person see to it", {})
    assert f"{first.name} sees to it" in pages.get("/queue").text
    page = pages.get(f"/requests/{request.id}/coordinator")
    page.submit("Let this person see to it", {"Who sees to it": str(second.id)})
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, request.id).handled_by == second.id
        told = session.query(Notice).order_by(Notice.id.desc()).limit(1).one()
        assert (told.account_id, told.path) == (second.id, f"/requests/{request.id}")
        done = session.query(AuditEvent).filter_by(action=Action.REQUEST_HANDED).all()
        assert len(done) == 2
    assert request.title not in pages.get("/queue", query={"see": "mine"}).text
    assert request.title in pages.get("/queue").text
    story = pages.get(f"/requests/{request.id}").text
    assert f"Let {second.name} see to the request" in story


def test_the_same_again_changes_nothing_and_a_stale_page_is_refused(app: Flask) -> None:
    with writing(app) as session:
        first = factories.account(session, Role.COORDINATOR)
        second = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.SUBMITTED)
    for _time in range(2):
        with writing(app) as session:
            request = session.get_one(ExpertiseRequest, request.id)
            handling.hand_over(factories.work(session, first), request, first.id, seen=None)
    with writing(app) as session:
        assert session.query(AuditEvent).filter_by(action=Action.REQUEST_HANDED).count() == 1
        request = session.get_one(ExpertiseRequest, request.id)
        with pytest.raises(ConflictError, match="look again"):
            handling.hand_over(factories.work(session, second), request, second.id, seen=None)
        assert request.handled_by == first.id


def test_only_coordinators_with_nothing_to_ask_see_to_an_open_request(app: Flask) -> None:
    with writing(app) as session:
        ours = factories.organisation(session)
        asking = factories.account(
            session, Role.COORDINATOR, Role.REQUESTER, organisation_id=ours.id
        )
        requester = factories.account(session, Role.REQUESTER, organisation_id=ours.id)
        coordinator = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.SUBMITTED, requester=requester)
        assert handling.list_able(session, request) == [coordinator]
        for person in (asking, requester):
            with pytest.raises(ForbiddenError):
                handling.hand_over(
                    factories.work(session, person), request, coordinator.id, seen=None
                )
        with pytest.raises(ConflictError):
            handling.hand_over(factories.work(session, coordinator), request, asking.id, seen=None)
        ended = factories.request(session, RequestState.DECLINED)
        with pytest.raises(ForbiddenError):
            handling.hand_over(
                factories.work(session, coordinator), ended, coordinator.id, seen=None
            )


def test_a_requester_reads_nothing_of_who_sees_to_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.SUBMITTED)
        handling.hand_over(factories.work(session, coordinator), request, coordinator.id, seen=None)
        requester = request.requester
    pages = visitor().come_in(requester)
    assert coordinator.name not in pages.get(f"/requests/{request.id}").text


@pytest.mark.parametrize(
    "address", ["/queue", "/requests/{request}", "/requests/{request}/coordinator"]
)
def test_who_sees_to_a_request_and_has_a_profile_is_recorded_as_shown(
    app: Flask, visitor: Callable[[], Pages], address: str
) -> None:
    with writing(app) as session:
        handler = factories.account(session, Role.COORDINATOR, Role.EXPERT, name="Zora Sama")
        profile = factories.expert(session, person=handler, name="Zora Sama").id
        request = factories.request(session, RequestState.SUBMITTED)
        request.handled_by = handler.id
        reader, number = factories.account(session, Role.COORDINATOR), request.id
    page = visitor().come_in(reader).get(address.format(request=number))
    assert "Zora Sama" in page.text
    with reading(app) as session:
        shown = session.query(ProfileView).filter_by(expert_id=profile).all()
        assert [row.account_id for row in shown] == [reader.id]


def test_whoever_accepts_a_request_sees_to_it_unless_a_colleague_does(app: Flask) -> None:
    with writing(app) as session:
        first, second = (factories.account(session, Role.COORDINATOR) for _one in range(2))
        alone, taken = (factories.request(session, RequestState.SUBMITTED) for _one in range(2))
        handling.hand_over(factories.work(session, second), taken, second.id, seen=None)
        for request in (alone, taken):
            requests.take(factories.work(session, first), request, RequestStep.ACCEPT)
        assert (alone.handled_by, taken.handled_by) == (first.id, second.id)
        # Who cannot act any more sees to nothing.
        left = factories.request(session, RequestState.SUBMITTED)
        left.handled_by, second.active = second.id, False
        session.flush()
        requests.take(factories.work(session, first), left, RequestStep.ACCEPT)
        assert left.handled_by == first.id


def test_who_has_no_second_factor_any_more_is_told_that_another_has_accepted(app: Flask) -> None:
    with writing(app) as session:
        first, second = (factories.account(session, Role.COORDINATOR) for _one in range(2))
        second.demo = False
        request = factories.request(session, RequestState.SUBMITTED)
        request.handled_by = second.id
        session.flush()
        requests.take(factories.work(session, first), request, RequestStep.ACCEPT)
        assert request.handled_by == first.id
    with reading(app) as session:
        (event,) = session.query(AuditEvent).filter_by(action=Action.REQUEST_HANDED)
        assert (event.details["before"], event.details["after"]) == (second.id, first.id)
        told = session.query(Notice).filter_by(account_id=second.id)
        assert any("sees to" in one.words["text"]["text"] for one in told)
