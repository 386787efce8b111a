"""A coordinator writes the profile of somebody without an account, who confirms it on joining."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts import sides
from webapp.experts.models import ActedOnProfile, Expert, ExpertState, IdentityChange
from webapp.experts.standing_tables import ProfileQuestion, QuestionState

SignIn = Callable[..., Pages]


def add(app: Flask, **values: Any) -> Expert:
    with writing(app) as session:
        given = {"name": "Ana Primer", "signs_in": False, "evidence": [], "themes": [], **values}
        return factories.expert(session, **given)


def source_of(page: Page) -> str:
    return page.response.get_data(as_text=True)


@pytest.fixture
def office(sign_in_as: SignIn) -> Pages:
    return sign_in_as(Role.COORDINATOR, name="Cora Zgled")


def test_what_seesac_has_written_says_so_until_the_expert_has_confirmed_it(
    app: Flask, office: Pages, visitor: Callable[[], Pages]
) -> None:
    expert = add(app)
    page = office.get(f"/roster/{expert.id}")
    assert "written in it for the expert" not in page.text
    page = office.get(f"/roster/{expert.id}/write/evidence/new")
    assert "You write for Ana Primer, who has no account" in page.text
    page = page.submit("Save", {"kind": "mission", "Title": "Mission to Fiji"})
    assert "Saved in the profile of Ana Primer." in page.text
    assert "Mission to Fiji" in page.text
    assert "has written in it for the expert, last on" in page.text
    assert "(Cora Zgled)" in page.text
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
        session.get_one(Expert, expert.id).account = person
    own = visitor().come_in(person).get("/profile")
    assert "SEESAC has written in this profile for you" in own.text
    own = own.submit("Everything is still true")
    assert "SEESAC has written in this profile for you" not in own.text
    assert "written in it for the expert" not in office.get(f"/roster/{expert.id}").text


def test_each_section_is_written_and_who_somebody_is_holds_at_once(
    app: Flask, office: Pages
) -> None:
    expert = add(app, state=ExpertState.SCREENING)
    address = f"/roster/{expert.id}/write"
    office.get(f"{address}/about").submit("Save", {"Post": "Chair", "entity": "Kanton Sarajevo"})
    office.get(f"{address}/themes").submit("Save", {"ranked-0-theme": "GEN-GBV"})
    office.get(f"{address}/languages").submit(
        "Save", {"skills-0-language": "fr", "skills-0-level": "B2"}
    )
    office.get(f"{address}/training/new").submit("Save", {"Title": "Course"})
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert (stored.post, stored.entity) == ("Chair", "Kanton Sarajevo")
        assert [row.theme_code for row in stored.themes] == ["GEN-GBV"]
        assert "fr" in {row.language for row in stored.languages}
        assert "Course" in {row.title for row in stored.trainings}
        assert session.scalars(sa.select(IdentityChange)).all() == []
        events = sa.select(AuditEvent).where(AuditEvent.action == Action.PROFILE_WRITTEN)
        assert len(session.scalars(events).all()) == 4
        acted = session.scalars(sa.select(ActedOnProfile.side)).all()
        assert acted == [Role.COORDINATOR]
        assert sides.list_missing(session) == []


def test_a_curriculum_is_read_for_somebody_and_taken_into_their_profile(
    app: Flask, office: Pages
) -> None:
    expert = add(app)
    text = b"Work experience\n2018-2020 Head of unit, Fictional Police\n"
    page = office.get(f"/roster/{expert.id}/write/curriculum")
    assert "when they have joined" in page.text
    file = {"csrf_token": office.own_token(), "file": (BytesIO(text), "cv.txt")}
    answer = office.client.post(page.url, data=file)
    assert answer.headers["Location"] == f"/roster/{expert.id}/write/entries"
    page = office.get(answer.headers["Location"]).submit("Save all")
    assert page.url == f"/roster/{expert.id}"
    assert "Head of unit, Fictional Police" in page.text


def test_nobody_writes_for_who_has_an_account_has_left_or_is_on_their_side(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        house = factories.organisation(session)
        member = factories.account(
            session, Role.COORDINATOR, Role.NOMINATING_AUTHORITY, organisation_id=house.id
        )
        theirs = factories.expert(session, signs_in=False, authority_id=house.id)
        joined = factories.expert(session)
        left = factories.expert(session, signs_in=False, state=ExpertState.WITHDRAWN)
    pages = visitor().come_in(member)
    for expert in (theirs, joined, left):
        assert f"/roster/{expert.id}/write/about" not in source_of(
            pages.get(f"/roster/{expert.id}")
        )
        for path in ("write/about", "write/evidence/new", "write/curriculum", "write/entries"):
            pages.get(f"/roster/{expert.id}/{path}", status=403)


def test_a_question_is_answered_for_who_has_no_account_alone(app: Flask, office: Pages) -> None:
    expert = add(app, state=ExpertState.SCREENING)
    asked = {"Section": "evidence", "What is missing": "Which missions?"}
    office.get(f"/roster/{expert.id}").submit("Ask for more", asked)
    page = office.get(f"/roster/{expert.id}/write/evidence/new")
    assert "Which missions?" in page.text
    page = office.get(f"/roster/{expert.id}").submit("Added for the expert: Evidence of past work")
    assert "Noted: what was asked of Ana Primer stands in the profile." in page.text
    with writing(app) as session:
        row = session.scalars(sa.select(ProfileQuestion)).one()
        assert row.state is QuestionState.ANSWERED
        joined = factories.expert(session, state=ExpertState.SCREENING)
    office.get(f"/roster/{joined.id}").submit("Ask for more", asked)
    assert "Added for the expert" not in office.get(f"/roster/{joined.id}").text
    office.post(f"/roster/{joined.id}/questions/2/answer", {}, status=403)


def test_what_is_asked_stands_at_its_section_and_in_its_form(
    app: Flask, office: Pages, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, state=ExpertState.SCREENING)
        person = expert.account
    assert person is not None
    for section in ("about", "evidence"):
        asked = {"Section": section, "What is missing": f"More of {section}?"}
        office.get(f"/roster/{expert.id}").submit("Ask for more", asked)
    own = visitor().come_in(person)
    page = own.get("/profile")
    card = source_of(page).partition('id="evidence"')[2].partition("</section>")[0]
    assert "More of evidence?" in card
    assert "More of about?" not in card
    row = expert.evidence[0].id
    for path in ("evidence/new", f"evidence/{row}", f"evidence/{row}/remove"):
        assert "More of evidence?" in own.get(f"/profile/{path}").text
    assert "More of evidence?" in own.get("/profile/entries").text
    about = own.get("/profile/about").text
    assert "More of about?" in about
    assert "More of evidence?" not in about
    page = page.submit("I have added it: Evidence of past work")
    assert "More of evidence?" not in page.text
