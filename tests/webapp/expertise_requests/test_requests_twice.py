"""The form of a new request, sent twice: by an impatient hand, by Back, by many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import factories
from tests.databases import writing
from webapp.core.errors import TwinError
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests import operations
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

S = RequestState
FULL = {
    "Title": "Training of investigators",
    "Objectives": "Investigators trace firearms by themselves.",
    "Main theme": "SALW-TRF",
    "languages-0-language": "en",
    "languages-0-level": "B2",
    "languages-0-need": "required",
    "Jurisdiction": "KGZ",
    "Place": "Bishkek",
    "First day": "2031-05-05",
    "Last day": "2031-05-08",
    "excluded": ["SRB", "ALB"],
}
SAVE, SEND = "Save as draft", "Check and send"


def test_a_form_sent_twice_makes_one_draft(requester, database):
    form = requester.get("/requests/new").form(SAVE)
    sent = form.filled(FULL, SAVE)
    first = requester.post("/requests/new", sent)
    second = requester.post("/requests/new", sent)
    assert first.url == second.url == "/requests/1"
    assert database.count() == 1
    assert database.request(1).actions == ["request drafted"]


@pytest.mark.parametrize("need", LanguageNeed)
def test_a_text_is_the_same_text_however_much_a_language_is_needed(app, need):
    wanted = ("fr", CefrLevel.B1, need)
    text = factories.content(languages=(*factories.content().languages, wanted))
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.REQUESTER))
        operations.start_draft(work, text, form_token="first")
        with pytest.raises(TwinError):
            operations.start_draft(work, text, form_token="second")


def test_sending_twice_sends_once(requester, database):
    sent = requester.get("/requests/new").form(SEND).filled(FULL, SEND)
    requester.post("/requests/new", sent)
    page = requester.post("/requests/new", sent)
    assert page.url == "/requests/1/submit"
    form = page.form("Send to SEESAC")
    for _ in range(2):
        assert requester.post(form.action, form.values).url == "/requests/1"
    assert database.request(1).actions == ["request drafted", "request: submit"]


@pytest.mark.both_databases
def test_a_form_sent_several_times_at_once_makes_one_draft(requester, visitor, database):
    browsers = [visitor().come_in(requester.account) for _ in range(4)]
    token = requester.get("/requests/new").form(SAVE).values["form_token"]
    forms = [browser.get("/requests/new").form(SAVE).filled(FULL, SEND) for browser in browsers]
    for sent in forms:
        sent["form_token"] = token
    with ThreadPoolExecutor(len(browsers)) as pool:
        pages = pool.map(
            lambda pair: pair[0].post("/requests/new", pair[1]), zip(browsers, forms, strict=True)
        )
        assert {page.url for page in pages} == {"/requests/1/submit"}
    assert database.count() == 1
    assert database.request(1).actions == ["request drafted"]


@pytest.mark.parametrize("button", [SAVE, SEND])
def test_the_same_text_in_a_form_opened_anew_makes_no_second_request(requester, database, button):
    """The Back button loads the page anew, and with it another token."""
    requester.get("/requests/new").submit(button, FULL)
    page = requester.get("/requests/new").submit(button, FULL, status=409)
    assert "Nothing was stored a second time." in page.text
    assert page.links["R-0001 Training of investigators"] == "/requests/1"
    assert page.form(SAVE).values["objectives"] == [FULL["Objectives"]]
    assert database.count() == 1
    page.submit(button, {"Place": "Naryn"})
    assert (database.count(), database.request(2).place) == (2, "Naryn")


def test_a_request_that_has_ended_can_be_written_again(requester, person, database):
    requester.get("/requests/new").submit(SAVE, FULL).follow("Throw the draft away").submit(
        "Throw the draft away"
    )
    assert requester.get("/requests/new").submit(SAVE, FULL).url == "/requests/2"
    page = person(Role.REQUESTER).get("/requests/new").submit(SAVE, FULL)
    assert page.url == "/requests/3", "what others wrote does not count"


def test_a_new_form_leads_to_drafts_that_wait(requester, person, database):
    person(Role.REQUESTER).request(title="Of somebody else")
    draft, sent = requester.request(title="Half done"), requester.request(S.SUBMITTED)
    page = requester.get("/requests/new")
    assert page.links[f"R-{draft:04d} Half done"] == f"/requests/{draft}/edit"
    assert "Of somebody else" not in page.text
    assert f"R-{sent:04d}" not in page.text


def test_a_form_changed_after_back_keeps_both_texts(requester, database):
    form = requester.get("/requests/new").form(SAVE)
    requester.post("/requests/new", form.filled(FULL, SAVE))
    changed = form.filled({**FULL, "Place": "Naryn"}, SAVE)
    page = requester.post("/requests/new", changed, status=409)
    assert "Bishkek, Kyrgyzstan" in page.text
    assert page.form(SAVE).values["place"] == ["Naryn"]
    page.submit(SAVE, {})
    assert database.count() == 1
    assert database.request(1).place == "Naryn"


def _is_offered_as_new(page):
    assert "What you wrote below becomes a new request" in page.text
    assert page.links["R-0001 Training of investigators"] == "/requests/1"
    assert page.form(SAVE).action == "/requests/new"


@pytest.mark.thorough
@pytest.mark.parametrize("button", [SAVE, SEND])
def test_a_form_changed_after_its_request_was_sent_becomes_a_new_one(requester, database, button):
    form = requester.get("/requests/new").form(SEND)
    requester.post("/requests/new", form.filled(FULL, SEND)).submit("Send to SEESAC")
    changed = form.filled({**FULL, "Title": "Training of prosecutors"}, button)
    page = requester.post("/requests/new", changed, status=409)
    _is_offered_as_new(page)
    assert page.form(SAVE).values["title"] == ["Training of prosecutors"]
    again = page.form(button).filled({}, button)
    assert requester.post("/requests/new", again).url == requester.post("/requests/new", again).url
    assert database.count() == 2
    assert database.request(1).title == FULL["Title"]
    assert database.request(2).title == "Training of prosecutors"


@pytest.mark.parametrize("place", ["Bishkek", "Naryn"])
def test_a_form_sent_after_its_draft_was_thrown_away_becomes_a_new_one(requester, database, place):
    form = requester.get("/requests/new").form(SAVE)
    shown = requester.post("/requests/new", form.filled(FULL, SAVE))
    shown.follow("Throw the draft away").submit("Throw the draft away")
    sent = form.filled({**FULL, "Place": place}, SAVE)
    page = requester.post("/requests/new", sent, status=409)
    _is_offered_as_new(page)
    assert page.submit(SAVE, {}).url == "/requests/2"
    assert (database.request(1).state, database.request(2).state) == (S.WITHDRAWN, S.DRAFT)
    assert database.request(2).place == place


def test_a_form_changed_after_its_request_was_returned_keeps_both_texts(requester, database):
    form = requester.get("/requests/new").form(SEND)
    requester.post("/requests/new", form.filled(FULL, SEND)).submit("Send to SEESAC")
    with writing(requester.app) as session:
        session.get_one(ExpertiseRequest, 1).state = S.RETURNED
    changed = form.filled({**FULL, "Place": "Naryn"}, SAVE)
    page = requester.post("/requests/new", changed, status=409)
    assert "Bishkek, Kyrgyzstan" in page.text
    assert page.form(action="/requests/1/edit").values["place"] == ["Naryn"]


def test_the_token_of_another_requester_means_nothing(requester, person, database):
    form = requester.get("/requests/new").form(SAVE)
    requester.post("/requests/new", form.filled(FULL, SAVE))
    other = person(Role.REQUESTER)
    token = form.values["form_token"]
    page = other.get("/requests/new").submit(SAVE, {**FULL, "form_token": token})
    assert page.url == "/requests/2"
    assert database.count() == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("token", ["", "short", "x" * 5000, "a b\x00c" * 8])
def test_a_damaged_token_does_not_stop_a_draft(requester, database, token):
    requester.get("/requests/new").submit(SAVE, {**FULL, "form_token": token})
    assert database.count() == 1
