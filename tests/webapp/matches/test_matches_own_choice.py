"""Whoever chooses among the experts proposed reads of the choice that it is theirs."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.html import text_of
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.matches.models import MatchState


@pytest.mark.parametrize(
    ("state", "to_requester", "to_office"),
    [
        (MatchState.PROPOSED, "ждёт вашего выбора", "на рассмотрении у заявителя"),
        (MatchState.SELECTED, "ваш выбор", "выбор заявителя"),
        (MatchState.NOT_SELECTED, "ваш отказ", "отказ заявителя"),
        (MatchState.ALTERNATE, "в резерве", "в резерве"),
    ],
)
def test_whoever_chooses_reads_of_their_own_choice_and_seesac_of_the_requesters(
    app: Flask, visitor: Callable[[], Pages], state: MatchState, to_requester: str, to_office: str
) -> None:
    with writing(app) as session:
        match = factories.match(session, state)
        office = factories.account(session, Role.COORDINATOR, language="ru")
        asking = match.request.requester
        assert asking
        asking.language = "ru"
    heading = (
        visitor()
        .come_in(asking)
        .get(f"/requests/{match.request_id}/proposed")
        .tree.find(f".//*[@id='proposal-{match.id}']/h2")
    )
    assert text_of(heading) == f"{match.expert.name} {to_requester}"
    page = visitor().come_in(office).get(f"/matches/{match.id}")
    assert page.heading == f"{match.expert.name} {to_office}"
