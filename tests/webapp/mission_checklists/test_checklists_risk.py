"""The text of the risk says what is so of the mission for which it is signed."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_checklists.test_checklists_readers import Case
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import Payer
from webapp.mission_checklists.models import Item, NeedKind

READ = "I have read what SEESAC says of the security there"
NOTHING = "SEESAC has not said anything of the security there yet"
INSURED = "SEESAC insures me"
OPEN = "it is not settled yet who pays for my insurance"


@pytest.mark.parametrize("payer", [None, *Payer])
def test_who_insures_is_said_as_it_was_agreed(
    app: Flask, visitor: Callable[[], Pages], payer: Payer | None
) -> None:
    case = Case(app, visitor, {"pays_insurance": payer})
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    is_open = payer in {None, Payer.TO_BE_AGREED}
    assert (INSURED in page.text, OPEN in page.text) == (payer is Payer.SEESAC, is_open)
    if payer and not is_open and payer is not Payer.SEESAC:
        assert f"but this side: {payer.label}." in page.text


def test_nobody_signs_that_they_have_read_what_was_not_said(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, {"security": ""})
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    assert (READ in page.text, NOTHING in page.text) == (False, True)
    # The briefing comes while the page is open: what it says is to be read before.
    case.send_file(Role.COORDINATOR, NeedKind.BRIEFING)
    refused = page.submit("Sign", {"agree": "y"}, status=409)
    assert (READ in refused.text, NOTHING in refused.text) == (True, False)
    refused.submit("Sign", {"agree": "y"})
    with reading(app) as session:
        item = session.query(Item).filter_by(kind=NeedKind.CONSENT).one()
        assert READ in (item.signed_text or "")


def test_who_insures_is_asked_anew_where_it_was_agreed_meanwhile(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, {"pays_insurance": None})
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        mission.match.request.pays_insurance = Payer.SEESAC
    assert INSURED in page.submit("Sign", {"agree": "y"}, status=409).text
