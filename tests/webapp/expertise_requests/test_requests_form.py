"""The form of a request: saved, sent, refused, stale, sent twice, and other people's."""

import re

import pytest

from tests.databases import forget_limits
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState

S = RequestState
FULL = {
    "Title": "Training of investigators",
    "Objectives": "Investigators trace firearms by themselves.",
    "Tasks": "Teach for three days.",
    "Outputs": "A manual.",
    "Audience": "Thirty investigators.",
    "Women taking part": "0",
    "Men taking part": "30",
    "Rank or level wanted": "Captain or above",
    "Years of experience": "7",
    "Kind of help": "trainer",
    "Main theme": "SALW-TRF",
    "Second theme": "SALW-MTR",
    "Number of experts": "2",
    "Background wanted": "Has traced firearms.",
    "languages-0-language": "en",
    "languages-0-level": "B2",
    "languages-0-need": "required",
    "languages-1-language": "ru",
    "languages-1-level": "B1",
    "languages-1-need": "useful",
    "We provide interpretation": True,
    "Jurisdiction": "KGZ",
    "Place": "Bishkek",
    "First day": "2031-05-05",
    "Last day": "2031-05-08",
    "Days needed": "2",
    "How fixed the dates are": "Any week in May.",
    "What exists locally": "A register on paper.",
    "Travel": "SEESAC",
    "Accommodation": "requester",
    "Insurance": "to be agreed",
    "More about costs": "We pay the lodging.",
    "Security, for experts": "A calm town.",
    "Security, for SEESAC alone": "The hotel is watched.",
    "What happens afterwards": "The academy teaches the course each year.",
    "excluded": ["XKX", "SRB"],
    "Urgency": "soon",
    "Latest day for names": "2031-04-01",
    "Who asks": "UNDP office",
    "UNDP office": "The office in Bishkek",
    "Authorised contact": "Head of the academy",
    "Focal point": "Mirlan Fictional",
    "Background": "Seized firearms are rarely traced.",
}
WRONG = [
    ({"Last day": "2031-05-04"}, "end", "The last day lies before the first."),
    ({"Last day": "2033-05-05"}, "end", "An assignment can last at most 730 days."),
    ({"First day": "2031-02-30"}, "start", "Please write a day as year-month-day"),
    ({"First day": "soon"}, "start", "Please write a day as year-month-day"),
    ({"First day": "0001-01-01"}, "start", "The year must lie between"),
    ({"Number of experts": "0"}, "experts_needed", "Please give a number from 1 to 20."),
    ({"Number of experts": "9" * 30}, "experts_needed", "Please give a number from 1 to 20."),
    ({"Number of experts": ""}, "experts_needed", "Please give a number."),
    ({"Number of experts": "²"}, "experts_needed", "Please write a whole number."),
    ({"Second theme": "SALW-TRF"}, "theme_2", "This is the main theme already."),
    ({"Third theme": "SALW-MTR"}, "theme_3", "This theme stands above already."),
    ({"Main theme": "NOTHING"}, "theme_1", "Please choose one of the list."),
    ({"Jurisdiction": "XXX"}, "jurisdiction", "Please choose one of the list."),
    ({"Travel": "nobody"}, "pays_travel", "Please choose one of the list."),
    ({"Who asks": "a stranger"}, "asked_by", "Please choose one of the list."),
    ({"Women taking part": "-1"}, "audience_women", "Please give a number from 0 to 10,000."),
    ({"Men taking part": "10001"}, "audience_men", "Please give a number from 0 to 10,000."),
    ({"Years of experience": "0"}, "years_wanted", "Please give a number from 1 to 40."),
    ({"Days needed": "0"}, "days_needed", "Please give a number from 1 to 730."),
    ({"Days needed": "5"}, "days_needed", "There are only 4 days from the first to the last."),
    ({"Latest day for names": "2031-05-06"}, "names_by", "Names are needed before the first day."),
    ({"Latest day for names": "soon"}, "names_by", "Please write a day as year-month-day"),
    ({"Kind of help": "spy"}, "help_kind", "Please choose one of the list."),
    ({"Urgency": "yesterday"}, "urgency", "Please choose one of the list."),
    ({"excluded": ["XXX"]}, "excluded", "Please choose from the list only."),
    ({"languages-0-level": ""}, "languages-0-level", "Please choose the least level"),
    ({"languages-0-need": ""}, "languages-0-need", "Please say how much it is needed."),
    ({"languages-0-language": ""}, "languages-0-language", "Please choose the language"),
    ({"languages-1-language": "en"}, "languages-1-language", "This language stands above"),
    ({"languages-1-language": "tlh"}, "languages-1-language", "Please choose one of the list."),
    ({"languages-1-level": "Z9"}, "languages-1-level", "Please choose one of the list."),
    ({"languages-1-need": "perhaps"}, "languages-1-need", "Please choose one of the list."),
    ({"Title": "x" * 201}, "title", "You wrote 201 characters; at most 200 fit."),
    ({"Tasks": "x" * 5001}, "tasks", "You wrote 5,001 characters; at most 5,000 fit."),
]
SAVE, SEND = "Save as draft", "Check and send"
SENT = "Send to SEESAC"
BAD_TEXTS = {
    "NUL": "a\x00b",
    "lone surrogate": "a\ud800b",
    "bell": "a\x07b",
}


