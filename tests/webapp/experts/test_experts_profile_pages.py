"""The pages on which experts keep their profile: every form good, bad, stale and foreign."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts.models import Evidence, EvidenceKind, Expert

# Days off lie ahead.
AHEAD = clock.today().year + 1
EDIT_PAGES = {
    "/profile/about": {"Name": "Ana Nova"},
    "/profile/themes": {"others-0-theme": "SALW-POL", "others-0-years": "4"},
    "/profile/languages": {"skills-2-language": "fr", "skills-2-level": "B1"},
    "/profile/unavailable": {
        "periods-0-start": f"{AHEAD}-03-01",
        "periods-0-end": f"{AHEAD}-03-02",
    },
    "/profile/closed-jurisdictions": {"Jurisdiction to add": "SYR"},
    "/profile/evidence/new": {"Kind of work": "project", "Title": "A new register"},
    "/profile/training/new": {"Title": "Course for mentors"},
}


class Person:
    """An expert who has signed in."""

    def __init__(self, app: Flask, pages: Pages, **values: Any) -> None:
        self.app = app
        with writing(app) as session:
            self.expert = factories.expert(session, **values)
            self.entry = self.expert.evidence[0].id if self.expert.evidence else 0
            account = self.expert.account
        self.pages = pages.come_in(account)

    def stored(self, *names: str) -> Any:
        """Return what stands in the database now."""
        with reading(self.app) as session:
            expert = session.get_one(Expert, self.expert.id)
            found = [getattr(expert, name) for name in names]
            return found[0] if len(found) == 1 else found


@pytest.fixture
def person(app: Flask, pages: Pages) -> Person:
    return Person(app, pages)


def send(page: Page, values: dict[str, Any], status: int | None = None) -> Page:
    button = "Add to the list" if "closed" in page.url else "Save"
    return page.submit(button, values, status=status)


@pytest.mark.parametrize("url", EDIT_PAGES)
def test_each_section_is_saved_and_shown(person: Person, url: str) -> None:
    page = send(person.pages.get(url), EDIT_PAGES[url])
    assert page.heading.startswith("My profile")
    assert page.url.startswith("/profile#")
    for words in {
        "/profile/about": ["Ana Nova"],
        "/profile/themes": ["SALW legislation, strategy and roadmap · 4 years"],
        "/profile/languages": ["French B1"],
        "/profile/unavailable": [f"1–2 March {AHEAD}"],
        "/profile/closed-jurisdictions": ["Syria"],
        "/profile/evidence/new": ["A new register", "Project"],
        "/profile/training/new": ["Course for mentors"],
    }[url]:
        assert words in page.text


@pytest.mark.thorough
@pytest.mark.parametrize("url", EDIT_PAGES)
def test_a_stale_edit_is_refused_beside_what_is_stored_and_then_accepted(
    person: Person, url: str
) -> None:
    opened = person.pages.get(url)
    send(person.pages.get("/profile/closed-jurisdictions"), {"Jurisdiction to add": "AFG"})
    version = person.stored("version")
    refused = send(opened, EDIT_PAGES[url], status=409)
    assert "This was not saved" in refused.text
    assert "Stored now" in refused.text
    typed = next(
        form
        for form in refused.forms
        if "version" in form.values and form.action.partition("?")[0] == url
    )
    for label, value in EDIT_PAGES[url].items():
        assert typed.values[typed.name_of(label)] == [value]
    assert person.stored("version") == version
    send(refused, {})
    assert person.stored("version") == version + 1


@pytest.mark.parametrize("url", EDIT_PAGES)
def test_a_form_sent_twice_counts_once(person: Person, url: str) -> None:
    form = person.pages.get(url)
    send(form, EDIT_PAGES[url])
    version = person.stored("version")
    send(form, EDIT_PAGES[url], status=409)
    assert person.stored("version") == version


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 5000, "1\x00"])
def test_a_version_that_is_none_is_stale(person: Person, version: str) -> None:
    values = {"version": version, "name": "Typed name"}
    page = person.pages.post("/profile/about", values, status=409)
    assert "Typed name" in page.form("Save").values["name"]


NEXT_YEAR = f"{AHEAD}-12"
BAD = [
    ("/profile/about", {"name": ""}, "name", "fill this in"),
    ("/profile/about", {"name": "a\x00b"}, "name", "control character"),
    ("/profile/about", {"name": "a" * 201}, "name", "at most 200"),
    ("/profile/about", {"summary": "a" * 3001}, "summary", "at most 3,000"),
    ("/profile/about", {"jurisdiction": "XXX"}, "jurisdiction", "choose one"),
    ("/profile/about", {"gender": "none"}, "gender", "choose one"),
    ("/profile/about", {"max_days": "0"}, "max_days", "from 1 to 730"),
    ("/profile/about", {"max_days": "ten"}, "max_days", "whole number"),
    ("/profile/about", {"notice_days": "9" * 30}, "notice_days", "from 0 to 365"),
    ("/profile/about", {"most_missions": "13"}, "most_missions", "from 1 to 12"),
    ("/profile/about", {"service_since": "1949"}, "service_since", "from 1,950"),
    ("/profile/about", {"service_since": NEXT_YEAR[:4]}, "service_since", "still to come"),
    ("/profile/about", {"telephone": "ask my wife"}, "telephone", "digits"),
    ("/profile/about", {"nato_rank": "OF-11"}, "nato_rank", "choose one"),
    ("/profile/about", {"english_summary": "a" * 601}, "english_summary", "at most 600"),
    ("/profile/themes", {"others-1-level": "leading"}, "others-1-theme", "this level belongs"),
    ("/profile/languages", {"skills-0-stanag": "3 3 9 2"}, "skills-0-stanag", "four levels"),
    ("/profile/languages", {"skills-0-stanag": "333"}, "skills-0-stanag", "four levels"),
    ("/profile/languages", {"skills-2-reading": "B1"}, "skills-2-language", "the language"),
    ("/profile/evidence/new", {"role": "a" * 201}, "role", "at most 200"),
    ("/profile/training/new", {"kind": "rumour"}, "kind", "choose one"),
    ("/profile/closed-jurisdictions", {"code": "SYR", "kind": "hated"}, "kind", "choose one"),
    ("/profile/themes", {"ranked-2-theme": "SALW-MTR"}, "ranked-2-theme", "twice"),
    ("/profile/themes", {"others-0-theme": "SALW-TRF"}, "others-0-theme", "twice"),
    ("/profile/themes", {"others-0-theme": "SALW-XXX"}, "others-0-theme", "choose one"),
    ("/profile/themes", {"others-1-years": "3"}, "others-1-theme", "choose the theme"),
    ("/profile/themes", {"ranked-0-years": "61"}, "ranked-0-years", "from 0 to 60"),
    ("/profile/languages", {"skills-2-language": "en"}, "skills-2-language", "twice"),
    ("/profile/languages", {"skills-2-language": "fr"}, "skills-2-level", "choose the level"),
    ("/profile/languages", {"skills-2-level": "B1"}, "skills-2-language", "the language"),
    ("/profile/languages", {"skills-0-level": "B9"}, "skills-0-level", "choose one"),
    ("/profile/unavailable", {"periods-0-start": f"{AHEAD}-03-01"}, "periods-0-end", "last day"),
    ("/profile/unavailable", {"periods-0-end": f"{AHEAD}-03-01"}, "periods-0-start", "first day"),
    ("/profile/unavailable", {"periods-0-start": "soon"}, "periods-0-start", "year-month-day"),
    (
        "/profile/unavailable",
        {"periods-0-start": f"{AHEAD}-03-02", "periods-0-end": f"{AHEAD}-03-01"},
        "periods-0-end", "before the first",
    ),
    (
        "/profile/unavailable",
        {
            "periods-0-start": f"{AHEAD}-03-02", "periods-0-end": f"{AHEAD}-03-09",
            "periods-1-start": f"{AHEAD}-03-09", "periods-1-end": f"{AHEAD}-03-12",
        },
        "periods-1-start", "another row",
    ),
    ("/profile/closed-jurisdictions", {"code": "XXX"}, "code", "choose one"),
    ("/profile/closed-jurisdictions", {"code": ""}, "code", "choose one"),
    ("/profile/evidence/new", {"kind": "rumour", "title": "A"}, "kind", "choose one"),
    ("/profile/evidence/new", {"kind": "", "title": "A"}, "kind", "choose one"),
    ("/profile/evidence/new", {"title": "  "}, "title", "Please fill this in."),
    ("/profile/evidence/new", {"title": "\U0001f600"}, "title", "write something"),
    ("/profile/evidence/new", {"started": "2018-13"}, "started", "year-month"),
    ("/profile/evidence/new", {"started": "2018-11-05"}, "started", "year-month"),
    ("/profile/evidence/new", {"started": "1018-01"}, "started", "between 1950"),
    ("/profile/evidence/new", {"started": NEXT_YEAR}, "started", "still to come"),
    (
        "/profile/evidence/new",
        {"started": "2018-11", "ended": "2018-10"},
        "ended",
        "before the first",
    ),
    ("/profile/training/new", {"title": ""}, "title", "fill this in"),
    ("/profile/training/new", {"expires": "2027-02-30"}, "expires", "year-month-day"),
    ("/profile/training/new", {"expires": "1949-12-31"}, "expires", "between 1950"),
    ("/profile/training/new", {"expires": "2199-01-01"}, "expires", "between 1950"),
    ("/profile/evidence/new", {"started": "2018-01", "ended": "2099-01"}, "ended", "between 1950"),
    (
        "/profile/unavailable",
        {"periods-0-start": "1950-01-01", "periods-0-end": f"{AHEAD}-01-01"},
        "periods-0-start",
        "between 2015",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("url", "values", "place", "message"), BAD)
def test_bad_input_is_told_at_its_field_and_kept(
    person: Person, url: str, values: dict[str, str], place: str, message: str
) -> None:
    version = person.stored("version")
    page = send(person.pages.get(url), values, status=400)
    assert message in page.errors[place]
    kept = page.form("Add to the list" if "closed" in url else "Save").values
    for name, value in values.items():
        control = kept.get(name, [""])
        if value not in {
            "XXX",
            "none",
            "SALW-XXX",
            "B9",
            "rumour",
            "OF-11",
            "hated",
            "a\x00b",
            "  ",
        }:
            assert control == [value]
    assert person.stored("version") == version


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("moment", "month", "taken"),
    [
        # In Kiribati June begins at ten in the morning of the last of May in UTC.
        ("2031-05-31T09:59:59Z", "2031-06", False),
        ("2031-05-31T10:00:00Z", "2031-06", True),
        ("2031-05-31T10:00:00Z", "2031-07", False),
        ("2031-12-31T23:00:00Z", "1.2032", True),
    ],
)
def test_a_month_that_has_begun_somewhere_is_not_still_to_come(
    app: Flask, pages: Pages, moment: str, month: str, taken: bool
) -> None:
    with time_machine.travel(moment, tick=False):
        person = Person(app, pages)
        values = {"kind": "project", "title": "A new register", "started": month}
        page = send(person.pages.get("/profile/evidence/new"), values, None if taken else 400)
        assert ("still to come" in page.text) is not taken


def test_lone_surrogates_are_refused_or_replaced_and_never_break(person: Person) -> None:
    client, token = person.pages.client, person.pages.own_token()
    body = f"csrf_token={token}&version={person.stored('version')}&name=a%ED%A0%80b"
    answer = client.post(
        "/profile/about", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {302, 400}


def test_rows_with_absurd_numbers_are_not_read(person: Person) -> None:
    names = ("²", "9" * 5000, "-1", "1e3", "٣", "")
    values = {f"skills-{name}-language": "fr" for name in names}
    for n in range(500):
        values |= {f"skills-{n}-language": "", f"skills-{n}-level": ""}
    values["version"] = str(person.stored("version"))
    person.pages.post("/profile/languages", values)
    assert person.stored("languages") == []


def test_extra_fields_change_nothing(person: Person) -> None:
    before = person.stored("state", "account_id", "revision", "approved_until", "id")
    foreign = {
        "name": "Ana", "notice_days": "77", "state": "suspended", "account_id": "1", "id": "77",
        "expert_id": "77",
        "approved_until": "2030-01-01", "revision": "0", "last_confirmed_at": "2030-01-01",
    }  # fmt: skip
    person.pages.post("/profile/about", {**foreign, "version": str(person.stored("version"))})
    after = person.stored("state", "account_id", "revision", "approved_until", "id")
    assert person.stored("notice_days") == 77
    # Who somebody is waits for a coordinator.
    assert person.stored("name") != "Ana"
    assert after == [before[0], before[1], before[2] + 1, before[3], before[4]]


def test_text_is_shown_and_never_run(person: Person) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    page = send(person.pages.get("/profile/about"), {"Summary": hostile, "Post": hostile})
    assert hostile in page.text


def test_evidence_is_edited(person: Person) -> None:
    page = person.pages.get(f"/profile/evidence/{person.entry}")
    assert page.form("Save").values["started"] == ["2016-03"]
    page = send(page, {"Title": "Other title", "First month": "2015-02", "Last month": ""})
    assert "Other title" in page.text
    assert "since February 2015" in page.text
    with reading(person.app) as session:
        row = session.get_one(Evidence, person.entry)
        assert (row.started, row.ended) == (date(2015, 2, 1), None)
        assert row.kind is EvidenceKind.TRAINING_GIVEN


def test_removing_asks_first(person: Person) -> None:
    url = f"/profile/evidence/{person.entry}/remove"
    asked = person.pages.get(url)
    assert "Course on firearms tracing" in asked.text
    assert len(person.stored("evidence")) == 1
    assert "removed" in asked.submit("Remove it").text
    assert person.stored("evidence") == []
    assert "already" in person.pages.post(url, {"version": str(person.stored("version"))}).text


def test_a_stale_removal_is_refused(person: Person) -> None:
    asked = person.pages.get(f"/profile/evidence/{person.entry}/remove")
    send(person.pages.get(f"/profile/evidence/{person.entry}"), {"Title": "Rewritten"})
    refused = asked.submit("Remove it", status=409)
    assert "Rewritten" in refused.text
    assert len(person.stored("evidence")) == 1


def test_a_jurisdiction_leaves_the_list(person: Person) -> None:
    url = "/profile/closed-jurisdictions"
    send(person.pages.get(url), {"Jurisdiction to add": "SYR"})
    page = person.pages.get(url).submit("Remove: Syria")
    assert "There are none on your list" in page.text
    version = str(person.stored("version"))
    person.pages.post(f"{url}/SYR/remove", {"version": version}, status=404)


def test_confirming(person: Person) -> None:
    with writing(person.app) as session:
        expert = session.get_one(Expert, person.expert.id)
        expert.last_confirmed_at = None
    page = person.pages.get("/profile")
    assert "You have not confirmed it yet" in page.text
    page = page.submit("Everything is still true")
    assert "Your profile is confirmed" in page.text
    assert person.stored("last_confirmed_at").date() == clock.today()


def test_confirming_what_one_has_not_read_is_refused(person: Person) -> None:
    page = person.pages.get("/profile")
    send(person.pages.get("/profile/about"), {"Post": "Other post"})
    before = person.stored("last_confirmed_at")
    page.submit("Everything is still true", status=409)
    assert person.stored("last_confirmed_at") == before


def test_an_empty_profile_says_what_is_missing_and_why(app: Flask, pages: Pages) -> None:
    nothing: dict[str, Any] = {"themes": [], "evidence": [], "trainings": [], "languages": []}
    empty = {"summary": "", "post": "", "institution": "", "max_days": None, "jurisdiction": None}
    person = Person(app, pages, **nothing, **empty)
    page = person.pages.get("/profile")
    assert "0 of the 7 points" in page.text
    for link in ("A summary in your own words", "Evidence of past work", "Your themes"):
        person.pages.get(page.links[link])
    assert "The ranking compares its words" in page.text
    assert "is ranked" not in page.text
    assert "no request can find it" in page.text
    assert "Everything is still true" not in page.text
    values = {"version": str(person.stored("version"))}
    page = person.pages.post("/profile/confirm", values, status=409)
    assert "nothing in your profile to confirm" in page.text
    with writing(app) as session:
        session.execute(sa.update(Expert).values(post="Inspector"))
    page = person.pages.get("/profile")
    assert "there is little to rank it by" in page.text
    assert "Your profile is confirmed" in page.submit("Everything is still true").text


def test_a_full_profile_lacks_nothing(person: Person) -> None:
    assert "Your profile covers everything" in person.pages.get("/profile").text


@pytest.mark.parametrize("url", ["/profile", *EDIT_PAGES])
def test_an_account_without_a_profile_gets_a_clear_page(sign_in_as: Any, url: str) -> None:
    page = sign_in_as(Role.EXPERT).get(url, status=200 if url == "/profile" else 404)
    assert "There is no profile for your account yet" in page.text


def test_a_token_that_fails_changes_nothing_and_keeps_what_was_typed(person: Person) -> None:
    values = {"name": "Typed name", "version": str(person.stored("version"))}
    for token in (None, "", "forged"):
        page = person.pages.post("/profile/about", values, token=token, status=400)
        assert page.form("Save").values["name"] == ["Typed name"]
        person.pages.post("/profile/confirm", values, token=token, status=400)
    assert person.stored("version") == 1


def test_long_lists_stay_light(app: Flask, pages: Pages) -> None:
    rows = [
        Evidence(kind=EvidenceKind.MISSION, title="T" * 200, description="word " * 200)
        for _ in range(20)
    ]
    person = Person(app, pages, evidence=rows)
    for url in ("/profile", *EDIT_PAGES):
        assert len(person.pages.get(url).response.data) < 100_000


def test_reading_leaves_no_trace_of_the_owner(person: Person) -> None:
    with reading(person.app) as session:
        before = session.scalar(sa.text("SELECT count(*) FROM audit_event"))
    person.pages.get("/profile")
    with reading(person.app) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM audit_event")) == before
