"""Text that is sent after the session has ended comes back in its form, whichever form it is."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.crawling import crawl, forms_of
from tests.databases import reading, rows, writing
from tests.ended_sessions import LONG, number_kept, sign_in_again, text_names
from tests.pages import Form, Page, Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState

NOT_DONE = "Nothing of it is saved or sent yet: please look at it, and then press the button"


def send(form: Form, values: dict[str, Any], button: str | None = None) -> Page:
    """Send the form, with whatever session there still is."""
    return form.page.pages.post(form.action, form.filled(values, button), token=None)


def go_on(page: Page) -> Page:
    """Press the button of the page that shows a kept text."""
    return gone_on(page, {200})


def gone_on(page: Page, fitting: set[int]) -> Page:
    """Press that button; the page of the form has one of these statuses."""
    assert page.heading == "Your text is kept", page.text
    form, pages = page.form("Go on with your text"), page.pages
    again = pages.check(form.action, pages.client.post(form.action, data=form.filled({})))
    assert again.status in fitting, again.text
    return again


def shown_in(page: Page) -> dict[str, list[str]]:
    """Return what stands in all fields of a page."""
    found: dict[str, list[str]] = {}
    for form in page.forms:
        for name, values in form.values.items():
            found.setdefault(name, []).extend(values)
    return found


@pytest.mark.first
@pytest.mark.thorough
@pytest.mark.parametrize("role", [Role.REQUESTER, Role.EXPERT, Role.COORDINATOR])
def test_every_form_that_takes_text_shows_it_again_after_the_sign_in(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages], clock: Any
) -> None:
    pages = visitor().sign_in(world.first(role))
    forms = [form for form in forms_of(crawl(pages, "/")) if text_names(form)]
    assert len(forms) >= 3
    for form in forms:
        clock.shift(LONG)
        typed = {name: f"typed into {number}" for number, name in enumerate(text_names(form))}
        page = sign_in_again(send(form, typed), world.first(role))
        assert all(text in page.text for text in typed.values()), form.action
        # What lacks a choice besides is told so at once.
        again = gone_on(page, {200, 400})
        shown = {value for values in shown_in(again).values() for value in values}
        assert set(typed.values()) <= shown, f"{form.action} lost {set(typed.values()) - shown}"
        assert NOT_DONE in again.text, form.action
    stored = {name: table for name, table in rows(app).items() if name != "kept_text"}
    assert "typed into" not in str(stored)


@pytest.mark.both_databases
def test_a_request_is_saved_from_its_kept_text(
    app: Flask, sign_in_as: Callable[..., Pages], clock: Any
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
    form = Pages(app).sign_in(person).get("/requests/new").form("Save as draft")
    clock.shift(LONG)
    values = {"Title": "A course on tracing", "Objectives": "Zweitens:\r\nдругий рядок"}
    again = go_on(sign_in_again(send(form, values, "Save as draft"), person))
    assert number_kept(app) == 1  # Until it is saved, going back finds it again.
    assert again.submit("Save as draft").heading == "A course on tracing"
    with reading(app) as session:
        made = session.scalars(sa.select(ExpertiseRequest)).one()
        assert made.objectives == "Zweitens:\nдругий рядок"
    assert number_kept(app) == 0


def test_rows_of_a_profile_are_saved_from_their_kept_text(
    app: Flask, pages: Pages, clock: Any
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        account = expert.account
    form = pages.sign_in(account).get("/profile/languages").form("Save")
    clock.shift(LONG)
    rows_of = {"skills-2-language": "fr", "skills-2-level": "B1"}
    again = go_on(sign_in_again(send(form, rows_of), account))
    again.submit("Save")
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert {row.language for row in stored.languages} == {"en", "cnr", "fr"}
    assert number_kept(app) == 0


@pytest.mark.both_databases
def test_a_reason_is_sent_from_its_kept_text(
    app: Flask, world: factories.World, pages: Pages, clock: Any
) -> None:
    expert, match = world.first(Role.EXPERT), world.matches[MatchState.INVITED]
    page = pages.sign_in(expert).get(f"/invitations/{match.id}")
    clock.shift(LONG)
    reason = {"Why you cannot go": "other", "In your own words": "An exercise at home"}
    again = go_on(sign_in_again(send(page.form("No, I cannot go"), reason), expert))
    again.submit("No, I cannot go")
    with reading(app) as session:
        stored = session.get_one(Match, match.id)
        assert stored.reason is not None
        given = (stored.state, stored.reason.text)
        assert given == (MatchState.DECLINED, "An exercise at home")


def test_a_step_on_the_roster_is_taken_from_its_kept_text(
    app: Flask, world: factories.World, pages: Pages, clock: Any
) -> None:
    coordinator, expert = world.first(Role.COORDINATOR), world.experts[1]
    form = pages.sign_in(coordinator).get(f"/roster/{expert.id}").form("Suspend")
    clock.shift(LONG)
    reason = {"Why the profile is suspended": "left service"}
    again = go_on(sign_in_again(send(form, reason, "Suspend"), coordinator))
    again.submit("Suspend")
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.SUSPENDED


def test_a_text_that_was_overtaken_meets_the_page_of_the_conflict(
    app: Flask, world: factories.World, visitor: Callable[[], Pages], clock: Any
) -> None:
    person, draft = world.first(Role.REQUESTER), world.requests[RequestState.DRAFT]
    url = f"/requests/{draft.id}/edit"
    form = visitor().sign_in(person).get(url).form("Save as draft")
    elsewhere = visitor().sign_in(person).get(url)
    elsewhere.submit("Save as draft", {"Title": "Changed meanwhile"})
    clock.shift(LONG)
    again = go_on(sign_in_again(send(form, {"Title": "Written too late"}, "Save as draft"), person))
    conflict = again.submit("Save as draft", status=409)
    assert "Your text is not saved yet" in conflict.text
    assert "Changed meanwhile" in conflict.text
    assert conflict.submit("Save as draft").heading == "Written too late"
    assert number_kept(app) == 0


def test_going_on_twice_shows_the_text_twice_and_saves_it_once(
    app: Flask, world: factories.World, pages: Pages, clock: Any
) -> None:
    person = world.first(Role.REQUESTER)
    form = pages.sign_in(person).get("/requests/new").form("Save as draft")
    clock.shift(LONG)
    page = sign_in_again(send(form, {"Title": "Once only"}, "Save as draft"), person)
    first, second = go_on(page), go_on(page)
    assert first.form("Save as draft").values["title"] == ["Once only"]
    first.submit("Save as draft")
    second.submit("Save as draft")
    with reading(app) as session:
        titles = session.scalars(sa.select(ExpertiseRequest.title)).all()
    assert titles.count("Once only") == 1


@pytest.mark.thorough
def test_the_page_of_a_kept_text_is_there_again_until_it_is_saved(
    world: factories.World, pages: Pages, clock: Any
) -> None:
    person = world.first(Role.REQUESTER)
    form = pages.sign_in(person).get("/requests/new").form("Save as draft")
    clock.shift(LONG)
    page = sign_in_again(send(form, {"Title": "Still here"}, "Save as draft"), person)
    again = go_on(page)
    assert go_on(pages.get(page.url)).form("Save as draft").values["title"] == ["Still here"]
    again.submit("Save as draft")
    assert pages.get(page.url, status=404).heading == "No text of yours is kept here"
