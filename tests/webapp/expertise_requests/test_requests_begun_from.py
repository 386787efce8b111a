"""A new request that begins with a template of a theme, or with an earlier request of one's own."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.language import in_language
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests import beginnings, rules
from webapp.expertise_requests.content import TEXTS, Content, get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState, Urgency
from webapp.themes.models import Theme

COPY = "Copy into a new draft, without the days"


def newest(app: Flask) -> ExpertiseRequest:
    with reading(app) as session:
        latest = sa.select(ExpertiseRequest).order_by(ExpertiseRequest.id.desc()).limit(1)
        found = session.scalars(latest).one()
        get_content(found)
        session.expunge_all()
        return found


def test_a_copy_says_what_the_earlier_request_says_but_for_its_days(app, visitor):
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        earlier = factories.request(
            session,
            RequestState.CLOSED,
            requester=person,
            flexibility="Fixed.",
            urgency=Urgency.URGENT,
            excluded=("SRB",),
        )
        said = get_content(earlier)
    pages = visitor().come_in(person)
    page = pages.get(f"/requests/{earlier.id}").submit(COPY)
    assert "is a draft of your own now" in page.text
    with reading(app) as session:
        made = session.scalars(
            sa.select(ExpertiseRequest).where(ExpertiseRequest.state == RequestState.DRAFT)
        ).one()
        copied = get_content(made)
        assert made.tor_version == 0
        assert not made.terms
        noted = sa.select(AuditEvent).where(
            AuditEvent.action == Action.REQUEST_DRAFTED, AuditEvent.request_id == made.id
        )
        assert session.scalars(noted).one().details["copied_from"] == earlier.id
    without_days = {"start": None, "end": None, "flexibility": "", "urgency": Urgency.NORMAL}
    assert vars(copied) == {**vars(said), **without_days}


def test_a_second_click_on_copy_leads_to_the_first_draft(app, visitor):
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER)
        earlier = factories.request(session, RequestState.SUBMITTED, requester=person)
    pages = visitor().come_in(person)
    pages.post(f"/requests/{earlier.id}/copy")
    made = newest(app)
    again = pages.post(f"/requests/{earlier.id}/copy")
    assert "You have stored this very text before" in again.text
    assert newest(app).id == made.id


def test_nobody_copies_the_request_of_somebody_else(app, visitor):
    with writing(app) as session:
        house = factories.organisation(session)
        one, colleague = (
            factories.account(session, Role.REQUESTER, organisation_id=house.id) for _ in range(2)
        )
        stranger = factories.account(session, Role.REQUESTER)
        foreign = factories.request(session, RequestState.SUBMITTED, requester=one)
    for person in (colleague, stranger):
        pages = visitor().come_in(person)
        refused = pages.post(f"/requests/{foreign.id}/copy", status=404)
        missing = pages.post("/requests/99999/copy", status=404)
        assert refused.text == missing.text
    assert newest(app).id == foreign.id


@pytest.mark.parametrize("template", beginnings.templates(), ids=lambda one: one.name)
def test_a_template_becomes_a_draft_that_is_not_sent_before_its_gaps_are_filled(
    template, app, sign_in_as
):
    pages = sign_in_as(Role.REQUESTER)
    offered = pages.get("/requests/templates")
    assert template.text["title"] in offered.text
    page = offered.submit(
        f"Begin with this: {template.text['title']}",
        action=f"/requests/templates/{template.name}",
    )
    made = newest(app)
    assert made.title == template.text["title"]
    assert made.help_kind is template.help_kind
    checked = page.pages.get(f"/requests/{made.id}/submit")
    assert "Please fill in what the template leaves open" in checked.text


def test_templates_are_complete_in_each_language_and_name_themes_that_there_are(app):
    fields = {text.name for text in TEXTS}
    with reading(app) as session:
        themes = set(session.scalars(sa.select(Theme.code)))
    for template in beginnings.templates():
        assert set(template.themes) <= themes
        assert set(template.texts) == {"en", "ru"}
        english, russian = template.texts["en"], template.texts["ru"]
        assert set(english) <= fields
        assert set(english) == set(russian)
        gaps = [beginnings.list_gaps(Content(**text)) for text in (english, russian)]
        assert gaps[0]
        assert gaps[0].keys() == gaps[1].keys()
        for text in TEXTS:
            assert len(russian.get(text.name, "")) <= text.limit


def test_every_theme_has_a_template(app):
    with reading(app) as session:
        themes = set(session.scalars(sa.select(Theme.code)))
    written = {code for template in beginnings.templates() for code in template.themes}
    assert themes - written == set()


def test_templates_stand_by_the_area_of_their_first_theme(app, sign_in_as):
    text = sign_in_as(Role.REQUESTER).get("/requests/templates").text
    with reading(app) as session:
        areas = list(dict.fromkeys(session.scalars(sa.select(Theme.area).order_by(Theme.position))))
    places = [text.index(f" {area} ") for area in areas]
    assert places == sorted(places)


def test_a_template_is_read_in_the_language_of_its_reader():
    template = beginnings.templates()[0]
    with in_language("ru"):
        assert template.text["title"].startswith("Оценка")
    assert template.text["title"].startswith("Assessment")


def test_a_theme_that_is_given_up_is_left_out_of_a_template():
    template = next(one for one in beginnings.templates() if len(one.themes) > 1)
    begun = beginnings.from_template(Content(), template, frozenset(template.themes[1:]))
    assert begun.themes == template.themes[1:]
    assert begun.languages == (("en", CefrLevel.B2, LanguageNeed.REQUIRED),)


@pytest.mark.parametrize("text", ["He said […] that it works.", "[sic]", "See [2]."])
def test_brackets_of_other_kinds_are_no_gaps(text):
    assert "tasks" not in rules.missing_for_submission(Content(title="A", tasks=text))


def test_there_is_no_template_of_another_name(sign_in_as):
    sign_in_as(Role.REQUESTER).post("/requests/templates/of-nobody", status=404)
