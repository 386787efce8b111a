"""Pages of authorities: their own officials and releases, and nobody else's."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import content, listening, reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.record.stored_words import unpack
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval, PhoneCall
from webapp.matches.models import Match, MatchState, ReleaseLetter
from webapp.messages.models import Notice

N = Role.NOMINATING_AUTHORITY
# Ahead of every day on which this is read, and not by more years than an approval may last.
UNTIL = f"{clock.today().year + 1}-12-31"


@pytest.fixture
def members(app: Flask) -> tuple[Account, Account]:
    """Return somebody of each of two authorities."""
    with writing(app) as session:
        first, second = (
            factories.account(session, N, organisation_id=factories.organisation(session).id)
            for _ in range(2)
        )
    return first, second


@pytest.fixture
def member(members: tuple[Account, Account], visitor: Callable[[], Pages]) -> Pages:
    """Return the pages of the first of them."""
    return visitor().come_in(members[0])


def send(pages: Pages, data: bytes, act: str = "nominate") -> Page:
    """Send a list of nominations as a file."""
    response = pages.client.post(
        "/officials/nominate-list",
        data={
            "csrf_token": pages.own_token(),
            "act": act,
            "file": (io.BytesIO(data), "list.csv"),
        },
        content_type="multipart/form-data",
    )
    return pages.check("/officials/nominate-list", response)


def test_of_a_list_the_coordinators_are_told_once(app: Flask, member: Pages) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    rows = "".join(f"Official {chr(65 + number)},+382 67 00{number}\n" for number in range(5))
    assert send(member, f"name,telephone\n{rows}".encode()).status == 302
    with reading(app) as session:
        told = session.scalars(sa.select(Notice).where(Notice.account_id == office.id)).all()
        assert [str(unpack(notice.words["subject"])) for notice in told] == [
            "Nominated profiles wait to be screened"
        ]


def test_of_a_list_with_approvals_the_coordinators_are_told_once_as_well(
    app: Flask, member: Pages
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
    rows = f"Ana Primer,067 100,{UNTIL}\nBojan Primer,067 200,{UNTIL}\nCveta Primer,067 300,\n"
    assert send(member, f"name,telephone,approved until\n{rows}".encode()).status == 302
    with reading(app) as session:
        (notice,) = session.scalars(sa.select(Notice).where(Notice.account_id == office.id))
        assert [str(unpack(line)) for line in notice.words["about"]] == [
            "2 of them are approved by the authority already."
        ]
        experts = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        assert [str(one.approved_until) for one in experts] == [UNTIL, UNTIL, "None"]
        assert len({one.revision for one in experts}) == 1
        approved = session.scalars(sa.select(Approval.expert_id).order_by(Approval.id)).all()
        assert approved == [one.id for one in experts[:2]]
        # They have no account, so somebody calls them: all were put forward, and two approved.
        called = session.scalars(sa.select(PhoneCall.expert_id)).all()
        assert sorted(called) == sorted([*(one.id for one in experts), *approved])
        assert invariants.run(session) == []


@pytest.mark.parametrize("until", ["", UNTIL])
def test_who_writes_a_profile_does_not_wait_for_a_list(
    app: Flask, member: Pages, until: str
) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    rows = "".join(f"Official {chr(65 + number)},067 100,{until}\n" for number in range(20))
    with reading(app) as session:
        engine = session.get_bind()
    with listening(engine, "before_cursor_execute", note):
        sent = send(member, f"name,telephone,approved until\n{rows}".encode())
    assert sent.status == 302
    held = next(number for number, text in enumerate(asked) if "UPDATE roster_revision" in text)
    assert len(asked) > 20
    # All that is left is to mark the profiles, at once, and to end the transaction.
    assert len(asked) - held < 8, asked[held:]


def test_an_official_is_nominated_approved_and_seen_by_the_own_authority_alone(
    app: Flask, members: tuple[Account, Account], member: Pages, visitor: Callable[[], Pages]
) -> None:
    page = member.get("/officials/nominate").submit(
        "Nominate",
        {"Name": "Ana Novaković", "Telephone": "+382 67 000 000", "Approved until": UNTIL},
    )
    assert page.heading.startswith("Ana Novaković")
    with reading(app) as session:
        expert = session.scalars(sa.select(Expert)).one()
        number = expert.id
        assert (expert.state, expert.authority_id) == (
            ExpertState.NOMINATED,
            members[0].organisation_id,
        )
        assert str(expert.approved_until) == UNTIL
    other = visitor().come_in(members[1])
    assert "Ana Novaković" not in other.get("/officials").text
    before = content(app)
    other.get(f"/officials/{number}", status=404)
    for act in ("approvals", "approvals/1/withdraw", "take-the-nomination-back"):
        other.post(f"/officials/{number}/{act}", {}, status=404)
    other.get("/officials/999999", status=404)
    assert content(app) == before
    again = member.get("/officials/nominate").submit(
        "Nominate", {"Name": "ana novakovic", "Telephone": "067 100"}, status=409
    )
    assert "stands there already" in again.text


def test_somebody_who_acts_for_no_authority_is_told_so(sign_in_as: Callable[..., Pages]) -> None:
    pages = sign_in_as(N)
    assert "You act for no authority yet" in pages.get("/officials").text
    pages.get("/officials/nominate").submit(
        "Nominate", {"Name": "Ana Novaković", "Telephone": "067 100"}, status=403
    )


def test_a_list_is_nominated_as_a_whole(app: Flask, member: Pages) -> None:
    rows = (
        "Name;E-mail;Telephone;Jurisdiction;Approved until\r\n"
        f"Željka Đurić;z@example.org;;Montenegro;{UNTIL}\r\n"
        "Đorđe Šoć;;+382 67 1;MNE;\r\n"
    )
    assert "Nothing is wrong with the 2 rows" in send(member, rows.encode("cp1250"), "check").text
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.name)).all() == []
    send(member, rows.encode("cp1250"))
    with reading(app) as session:
        found = session.scalars(sa.select(Expert).order_by(Expert.id)).all()
        assert [row.name for row in found] == ["Željka Đurić", "Đorđe Šoć"]
        assert {row.jurisdiction for row in found} == {"MNE"}
        assert invariants.run(session) == []


def test_columns_may_be_called_as_the_page_calls_them_in_each_language(
    app: Flask, members: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        session.get_one(Account, members[0].id).language = "ru"
    pages = visitor().come_in(members[0])
    text = pages.get("/officials/nominate-list").text
    assert "Имя и фамилия (name), Должность (post)" in text
    heads = "Имя и фамилия;Должность;Телефон\nАна Пример;Инспектор;067 500\n"
    send(pages, heads.encode())
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.post)).all() == ["Инспектор"]


FAULTY: dict[str, tuple[str, str]] = {
    "no way to reach": ("name\nAna Primer", "Line 2, Telephone"),
    "no name": ("name;telephone\n;067 500", "Line 2, Name"),
    "a bad address": ("name;e-mail\nAna Primer;ana", "Line 2, E-mail address"),
    "a bad day": ("name;telephone;approved until\nAna Primer;067 500;31.31.2030", "Approved until"),
    "a past day": (
        "name;telephone;approved until\nAna Primer;067 500;2016-01-01",
        "Approved until",
    ),
    "no jurisdiction": ("name;telephone;jurisdiction\nAna Primer;067 500;Atlantis", "Jurisdiction"),
    "a formula": ('name;telephone;post\nAna Primer;067 500;"=HYPERLINK(1)"', "Line 2, Post"),
    "two scripts": ("name;telephone\nAna Prіmer;067 500", "mixes letters of two alphabets"),
    "twice": ("name;telephone\nAna Primer;067 500\nAna Primer;067 600", "stands in line 2"),
    "a long cell": ("name;telephone\n" + "a" * 500 + ";067 500", "Line 2, Name"),
    "a control": ("name;telephone\nAna\x07;067 500", "Line 2, Name"),
    "an unknown column": ("name;salary\nAna Primer;067 500", "“salary” is not known"),
    "no file": ("", "Please choose a CSV file"),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_list_changes_nothing_and_names_the_cell(
    app: Flask, member: Pages, what: str
) -> None:
    data, said = FAULTY[what]
    good = "\nBogdan Dobar;067 100" if data.startswith("name;telephone\n") else ""
    page = send(member, (data + good).encode() if data else b"")
    assert page.status == 400
    assert said in page.text
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.id)).all() == []


def test_what_stands_there_already_is_refused_with_its_line(app: Flask, member: Pages) -> None:
    send(member, b"name;telephone\nAna Primer;067 500")
    page = send(member, b"name;telephone\nBogdan Dobar;067 100\nAna Primer;067 500")
    assert page.status == 400
    assert "Line 3" in page.text
    with reading(app) as session:
        assert session.scalars(sa.select(Expert.name)).all() == ["Ana Primer"]


def test_a_file_is_taken_nowhere_else(member: Pages) -> None:
    response = member.client.post(
        "/officials/nominate",
        data={"csrf_token": member.own_token(), "name": (io.BytesIO(b"x"), "x.csv")},
        content_type="multipart/form-data",
    )
    assert response.status_code == 415


def released(app: Flask, member: Account) -> tuple[int, int, int]:
    """Ask a member's authority to release one of its officials; return match, expert, office."""
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session, authority_id=member.organisation_id)
        match = factories.match(
            session, MatchState.RELEASE_ASKED, expert=expert, coordinator=coordinator
        )
        return match.id, int(expert.account_id or 0), coordinator.id


