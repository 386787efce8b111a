"""An authority that is closed: what of it stays is said before, and it approves nobody after."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.experts import approvals
from webapp.experts.approvals import Wanted
from webapp.experts.models import ExpertState
from webapp.experts.standing_workflow import ApprovalStep
from webapp.matches.models import MatchState
from webapp.organisations import operations


@pytest.mark.both_databases
def test_before_an_authority_is_closed_the_page_says_whose_profiles_and_which_releases_stay(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        home, empty = factories.organisation(session), factories.organisation(session)
        officials = [factories.expert(session, authority_id=home.id) for _ in range(2)]
        factories.expert(session, authority_id=home.id, state=ExpertState.WITHDRAWN)
        factories.match(session, MatchState.RELEASE_ASKED, expert=officials[0])
        numbers = home.id, empty.id
    administrator = sign_in_as(Role.ADMINISTRATOR)

    told = administrator.get(f"/organisations/{numbers[0]}/close").text
    assert "2 profiles stay those of its officials." in told
    assert "1 release waits for its answer" in told
    other = administrator.get(f"/organisations/{numbers[1]}/close").text
    assert "of its official" not in other
    assert "waits for its answer" not in other


def test_nothing_is_approved_in_the_name_of_an_authority_that_is_closed(app: Flask) -> None:
    with writing(app) as session:
        home = factories.organisation(session, "Fictional Ministry of the Interior")
        official = factories.expert(session, authority_id=home.id)
        operations.close(factories.work(session), home)
        today = clock.today()
        wanted = Wanted(today, today + timedelta(days=300), letter="1/2026")
        coordinator = factories.work(session, factories.account(session, Role.COORDINATOR))
        with pytest.raises(ConflictError, match="Fictional Ministry of the Interior is closed"):
            approvals.grant(coordinator, official, ApprovalStep.RECORD, wanted)
        official.authority_id = factories.organisation(session).id
        approvals.grant(coordinator, official, ApprovalStep.RECORD, wanted)
