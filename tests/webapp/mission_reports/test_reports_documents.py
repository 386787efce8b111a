"""The certificate of service is a tagged file, for the expert of a mission that is over."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.matches.models import MatchState
from webapp.mission_reports.models import Side
from webapp.mission_reports.views import documents


def ask(pages: Pages, made: Deployment) -> Any:
    """Ask for the certificate of a mission."""
    url = f"/deployments/{made.id}/reports/certificate"
    return pages.client.post(url, data={"csrf_token": pages.own_token()})


def test_the_expert_gets_a_tagged_certificate_in_their_language(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        person = factories.missions.writer_of(made, Side.EXPERT)
        request = made.match.request
    pages = visitor().sign_in(person)
    assert "Certificate of service" in pages.get(f"/deployments/{made.id}/reports").text
    answer = ask(pages, made)
    assert answer.status_code == 200
    document = PdfReader(io.BytesIO(answer.data))
    marks: Any = document.root_object["/MarkInfo"]
    assert marks["/Marked"]
    assert str(document.root_object["/Lang"]) == "en"
    text = " ".join(page.extract_text() for page in document.pages)
    assert made.match.expert.name in text
    assert request.reference in text


def test_nobody_else_gets_it_and_nobody_before_the_return(
    app: Flask, clock: Any, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "make_pdf", str.encode)
    with writing(app) as session:
        ahead = factories.match(session, MatchState.SELECTED)
        planned = session.scalars(
            sa.select(Deployment).where(Deployment.match_id == ahead.id)
        ).one()
        early = factories.missions.writer_of(planned, Side.EXPERT)
        office = factories.account(session, Role.COORDINATOR)
        made = factories.returned_mission(session, clock)
        requester = factories.missions.writer_of(made, Side.REQUESTER)
        stranger = factories.account(session, Role.EXPERT)
    assert ask(visitor().sign_in(early), planned).status_code == 404
    found = {
        name: ask(visitor().sign_in(person), made).status_code
        for name, person in (("office", office), ("requester", requester), ("other", stranger))
    }
    assert found == {"office": 200, "requester": 404, "other": 404}
