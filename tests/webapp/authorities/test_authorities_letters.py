"""The letter of a release, and what it settles of a mission, is a matter of those alone who could
have released the expert."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.structure.test_migrations import downgrade, upgrade
from tests.webapp.matches.considered import WHY, Case
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ActedOn
from webapp.matches import operations, releases
from webapp.matches.models import Match, MatchState, ReleaseLetterFile
from webapp.matches.workflow import MatchStep
from webapp.mission_checklists.models import Item

E, C, N = Role.EXPERT, Role.COORDINATOR, Role.NOMINATING_AUTHORITY


def by_letter() -> releases.LetterContent:
    """Return what a letter of today says of itself."""
    return releases.LetterContent("05/2-118", clock.today())


class Released:
    """An official who was released by the number of a letter, and selected."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with writing(app) as session:
            self.house = factories.organisation(session).id
            chief = factories.account(session, N, organisation_id=self.house)
            office = factories.account(session, C)
            official = factories.account(session, E)
            expert = factories.expert(
                session, person=official, authority_id=self.house,
                approved_until=factories.FOR_YEARS,
            )  # fmt: skip
            match = factories.match(
                session, MatchState.RELEASE_ASKED, expert=expert, coordinator=office
            )
            match.authority_id = self.house
            releases.release(factories.work(session, chief), match, by_letter())
            operations.take(factories.work(session, office), match, MatchStep.APPROVE)
            operations.propose(factories.work(session, office), match.request)
            requester = match.request.requester
            operations.take(factories.work(session, requester), match, MatchStep.SELECT)
            self.match = match.id
            self.people = {"expert": official.id, "former coordinator": office.id}
            self.people["chief"] = chief.id
            self.mission = session.scalars(sa.select(Deployment.id)).one()

    def let_a_colleague_send_the_letter(self, visitor: Callable[[], Pages]) -> Account:
        """Let another member of the authority add the signed letter, and return them."""
        with writing(self.app) as session:
            colleague = factories.account(session, N, organisation_id=self.house)
        address = f"/releases/{self.match}/letter"
        assert send_file(visitor().come_in(colleague), address) == 302
        return colleague

    def give_roles(self, session: Session, person: Account, *roles: Role) -> None:
        administrator = factories.account(session, Role.ADMINISTRATOR)
        accounts.change_roles(factories.work(session, administrator), person, set(roles))
        person.organisation_id = self.house

    def files(self) -> int:
        with reading(self.app) as session:
            return session.query(ReleaseLetterFile).count() + session.query(Item).count()


def send_file(pages: Pages, path: str, **values: Any) -> int:
    """Send the scan of a letter; return the status."""
    name = "signed-file" if path.startswith("/releases") else "file"
    sent = {"csrf_token": pages.own_token(), name: (BytesIO(b"%PDF-1.7 letter"), "L.pdf")}
    return pages.client.post(path, data={**sent, **values}).status_code


WHO = {
    "the expert, who acts for the authority too": ("expert", (E, N)),
    "the expert, whose role of one is gone": ("expert", (N,)),
    "who decided for SEESAC": ("former coordinator", (N,)),
}


@pytest.mark.parametrize("who", WHO)
def test_nobody_settles_a_release_that_is_their_own_or_on_which_they_have_decided(
    app: Flask, visitor: Callable[[], Pages], who: str
) -> None:
    case, (name, roles) = Released(app), WHO[who]
    with writing(app) as session:
        person = session.get_one(Account, case.people[name])
        chief = session.get_one(Account, case.people["chief"])
        case.give_roles(session, person, *roles)
    theirs, pages = (visitor().come_in(one) for one in (chief, person))
    address = f"/releases/{case.match}/letter"
    offered, read = (one.get(f"/releases/{case.match}") for one in (theirs, pages))
    assert address in {form.action for form in offered.forms}
    assert address not in {form.action for form in read.forms}
    assert "so a colleague" in read.text
    assert "so a colleague" not in offered.text
    assert send_file(pages, address) == 403
    item = f"/deployments/{case.mission}/checklist/release"
    token = pages.own_token()
    assert pages.client.post(f"{item}/open", data={"csrf_token": token}).status_code == 404
    assert send_file(pages, f"{item}/done", version="1") == 404
    assert case.files() == 0
    assert send_file(theirs, address) == 302
    assert theirs.get(item).status == 200


def test_nobody_sends_the_letter_of_a_rival(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE, MatchState.RELEASE_ASKED, N)
    with writing(app) as session:
        house = case.in_one_authority(session, asked=True)
        chief = factories.account(session, N, organisation_id=house)
        rival = session.get_one(Match, case.rival)
        releases.release(factories.work(session, chief), rival, by_letter())
    address = f"/releases/{case.rival}/letter"
    page = case.pages.get(f"/releases/{case.rival}")
    assert address not in {form.action for form in page.forms}
    assert WHY in page.text
    assert send_file(case.pages, address) == 403
    assert send_file(visitor().come_in(chief), address) == 302


def test_who_has_sent_a_letter_has_acted_for_the_authority_on_the_request(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Released(app)
    colleague = case.let_a_colleague_send_the_letter(visitor)
    with reading(app) as session:
        acted = session.get_one(Match, case.match).request.acted
        assert (colleague.id, N) in {(act.account_id, act.side) for act in acted}


@pytest.mark.thorough
@pytest.mark.both_databases
def test_an_upgrade_reads_from_the_log_who_has_sent_letters(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Released(app)
    colleague = case.let_a_colleague_send_the_letter(visitor)
    downgrade(app, "0090")
    with writing(app) as session:
        session.execute(sa.delete(ActedOn).where(ActedOn.account_id == colleague.id))
    upgrade(app)
    with reading(app) as session:
        assert invariants.run(session) == []