@pytest.mark.both_databases
def test_a_full_request_is_stored_shown_and_loaded_again(requester, database):
    page = requester.get("/requests/new").submit(SAVE, FULL)
    assert page.heading == "Training of investigators"
    for words in (
        "Investigators trace firearms by themselves.", "Teach for three days.", "A manual.",
        "Thirty investigators.", "Trainer", "Has traced firearms.", "English, B2 or better",
        "Russian, B1 or better, useful", "Interpretation is provided", "Bishkek, Kyrgyzstan",
        "5–8 May 2031 (2 days of these 4)", "Any week in May.", "A register on paper.",
        "We pay the lodging.", "A calm town.", "The academy teaches the course each year.",
        "Women taking part0", "Men taking part30", "Captain or above", "7 years or more",
        "Travel: SEESAC", "Accommodation: the requester", "Insurance: to be agreed",
        "The hotel is watched.", "1 April 2031", "A UNDP office on behalf of an authority",
        "The office in Bishkek", "Head of the academy", "Serbia, Kosovo*", "Soon",
        "Mirlan Fictional", "Seized firearms are rarely traced.",
    ):  # fmt: skip
        assert words in page.text, words
    form = page.follow("Go on writing").follow("All on one page").form(SAVE)
    shown = {form.name_of(label): value for label, value in FULL.items()}
    for name, value in shown.items():
        expected = ["y"] if value is True else [value] if isinstance(value, str) else value
        assert form.values.get(name) == expected, name
    stored = database.request(1)
    assert stored.themes == ["SALW-TRF", "SALW-MTR"]
    assert stored.actions == ["request drafted"]


def test_a_new_form_knows_who_writes(requester):
    values = requester.get("/requests/new").form(SAVE).values
    assert values["jurisdiction"] == ["KGZ"]
    assert values["focal_point"] == ["Aida Requester"]


def test_a_draft_may_hold_almost_nothing(requester, database):
    page = requester.get("/requests/new").submit(SAVE, {"Tasks": "Teach."})
    assert page.heading == "Request without a title yet"
    assert database.request(1).state is S.DRAFT
    assert "Request without a title yet" in requester.get("/requests").text


def test_an_empty_draft_is_not_stored(requester, database):
    page = requester.get("/requests/new").submit(SAVE, {}, status=400)
    assert page.errors == {"title": "Please write at least a title, to know the draft again."}
    assert database.count() == 0


