"""A curriculum becomes a draft beside its text, and what is taken of it entries of the profile."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.curricula.made_files import docx, txt
from tests.webapp.curricula.made_people import PEOPLE
from webapp.core import clock
from webapp.core.record.audit import AuditEvent
from webapp.curricula import sweep
from webapp.curricula.models import CurriculumDraft
from webapp.curricula.queries import KEPT
from webapp.experts.models import Expert

NAME, FILE = docx(PEOPLE[0], "numbers", lambda _html: b"")


class Writer:
    """An expert with an empty profile."""

    def __init__(self, app: Flask, pages: Pages, **values: Any) -> None:
        self.app = app
        nothing: dict[str, Any] = {
            "themes": [], "evidence": [], "trainings": [], "languages": [], "summary": "",
        }  # fmt: skip
        with writing(app) as session:
            self.expert = factories.expert(session, **{**nothing, **values})
            account = self.expert.account
        self.pages = pages.come_in(account)

    def send(self, data: bytes, name: str = NAME, status: int = 200) -> Page:
        """Send a file as a browser does, and return the page it leads to."""
        # The client would leave a file of its own open for what is large.
        mark = "in-between"
        parts = {"csrf_token": self.pages.own_token().encode(), f'file"; filename="{name}': data}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for field, value in parts.items()
        )
        answer = self.pages.client.post(
            "/profile/curriculum",
            data=body + f"--{mark}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={mark}",
        )
        if status == 200:
            assert answer.status_code == 303, answer.get_data(as_text=True)
            return self.pages.get("/profile/entries")
        assert answer.status_code == status
        return self.pages.check("/profile/curriculum", answer)

    def stored(self) -> tuple[list[str], list[str], list[str]]:
        """Return titles of evidence and trainings, and languages with their levels."""
        with reading(self.app) as session:
            expert = session.get_one(Expert, self.expert.id)
            return (
                [row.title for row in expert.evidence],
                [row.title for row in expert.trainings],
                [f"{row.language} {row.level}" for row in expert.languages],
            )

    def drafts(self) -> int:
        """Return how many drafts there are."""
        with reading(self.app) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(CurriculumDraft)) or 0


@pytest.fixture
def writer(app: Flask, pages: Pages) -> Writer:
    return Writer(app, pages)


def test_a_curriculum_is_taken_over_in_one_go(writer: Writer) -> None:
    page = writer.send(FILE)
    assert "Head of the firearms registry" in page.text
    assert "In your file" in page.text
    assert writer.stored() == ([], [], [])
    profile = page.submit("Save all")
    assert profile.heading.startswith("My profile")
    evidence, trainings, languages = writer.stored()
    person = PEOPLE[0]
    assert evidence == [work.title for work in (*person.posts, *person.missions)]
    assert trainings == list(person.courses)
    assert languages == ["sq C2", "en C1", "it B1"]
    assert "since March 2016" in profile.text
    assert writer.drafts() == 0


def test_pieces_are_changed_left_and_dropped_one_by_one(writer: Writer) -> None:
    page = writer.send(FILE)
    page.submit(
        "Save all",
        {
            "evidence-0-title": "Head of the registry",
            "evidence-1-decision": "later",
            "evidence-2-decision": "drop",
            "languages-2-decision": "later",
        },
    )
    evidence, _trainings, languages = writer.stored()
    assert evidence == ["Head of the registry", "Monitor in the EULEX mission"]
    assert languages == ["sq C2", "en C1"]
    page = writer.pages.get("/profile/entries")
    assert "Inspector for weapons and explosives" in page.text
    assert "Trainer on firearms tracing" not in page.form("Save all").values["evidence-0-title"]
    assert page.form("Save all").values["evidence-0-decision"] == [""]
    page.submit("Save all")
    assert writer.stored()[0][-1] == "Inspector for weapons and explosives"
    assert writer.drafts() == 0


BAD = [
    ("evidence-0-title", "", "give it a title"),
    ("evidence-0-started", "soon", "year-month"),
    ("evidence-0-started", f"{clock.today().year + 1}-12", "still to come"),
    ("evidence-0-jurisdiction", "Atlantis", "one of the list"),
    ("evidence-0-kind", "rumour", "choose one"),
    ("evidence-0-description", "a" * 2001, "at most 2,000"),
    ("trainings-0-expires", "2027-02-30", "year-month-day"),
    ("languages-0-level", "", "choose the level"),
    ("languages-1-language", "sq", "twice"),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("place", "value", "message"), BAD)
def test_bad_input_is_told_at_its_field_and_everything_is_kept(
    writer: Writer, place: str, value: str, message: str
) -> None:
    page = writer.send(FILE)
    refused = page.submit("Save all", {place: value, "evidence-3-title": "Typed"}, status=400)
    assert message in refused.errors[place]
    assert refused.form("Save all").values["evidence-3-title"] == ["Typed"]
    assert writer.stored() == ([], [], [])
    assert writer.drafts() == 1


def test_many_entries_are_written_without_a_file(writer: Writer) -> None:
    page = writer.pages.get("/profile/entries")
    values = {
        "evidence-0-title": "Trainer in Bishkek", "evidence-0-kind": "mission",
        "evidence-0-jurisdiction": "kyrgyzstan", "evidence-0-started": "2018-11",
        "evidence-3-title": "A new register", "evidence-3-kind": "project",
        "trainings-1-title": "Course for mentors", "languages-0-language": "en",
        "languages-0-level": "C1", "languages-0-stanag": "3332", "themes-0-theme": "SALW-MTR",
        "summary": "Leads a unit.",
    }  # fmt: skip
    profile = page.submit("Save all", values)
    assert "6 entries are in your profile" in profile.text
    for words in ("Kyrgyzstan", "November 2018", "A new register", "STANAG 6001: 3 3 3 2"):
        assert words in profile.text
    with reading(writer.app) as session:
        expert = session.get_one(Expert, writer.expert.id)
        assert [(row.theme_code, row.priority) for row in expert.themes] == [("SALW-MTR", 1)]


def test_what_stands_in_the_profile_already_stays_and_is_not_doubled(
    app: Flask, pages: Pages
) -> None:
    writer = Writer(app, pages, summary="My own words.")
    writer.send(FILE).submit("Save all")
    before = writer.stored()
    profile = writer.send(FILE).submit("Save all")
    assert writer.stored() == before
    assert "Nothing new was added" in profile.text
    assert "0 entries" not in profile.text
    assert "alert-success" not in profile.text
    assert "My own words." in writer.pages.get("/profile").text


def test_levels_that_a_curriculum_tells_otherwise_stay_and_are_named(writer: Writer) -> None:
    assert "and they stay" not in writer.send(FILE).submit("Save all").text
    before = writer.stored()
    page = writer.send(FILE)
    fields = page.form("Save all").values
    english = next(name for name, value in fields.items() if value == ["English"])
    profile = page.submit("Save all", {english.replace("-language", "-level"): "B2"})
    assert "and they stay: English." in profile.text
    assert writer.stored() == before


def test_a_stale_page_is_refused_and_what_was_typed_stays(writer: Writer) -> None:
    page = writer.pages.get("/profile/entries")
    values = {"evidence-0-title": "A", "evidence-0-kind": "project"}
    page.submit("Save all", values)
    refused = page.submit("Save all", {**values, "evidence-0-title": "B"}, status=409)
    assert refused.form("Save all").values["evidence-0-title"] == ["B"]
    assert writer.stored()[0] == ["A"]
    refused.submit("Save all")
    assert writer.stored()[0] == ["A", "B"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "choose a file"),
        (b"\x89PNG\r\n" + b"\0" * 50, "no PDF, DOCX, ODT or TXT"),
        (b"a" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_its_field(
    writer: Writer, data: bytes, message: str
) -> None:
    page = writer.send(data, name="" if not data else "cv.pdf", status=400)
    assert message in page.errors["file"]
    assert writer.drafts() == 0


def test_a_request_that_is_far_too_large_is_refused(writer: Writer) -> None:
    writer.send(b"a" * 7_000_000, status=413)


def test_no_other_page_takes_a_file(writer: Writer) -> None:
    values = {"csrf_token": writer.pages.own_token(), "name": (io.BytesIO(b"a"), "a.txt")}
    answer = writer.pages.client.post(
        "/profile/about", data=values, content_type="multipart/form-data"
    )
    assert answer.status_code == 415


def test_what_a_file_holds_is_shown_and_never_run(writer: Writer) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    page = writer.send(f"Experience\n2010 - 2012\t{hostile}\n".encode(), "cv.txt")
    assert hostile in page.text


def test_nobody_else_reads_a_draft(writer: Writer, visitor: Callable[[], Pages]) -> None:
    writer.send(FILE)
    with writing(writer.app) as session:
        other = factories.expert(session).account
    page = visitor().come_in(other).get("/profile/entries")
    assert "Head of the firearms registry" not in page.text


def test_a_draft_is_dropped_with_its_text(writer: Writer) -> None:
    page = writer.send(FILE)
    page.submit("Drop the draft and its text")
    assert writer.drafts() == 0


def test_a_draft_that_was_left_lying_is_deleted(
    writer: Writer, app: Flask, visitor: Callable[[], Pages]
) -> None:
    writer.send(FILE)
    read_at = clock.now()
    with time_machine.travel(read_at + KEPT - timedelta(minutes=1), tick=False):
        Writer(app, visitor()).send(FILE)
    for late, left in ((-timedelta(seconds=30), 2), (timedelta(seconds=30), 1)):
        with time_machine.travel(read_at + KEPT + late, tick=False):
            with app.app_context():
                sweep.delete_due()
            assert writer.drafts() == left


def test_the_file_is_kept_nowhere(writer: Writer, instance: Any) -> None:
    marked = b"Experience\n2010 - 2012\tHead of unit\n" + b"  \n" * 200 + b"\x0bend-of-file-mark"
    writer.send(marked, "cv.txt")
    found = [
        path
        for path in instance.rglob("*")
        if path.is_file() and b"\x0bend-of-file-mark" in path.read_bytes()
    ]
    assert found == []


def test_the_log_tells_that_one_was_read_and_nothing_of_it(writer: Writer) -> None:
    writer.send(FILE)
    with reading(writer.app) as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert event.action == "curriculum read"
        assert event.details == {"pieces": {"evidence": 4, "trainings": 3, "languages": 3}}


def test_a_long_curriculum_is_shown_in_parts(writer: Writer) -> None:
    works = "".join(f"{1980 + n} - {1981 + n}\tPost number {n}\nDid this.\n" for n in range(30))
    page = writer.send(f"Work experience\n{works}".encode(), "cv.txt")
    assert "25 more pieces are shown" in page.text
    page = page.submit("Save all")
    assert "20 more pieces are shown" in page.text
    for _part in range(5):
        page = page.submit("Save all")
    assert len(writer.stored()[0]) == 30


def test_the_text_of_a_long_curriculum_is_read_on_pages_of_its_own(writer: Writer) -> None:
    works = "".join(f"{1980 + n} - {1981 + n}\tPost {n}\n{'Did this. ' * 90}\n" for n in range(30))
    page = writer.send(f"Work experience\n{works}The very end\n".encode(), "cv.txt")
    source = page.follow("The whole text that was read")
    assert "Post 2" in source.text
    assert "The very end" not in source.text
    last = writer.pages.get("/profile/curriculum/text", query={"page": "99"})
    assert "The very end" in last.text
    page.submit("Drop the draft and its text")
    writer.pages.get("/profile/curriculum/text", status=404)


def test_what_is_typed_is_kept_while_it_is_typed_and_offered_again(writer: Writer) -> None:
    page = writer.pages.get("/profile/entries")
    values = {**page.form("Save all").values, "evidence-0-title": ["Trainer in Bishkek"]}
    sent = {**values, "kept_page": "/profile/entries", "csrf_token": writer.pages.own_token()}
    assert writer.pages.client.post("/kept-texts/typing", data=sent).status_code == 201
    again = writer.pages.get("/profile/entries").follow("Go on with it")
    # What its rows still lack is told at once.
    form = again.submit("Go on with your text", status=400)
    assert form.form("Save all").values["evidence-0-title"] == ["Trainer in Bishkek"]
    form.submit("Save all", {"evidence-0-kind": "mission"})
    assert writer.stored()[0] == ["Trainer in Bishkek"]
    assert "Go on with it" not in writer.pages.get("/profile/entries").text


def test_a_language_is_found_by_its_name_in_the_language_of_the_page(writer: Writer) -> None:
    page = writer.pages.get("/profile/entries")
    values = {"languages-0-language": "albanian", "languages-0-level": "C1"}
    wrong = {"languages-1-language": "Klingon", "languages-1-level": "C1"}
    refused = page.submit("Save all", {**values, **wrong}, status=400)
    assert "one of the list" in refused.errors["languages-1-language"]
    assert refused.form("Save all").values["languages-0-language"] == ["Albanian"]
    assert refused.form("Save all").values["languages-1-language"] == ["Klingon"]
    refused.submit("Save all", {"languages-1-language": "Русский", "languages-1-level": ""},
                   status=400)  # fmt: skip
    refused.submit("Save all", {"languages-1-language": "", "languages-1-level": ""})
    assert writer.stored()[2] == ["sq C1"]


def test_a_plain_text_in_cyrillic_is_read(writer: Writer) -> None:
    _name, data = txt(PEOPLE[2], "words", lambda _html: b"")
    page = writer.send(data, "cv.txt")
    assert page.form("Save all").values["evidence-0-started"] == ["2014-06"]
    assert page.form("Save all").values["evidence-2-jurisdiction"] == ["North Macedonia"]


def test_a_file_in_which_nothing_is_found_is_told_beside_its_text(writer: Writer) -> None:
    page = writer.send("Ð ÐµÐ·Ð¸Ð¼Ðµ\nNothing that a profile holds.".encode(), "cv.txt")
    assert "Nothing that belongs into a profile was found" in page.text
    assert "Nothing that a profile holds." in page.text
    name, data = txt(PEOPLE[2], "words", lambda _html: b"")
    assert "Nothing that belongs into a profile was found" not in writer.send(data, name).text


def test_what_was_left_for_later_is_told_to_be_gone_with_its_draft(writer: Writer) -> None:
    page = writer.send(FILE)
    writer.pages.get("/profile/entries").submit("Drop the draft and its text")
    saved = page.submit("Save all", {"evidence-0-decision": "later"})
    assert "What you left for later is not there any more" in saved.text


def test_a_draft_that_was_changed_in_another_window_loses_no_word_and_no_piece(
    app: Flask, pages: Pages
) -> None:
    writer = Writer(app, pages)
    first = writer.send(FILE)
    second = pages.get("/profile/entries")
    first.submit("Save all", {"evidence-1-decision": "later"})
    assert writer.drafts() == 1
    typed = {"evidence-0-title": "Typed by hand", "evidence-0-description": "In some words."}
    shown = second.submit("Save all", typed, status=409)
    assert "was changed in another window" in shown.text
    values = shown.form("Save all").values
    assert values["evidence-0-title"] == ["Typed by hand"]
    # A fault shows the same page once more, which is of no draft any more.
    faulty = shown.submit("Save all", {"evidence-0-title": ""}, status=400)
    assert "leave it for later" not in faulty.text
    faulty.submit("Save all", typed)
    assert "Typed by hand" in writer.stored()[0]
    assert writer.drafts() == 1
