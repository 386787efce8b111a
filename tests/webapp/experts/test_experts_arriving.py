"""What is said of a profile that has only come in."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.experts.models import ExpertState

NOMINATED, BY_NOBODY = "The nomination has arrived", "The profile has arrived"


@pytest.mark.parametrize("by_authority", [True, False])
def test_only_who_was_nominated_reads_of_a_nomination(
    app: Flask, pages: Pages, *, by_authority: bool
) -> None:
    with writing(app) as session:
        house = factories.organisation(session).id
        expert = factories.expert(
            session, state=ExpertState.NOMINATED, authority_id=house if by_authority else None
        )
        person = expert.account
    text = pages.come_in(person).get("/profile").text
    assert (NOMINATED in text, BY_NOBODY in text) == (by_authority, not by_authority)
