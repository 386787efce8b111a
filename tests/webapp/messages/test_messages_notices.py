"""Everybody has a page of notices of their own; a mail is only the knock at the door."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, rows, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, MailChoice
from webapp.core.record import reasons
from webapp.core.record.stored_words import unpack
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import NOBODY
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import operations as experts
from webapp.experts.models import ExpertState, ProfileView
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep
from webapp.messages import operations
from webapp.messages.letters import Letter, Mailing
from webapp.messages.models import Notice, OutboxMessage
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation

LETTER = Letter(
    _("%(reference)s is accepted", reference="R-0001"),
    _("SEESAC has closed “%(title)s”, because it has been answered.", title="<b>Canary</b>"),
    "/privacy",
)


def tell(app: Flask, person: Account, letter: Letter = LETTER, times: int = 1) -> None:
    """Tell somebody something."""
    with writing(app) as session:
        work = factories.work(session)
        reason = reasons.keep(work, factories.grounds(text="A long\nstory"), person.tells_of)
        for _number in range(times):
            operations.queue(work, person.id, replace(letter, reason=reason))


@pytest.fixture
def person(app: Flask) -> Account:
    """Return somebody without a role."""
    with writing(app) as session:
        return factories.account(session)


def test_a_notice_says_fully_what_happened_and_leads_there(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    tell(app, person)
    pages = visitor().come_in(person)
    page = pages.get("/notices")
    assert "1 is new." in page.text
    assert "SEESAC has closed “<b>Canary</b>”, because it has been answered." in page.text
    assert "<p>A long<br>story</p>" in page.response.get_data(as_text=True)
    with reading(app) as session:
        number = session.scalars(sa.select(Notice.id)).one()
    answer = pages.post(f"/notices/{number}/open", status=302)
    assert answer.response.location == "/privacy"
    assert "is new" not in pages.get("/notices").text


def test_a_notice_is_read_in_the_language_of_that_moment(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    tell(app, person)
    with writing(app) as session:
        session.get_one(Account, person.id).language = "ru"
    page = visitor().come_in(person).get("/notices")
    assert "R-0001" in page.text
    assert "is accepted" not in page.text
    assert "because it has been answered" not in page.text


def test_whoever_reads_of_an_expert_in_a_notice_is_recorded(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.INVITED)
        session.query(Notice).delete()
        work = factories.work(session, match.expert.account)
        matches.take(work, match, MatchStep.ACCEPT)
    pages = visitor().come_in(office)
    assert match.expert.name in pages.get("/notices").text
    pages.post("/notices/mail", {"mail_choice": "a lie"}, status=400)
    with reading(app) as session:
        views = session.query(ProfileView).filter(ProfileView.page.like("messages.%"))
        seen = [(view.page, view.expert_id) for view in views.order_by(ProfileView.event_id)]
    pages_read = ("messages.notices", "messages.choose_mail")
    assert seen == [(page, match.expert_id) for page in pages_read]


def test_nobody_finds_the_notices_of_another(
    app: Flask, person: Account, sign_in_as: Callable[..., Pages]
) -> None:
    tell(app, person)
    with reading(app) as session:
        number = session.scalars(sa.select(Notice.id)).one()
    before = rows(app)["notice"]
    for role in Role:
        other = sign_in_as(role)
        page = other.get("/notices")
        assert "Canary" not in page.text
        assert "You have no notices yet." in page.text
        other.post(f"/notices/{number}/open", status=404)
        other.post("/notices/read", {"newest": "999999"})
    assert rows(app)["notice"] == before


def test_all_are_marked_read_at_once_but_for_those_that_came_meanwhile(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    tell(app, person, times=60)
    page = visitor().come_in(person).get("/notices")
    assert "60 are new." in page.text
    assert "Page 1 of 3" in page.text
    tell(app, person)
    page = page.submit("Mark all as read", {})
    assert "1 is new." in page.text
    page.pages.post("/notices/read", {"newest": "all"})
    assert "1 is new." in page.pages.get("/notices?page=2").text


@pytest.mark.parametrize(
    ("choice", "mailing", "mails", "for_digest"),
    [
        (MailChoice.AT_ONCE, Mailing.BY_CHOICE, 1, False),
        (MailChoice.DAILY, Mailing.BY_CHOICE, 0, True),
        (MailChoice.NEVER, Mailing.BY_CHOICE, 0, False),
        (MailChoice.NEVER, Mailing.ALWAYS, 1, False),
        (MailChoice.DAILY, Mailing.ALWAYS, 1, False),
        (MailChoice.AT_ONCE, Mailing.NEVER, 0, False),
    ],
)
def test_a_notice_is_always_there_and_a_mail_as_its_reader_has_chosen(
    app: Flask, person: Account, choice: MailChoice, mailing: Mailing, mails: int, *,
    for_digest: bool,
) -> None:  # fmt: skip
    with writing(app) as session:
        accounts.choose_mail(
            factories.work(session, person), session.get_one(Account, person.id), choice
        )
    tell(app, person, Letter(LETTER.subject, LETTER.text, "/privacy", mailing=mailing))
    with reading(app) as session:
        assert session.query(OutboxMessage).count() == mails
        assert session.query(Notice).one().for_digest == for_digest


def test_somebody_who_cannot_sign_in_gets_no_mail(app: Flask, person: Account) -> None:
    with writing(app) as session:
        session.get_one(Account, person.id).active = False
    tell(app, person)
    with reading(app) as session:
        assert session.query(OutboxMessage).count() == 0


def test_the_choice_of_mails_is_made_on_the_page(
    app: Flask, person: Account, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(person)
    page = pages.get("/notices").submit("Keep this choice", {"mail_choice": "daily"})
    assert "Your choice of mails is kept." in page.text
    assert page.form("Keep this choice").values["mail_choice"] == ["daily"]
    page.submit("Keep this choice", {"mail_choice": "hourly"}, status=400)
    with reading(app) as session:
        assert session.get_one(Account, person.id).mail_choice is MailChoice.DAILY


def test_a_notice_is_not_there_if_the_change_is_not(app: Flask) -> None:
    with writing(app) as session:
        number = factories.request(session, RequestState.SUBMITTED).id
    before = rows(app)["notice"]

    def fail_after_accepting() -> None:
        with writing(app) as session:
            request = session.get_one(ExpertiseRequest, number)
            coordinator = factories.account(session, Role.COORDINATOR)
            requests.take(factories.work(session, coordinator), request, RequestStep.ACCEPT)
            session.flush()
            assert session.query(Notice).count() == len(before) + 1
            raise RuntimeError("the action failed")

    with pytest.raises(RuntimeError):
        fail_after_accepting()
    assert rows(app)["notice"] == before


def test_all_coordinators_are_told_but_for_the_one_who_acts(app: Flask) -> None:
    with writing(app) as session:
        acting, other = (factories.account(session, Role.COORDINATOR) for _n in range(2))
        gone = factories.account(session, Role.COORDINATOR)
        gone.active = False
        session.flush()
        assert operations.coordinators(factories.work(session, acting), NOBODY) == [other.id]
        requester = factories.account(session, Role.REQUESTER)
        told = operations.coordinators(factories.work(session, requester), NOBODY)
        assert told == [acting.id, other.id]


def test_coordinators_are_told_when_an_expert_is_not_available_on_booked_days(app: Flask) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SELECTED)
        expert, day = match.expert, match.request.start
        assert day
        session.flush()
        before = session.query(Notice).count()
        work = factories.work(session, expert.account)
        free = [(day + timedelta(days=300), day + timedelta(days=301))]
        experts.save_unavailable(work, expert, free, seen_version=expert.version)
        session.flush()
        assert session.query(Notice).count() == before, "no mission is in danger"
        ill = [(day, day + timedelta(days=1))]
        experts.save_unavailable(work, expert, ill, seen_version=expert.version)
        session.flush()
        notice = session.query(Notice).order_by(Notice.id.desc()).limit(1).one()
        words = str(unpack(notice.words["text"]))
        assert expert.name in words
        assert "5–6 May 2031" in words
        assert notice.path == f"/matches/{match.id}"


def test_coordinators_are_told_of_a_nominated_profile(app: Flask) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        factories.expert(session, state=ExpertState.NOMINATED)
        session.flush()
        notice = session.query(Notice).one()
        mail = session.query(OutboxMessage).one()
        assert notice.account_id == mail.account_id == coordinator.id
        assert mail.subject == "A nominated profile waits to be screened"


CANARIES = ("Canary Title", "Canary Reason", "Canary Institution")


@pytest.mark.thorough
def test_no_mail_of_a_whole_case_names_an_expert_a_title_or_a_reason(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.factories.requests.REASON", CANARIES[1])
    names = ["Rita Canary"]
    with writing(app) as session:
        factories.account(session, Role.COORDINATOR)
        requester = factories.account(
            session, Role.REQUESTER, name="Rita Canary", institution=CANARIES[2]
        )
        for state in MatchState:
            wanted = factories.request(
                session, RequestState.ACCEPTED, requester=requester, title=CANARIES[0]
            )
            match = factories.match(session, state, request=wanted)
            names.append(match.expert.name)
        for ended in (RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.UNFILLED):
            factories.request(session, ended, requester=requester, title=CANARIES[0])
        session.flush()
        mails: Any = session.query(OutboxMessage).all()
        written = " ".join(f"{mail.subject} {mail.body}" for mail in mails)
        told = session.query(Notice).all()
        notices = " ".join(f"{one.words}{one.reason and one.reason.text}" for one in told)
    assert len(mails) > 30
    for secret in (*CANARIES, *names):
        assert secret not in written
    assert all(canary in notices for canary in CANARIES[:2])
    assert sum(name in notices for name in names) > 10


def leave(app: Flask, person: Account, place: str) -> None:
    """Take a role away from somebody, or take them out of their organisation."""
    with writing(app) as session:
        work, account = factories.work(session), session.get_one(Account, person.id)
        if place == "role":
            accounts.change_roles(work, account, [Role.REQUESTER])
            return
        organisation = session.get_one(Organisation, account.organisation_id)
        if place == "closed":
            organisations.close(work, organisation)
        else:
            organisations.remove_member(work, organisation, account)


@pytest.mark.parametrize("place", ["role", "membership", "closed"])
def test_what_was_told_in_a_place_that_somebody_has_left_is_read_no_more(
    app: Flask, visitor: Callable[[], Pages], place: str
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.REQUESTER, Role.NOMINATING_AUTHORITY)
        ministry = factories.organisation(session)
        organisations.add_member(factories.work(session), ministry, person)
    other = _told(app, person, "/requests/1")
    tell(app, person, replace(LETTER, path="/account/security", text=_("Of your own.")))
    leave(app, person, place)
    with reading(app) as session:
        left = session.execute(sa.select(Notice.account_id, Notice.path).order_by(Notice.id)).all()
    assert left == [(other.id, "/requests/1"), (person.id, "/account/security")]
    assert "Canary" not in visitor().come_in(person).get("/notices").text


def _told(app: Flask, person: Account, path: str) -> Account:
    """Tell somebody, and another person, the same; return the other."""
    with writing(app) as session:
        other = factories.account(session, Role.REQUESTER)
    for one in (other, person):
        tell(app, one, replace(LETTER, path=path))
    return other


def test_whoever_gets_one_more_role_keeps_what_they_were_told(app: Flask, person: Account) -> None:
    tell(app, person)
    with writing(app) as session:
        account = session.get_one(Account, person.id)
        accounts.change_roles(factories.work(session), account, [Role.EXPERT])
    assert len(rows(app)["notice"]) == 1