def told(app: Flask, account_id: int) -> list[str]:
    """Return where the notices of somebody lead."""
    with reading(app) as session:
        return list(session.scalars(sa.select(Notice.path).where(Notice.account_id == account_id)))


def test_a_release_is_asked_answered_by_a_letter_and_told_to_all(
    app: Flask, members: tuple[Account, Account], member: Pages, visitor: Callable[[], Pages]
) -> None:
    number, expert, coordinator = released(app, members[0])
    url = f"/releases/{number}"
    assert url in told(app, members[0].id)
    assert url in member.get("/officials").addresses
    other = visitor().come_in(members[1])
    other.get(url, status=404)
    other.post(f"{url}/release", {}, status=404)
    other.post(f"{url}/refuse-the-release", {}, status=404)
    refused = member.get(url).submit("Release for this mission", {}, status=400)
    assert "letter-number" in refused.errors
    letter = {
        "Number of the letter": "05/2-118",
        "Day of the letter": clock.today().isoformat(),
        "Conditions": "Back by Friday.",
    }
    page = member.get(url).submit("Release for this mission", letter)
    assert "05/2-118" in page.text
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.RELEASED
        assert session.scalars(sa.select(ReleaseLetter)).one().conditions == "Back by Friday."
    assert f"/invitations/{number}" in told(app, expert)
    assert f"/matches/{number}" in told(app, coordinator)
    with reading(app) as session:
        office = visitor().come_in(session.get_one(Account, coordinator))
    shown = office.get(f"/matches/{number}")
    assert "05/2-118" in shown.text
    assert "Back by Friday." in shown.text
    member.post(f"{url}/release", _by_name(letter), status=409)


