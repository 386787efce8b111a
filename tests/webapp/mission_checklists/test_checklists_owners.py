"""A thing that a mission needs can be a named person's of its side, who has it on their list."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_checklists.test_checklists_readers import Case as Sides
from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ActedOn
from webapp.messages.models import Notice
from webapp.mission_checklists import handling, queries, reminders, rules, tasks
from webapp.mission_checklists.models import Item, ItemState, NeedKind

K = NeedKind
C, E, N, R = Role.COORDINATOR, Role.EXPERT, Role.NOMINATING_AUTHORITY, Role.REQUESTER
GIVE, WHO = "Let this person see to it", "Who of your side"
GIVEN, TAKEN = "is yours to see to", "somebody else sees to what a mission needs"


class Case(Sides):
    """A mission whose coordinator and whose member of the authority have a colleague each."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        super().__init__(app, visitor)
        with writing(app) as session:
            self.colleague = factories.account(session, C)
            self.member = factories.account(session, N)
            self.member.organisation_id = session.merge(self.authority).organisation_id
            mission = session.get_one(Deployment, self.number)
            self.name, self.start = mission.match.expert.name, mission.start
        self.visitor = visitor

    def give(self, role: Role, kind: NeedKind, person: Account, status: int = 302) -> None:
        page = self.pages[role].get(f"{self.address}/{kind}")
        page.submit(GIVE, {WHO: str(person.id)}, status=status)

    def owner(self) -> int | None:
        with reading(self.app) as session:
            return session.query(Item).one().owner_id

    def heard(self, person: Account) -> list[str]:
        with reading(self.app) as session:
            rows = session.query(Notice).filter_by(account_id=person.id).order_by(Notice.id)
            told = [row.words["subject"]["text"] for row in rows]
        return [text.partition(": ")[2] or text for text in told if "see" in text]


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    """Return the mission with those who can see to what it needs."""
    return Case(app, visitor)


@pytest.mark.both_databases
def test_a_colleague_finds_it_among_their_own_and_both_are_told(case: Case) -> None:
    case.give(C, K.INSURANCE, case.colleague)
    assert case.owner() == case.colleague.id
    assert case.heard(case.colleague)[-1].endswith(GIVEN)
    assert f"SEESAC, {case.colleague.name}" in case.mission(C).text
    assert case.colleague.name not in case.mission(E).text
    what = f"For the mission of {case.name}: insurance"
    queue = case.visitor().come_in(case.colleague).get("/queue?see=mine")
    assert f"{case.colleague.name} sees to it" in queue.text
    assert queue.follow(what).url == f"{case.address}/{K.INSURANCE}"
    assert what not in case.pages[C].get("/queue?see=mine").text
    assert what in case.pages[C].get("/queue").text
    case.give(C, K.INSURANCE, case.office)
    assert case.heard(case.colleague)[-1] == TAKEN
    case.send_file(C, K.INSURANCE)
    assert what not in case.pages[C].get("/queue").text


def test_a_member_of_the_authority_finds_it_on_the_list_of_officials(case: Case) -> None:
    case.give(N, K.RELEASE, case.member)
    what = f"For the mission of {case.name}: release letter"
    page = case.visitor().come_in(case.member).get("/officials")
    assert "Yours to see to for missions" in page.text
    assert page.follow(what).url == f"{case.address}/{K.RELEASE}"
    assert what not in case.pages[N].get("/officials").text
    assert f"the authority, {case.member.name}" in case.mission(C).text
    with reading(case.app) as session:
        assert what not in [str(line.what) for line in tasks.list_lines(session, clock.today())]


