"""The page of many entries stays light, however many pieces a curriculum had."""

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.curricula import dates, entries, wordings
from webapp.curricula import pieces as reader
from webapp.curricula.models import CurriculumDraft

LINE = "Head of the unit for tracing, Fictional Directorate, Podgorica, 2016 - 2020"
CODES = ("sq", "en", "it", "fr", "de", "ru", "uk", "ro", "mk", "el")


def pieces(works: int, courses: int, languages: int, **skills: str) -> dict[str, Any]:
    """Return so many pieces of each section, all fields of which are filled."""
    entry = {"place": "Podgorica", "jurisdiction": "MNE", "lines": [0, 1], "expires": ""}
    work = {"kind": "post held", "description": "Led a team of nine who trace weapons. " * 3}
    days = {"started": "2016-03", "ended": "2020-05"}
    no_days = {"started": "", "ended": "", "expires": "2030-01-01", "description": ""}
    return {
        "summary": "", "telephone": "",
        "evidence": [
            {**entry, **work, **days, "title": f"Head of unit {number}"} for number in range(works)
        ],
        "trainings": [
            {**entry, **no_days, "kind": "course", "title": f"Course {number}"}
            for number in range(courses)
        ],
        "languages": [
            {"language": code, "level": "B2", "stanag": "", "lines": [3, 3], **skills}
            for code in CODES[:languages]
        ],
    }  # fmt: skip


SKILLS = {"listening": "B2", "speaking": "B1", "reading": "C1", "writing": "B1"}
DRAFTS = {
    "no file": (None, 60_000),
    "thirty pieces": (pieces(15, 10, 5), 60_000),
    "the most": (pieces(40, 40, 10, **SKILLS), 75_000),
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("draft", DRAFTS)
def test_the_page_is_light(app: Flask, pages: Pages, language: str, draft: str) -> None:
    found, most = DRAFTS[draft]
    with writing(app) as session:
        expert = factories.expert(session, themes=[], summary="", telephone="")
        account = expert.account
        assert account is not None
        account.language = language
        if found:
            session.add(
                CurriculumDraft(
                    expert_id=expert.id, text="\n".join([LINE] * 60), pieces=found,
                    read_at=clock.now(),
                )
            )  # fmt: skip
    page = pages.come_in(account).get("/profile/entries")
    assert len(page.response.data) < most


@pytest.mark.parametrize("line", ["2001 " * 4000, "since 2001 - 2005, " * 1000])
def test_of_a_line_without_an_end_each_word_is_looked_at_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    looked_at = 0

    def counted(text: str) -> wordings.Phrase:
        nonlocal looked_at
        looked_at += len(text)
        return wordings.words_of(text)

    for module in (dates, entries):
        monkeypatch.setattr(module, "words_of", counted)
    reader.read(f"Experience\n{line}")
    assert len(dates.find_periods(line)) == line.count("2001")
    assert looked_at < 30 * len(line)
