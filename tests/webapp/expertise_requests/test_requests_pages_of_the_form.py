"""A request is written page by page: each is saved when its writer goes on, back, or away."""

import re

from webapp.core.words.translation import _
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import PARTS, names_in
from webapp.expertise_requests.forms import RequestForm
from webapp.expertise_requests.models import RequestState

ON, BACK, AWAY, CHECK = "Save and go on", "Save and go back", "Save as draft", "Check the answers"
SENT = "Send to SEESAC"


def test_a_request_is_written_page_by_page_and_checked(requester, database):
    page = requester.get("/requests").follow("Write your first request")
    assert "Page 1 of 6" in page.text
    page = page.submit(
        ON, {"Title": "Tracing", "Objectives": "To trace.", "Main theme": "SALW-TRF"}
    )
    assert page.url == "/requests/1/edit/who"
    page = page.submit(
        ON, {"Audience": "Police.", "Women taking part": "0", "Years of experience": "3"}
    )
    assert page.url == "/requests/1/edit/when"
    page = page.submit(BACK, {"Place": "Osh"})
    assert page.form(ON).values["audience_women"] == ["0"]
    page = page.submit(ON).submit(ON, {"First day": "2031-05-05"})
    page = page.submit(ON, {"Travel": "SEESAC", "Security, for experts": "Calm."})
    assert page.url == "/requests/1/edit/contact"
    assert page.form(CHECK).values["focal_point"] == ["Aida Requester"]
    page = page.submit(CHECK, {"Who asks": "UNDP office", "UNDP office": "Bishkek"})
    assert page.heading == "Check your answers before you send them"
    for words in ("Tracing", "Police.", "Osh, Kyrgyzstan", "Travel: SEESAC", "Calm.", "Bishkek"):
        assert words in page.text, words
    assert "Women taking part" in page.text
    page = page.follow("Please give the last day; it can be approximate.")
    assert page.url.startswith("/requests/1/edit/when")
    page = page.submit(AWAY, {"Last day": "2031-05-06"})
    page = page.follow(SENT)
    assert "This is still missing" not in page.text
    page.submit(SENT)
    stored = database.request(1)
    assert (stored.state, stored.title, stored.place) == (RequestState.SUBMITTED, "Tracing", "Osh")
    assert stored.themes == ["SALW-TRF"]


def test_each_page_has_its_fields_and_all_together_have_every_one(app, requester):
    number = requester.request()
    with app.test_request_context():
        every = {
            name for name, field in RequestForm()._fields.items() if field.type != "CSRFTokenField"
        }
    parted = [name for part in PARTS for name in names_in(part)]
    assert len(parted) == len(set(parted))
    assert every - {"version", "form_token"} == set(parted)
    for part in PARTS:
        values = requester.get(f"/requests/{number}/edit/{part}").form(AWAY).controls
        shown = {re.sub("-.*", "", str(control.get("name"))) for control in values}
        assert shown & set(parted) == set(names_in(part)), part


def test_a_page_changes_nothing_of_the_others(requester, database):
    number = requester.request(place="Osh", excluded=("SRB",), security_office="Watched.")
    before = requester.get(f"/requests/{number}/edit").form(AWAY).values
    requester.get(f"/requests/{number}/edit/what").submit(AWAY, {"Title": "Another"})
    # What another page of the form would send is not read on this one.
    form = requester.get(f"/requests/{number}/edit/what").form(AWAY)
    requester.post(f"/requests/{number}/edit/what", {**form.filled({}, AWAY), "place": "Talas"})
    after = requester.get(f"/requests/{number}/edit").form(AWAY).values
    of_the_page = {"version", "csrf_token", "writer"}
    changed = {n for n in before if before[n] != after.get(n)} - of_the_page
    assert changed == {"title"}


def test_what_is_wrong_is_told_on_its_page_and_nothing_is_lost(requester, database):
    number = requester.request()
    page = requester.get(f"/requests/{number}/edit/when")
    page = page.submit(ON, {"Last day": "2031-05-01", "Place": "Naryn"}, status=400)
    assert page.errors == {"end": "The last day lies before the first."}
    assert page.form(ON).values["place"] == ["Naryn"]
    assert database.request(number).place == "Bishkek"


def test_a_page_that_was_changed_elsewhere_shows_both(requester, database):
    number = requester.request()
    old = requester.get(f"/requests/{number}/edit/when")
    requester.get(f"/requests/{number}/edit/what").submit(AWAY, {"Title": "Changed meanwhile"})
    page = old.submit(ON, {"Place": "Naryn"}, status=409)
    assert "Changed meanwhile" in page.text
    assert page.form(ON).values["place"] == ["Naryn"]
    assert page.submit(ON).url == f"/requests/{number}/edit/practical"
    assert database.request(number).place == "Naryn"


def test_going_on_twice_from_the_first_page_makes_one_draft(requester, database):
    page = requester.get("/requests/new/what")
    for _time in range(2):
        assert page.submit(ON, {"Title": "Once"}).url == "/requests/1/edit/who"
    assert database.count() == 1


def test_a_page_of_a_returned_request_refuses_what_leaves_it_incomplete(requester, database):
    number = requester.request(RequestState.RETURNED)
    page = requester.get(f"/requests/{number}/edit/when")
    page = page.submit(ON, {"First day": ""}, status=400)
    assert set(page.errors) == {"start"}


def test_whatever_is_needed_is_looked_for_in_the_form(requester, monkeypatch):
    """The form reads no list of its own of the fields that a request cannot do without."""
    outputs = _("Please say what remains.")
    monkeypatch.setattr(
        rules, "missing_for_submission", lambda text: {} if text.outputs else {"outputs": outputs}
    )
    form = requester.get("/requests/new")
    page = form.submit("Check and send", {"First day": "soon"}, status=400)
    assert set(page.errors) == {"start", "outputs"}
    page = form.submit("Check and send", {"First day": "soon", "Outputs": "A report"}, status=400)
    assert set(page.errors) == {"start"}