def _by_name(letter: dict[str, str]) -> dict[str, Any]:
    names = ("letter-number", "letter-dated", "letter-conditions")
    return dict(zip(names, letter.values(), strict=True))


def test_a_release_comes_with_its_signed_letter_or_the_letter_comes_later(
    app: Flask, members: tuple[Account, Account], member: Pages, visitor: Callable[[], Pages]
) -> None:
    signed = b"%PDF-1.7 signed by hand"
    other = visitor().come_in(members[1])
    for at_once in (True, False):
        number, _expert, coordinator = released(app, members[0])
        url = f"/releases/{number}"
        letter: dict[str, Any] = {
            "csrf_token": member.own_token(), "letter-number": "05/2-118",
            "letter-dated": clock.today().isoformat(),
        }  # fmt: skip
        if at_once:
            letter["letter-file"] = (io.BytesIO(signed), "Letter.pdf")
        assert member.client.post(f"{url}/release", data=letter).status_code == 302
        member.get(f"{url}/letter", status=200 if at_once else 404)
        later = {"csrf_token": member.own_token(), "signed-file": (io.BytesIO(signed), "b.pdf")}
        answer = member.client.post(f"{url}/letter", data=later)
        assert answer.status_code == (409 if at_once else 302)
        assert member.client.get(f"{url}/letter").data == signed
        other.get(f"{url}/letter", status=404)
        other.post(f"{url}/letter", {}, status=404)
        with reading(app) as session:
            office = visitor().come_in(session.get_one(Account, coordinator))
        assert f"/matches/{number}/letter" in office.get(f"/matches/{number}").addresses
        assert office.client.get(f"/matches/{number}/letter").data == signed


