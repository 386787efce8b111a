"""The chooser of languages at the foot of pages: a button for each, in that language."""

import pytest
from flask import Flask

from tests.pages import Pages
from webapp.core.responses.template_filters import language_own_name


@pytest.fixture
def in_three_languages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the platform speak three languages."""
    monkeypatch.setitem(app.jinja_env.globals, "languages", lambda: ("en", "sq", "uk"))


def test_a_platform_of_one_language_offers_no_choice(app: Flask, pages: Pages) -> None:
    app.jinja_env.globals["languages"] = lambda: ("en",)
    text = pages.client.get("/").text
    assert "language-chooser" not in text
    assert "/language" not in text


@pytest.mark.usefixtures("in_three_languages")
def test_each_language_has_a_button_in_its_own_words(app: Flask) -> None:
    text = app.test_client().get("/language").text
    assert '<html lang="en">' in text
    assert '<button type="submit" name="language" value="en" lang="en" aria-current="true">' in text
    assert 'value="sq" lang="sq">Shqip</button>' in text
    assert 'value="uk" lang="uk">Українська</button>' in text
    assert text.count('name="language"') == 3


def test_names_begin_as_a_line_does() -> None:
    assert language_own_name("fr") == "Français"
    assert language_own_name("sr_Latn") == "Srpski (latinica)"