def test_whom_it_was_given_to_alone_is_reminded_until_they_leave_the_side(case: Case) -> None:
    case.give(N, K.RELEASE, case.member)
    case.give(C, K.INSURANCE, case.colleague)
    day = case.start

    def reminded() -> set[tuple[int | None, str]]:
        with reading(case.app) as session:
            found = reminders.find_open(session, day)
            return {(one.account_id, one.letter.path) for one in found}

    official, page = f"/officials/missions/{case.number}", f"/deployments/{case.number}"
    assert {(case.member.id, official), (case.colleague.id, page)} <= reminded()
    assert not {(case.authority.id, official), (case.office.id, page)} & reminded()
    with writing(case.app) as session:
        for person in (case.member, case.colleague):
            session.get_one(Account, person.id).active = False
    assert (case.authority.id, official) in reminded()
    assert not {(case.member.id, official), (case.colleague.id, page)} & reminded()
    assert case.colleague.name not in case.mission(C).text
    with reading(case.app) as session:
        (line,) = tasks.list_lines(session, day + timedelta(days=1))
        mission = session.get_one(Deployment, case.number)
        everything = len(queries.entries_of(session, mission))
        more = f" and {everything - tasks.MOST_NAMED} more"
        assert str(line.what).endswith(more), "the insurance is everybody's of SEESAC again"


def test_who_has_left_the_side_sees_to_nothing_though_they_can_sign_in(case: Case) -> None:
    case.give(N, K.RELEASE, case.member)
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        entry = queries.find_entry(session, mission, K.RELEASE)
        member = session.get_one(Account, case.member.id)
        assert queries.list_owners(session, [entry]) == {entry: member}
        assert queries.list_owned_by(session, member.as_actor()) == [entry]
        member.organisation_id = factories.organisation(session).id
        session.flush()
        assert queries.list_owners(session, [entry]) == {}
        assert queries.list_owned_by(session, member.as_actor()) == []


