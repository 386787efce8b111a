"""The page of settings: limits, stale edits, the audit log, and that it says what has no effect."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert
from webapp.matches import remarks
from webapp.matches.models import MatchState
from webapp.platform_settings.operations import Wanted
from webapp.platform_settings.queries import get_settings
from webapp.platform_settings.wording import NOT_YET

WEBAPP = Path(__file__).resolve().parents[3] / "webapp"
REST, REPLY = "Rest between missions, in days", "Time to reply, in days"


def test_a_change_is_saved_and_logged_with_before_and_after(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/settings")
    page = page.submit("Save the settings", {REST: "45", "Two people for each match": True})
    assert "The settings are saved." in page.text
    assert "Nothing was changed." in page.submit("Save the settings").text
    with reading(app) as session:
        settings = get_settings(session)
        assert (settings.rest_days, settings.four_eyes, settings.reply_by_days) == (45, True, 7)
        event = session.query(AuditEvent).filter_by(action=Action.SETTINGS_CHANGED.value).one()
        assert event.details == {
            "before": {"rest_days": 30, "four_eyes": False},
            "after": {"rest_days": 45, "four_eyes": True},
        }


@pytest.mark.parametrize(
    ("label", "name", "outside"),
    [
        (REST, "rest_days", ("-1", "366")),
        (
            "A profile is to be confirmed again after, in months",
            "dormant_after_months",
            ("0", "61"),
        ),
        (REPLY, "reply_by_days", ("0", "61")),
        (
            "Time that ended requests and resting profiles are kept, in months",
            "retention_months",
            ("5", "241"),
        ),
    ],
)
def test_a_number_outside_its_limits_is_refused_at_its_field(
    label: str, name: str, outside: tuple[str, ...], sign_in_as: Callable[..., Pages]
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get("/settings")
    for typed in outside:
        refused = page.submit("Save the settings", {label: typed}, status=400)
        assert "Please give a number from" in refused.errors[name]
        assert refused.form("Save the settings").values[name] == [typed]
    inside = [str(int(outside[0]) + 1), str(int(outside[1]) - 1)]
    for typed in inside:
        page = page.submit("Save the settings", {label: typed})
        assert "The settings are saved." in page.text


def test_a_stale_edit_is_refused_with_both_values(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    first, second = (sign_in_as(Role.ADMINISTRATOR).get("/settings") for _number in range(2))
    first.submit("Save the settings", {REST: "10", "Accounts on request": True})
    page = second.submit("Save the settings", {REST: "20"}, status=409)
    assert "Stored now: 10" in page.text
    assert "Stored now: on" in page.text
    assert page.form("Save the settings").values["rest_days"] == ["20"]
    page.submit("Save the settings")
    with reading(app) as session:
        settings = get_settings(session)
        assert (settings.rest_days, settings.accounts_on_request) == (20, False)


def test_a_setting_that_nothing_obeys_says_so() -> None:
    """Whoever makes the platform read a setting takes its sentence out of NOT_YET."""
    code = "\n".join(
        path.read_text("utf-8")
        for path in WEBAPP.rglob("*.py")
        if not path.is_relative_to(WEBAPP / "platform_settings")
    )
    unread = {name for name in Wanted.__dataclass_fields__ if not re.search(rf"\.{name}\b", code)}
    assert unread == NOT_YET.keys()


def test_the_time_to_confirm_a_profile_is_the_one_that_was_set(
    app: Flask, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, person=factories.account(session, Role.EXPERT))
        expert.last_confirmed_at = clock.now() - timedelta(days=100)
        person = expert.account
    asked = "Please read it through and confirm it."
    assert asked not in visitor().come_in(person).get("/profile").text
    page = sign_in_as(Role.ADMINISTRATOR).get("/settings")
    page.submit("Save the settings", {"A profile is to be confirmed again after, in months": "3"})
    assert asked in visitor().come_in(person).get("/profile").text


def test_the_rest_between_missions_is_the_one_that_was_set(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        booked = factories.match(session, MatchState.APPROVED)
        end = booked.request.end or date.max
        first = end + timedelta(days=20)
        wanted = factories.request(session, RequestState.ACCEPTED, start=first, end=first)

    def kinds() -> list[str]:
        with reading(app) as session:
            request = session.get_one(ExpertiseRequest, wanted.id)
            expert = session.get_one(Expert, booked.expert_id)
            found = remarks.list_remarks(session, SYSTEM, request, [expert], clock.now())
            return [remark.kind.value for remark in found[booked.expert_id]]

    assert "booked near the mission" in kinds()
    sign_in_as(Role.ADMINISTRATOR).get("/settings").submit("Save the settings", {REST: "19"})
    assert "booked near the mission" not in kinds()
