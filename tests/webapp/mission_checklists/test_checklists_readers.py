"""Who reads and sees to which thing that a mission needs: each side its own, SEESAC all."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import content, reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ForbiddenError
from webapp.core.record import audit, personal_data
from webapp.core.record.personal_data import Whose
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import Payer, RequestState
from webapp.experts.models import ProfileView
from webapp.matches.models import MatchState
from webapp.mission_checklists import operations
from webapp.mission_checklists.content import BY_KIND, RiskKnown, risk_to_read
from webapp.mission_checklists.models import Item, ItemFile, NeedKind
from webapp.mission_checklists.personal_data import RULES
from webapp.my_data import operations as my_data
from webapp.my_data import retention

K = NeedKind
PDF = b"%PDF-1.7 insured for all days"
SIDES = (Role.EXPERT, Role.REQUESTER, Role.NOMINATING_AUTHORITY, Role.COORDINATOR)
OWN: dict[Role, set[NeedKind]] = {
    Role.EXPERT: {K.CONSENT, K.VISA, K.MEDICAL, K.MATERIALS},
    Role.REQUESTER: {K.INVITATION, K.HOST},
    Role.NOMINATING_AUTHORITY: {K.RELEASE},
}


class Case:
    """A mission abroad with somebody of each side of it, and a stranger to it of each role."""

    def __init__(
        self, app: Flask, visitor: Callable[[], Pages], asked: dict[str, Any] | None = None,
        **facts: Any,
    ) -> None:  # fmt: skip
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.authority = factories.account(session, Role.NOMINATING_AUTHORITY)
            self.authority.organisation_id = factories.organisation(session).id
            if "request" not in facts:
                said = {"pays_insurance": Payer.SEESAC, **(asked or {})}
                facts["request"] = factories.request(
                    session, RequestState.ACCEPTED, coordinator=self.office, **said
                )
            match = factories.match(session, MatchState.SELECTED, coordinator=self.office, **facts)
            factories.make_official(session, match.expert, self.authority.organisation_id)
            self.number = session.query(Deployment).filter_by(match_id=match.id).one().id
            self.expert, self.requester = match.expert.account, match.request.requester
            self.expert_account = match.expert.account_id or 0
            self.expert_id = match.expert_id
            strangers = {role: factories.account(session, role) for role in SIDES[:3]}
            strangers[Role.NOMINATING_AUTHORITY].organisation_id = factories.organisation(
                session
            ).id
        people = (self.expert, self.requester, self.authority, self.office)
        self.pages = {
            role: visitor().come_in(person)
            for role, person in zip(SIDES, people, strict=True)
            if person
        }
        self.strangers = [visitor().come_in(person) for person in strangers.values()]
        self.address = f"/deployments/{self.number}/checklist"

    def mission(self, role: Role) -> Page:
        official = role is Role.NOMINATING_AUTHORITY
        path = "/officials/missions" if official else "/deployments"
        return self.pages[role].get(f"{path}/{self.number}")

    def post(self, role: Role, path: str, status: int = 302, **fields: Any) -> Page:
        pages, url = self.pages[role], f"{self.address}/{path}"
        sent = {"csrf_token": pages.own_token(), "version": str(self.version()), **fields}
        page = pages.check(url, pages.client.post(url, data=sent))
        assert page.status == status, page.text[:400]
        return page

    def version(self) -> int:
        with reading(self.app) as session:
            return session.get_one(Deployment, self.number).version

    def send_file(self, role: Role, kind: NeedKind) -> Page:
        return self.post(role, f"{kind}/done", file=(io.BytesIO(PDF), "Policy.pdf"))

    def states(self) -> dict[str, str]:
        with reading(self.app) as session:
            return {row.kind.value: row.state.value for row in session.scalars(sa.select(Item))}


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


def test_each_side_reads_its_own_things_and_seesac_all(case: Case) -> None:
    names = {kind: f">{str(kind.label)[0].upper()}{str(kind.label)[1:]}</a>" for kind in NeedKind}
    for role, own in OWN.items():
        page = case.mission(role)
        shown = {kind for kind, name in names.items() if name in page.response.text}
        assert shown == own, role
        for kind in NeedKind:
            status = 200 if kind in own else 404
            case.pages[role].get(f"{case.address}/{kind}", status=status)
    shown = {k for k, name in names.items() if name in case.mission(Role.COORDINATOR).response.text}
    assert shown == set(NeedKind) - {K.ACCESS, K.CONNECTION}


@pytest.mark.thorough
def test_nobody_sees_to_what_is_anothers_and_strangers_find_nothing(case: Case) -> None:
    before = content(case.app)
    for role, own in OWN.items():
        for kind in set(NeedKind) - own:
            case.post(role, f"{kind}/done", status=404)
    for kind in (K.CONSENT, K.VISA, K.INVITATION, K.RELEASE):
        # SEESAC reads of it, but notes nothing for those who are on the platform themselves.
        case.post(Role.COORDINATOR, f"{kind}/done", status=409)
    for pages in case.strangers:
        for kind in NeedKind:
            url = f"{case.address}/{kind}"
            pages.get(url, status=404)
            pages.get(f"{url}/file", status=404)
            pages.post(f"{url}/done", status=404)
            pages.post(f"{url}/open", status=404)
    assert content(case.app) == before


def test_each_side_ticks_its_own_from_the_page_of_the_mission(case: Case) -> None:
    case.mission(Role.EXPERT).submit("It is done: visa", status=302)
    case.mission(Role.REQUESTER).submit("It is done: rooms and reception", status=302)
    page = case.mission(Role.NOMINATING_AUTHORITY).follow("See to it: release letter")
    page.submit("Note that it is done", status=302)
    page = case.mission(Role.COORDINATOR)
    page.submit("It is done: security briefing", status=302)
    assert case.states() == {
        "visa": "done", "host": "done", "release": "done", "briefing": "done"
    }  # fmt: skip


def test_a_file_is_read_by_those_for_whom_it_is_meant_and_each_look_is_recorded(
    case: Case,
) -> None:
    case.send_file(Role.COORDINATOR, K.INSURANCE)
    url = f"{case.address}/{K.INSURANCE}/file"
    answer = case.pages[Role.EXPERT].client.get(url)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=Policy.pdf"
    assert case.pages[Role.COORDINATOR].client.get(url).data == PDF
    assert "Policy.pdf" in case.mission(Role.EXPERT).text
    for role in (Role.REQUESTER, Role.NOMINATING_AUTHORITY):
        case.pages[role].get(url, status=404)
        assert "Policy.pdf" not in case.mission(role).text
    with reading(case.app) as session:
        views = session.scalars(
            sa.select(ProfileView).where(ProfileView.page == "mission_checklists.file")
        ).all()
        assert [(view.account_id, view.expert_id) for view in views] == [
            (case.office.id, case.expert_id)
        ]
        assert invariants.run(session) == []
    # Who reads the file of a thing does not see to it.
    case.post(Role.EXPERT, f"{K.INSURANCE}/open", status=409)


def test_no_file_is_taken_where_it_would_tell_of_health(case: Case) -> None:
    case.send_file(Role.EXPERT, K.MEDICAL)
    assert BY_KIND[K.MEDICAL].read_by == frozenset()
    with reading(case.app) as session:
        assert session.query(ItemFile).count() == 0


def test_seesac_notes_for_a_side_that_is_not_on_the_platform(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        session.get_one(Account, case.expert_account).active = False
    case.post(Role.COORDINATOR, f"{K.VISA}/done")
    page = case.pages[Role.COORDINATOR].get(f"{case.address}/{K.VISA}")
    assert "Written down by SEESAC" in page.text
    # A signature on paper is a paper.
    page = case.post(Role.COORDINATOR, f"{K.CONSENT}/done", status=409)
    assert "add the paper that the expert has signed" in page.text
    assert "The paper that the expert has signed" in page.text
    assert "(optional)" not in page.text
    case.send_file(Role.COORDINATOR, K.CONSENT)
    assert case.states() == {"visa": "done", "consent": "done"}


def test_nobody_signs_for_an_expert_by_the_operation_either(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        for person in (case.office, case.requester, case.authority):
            with pytest.raises(ForbiddenError):
                operations.sign(
                    factories.work(session, session.merge(person)), mission,
                    read=risk_to_read("en", RiskKnown()), seen_version=mission.version,
                )  # fmt: skip
        audit.forget(session)


def test_a_colleague_of_the_requester_finds_nothing_that_names_the_expert(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        organisation = factories.organisation(session).id
        colleague = factories.account(session, Role.REQUESTER)
        mission.match.request.organisation_id = organisation
        mission.match.request.requester.organisation_id = colleague.organisation_id = organisation
        request_id = mission.match.request_id
    case.send_file(Role.REQUESTER, K.INVITATION)
    pages = visitor().come_in(colleague)
    pages.get(f"/requests/{request_id}")
    pages.get(f"/deployments/{case.number}", status=404)
    for kind in NeedKind:
        pages.get(f"{case.address}/{kind}", status=404)
        pages.get(f"{case.address}/{kind}/file", status=404)
        pages.post(f"{case.address}/{kind}/done", status=404)
    assert case.states() == {"invitation": "done"}


def test_a_copy_holds_what_missions_needed_and_erasing_takes_the_files(case: Case) -> None:
    case.send_file(Role.COORDINATOR, K.INSURANCE)
    with writing(case.app) as session:
        expert = session.get_one(Deployment, case.number).match.expert
        copy = personal_data.sections(session, Whose(case.expert_account, expert.id))
        needed, _seen_to, _asked, files, _given = (one.rows for one in copy if one.rule in RULES)
        assert [row["kind"] for row in needed] == [K.INSURANCE]
        assert [row["name"] for row in files] == ["Policy.pdf"]
        my_data.erase(factories.work(session, session.merge(case.expert)), expert)
    with reading(case.app) as session:
        assert session.query(ItemFile).count() == 0


@pytest.mark.parametrize(
    ("role", "kind"), [(Role.REQUESTER, K.INVITATION), (Role.NOMINATING_AUTHORITY, K.RELEASE)]
)
def test_who_adds_a_file_finds_it_in_their_copy_and_erasing_them_takes_it(
    case: Case, role: Role, kind: NeedKind
) -> None:
    case.send_file(Role.COORDINATOR, K.INSURANCE)
    case.send_file(role, kind)
    person = case.requester if role is Role.REQUESTER else case.authority
    with writing(case.app) as session:
        copy = personal_data.sections(session, Whose(person.id))
        _needed, seen_to, _asked, _files, given = (one.rows for one in copy if one.rule in RULES)
        assert [row["kind"] for row in seen_to] == [kind]
        assert [row["name"] for row in given] == ["Policy.pdf"]
        my_data.erase(factories.work(session, session.merge(case.office)), session.merge(person))
    with reading(case.app) as session:
        left = session.scalars(sa.select(Item).join(Item.file)).all()
        assert [row.kind for row in left] == [K.INSURANCE], "only their own"


def test_what_seesac_adds_for_a_mission_stays_when_its_coordinator_goes(case: Case) -> None:
    case.send_file(Role.COORDINATOR, K.INSURANCE)
    with writing(case.app) as session:
        other = factories.account(session, Role.COORDINATOR)
        my_data.erase(factories.work(session, other), session.merge(case.office))
    with reading(case.app) as session:
        left = session.scalars(sa.select(Item).join(Item.file)).all()
        assert [row.kind for row in left] == [K.INSURANCE]


@pytest.mark.both_databases
def test_a_request_that_forgets_its_people_keeps_no_file_of_its_missions(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case, other = Case(app, visitor), Case(app, visitor)
    for one in (case, other):
        one.send_file(Role.COORDINATOR, K.INSURANCE)
    with writing(app) as session:
        request = session.get_one(Deployment, case.number).match.request
        work = retention.by_the_platform(session, clock.now())
        assert retention.forget_people(work, request)["mission_item_file"] == 1
    with reading(app) as session:
        left = session.scalars(sa.select(Item).join(Item.file)).all()
        assert [row.deployment_id for row in left] == [other.number]