def test_a_letter_that_is_no_letter_is_refused_at_its_field(
    app: Flask, members: tuple[Account, Account], member: Pages
) -> None:
    number, _expert, _coordinator = released(app, members[0])
    sent = {
        "csrf_token": member.own_token(), "letter-number": "05/2-118",
        "letter-dated": clock.today().isoformat(), "letter-file": (io.BytesIO(b"MZ"), "a.pdf"),
    }  # fmt: skip
    url = f"/releases/{number}/release"
    page = member.check(url, member.client.post(url, data=sent))
    assert "whatever its name says" in page.errors["letter-file"]
    assert "05/2-118" in str(page.form("Release for this mission").values)
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.RELEASE_ASKED


def test_a_release_is_refused_with_a_reason(
    app: Flask, members: tuple[Account, Account], member: Pages
) -> None:
    number, expert, _coordinator = released(app, members[0])
    member.post(f"/releases/{number}/refuse-the-release", {}, status=400)
    form = {"refuse-the-release-kind": "needed at home"}
    member.get(f"/releases/{number}").submit("Do not release", form)
    with reading(app) as session:
        match = session.get_one(Match, number)
        assert match.state is MatchState.REFUSED
        assert match.reason is not None
    assert f"/invitations/{number}" in told(app, expert)


def test_an_authority_does_not_know_of_a_match_before_it_is_asked(
    app: Flask, members: tuple[Account, Account], member: Pages
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, authority_id=members[0].organisation_id)
        match = factories.match(session, MatchState.AVAILABLE, expert=expert)
    member.get(f"/releases/{match.id}", status=404)
    assert match.request.title not in member.get("/officials").text


def test_an_approval_that_ends_before_the_mission_rules_out_and_is_refused(
    app: Flask, members: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert, _other = (
            factories.expert(
                session,
                authority_id=members[0].organisation_id,
                approved_until=clock.today() + timedelta(days=30),
            )
            for _ in range(2)
        )
        match = factories.match(
            session, MatchState.RELEASED, expert=expert, coordinator=coordinator
        )
    pages = visitor().come_in(coordinator)
    ranking = pages.get(f"/requests/{match.request_id}/matches")
    assert "approval ends on" in ranking.text
    page = pages.post(f"/matches/{match.id}/approve", {}, status=409)
    assert "before the mission does" in page.text


def test_an_expired_official_stands_among_those_ruled_out_with_the_reason(
    app: Flask, members: tuple[Account, Account], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=coordinator)
        expert = factories.expert(
            session, state=ExpertState.EXPIRED, authority_id=members[0].organisation_id
        )
        url, name = f"/requests/{request.id}/matches", expert.name
    pages = visitor().come_in(coordinator)
    text = pages.get(url).text
    assert "approval ends on" in text.partition(name)[2]
    # No reason for choosing otherwise is asked for where none would help.
    assert f"{url}/{expert.id}" not in pages.get(url).addresses
    pages.get(f"{url}/{expert.id}", status=409)
    pages.post(f"{url}/{expert.id}", {}, status=409)
