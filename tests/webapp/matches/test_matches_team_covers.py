"""What a member of a suggested team is said to cover."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

import matcher
from tests import factories, html
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.teams import team


def test_a_member_covers_subjects_of_the_field_and_words_only_without_any() -> None:
    word, subject = team.Subject("Security", False), team.Subject("weapons", True)
    assert team.of_the_field([word, subject]) == [subject]
    assert team.of_the_field([word]) == [word]


def test_a_member_covers_nothing_that_its_card_gives_as_no_reason(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    """The police are no reason beside what is asked of them, for a team as for a card."""
    empty: dict[str, Any] = {"post": "", "themes": [], "evidence": [], "trainings": []}
    with writing(app) as session:
        for summary in ("Police dogs that find weapons.", "Marking of firearms for the police."):
            factories.expert(session, summary=summary, **empty)
        made = factories.request(
            session, RequestState.ACCEPTED, title="Detection dogs and marking of firearms",
            background="", objectives="For the police.", tasks="", themes=(), languages=(),
            experts_needed=2,
        )  # fmt: skip
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{made.id}/team")
    told = [
        html.text_of(one).split(": ", 1)[1].split(", ")
        for one in page.tree.iter("p")
        if "Covers best in this team" in html.text_of(one)
    ]
    assert len(told) == 2
    assert "police" not in [word for words in told for word in words]


def test_a_word_of_a_themes_name_is_nothing_that_a_member_covers() -> None:
    index = matcher.ExpertIndex([matcher.Expert("1", summary="Trafficking of illicit goods.")])
    request = matcher.Request("r", title="Trgovina oružjem", themes=("SALW-TRF",))
    found = team.subjects_of(index.rank(request)).values()
    assert "illicit" not in {one.label for one in found}
    assert any(one.is_concept for one in found)
