"""One command tells who was shown an expert between two days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import ProfileView

VIEWED = Action.PROFILE_VIEWED


@pytest.mark.both_databases
def test_who_saw_an_expert_is_told_with_time_address_and_page(
    app: Flask, sign_in_as: Callable[..., Pages], clock: Any
) -> None:
    clock.move_to("2026-03-01T10:00:00Z")
    with writing(app) as session:
        expert, other = factories.expert(session), factories.expert(session)
    sign_in_as(Role.COORDINATOR, name="Ana Early").get(f"/roster/{expert.id}")
    clock.shift(timedelta(days=2))
    late = sign_in_as(Role.COORDINATOR, name="Boris Late")
    late.get("/roster")
    late.get(f"/roster/{other.id}")
    run = app.test_cli_runner().invoke
    told = run(args=["who-saw", str(expert.id), "--from", "2026-03-02", "--to", "2026-03-03"])
    assert told.exit_code == 0
    head, line = told.output.splitlines()
    assert head == f"{expert.name} was shown 1 times from 2026-03-02 to 2026-03-03."
    assert line.split("\t")[0] == "2026-03-03 10:00:00 UTC"
    assert "Boris Late" in line
    assert line.split("\t")[2:5] == ["127.0.0.1", "a list of the roster", "/roster"]
    told = run(args=["who-saw", str(expert.id), "--from", "2026-03-01"])
    assert [line.split("\t")[4] for line in told.output.splitlines()[1:]] == [
        f"/roster/{expert.id}", "/roster",
    ]  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change", ["deleted", "given to another", "another reader", "another page"]
)
def test_rows_that_were_changed_beside_the_log_hide_nobody_and_are_told(
    app: Flask, sign_in_as: Callable[..., Pages], clock: Any, change: str
) -> None:
    clock.move_to("2026-03-01T10:00:00Z")
    with writing(app) as session:
        expert, other = factories.expert(session), factories.expert(session)
    reader = sign_in_as(Role.COORDINATOR, name="Ana Hidden")
    reader.get(f"/roster/{expert.id}")
    where = ProfileView.expert_id == expert.id
    with writing(app) as session:
        if change == "deleted":
            session.execute(sa.delete(ProfileView).where(where))
        else:
            another = factories.account(session, Role.ADMINISTRATOR).id
            values: dict[str, dict[str, Any]] = {
                "given to another": {"expert_id": other.id},
                "another reader": {"account_id": another},
                "another page": {"page": "home.landing"},
            }
            session.execute(sa.update(ProfileView).where(where).values(**values[change]))
        number = session.scalar(sa.select(AuditEvent.id).where(AuditEvent.action == VIEWED))
    told = app.test_cli_runner().invoke(args=["who-saw", str(expert.id), "--from", "2026-03-01"])
    assert told.exit_code == 1
    assert "was shown 1 times" in told.output
    assert "Ana Hidden" in told.output
    assert f"do not agree with audit events {number}." in told.output
    # Days on which nothing was changed are told as ever.
    told = app.test_cli_runner().invoke(args=["who-saw", str(expert.id), "--from", "2026-03-02"])
    assert told.exit_code == 0
    if change == "given to another":
        told = app.test_cli_runner().invoke(args=["who-saw", str(other.id), "--from", "2026-03-01"])
        assert told.exit_code == 1
        assert "was shown 0 times" in told.output


def test_an_expert_who_is_not_there_is_no_empty_answer(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["who-saw", "99", "--from", "2026-03-01"])
    assert told.exit_code != 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["who-saw", "9" * 19, "--from", "2026-03-01"], "is not in the range"),
        (["who-saw", "9" * 4301, "--from", "2026-03-01"], "EXPERT_ID"),
        (["who-saw", "77", "--from", "2026-03-01"], "There is no such expert"),
        (["accounts", "deactivate", "account:" + "9" * 19], "There is no account"),
        (["accounts", "deactivate", "account:" + "9" * 4301], "There is no account"),
        (["personal-data", "erase", "9" * 4301, "--yes"], "There is no account"),
        (["accounts", "remove-texts-of-profile", "9" * 19], "is not in the range"),
    ],
)
def test_numbers_and_days_that_lead_nowhere_are_refused_in_words(
    app: Flask, given: list[str], said: str
) -> None:
    with app.app_context():
        told = app.test_cli_runner().invoke(args=given)
    assert (told.exit_code != 0, said in told.output) == (True, True), told.output
    assert "Traceback" not in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_the_last_day_of_all_is_a_day(app: Flask) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    days = ["--from", "2026-03-01", "--to", "9999-12-31"]
    told = app.test_cli_runner().invoke(args=["who-saw", str(number), *days])
    assert told.exit_code == 0, told.output


def test_the_page_of_the_log_takes_the_last_day_of_all(sign_in_as: Callable[..., Pages]) -> None:
    reader = sign_in_as(Role.ADMINISTRATOR)
    answer = reader.client.get("/audit-log", query_string={"last": "9999-12-31"})
    assert answer.status_code in {200, 400, 404}
