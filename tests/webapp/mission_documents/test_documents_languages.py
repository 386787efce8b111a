"""What people wrote is marked in documents as of a language of its own."""

from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from webapp.expertise_requests.content import TEXTS, get_content
from webapp.mission_documents import making
from webapp.mission_documents.models import DocumentKind
from webapp.mission_documents.queries import Subject

OF_EXPERT = ("rank", "post", "institution")


def _said(element: Element, language: str | None) -> list[tuple[str, str | None]]:
    """Return all words of a page in order, each with the language in which they are marked."""
    language = element.get("lang", language)
    found = [(element.text or "", language)]
    for child in element:
        found += [*_said(child, language), (child.tail or "", language)]
    return found


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_people_wrote_is_of_a_language_of_its_own(
    app: Flask, clock: Any, kind: DocumentKind
) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, clock)
        request, expert = mission.match.request, mission.match.expert
        for text in TEXTS:
            setattr(request, text.name, f"Wort {text.name}")
        for name in OF_EXPERT:
            setattr(expert, name, f"Wort {name}")
        session.flush()
        request.terms[-1].content = get_content(request).as_json()
        about = Subject(
            mission.match, None if kind is DocumentKind.NOMINATION else mission, whole=True
        )
        with app.test_request_context():
            page = making.write(session, kind, about, language="ru", made_on=date(2031, 1, 1))
    words = _said(html5lib.parse(page), None)
    written = {text.strip(): language for text, language in words if "Wort" in text}
    assert len(written) >= 1
    assert {text for text, language in written.items() if language != ""} == set()
    assert {language for text, language in words if "SEESAC" in text} == {"ru"}
