"""Who was shown a profile is recorded with the page that showed it, and its expert reads it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import invariants
from webapp.experts.models import Expert, ExpertState, ProfileView
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

SignIn = Callable[..., Pages]


def add(app: Flask, count: int = 1, **values: Any) -> list[Expert]:
    """Put experts on the roster."""
    with writing(app) as session:
        return [factories.expert(session, **values) for _ in range(count)]


def views(app: Flask) -> list[dict[str, Any]]:
    """Return what the log tells of pages that showed experts, oldest first."""
    with reading(app) as session:
        events = sa.select(AuditEvent).where(AuditEvent.action == Action.PROFILE_VIEWED)
        return [event.details for event in session.scalars(events.order_by(AuditEvent.id))]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("step", "values", "status"),
    [("suspend", {}, 400), ("start-screening", {}, 409), ("suspend", {"csrf_token": "wrong"}, 400)],
)
def test_a_profile_that_a_refused_form_shows_is_recorded(
    app: Flask, sign_in_as: SignIn, step: str, values: dict[str, str], status: int
) -> None:
    """Otherwise the whole roster could be read by forms that are refused, without a trace."""
    reader, (expert,) = sign_in_as(Role.COORDINATOR), add(app)
    token = {"csrf_token": reader.own_token(), **values}
    page = reader.client.post(f"/roster/{expert.id}/{step}", data=token)
    assert (page.status_code, expert.name in page.text) == (status, True)
    assert [(view["page"], view["experts"]) for view in views(app)] == [
        ("experts.take_step", [expert.id])
    ]


def test_a_refusal_that_names_somebody_is_recorded(app: Flask, sign_in_as: SignIn) -> None:
    reader = sign_in_as(Role.COORDINATOR)
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, Role.EXPERT)
        expert = factories.expert(session, person=person)
        request = factories.request(session, RequestState.ACCEPTED, requester=person)
        address = f"/requests/{request.id}/matches/{expert.id}"
    sent = {"csrf_token": reader.own_token(), "kind": "other", "reason": "Nobody else."}
    sent |= {f"out-of-turn-{name}": value for name, value in sent.items()}
    answer = reader.client.post(address, data=sent)
    assert (answer.status_code, f"{expert.name} is one of those" in answer.text) == (409, True)
    assert [view["experts"] for view in views(app)] == [[expert.id]]


@pytest.mark.both_databases
def test_a_list_is_one_event_with_all_whom_it_shows(app: Flask, sign_in_as: SignIn) -> None:
    experts = add(app, 3)
    other = add(app, name="Zora Else")
    reader = sign_in_as(Role.COORDINATOR)
    shown = [view["experts"] for view in views(app)]
    assert shown == []
    reader.get("/roster", query={"q": "Fictional"})
    reader.client.head("/roster?q=Zora")
    assert [view["experts"] for view in views(app)] == [
        sorted(expert.id for expert in [*experts, *other]), [other[0].id],
    ]  # fmt: skip


def test_the_same_page_again_is_told_once_and_anew_after_ten_minutes(
    app: Flask, sign_in_as: SignIn, clock: Any
) -> None:
    reader, (expert, another) = sign_in_as(Role.COORDINATOR), add(app, 2)
    for _ in range(3):
        reader.get(f"/roster/{expert.id}")
    reader.get(f"/roster/{another.id}")
    reader.get(f"/roster/{expert.id}")
    assert [view["experts"] for view in views(app)] == [[expert.id], [another.id]]
    clock.shift(timedelta(minutes=11))
    reader.get(f"/roster/{expert.id}")
    sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}")
    assert [view["experts"] for view in views(app)][2:] == [[expert.id]] * 2


def test_an_expert_reads_of_each_person_and_day_in_one_line(
    app: Flask, sign_in_as: SignIn, visitor: Callable[[], Pages], clock: Any
) -> None:
    clock.move_to("2031-05-05T08:00:00Z")
    (expert,) = add(app)
    with writing(app) as session:
        factories.account(session, Role.COORDINATOR, name="Ana First")
    first = sign_in_as(Role.COORDINATOR, name="Boris Quiet", institution="Fictional Office")
    first.get(f"/roster/{expert.id}")
    loud = sign_in_as(Role.COORDINATOR, name="Caterina Loud")
    for _ in range(12):
        clock.shift(timedelta(minutes=11))
        loud.get(f"/roster/{expert.id}")
        loud.get("/roster")
    own = visitor().come_in(expert.account)
    told = own.get("/profile").text
    assert told.count("Caterina Loud") == 1
    assert "24 times: the whole profile, a list of the roster" in told
    page = own.get("/profile").follow("What is recorded, and what counts as seen")
    assert page.heading == "Who has seen your profile"
    assert "Boris Quiet coordinator, Fictional Office once: the whole profile" in page.text
    assert "Ana First" not in page.text


@pytest.mark.both_databases
def test_a_request_is_named_to_who_was_invited_to_it_and_to_nobody_else(
    app: Flask, sign_in_as: SignIn, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        asked = factories.request(session, RequestState.ACCEPTED, title="Stores that are safe")
        secret = factories.request(session, RequestState.ACCEPTED, title="Not theirs to read")
        expert = factories.expert(session)
        match = factories.match(session, MatchState.SHORTLISTED, request=asked, expert=expert)
        of_secret = factories.match(session, MatchState.SHORTLISTED, request=secret, expert=expert)
    reader, own = sign_in_as(Role.COORDINATOR), visitor().come_in(expert.account)
    for address in (f"/matches/{match.id}", f"/matches/{of_secret.id}"):
        reader.get(address)
    text = own.get("/profile/views").text
    assert "2 times: a match with a request" in text
    assert asked.title not in text
    with writing(app) as session:
        by = factories.work(session, factories.account(session, Role.COORDINATOR))
        matches.take(by, session.get_one(Match, match.id), MatchStep.INVITE)
    page = own.get("/profile/views")
    told = f"2 times: a match with a request; for “{asked.title}”: a match with a request"
    assert told in page.text
    assert secret.title not in page.text
    assert page.follow(asked.title).heading


@pytest.mark.both_databases
def test_pages_of_a_mission_tell_for_which_request_they_were(
    app: Flask, sign_in_as: SignIn, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, clock)
        title, person = mission.match.request.title, mission.match.expert.account
        address = f"/deployments/{mission.id}"
    sign_in_as(Role.COORDINATOR).get(address)
    assert f"for “{title}”: " in visitor().come_in(person).get("/profile").text


def test_many_days_stand_in_pages(app: Flask, sign_in_as: SignIn, visitor: Any, clock: Any) -> None:
    (expert,) = add(app)
    for _ in range(8):
        sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}")
    own = visitor().come_in(expert.account)
    assert "Everybody who has seen it" in own.get("/profile").links


def test_nobody_is_told_of_themselves(app: Flask, sign_in_as: SignIn, visitor: Any) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        own = factories.expert(session, person=person, state=ExpertState.ACTIVE)
    pages = visitor().come_in(person)
    pages.get("/profile")
    pages.get("/profile/preview")
    pages.get(f"/roster/{own.id}")
    pages.get("/roster")
    assert views(app) == []
    assert "Nobody has seen your profile yet" in pages.get("/profile/views").text


@pytest.mark.parametrize(
    "change",
    [
        sa.delete(ProfileView),
        sa.update(ProfileView).values(account_id=ProfileView.account_id + 1),
        sa.update(ProfileView).values(day=date(2020, 1, 1)),
        sa.update(ProfileView).values(page="home.landing"),
    ],
    ids=["gone", "somebody else", "another day", "another page"],
)
def test_lines_that_do_not_agree_with_the_log_are_found(
    app: Flask, sign_in_as: SignIn, change: Any
) -> None:
    experts = add(app, 2)
    sign_in_as(Role.COORDINATOR).get("/roster")
    with reading(app) as session:
        assert list(invariants.views_agree_with_log(session)) == []
        session.execute(change.where(ProfileView.expert_id == experts[0].id))
        (fault,) = invariants.views_agree_with_log(session)
        assert "does not agree" in fault