def test_sending_tells_what_is_missing_and_keeps_what_was_typed(requester, database):
    page = requester.get("/requests/new").submit(
        SEND, {"Place": "Osh", "Jurisdiction": ""}, status=400
    )
    assert set(page.errors) == {"title", "objectives", "start", "end", "jurisdiction"}
    assert page.form(SEND).values["place"] == ["Osh"]
    assert database.count() == 0
    page = page.submit(SEND, FULL)
    assert page.heading == "Check your answers before you send them"
    assert "We pay the lodging." in page.text
    assert database.request(1).state is S.DRAFT
    assert "is sent to SEESAC" in page.submit(SENT).text
    assert database.request(1).actions == ["request drafted", "request: submit"]
    assert database.request(1).state is S.SUBMITTED


def test_an_empty_form_that_is_sent_names_all_that_is_missing(requester, database):
    page = requester.get("/requests/new").submit(SEND, {"Jurisdiction": ""}, status=400)
    assert set(page.errors) == {"title", "objectives", "start", "end", "jurisdiction"}
    assert database.count() == 0


def test_what_is_missing_is_named_beside_what_is_wrong(requester, database):
    page = requester.get("/requests/new").submit(SEND, {"First day": "soon"}, status=400)
    assert set(page.errors) == {"title", "objectives", "start", "end"}
    assert page.errors["start"] == "Please write a day as year-month-day, such as 2027-03-15."
    page = page.submit(SAVE, {"First day": "soon"}, status=400)
    assert set(page.errors) == {"start"}, "a draft may lack what is needed later"
    number = requester.request()
    page = requester.get(f"/requests/{number}/edit")
    page = page.submit(SEND, {"Title": "", "First day": "soon"}, status=400)
    assert set(page.errors) == {"title", "start"}


@pytest.mark.parametrize("year", ["1950", "2014", "2099", "9999"])
def test_a_mission_before_the_platform_or_long_after_everybody_is_refused(requester, year):
    sent = {"First day": f"{year}-05-05", "Last day": f"{year}-05-06"}
    page = requester.get("/requests/new").submit(SAVE, sent, status=400)
    for field in ("start", "end"):
        assert page.errors[field].startswith("The year must lie between 2015 and 20")
    assert page.form(SAVE).values["start"] == [f"{year}-05-05"]


def test_an_incomplete_draft_is_not_sent_from_its_page(requester, database):
    number = requester.request(title="", start=None)
    page = requester.get(f"/requests/{number}")
    page = page.follow(SENT)
    assert "This is still missing" in page.text
    page = page.submit(SENT, {}, status=400)
    assert set(page.errors) == {"title", "start"}
    assert database.request(number).state is S.DRAFT
    page = page.submit(SEND, {"Title": "Now it has one", "First day": "2031-05-05"})
    page.submit(SENT)
    assert database.request(number).state is S.SUBMITTED
    assert database.request(number).title == "Now it has one"


@pytest.mark.thorough
def test_what_is_wrong_is_told_at_its_field(app, requester, database):
    form = requester.get("/requests/new").form(SAVE)
    for values, field, message in WRONG:
        forget_limits(app)
        typed_in = form.filled({**FULL, **values}, SAVE)
        page = requester.post("/requests/new", typed_in, token=None, status=400)
        assert list(page.errors) == [field], values
        assert page.errors[field].startswith(message)
        kept = page.form(SAVE)
        assert kept.values["objectives"] == [FULL["Objectives"]]
        label, typed = next(iter(values.items()))
        if label in {"Last day", "First day", "Number of experts"}:
            assert kept.values[kept.name_of(label)] == [typed]
        sent = form.filled({**FULL, **values}, SEND)
        assert list(requester.post("/requests/new", sent, status=400).errors) == [field]
    assert database.count() == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("bad", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_text_that_cannot_be_stored_or_seen_is_refused_in_every_field(requester, database, bad):
    names = [
        "title", "objectives", "tasks", "outputs", "audience", "expert_background", "place",
        "flexibility", "existing", "costs", "security", "follow_up", "focal_point", "background",
    ]  # fmt: skip
    form = requester.get("/requests/new").form(SAVE)
    data = {**form.values, **{name: [f"{bad} {name}"] for name in names}, "action": ["save"]}
    encoded = "&".join(
        f"{name}={_percent(value)}" for name, values in data.items() for value in values
    )
    response = requester.pages.client.post(
        "/requests/new", data=encoded, content_type="application/x-www-form-urlencoded"
    )
    page = requester.pages.check("/requests/new", response)
    assert page.status in {200, 302, 400}
    if "\ud800" not in bad:
        assert page.status == 400
        assert sorted(page.errors) == sorted(names)
        assert database.count() == 0


def _percent(value: str) -> str:
    raw = value.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in raw)


