"""Reasons in words: they stand in one row each, and can be removed from it."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.databases import reading, rows, writing
from tests.pages import Pages
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep
from webapp.experts import operations as experts
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.membership import operations

OWN, ABOUT, COMMENT = "My father Zvonimir is ill", "She quarrelled in Kumanovo", "Ask Tihomir"


def _decline(app: Flask) -> Match:
    """Let an expert decline with a text, and a coordinator suspend them with another."""
    with writing(app) as session:
        match = factories.match(session, MatchState.INVITED)
        work = factories.work(session, match.expert.account)
        matches.take(work, match, MatchStep.DECLINE, factories.grounds(text=OWN))
        coordinator = factories.work(session, factories.account(session, Role.COORDINATOR))
        why = factories.grounds(text=ABOUT)
        experts.take(coordinator, match.expert, ExpertStep.SUSPEND, why)
        return match


def _tables_with(app: Flask, text: str) -> list[str]:
    return [name for name, held in rows(app).items() if text in repr(held) or text in str(held)]


@pytest.mark.both_databases
def test_a_text_stands_in_one_row_and_never_in_the_log(app: Flask) -> None:
    _decline(app)
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        step = RequestStep.RETURN
        why = factories.grounds(WORKFLOW[step], COMMENT)
        requests.take(work, request, step, why)
    for text in (OWN, ABOUT, COMMENT):
        assert _tables_with(app, text) == ["reason"]
    with reading(app) as session:
        events = [event for event in session.query(AuditEvent) if event.reason]
        assert {event.reason for event in events} == {"other", "comment"}
        for event in events:
            assert session.get_one(Reason, event.details["reason_id"]).kind == event.reason


@pytest.mark.both_databases
@pytest.mark.parametrize("whose", ["account", "profile"])
def test_texts_by_and_about_a_person_are_removed_once_and_everywhere(
    app: Flask, sign_in_as: Callable[..., Pages], whose: str
) -> None:
    match = _decline(app)
    coordinator = sign_in_as(Role.COORDINATOR)
    match_page, profile = f"/matches/{match.id}", f"/roster/{match.expert_id}"
    assert OWN in coordinator.get(match_page).text
    assert ABOUT in coordinator.get(profile).text
    for wanted in ((1, 1), (0, 0)):
        with writing(app) as session:
            expert = session.get_one(Match, match.id).expert
            person = expert if whose == "profile" or expert.account is None else expert.account
            removed = operations.remove_texts(factories.work(session), person)
        assert (removed.written, removed.about) == wanted
    assert _tables_with(app, OWN) == _tables_with(app, ABOUT) == []
    for address in (match_page, profile, f"/requests/{match.request_id}"):
        page = coordinator.get(address)
        assert "Another reason" in page.text
        assert "The text was removed." in page.text
    with reading(app) as session:
        (event,) = session.query(AuditEvent).filter_by(action=Action.TEXTS_REMOVED)
        assert event.details == {"written": 1, "about": 1}
        assert audit.verify(session) == []


def test_texts_of_others_stay(app: Flask) -> None:
    _decline(app)
    with writing(app) as session:
        stranger = factories.expert(session)
        removed = operations.remove_texts(factories.work(session), stranger)
        assert (removed.written, removed.about) == (0, 0)
    assert _tables_with(app, OWN) == _tables_with(app, ABOUT) == ["reason"]


def test_the_commands_remove_texts_and_say_how_many(app: Flask) -> None:
    match = _decline(app)

    def run(*arguments: str) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=["accounts", *arguments])

    with reading(app) as session:
        account = session.get_one(Match, match.id).expert.account
        assert account is not None
        email = account.email
    said = run("remove-texts", email).output
    assert said == f"{email}: removed 1 texts written, 1 by others.\n"
    said = run("remove-texts-of-profile", str(match.expert_id)).output
    assert said == f"profile {match.expert_id}: removed 0 texts written, 0 by others.\n"
    assert run("remove-texts", "nobody@example.org").exit_code == 1
    assert run("remove-texts-of-profile", "999").exit_code == 1


def test_a_notice_shows_that_its_text_was_removed(app: Flask, pages: Pages) -> None:
    with writing(app) as session:
        reader = factories.account(session, Role.COORDINATOR)
    match = _decline(app)
    coordinator = pages.sign_in(reader)
    assert OWN in coordinator.get("/notices").text
    with writing(app) as session:
        operations.remove_texts(factories.work(session), session.get_one(Match, match.id).expert)
    shown = coordinator.get("/notices").text
    assert OWN not in shown
    assert "The text was removed." in shown
