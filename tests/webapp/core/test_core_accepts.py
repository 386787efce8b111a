"""What a browser would take is read as far as anybody writes it."""

import pytest
from flask import Flask
from werkzeug.datastructures import Accept, LanguageAccept

from webapp.core.responses.accepts import LONGEST, accepts


@pytest.mark.parametrize(
    ("header", "kind", "first"),
    [("Accept-Language", LanguageAccept, "ru"), ("Accept-Encoding", Accept, "br")],
)
def test_a_header_of_any_length_is_read_up_to_a_thousand_signs(
    app: Flask, header: str, kind: type[Accept], first: str
) -> None:
    with app.test_request_context(headers={header: f"{first}," + "a," * 400_000}):
        found = accepts(header, kind)
        assert found.best == first
        assert len(found) <= LONGEST


def test_a_browser_is_answered_in_the_language_that_it_prefers(app: Flask) -> None:
    page = app.test_client().get("/", headers={"Accept-Language": "de, ru;q=0.8, en;q=0.3"})
    assert 'lang="ru"' in page.get_data(as_text=True)
