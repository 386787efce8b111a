"""Each text of a request is read by those whom its declaration names, and by nobody else."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from matcher import BETWEEN_TEXTS
from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.content import TEXTS
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState
from webapp.matches.ranking.matcher_records import request_record

# The title stands above each of these pages, and apart from the texts that are compared.
DECLARED = [text for text in TEXTS if text.name != "title"]
SAID: dict[str, Any] = {text.name: f"Said under {text.name}." for text in DECLARED}


def test_requesters_and_coordinators_read_every_text(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED, **SAID)
        url, address = f"/requests/{request.id}", request.requester.email
    for reader in (visitor().sign_in(address), sign_in_as(Role.COORDINATOR)):
        page = reader.get(url)
        assert [words for words in SAID.values() if words not in page.text] == []


def test_invited_experts_read_the_texts_that_are_declared_for_them_and_no_others(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, **SAID)
        match = factories.match(session, MatchState.INVITED, request=request)
        assert match.expert.account is not None
        url, address = f"/invitations/{match.id}", match.expert.account.email
    page = visitor().sign_in(address).get(url)
    for text in DECLARED:
        assert (SAID[text.name] in page.text) is text.for_invited, text.name


def test_the_ranking_compares_the_texts_that_are_declared_for_it_and_no_others(app: Flask) -> None:
    with writing(app) as session:
        record = request_record(factories.request(session, RequestState.ACCEPTED, **SAID))
    for text in DECLARED:
        assert (SAID[text.name] in record.description) is text.ranked, text.name
    # Each by itself: what is a task is one whatever stands below the background.
    apart = [text.strip() for text in record.description.split(BETWEEN_TEXTS)]
    assert apart == [SAID[text.name] for text in DECLARED if text.ranked]