def test_emoji_and_line_ends_are_kept(requester):
    page = requester.get("/requests/new").submit(
        SAVE, {"Title": "Help 🕊️ <b>now</b>", "Tasks": "One\r\nTwo\r\n\r\nThree"}
    )
    assert page.heading == "Help 🕊️ <b>now</b>"
    assert page.follow("Go on writing").form(SAVE).values["tasks"] == ["One\nTwo\n\nThree"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "change",
    [
        {"Place": "Naryn"},
        # Lists are rows of their own: a change of them alone must count as well.
        {"Main theme": "SALW-TRF", "Second theme": "SALW-MTR"},
        {"languages-0-level": "C2"},
        {"excluded": ["ALB"]},
    ],
)
def test_a_stale_edit_is_refused_with_both_texts(requester, database, change):
    number = requester.request()
    old = requester.get(f"/requests/{number}/edit").form(SAVE)
    requester.get(f"/requests/{number}/edit").submit(SAVE, change)
    page = requester.post(
        f"/requests/{number}/edit", old.filled({"Place": "Osh"}, SAVE), status=409
    )
    assert "What is stored now" in page.text
    assert page.form(SAVE).values["place"] == ["Osh"]
    assert database.request(number).place != "Osh"
    page.submit(SAVE, {})
    assert database.request(number).place == "Osh"


@pytest.mark.both_databases
def test_themes_and_languages_can_change_places(requester, database):
    number = requester.request(themes=("SALW-MTR", "SALW-TRF", "POL-FOR"))
    page = requester.get(f"/requests/{number}/edit")
    page = page.submit(
        SAVE,
        {
            "Main theme": "POL-FOR",
            "Third theme": "SALW-MTR",
            "languages-0-language": "ru",
            "languages-1-language": "en",
            "languages-1-level": "A1",
            "languages-1-need": "useful",
        },
    )
    assert database.request(number).themes == ["POL-FOR", "SALW-TRF", "SALW-MTR"]
    assert database.request(number).languages == ["ru", "en"]
    page.follow("Go on writing").follow("All on one page").submit(
        SAVE, {"Main theme": "", "languages-0-language": "", "languages-0-level": ""}
    )
    assert database.request(number).themes == ["SALW-TRF", "SALW-MTR"]
    assert database.request(number).languages == ["en"]


def test_saving_without_a_change_leaves_no_event(requester, database):
    number = requester.request()
    before = database.request(number)
    requester.get(f"/requests/{number}/edit").submit(SAVE, {})
    assert database.request(number) == before


@pytest.mark.thorough
@pytest.mark.parametrize("state", [s for s in S if s not in {S.DRAFT, S.RETURNED}])
def test_only_drafts_and_returned_requests_are_edited(requester, database, state):
    number = requester.request(state)
    page = requester.get(f"/requests/{number}/edit")
    assert page.url == f"/requests/{number}"
    draft = requester.request()
    sent = requester.get(f"/requests/{draft}/edit").form(SAVE).filled({"Place": "Osh"}, SAVE)
    sent["version"] = [str(database.request(number).version)]
    page = requester.post(f"/requests/{number}/edit", sent, status=409)
    assert f"while the request is “{state}”" in page.text
    assert page.form(SAVE).values["place"] == ["Osh"]
    assert database.request(number).place == "Bishkek"


