"""In a real browser: nothing typed is lost, and what fits is counted as the server counts it."""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from webapp.core.roles import Role
from webapp.core.words import text_rules

pytestmark = [pytest.mark.browser, pytest.mark.long]
TEXTS = {
    "plain": "x" * 4_900,
    "line ends": "a\r\nb\n" * 1_200,
    "emoji": "👩🏽\u200d🚒🇽🇰" * 800,
    "invisible": "a\u200b\u2060\u00ad\U000e0041" * 4_950,
    "joiners": "a\u200db ب\u200cب " * 700,
    "blanks around": " \n" * 40 + "Ж" * 4_800 + "\u00a0\u2003" * 40,
    "pasted line ends": "line\u2028line\x0b" * 480,
}
# The counter itself, and a text put into a field as by a paste.
WRITE = """([field, text]) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", {bubbles: true}));
}"""


@pytest.fixture
def form(app: Flask, browser_page: Any) -> Any:
    """Return the page of a new request in a browser."""
    with writing(app) as session:
        email = factories.account(session, Role.REQUESTER).email
    browser_page.set_default_timeout(15_000)
    browser_page.goto("/login")
    browser_page.get_by_label("E-mail address").fill(email)
    browser_page.get_by_label("Password").fill(factories.PASSWORD)
    browser_page.get_by_role("button", name="Sign in").click()
    browser_page.goto("/requests/new")
    return browser_page


def counter(form: Any, name: str) -> Any:
    """Return what is told of a field."""
    return form.locator(f"#{name} + .counter")


def write(form: Any, name: str, text: str) -> None:
    """Put a text into a field as a paste does."""
    form.evaluate(WRITE, [form.locator(f"#{name}").element_handle(), text])


def test_texts_are_counted_as_they_are_stored(form: Any) -> None:
    for text in TEXTS.values():
        write(form, "tasks", text)
        count = f"{len(text_rules.cleaned_text(text)):,}"
        counter(form, "tasks").get_by_text(f"{count} of 5,000").wait_for()
        write(form, "tasks", "")
        form.locator("#tasks + .counter:empty").wait_for(state="attached")


def test_the_counter_is_silent_until_little_is_left_and_says_it_politely(form: Any) -> None:
    told = counter(form, "tasks")
    assert told.get_attribute("role") == "status"
    write(form, "tasks", "x" * 4_500)
    write(form, "title", "x" * 195)
    counter(form, "title").get_by_text("Characters: 195 of 200").wait_for()
    assert told.inner_text() == ""
    form.locator("#tasks").press_sequentially("y")
    told.get_by_text("Characters: 4,501 of 5,000").wait_for()


def test_a_text_that_is_too_long_stays_whole_and_is_told_at_its_field(form: Any) -> None:
    text = "Ж" * 10_245
    form.locator("#tasks").fill(text)
    counter(form, "tasks").get_by_text("Too many characters: 10,245 of 5,000").wait_for()
    form.get_by_role("button", name="Save as draft").click()
    form.locator("#tasks-error").get_by_text(
        "You wrote 10,245 characters; at most 5,000 fit."
    ).wait_for()
    assert form.locator("#tasks").input_value() == text
    assert "too-many" in (counter(form, "tasks").get_attribute("class") or "")


def test_a_day_of_which_a_part_is_missing_is_not_sent_as_none(form: Any) -> None:
    form.locator("#title").fill("Half a day")
    form.locator("#start").press_sequentially("05")
    form.get_by_role("button", name="Save as draft").click()
    assert form.evaluate("document.activeElement.id") == "start"
    assert form.url.endswith("/requests/new")
    form.locator("#start").fill("2031-05-05")
    form.get_by_role("button", name="Save as draft").click()
    form.get_by_role("heading", name="Half a day").wait_for()


def test_without_javascript_the_limit_is_said_beforehand(
    app: Flask, chromium: Any, live_url: str
) -> None:
    with writing(app) as session:
        email = factories.account(session, Role.REQUESTER).email
    context = chromium.new_context(base_url=live_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/requests/new")
    assert page.get_by_text("At most 5,000 characters.").first.is_visible()
    page.locator("#tasks").fill("x" * 5_001)
    page.get_by_role("button", name="Save as draft").click()
    assert page.get_by_text("You wrote 5,001 characters").first.is_visible()
    context.close()
