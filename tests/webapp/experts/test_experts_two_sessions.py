"""Two sessions of one expert on one profile: whoever saves second reads both, and loses no word."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Page, Pages

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]
# Of each section what one session saves, what the other one types, and where the first word
# stands among what is stored.
SECTIONS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "/profile/about": ({"Unit": "First unit"}, {"Unit": "Second unit"}, "First unit"),
    "/profile/themes": (
        {"others-0-theme": "SALW-POL", "others-0-years": "41"},
        {"others-0-theme": "SALW-POL", "others-0-years": "42"},
        "41 years",
    ),
    "/profile/languages": (
        {"skills-2-language": "fr", "skills-2-level": "B1"},
        {"skills-2-language": "fr", "skills-2-level": "C1"},
        "French B1",
    ),
    "/profile/unavailable": (
        {"periods-0-start": "2031-03-01", "periods-0-end": "2031-03-02"},
        {"periods-0-start": "2031-04-01", "periods-0-end": "2031-04-02"},
        "1–2 March 2031",
    ),
    "/profile/closed-jurisdictions": (
        {"Jurisdiction to add": "SYR"}, {"Jurisdiction to add": "AFG"}, "Syria",
    ),
    "/profile/evidence/{evidence}": ({"Title": "First word"}, {"Title": "Second"}, "First word"),
    "/profile/training/{training}": ({"Title": "First word"}, {"Title": "Second"}, "First word"),
}  # fmt: skip


@pytest.fixture
def sessions(app: Flask, visitor: Callable[[], Pages]) -> tuple[Pages, Pages, dict[str, int]]:
    """Return an expert who has signed in twice, and the numbers of an entry of each kind."""
    with writing(app) as session:
        expert = factories.expert(session)
        account = expert.account
        entries = {"evidence": expert.evidence[0].id, "training": expert.trainings[0].id}
    return visitor().come_in(account), visitor().come_in(account), entries


def send(page: Page, values: dict[str, Any], status: int | None = None) -> Page:
    button = "Add to the list" if "closed" in page.url else "Save"
    return page.submit(button, values, status=status)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_stale_edit_shows_both_words_and_is_saved_when_it_is_sent_again(
    sessions: tuple[Pages, Pages, dict[str, int]], section: str
) -> None:
    one, other, entries = sessions
    first, second, words = SECTIONS[section]
    url = section.format(**entries)
    opened = other.get(url)
    send(one.get(url), first)
    refused = send(opened, second, status=409)
    assert words in refused.text.partition("Stored now")[2]
    typed = next(
        form
        for form in refused.forms
        if "version" in form.values and form.action.partition("?")[0] == url
    )
    for label, value in second.items():
        assert typed.values[typed.name_of(label)] == [value]
    assert words in one.get("/profile").text
    assert send(refused, second).heading.startswith("My profile")


def test_entries_of_two_sessions_stand_beside_each_other(
    sessions: tuple[Pages, Pages, dict[str, int]],
) -> None:
    """What is written on the page of many entries is added, and takes no word of anybody's away."""
    one, other, _entries = sessions
    opened = other.get("/profile/entries")
    row = {"evidence-0-kind": "project"}
    one.get("/profile/entries").submit("Save all", {**row, "evidence-0-title": "First word"})
    refused = opened.submit("Save all", {**row, "evidence-0-title": "Second word"}, status=409)
    assert refused.form("Save all").values["evidence-0-title"] == ["Second word"]
    profile = refused.submit("Save all")
    assert "First word" in profile.text
    assert "Second word" in profile.text


def test_an_entry_that_the_other_session_removed_can_be_added_again_with_all_its_words(
    sessions: tuple[Pages, Pages, dict[str, int]],
) -> None:
    one, other, entries = sessions
    url = f"/profile/evidence/{entries['evidence']}"
    opened = other.get(url)
    one.get(f"{url}/remove").submit("Remove it")
    refused = send(opened, {"Title": "Second word"}, status=409)
    assert "Second word" in send(refused, {}).text