def test_of_a_side_those_who_are_on_another_one_as_well_are_not_asked(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        entry = queries.find_entry(session, mission, K.INSURANCE)
        office = session.merge(case.office).as_actor()
        assert case.colleague.id in {one.id for one in handling.list_able(session, office, entry)}
        side = {"account_id": case.colleague.id, "side": R}
        session.add(ActedOn(request_id=mission.match.request_id, **side))
        session.flush()
        session.expire(mission.match.request)
        able = handling.list_able(session, office, entry)
        assert [one.id for one in able] == [case.office.id]


def test_of_authorities_the_members_of_this_one_alone_are_looked_at(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    list_able = accounts.list_able

    def noted(session: Session, *of_whom: Any) -> Any:
        asked.append(of_whom)
        return list_able(session, *of_whom)

    monkeypatch.setattr(accounts, "list_able", noted)
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        entry = queries.find_entry(session, mission, K.RELEASE)
        member = session.get_one(Account, case.member.id)
        asked.clear()
        able = handling.list_able(session, member.as_actor(), entry)
        assert case.member.id in {one.id for one in able}
        assert asked[-1] == (N, member.organisation_id)


def test_what_somebody_sees_to_stands_in_the_queue_once_though_it_is_overdue(case: Case) -> None:
    case.give(C, K.INSURANCE, case.colleague)
    with reading(case.app) as session:
        lines = list(tasks.list_lines(session, case.start + timedelta(days=1)))
        found = [line for line in lines if "insurance" in str(line.what)]
        assert [line.handled_by for line in found] == [case.colleague.id]


def test_of_missions_those_alone_are_read_of_which_it_is_theirs(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.give(N, K.RELEASE, case.member)
    read: list[list[int]] = []
    list_entries = queries.list_entries

    def note(session: Session, missions: Sequence[Deployment]) -> dict[int, list[rules.Entry]]:
        read.append([one.id for one in missions])
        return list_entries(session, missions)

    monkeypatch.setattr(queries, "list_entries", note)
    with reading(case.app) as session:
        for person in (case.member, case.authority):
            queries.list_owned_by(session, person.as_actor())
    assert read == [[case.number], []]


def test_nobody_gives_it_to_another_side_or_for_one(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        work = factories.work(session, session.merge(case.office))
        for kind, person in (
            (K.INSURANCE, case.member), (K.INSURANCE, case.requester), (K.VISA, case.colleague),
            (K.RELEASE, case.colleague),
        ):  # fmt: skip
            assert person
            with pytest.raises(ConflictError, match="cannot see to it"):
                handling.hand_over(work, mission, kind, person.id, seen=None)
        assert session.query(Item).all() == []
    for role, kind in ((E, K.VISA), (R, K.HOST)):
        assert GIVE not in case.pages[role].get(f"{case.address}/{kind}").text
    page = case.pages[C].get(f"{case.address}/{K.INSURANCE}")
    refused = page.submit(GIVE, {WHO: ""}, status=400)
    assert "Please choose one." in refused.errors["person"]


def test_whoever_has_seen_another_owner_is_refused_and_shown_who_it_is(case: Case) -> None:
    page = case.pages[C].get(f"{case.address}/{K.INSURANCE}")
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        work = factories.work(session, session.merge(case.colleague))
        handling.hand_over(work, mission, K.INSURANCE, case.colleague.id, seen=None)
    refused = page.submit(GIVE, {WHO: str(case.office.id)}, status=409)
    assert f"SEESAC, {case.colleague.name}" in refused.text
    assert case.owner() == case.colleague.id
    case.give(C, K.INSURANCE, case.office)
    assert case.owner() == case.office.id


def test_it_stays_theirs_when_it_is_opened_again(case: Case) -> None:
    case.give(C, K.INSURANCE, case.colleague)
    case.send_file(C, K.INSURANCE)
    with reading(case.app) as session:
        entry = queries.find_entry(session, session.get_one(Deployment, case.number), K.INSURANCE)
        assert entry.state is ItemState.DONE
        assert queries.list_owners(session, [entry]) == {}
    case.post(C, f"{K.INSURANCE}/open")
    assert f"SEESAC, {case.colleague.name}" in case.mission(C).text


def test_what_holds_a_mission_up_is_counted_once_wherever_it_is_told(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        factories.settle(session, mission, *(set(K) - {K.VISA, K.INVITATION, K.HOST}))
    month = f"/deployments?month={case.start:%Y-%m}"
    # A visa waits for the letter of invitation, which is the requester's; nothing waits for a room.
    for role, number, what in (
        (C, "2 things", "letter of invitation; visa"),
        (R, "On your side 1 thing", "letter of invitation"),
        (E, "On your side 1 thing", "visa"),
    ):
        page = case.mission(role).text
        are, keep = ("are", "keep") if number == "2 things" else ("is", "keeps")
        assert f"{number} that {are} needed before the departure" in page
        listed = case.pages[role].get(month).text
        assert f"{number} {keep} it from being cleared: {what}" in listed
        assert ("On your side" in page) is ("On your side" in listed) is (role is not C)
    needed = "Before the mission is cleared it needs: letter of invitation, visa."
    assert needed in case.mission(C).text


def test_what_keeps_a_mission_from_being_cleared_stands_on_its_card(case: Case) -> None:
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        request_id = mission.match.request_id
        kept = {K.VISA, K.CONSENT}
        factories.settle(session, mission, *(set(K) - kept))
    month = f"{case.start:%Y-%m}"
    said = "things keep it from being cleared: consent to the risk; visa"
    for address in (f"/deployments?month={month}", f"/requests/{request_id}"):
        assert f"2 {said}" in case.pages[C].get(address).text
    assert f"On your side 2 {said}" in case.pages[E].get(f"/deployments?month={month}").text
    assert "from being cleared" not in case.pages[R].get(f"/requests/{request_id}").text
    for kind in kept:
        with writing(case.app) as session:
            factories.settle(session, session.get_one(Deployment, case.number), kind)
    assert "from being cleared" not in case.pages[C].get(f"/requests/{request_id}").text
