"""Whoever acts for an authority beside another role is given documents by the side on which they
stand of a mission, and not by their roles."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.mission_documents.saving import save
from tests.webapp.mission_documents.test_documents_files import planned
from webapp.core.roles import Role
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("quick")]

BACK = "Back to where it was asked for"


def test_a_coordinator_of_another_authority_is_given_the_letter_that_seesac_writes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        asked = factories.match(session, MatchState.RELEASE_ASKED)
        factories.make_official(session, asked.expert, factories.organisation(session).id)
        both = factories.account(session, Role.COORDINATOR, Role.NOMINATING_AUTHORITY)
        both.organisation_id = factories.organisation(session).id
    pages = visitor().come_in(both)
    letter = save(pages, f"/matches/{asked.id}/nomination-letter")
    assert letter.status_code == 200
    shown = pages.get(letter.request.path.removesuffix(".pdf"))
    assert shown.follow(BACK).url == f"/matches/{asked.id}"


def test_a_requester_who_acts_for_an_authority_goes_back_to_the_own_mission(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        mission = planned(session)
        requester = mission.match.request.requester
        requester.roles.extend(factories.account(session, Role.NOMINATING_AUTHORITY).roles)
        requester.organisation_id = factories.organisation(session).id
        mission.match.request.organisation_id = requester.organisation_id
    pages = visitor().come_in(requester)
    terms = save(pages, f"/deployments/{mission.id}/documents/terms-of-reference")
    assert terms.status_code == 200
    shown = pages.get(terms.request.path.removesuffix(".pdf"))
    assert shown.follow(BACK).url == f"/deployments/{mission.id}/documents"