def test_a_returned_request_is_corrected_and_sent_again(requester, database):
    number = requester.request(S.RETURNED)
    page = requester.get(f"/requests/{number}")
    assert "What SEESAC asks you to correct" in page.text
    assert "A reason given in the tests." in page.text
    page = page.follow("Correct and send again")
    assert "What SEESAC asks you to correct A reason given in the tests." in page.text
    assert "save a draft" not in page.text
    page = page.submit("Save without sending", {"Title": ""}, status=400)
    assert page.errors == {"title": "Please give the request a title."}
    page = page.submit("Save without sending", {"Title": "Corrected"})
    assert database.request(number).state is S.RETURNED
    page = page.follow("Correct and send again").submit("Check and send again", {"Place": "Osh"})
    page.submit(SENT)
    stored = database.request(number)
    assert (stored.state, stored.title, stored.place) == (S.SUBMITTED, "Corrected", "Osh")


@pytest.mark.parametrize("roles", [(Role.REQUESTER,), (Role.REQUESTER, Role.COORDINATOR)])
@pytest.mark.parametrize("state", [S.DRAFT, S.RETURNED, S.SUBMITTED])
def test_other_people_reach_the_form_of_nobody_else(requester, person, database, roles, state):
    number = requester.request(state)
    before = database.request(number)
    other = person(*roles)
    other.get(f"/requests/{number}/edit", status=404)
    sent = other.get("/requests/new").form(SAVE).filled(FULL, SAVE)
    other.post(f"/requests/{number}/edit", {**sent, "version": ["1"]}, status=404)
    for step in ("submit", "withdraw"):
        values = {
            "version": str(before.version),
            "withdraw-kind": "other",
            "withdraw-reason": "Because.",
        }
        # A coordinator may know of a request that was sent in, and still takes no step of others.
        known = Role.COORDINATOR in roles and state is not S.DRAFT
        other.post(f"/requests/{number}/{step}", values, status=403 if known else 404)
    assert database.request(number) == before


def test_extra_fields_change_nothing(requester, person, database):
    other = person(Role.REQUESTER)
    extra = {
        "state": "accepted", "requester_id": str(other.account.id), "tor_version": "3",
        "submitted_at": "2020-01-01", "id": "77", "request_id": "77",
    }  # fmt: skip
    sent = requester.get("/requests/new").form(SAVE).filled(FULL, SAVE)
    page = requester.post("/requests/new", {**sent, **{k: [v] for k, v in extra.items()}})
    assert page.url == "/requests/1"
    assert database.request(1).state is S.DRAFT
    other.get("/requests/1", status=404)


@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_a_valid_token_nothing_is_stored_and_the_text_is_kept(requester, database, token):
    sent = requester.get("/requests/new").form(SAVE).filled(FULL, SAVE)
    del sent["csrf_token"]
    page = requester.post("/requests/new", sent, token=token, status=400)
    assert "Nothing is lost" in page.text
    assert page.form(SAVE).values["title"] == [FULL["Title"]]
    assert database.count() == 0


def test_thousands_of_rows_are_not_read(requester, database):
    sent = requester.get("/requests/new").form(SAVE).filled(FULL, SAVE)
    rows = {f"languages-{n}-language": ["en"] for n in range(1500)}
    page = requester.post("/requests/new", {**rows, **sent}, status=400)
    shown = [name for name in page.form(SAVE).values if re.fullmatch(r"languages-\d+-need", name)]
    assert len(shown) <= 8
    assert database.count() == 0
    requester.post("/requests/new", {f"field{n}": "x" for n in range(20_000)}, status=413)
