"""Reading at the speed of a machine is stopped in words, recorded, and told to administrators."""

from collections.abc import Callable
from datetime import timedelta
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
from webapp.experts.models import Expert, ProfileView
from webapp.messages.models import OutboxMessage

SignIn = Callable[..., Pages]

pytestmark = pytest.mark.both_databases


@pytest.fixture
def experts(app: Flask) -> list[Expert]:
    """Return a roster."""
    with writing(app) as session:
        factories.account(session, Role.ADMINISTRATOR, email="admin@example.org", language="ru")
        factories.account(session, Role.ADMINISTRATOR)
        factories.account(session, Role.ADMINISTRATOR).active = False
        return [factories.expert(session) for _ in range(70)]


def read_on(pages: Pages, experts: list[Expert]) -> list[int]:
    """Read profiles one after the other, as a program does, by forms that are refused as well."""
    token = {"csrf_token": pages.own_token()}
    return [
        pages.client.post(f"/roster/{expert.id}/suspend", data=token).status_code
        if expert.id % 2
        else pages.client.get(f"/roster/{expert.id}").status_code
        for expert in experts
    ]


def events(app: Flask, action: Action) -> list[AuditEvent]:
    """Return the events of a kind, oldest first."""
    with reading(app) as session:
        found = sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)
        rows = list(session.scalars(found))
        session.expunge_all()
        return rows


def mails(app: Flask) -> list[OutboxMessage]:
    """Return what was written to people."""
    with reading(app) as session:
        rows = list(session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))
        session.expunge_all()
        return rows


@pytest.mark.long
@pytest.mark.thorough
def test_a_program_is_stopped_and_administrators_are_told_once_an_hour(
    app: Flask, sign_in_as: SignIn, experts: list[Expert], clock: Any
) -> None:
    reader = sign_in_as(Role.COORDINATOR, name="Boris Greedy")
    assert [status == 429 for status in read_on(reader, experts)] == [False] * 60 + [True] * 10
    refused = reader.client.get(f"/roster/{experts[0].id}")
    assert int(refused.headers["Retry-After"]) > 0
    assert "That was too often. Please try again in" in refused.text
    with reading(app) as session:
        seen = session.scalars(sa.select(ProfileView.expert_id)).all()
    assert sorted(seen) == sorted(expert.id for expert in experts[:60])
    (told,) = events(app, Action.LIMIT_REACHED)
    assert told.details == {"limit": "pages of experts"}
    assert len(mails(app)) == 2
    for mail in mails(app):
        assert f"/audit?person={told.actor_id}" in mail.body
        assert "Boris" not in mail.body
    clock.shift(timedelta(minutes=2))
    assert reader.client.get(f"/roster/{experts[0].id}").status_code == 200
    read_on(reader, experts)
    assert len(mails(app)) == 2
    clock.shift(timedelta(minutes=61))
    read_on(reader, experts)
    assert len(mails(app)) == 4
    assert len(events(app, Action.LIMIT_REACHED)) == 2


@pytest.mark.thorough
def test_lists_and_drafts_are_limited_too(app: Flask, sign_in_as: SignIn, clock: Any) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    statuses = [coordinator.client.get(f"/roster?page={n}").status_code for n in range(45)]
    assert statuses == [200] * 40 + [429] * 5
    requester = sign_in_as(Role.REQUESTER)
    token = {"csrf_token": requester.own_token()}
    statuses = [requester.client.post("/requests/new", data=token).status_code for _ in range(22)]
    assert 429 not in statuses[:20]
    assert statuses[20:] == [429] * 2


@pytest.mark.thorough
def test_one_person_does_not_stop_another(
    app: Flask, sign_in_as: SignIn, experts: list[Expert], clock: Any
) -> None:
    read_on(sign_in_as(Role.COORDINATOR), experts)
    sign_in_as(Role.COORDINATOR).get(f"/roster/{experts[0].id}")


def test_refused_access_leaves_one_event_a_minute_without_secrets(
    app: Flask, sign_in_as: SignIn, clock: Any
) -> None:
    requester = sign_in_as(Role.REQUESTER)
    for _ in range(3):
        requester.get("/roster/7", status=403)
        requester.get("/requests/4711", status=404)
    requester.get("/kept/a-token-that-is-a-secret", status=404)
    requester.get("/no-such-page", status=404)
    refused = events(app, Action.ACCESS_REFUSED)
    told = [(event.details["status"], event.details["page"]) for event in refused]
    assert told[:2] == [(403, "experts.show"), (404, "expertise_requests.show")]
    assert [event.details["things"] for event in refused[:2]] == [
        {"expert_id": 7}, {"request_id": 4711},
    ]  # fmt: skip
    assert {event.address for event in refused} == {"127.0.0.1"}
    assert "secret" not in str([event.details for event in refused])
    assert "no-such-page" not in str([event.details for event in refused])
    count = len(refused)
    clock.shift(timedelta(seconds=61))
    requester.post("/roster/7/suspend", status=403)
    requester.get("/roster/7", status=403)
    assert len(events(app, Action.ACCESS_REFUSED)) == count + 2


def test_strangers_leave_no_event(app: Flask, pages: Pages) -> None:
    pages.get("/roster/7", status=302)
    pages.post("/roster/7/suspend", status=401)
    pages.get("/static/nothing.css", status=404)
    assert events(app, Action.ACCESS_REFUSED) == []
