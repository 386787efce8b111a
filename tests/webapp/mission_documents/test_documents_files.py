"""Documents of a mission are tagged files in the language asked for, for whom they are meant."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.mission_documents.saving import save
from webapp.accounts.models import Account
from webapp.core import clock as times
from webapp.core.files import pdf
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.deployments import operations as deployments
from webapp.deployments.models import Deployment, DeploymentState
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState, ReleaseLetter
from webapp.matches.workflow import MatchStep
from webapp.mission_checklists.models import Item, ItemState, NeedKind
from webapp.mission_reports.models import Side

pytestmark = pytest.mark.thorough

AT_ONCE = ("terms-of-reference", "certificate", "thanks-to-expert", "thanks-to-authority")


class Case:
    """A mission with somebody on each side of it, and a stranger of each role."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages], make: Callable[[Any], Deployment]):
        with writing(app) as session:
            self.made = make(session)
            self.match, self.request = self.made.match, self.made.match.request
            self.authority = factories.organisation(session)
            factories.make_official(session, self.match.expert, self.authority.id)
            self.match.request.existing = "A laboratory in the capital."
            self.match.request.days_needed = 3
            self.match.request.security_office = "The road to the north is watched."
            _text_as_agreed(session, self.made)
            official = factories.account(session, Role.NOMINATING_AUTHORITY)
            official.organisation_id = self.authority.id
            other_authority = factories.account(session, Role.NOMINATING_AUTHORITY)
            other_authority.organisation_id = factories.organisation(session).id
            people: dict[str, Account] = {
                "expert": factories.missions.writer_of(self.made, Side.EXPERT),
                "requester": factories.missions.writer_of(self.made, Side.REQUESTER),
                "office": factories.account(session, Role.COORDINATOR),
                "authority": official,
                "other expert": factories.account(session, Role.EXPERT),
                "other requester": factories.account(session, Role.REQUESTER),
                "other authority": other_authority,
            }
        self.pages = {name: visitor().come_in(person) for name, person in people.items()}

    def address(self, kind: str) -> str:
        return f"/deployments/{self.made.id}/documents/{kind}"

    def ask(self, who: str, kind: str, language: str = "en") -> Any:
        return save(self.pages[who], self.address(kind), language)

    def who_gets(self, kind: str) -> set[str]:
        answers = {who: self.ask(who, kind).status_code for who in self.pages}
        assert set(answers.values()) <= {200, 404}, answers
        return {who for who, status in answers.items() if status == 200}


def _released(session: Any, clock: Any) -> Deployment:
    """Make a mission from which somebody is back who was released for it."""
    made: Deployment = factories.returned_mission(session, clock)
    made.match.unreleased_reason_id = None
    return made


def _text_as_agreed(session: Any, made: Deployment) -> None:
    """Write what the request says now into the terms that were accepted, too."""
    request = made.match.request
    session.flush()
    terms = next(one for one in request.terms if one.version == made.tor_version)
    terms.content = {
        **terms.content, "existing": request.existing, "security_office": request.security_office,
        "days_needed": request.days_needed,
    }  # fmt: skip


def asked_for_on(page: Page) -> set[str]:
    """Return where the documents that a page offers are asked for."""
    return {form.action for form in page.forms}


def planned(session: Any) -> Deployment:
    """Make a mission that is still to come."""
    found = factories.match(session, MatchState.SELECTED)
    made: Deployment = session.scalars(
        sa.select(Deployment).where(Deployment.match_id == found.id)
    ).one()
    return made


def text_of(data: bytes) -> str:
    """Return the words of a PDF file, which must be tagged and say its language."""
    document = PdfReader(io.BytesIO(data))
    marks: Any = document.root_object["/MarkInfo"]
    assert marks["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def days_of(what: Any) -> str:
    """Return the days of a mission or a request as pages say them."""
    return str(period_name(what.start, what.end))


@pytest.mark.usefixtures("quick")
def test_each_document_is_given_to_those_for_whom_it_is(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, lambda session: _released(session, clock))
    assert {kind: case.who_gets(kind) for kind in AT_ONCE} == {
        "terms-of-reference": {"expert", "requester", "office", "authority"},
        "certificate": {"expert", "office"},
        "thanks-to-expert": {"expert", "office"},
        "thanks-to-authority": {"authority", "office"},
    }
    for who in ("expert", "requester", "office"):
        listed = case.pages[who].get(f"/deployments/{case.made.id}/documents")
        for kind in AT_ONCE:
            offered = case.address(kind) in asked_for_on(listed)
            assert offered == (who in case.who_gets(kind)), (who, kind)
    official = case.pages["authority"].get(f"/officials/missions/{case.made.id}")
    assert case.address("thanks-to-authority") in asked_for_on(official)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("why", "letter", "is_thanked"),
    [
        (ReasonKind.NO_RELEASE_NEEDED, ItemState.OPEN, False),
        (ReasonKind.OTHER, ItemState.OPEN, False),
        # The release was there before, or came after the approval.
        (ReasonKind.RELEASED_BEFORE, ItemState.OPEN, True),
        (ReasonKind.OTHER, ItemState.DONE, True),
    ],
)
def test_an_authority_is_thanked_for_a_release_that_it_gave(
    app: Flask, clock: Any, visitor: Callable[[], Pages],
    why: ReasonKind, letter: ItemState, is_thanked: bool,
) -> None:  # fmt: skip
    case = Case(app, visitor, lambda session: factories.returned_mission(session, clock))
    with writing(app) as session:
        mission = session.get_one(Deployment, case.made.id)
        assert mission.match.unreleased_reason, "nobody was asked"
        mission.match.unreleased_reason.kind = why
        session.add(Item(
            deployment_id=mission.id, kind=NeedKind.RELEASE, state=letter,
            state_since=times.now(), by_office=True,
        ))  # fmt: skip
    kind = "thanks-to-authority"
    assert case.who_gets(kind) == ({"authority", "office"} if is_thanked else set())
    for who, path in (
        ("office", f"/deployments/{case.made.id}/documents"),
        ("authority", f"/officials/missions/{case.made.id}"),
    ):
        assert (case.address(kind) in asked_for_on(case.pages[who].get(path))) == is_thanked, who
    assert case.who_gets("thanks-to-expert") == {"expert", "office"}


@pytest.mark.usefixtures("quick")
def test_who_was_told_what_became_of_a_mission_does_not_promise_to_ask(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, lambda session: factories.returned_mission(session, clock))
    asks, told = "In some months we ask", "have told us since what has become of it"
    page = case.ask("expert", "thanks-to-expert").get_data(as_text=True)
    assert asks in page
    assert told not in page
    with writing(app) as session:
        session.get_one(Deployment, case.made.id).state = DeploymentState.FOLLOWED_UP
    page = case.ask("expert", "thanks-to-expert").get_data(as_text=True)
    assert asks not in page
    assert told in page


@pytest.mark.usefixtures("quick")
def test_a_letter_of_thanks_says_what_else_was_done(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, lambda session: factories.returned_mission(session, clock))
    with writing(app) as session:
        report = factories.report(
            session, session.get_one(Deployment, case.made.id), Side.REQUESTER
        )
        said = report.done
    assert said
    page = case.ask("expert", "thanks-to-expert").get_data(as_text=True)
    assert said in page
    assert "What else was done" in page


@pytest.mark.usefixtures("quick")
def test_before_the_return_there_is_neither_a_certificate_nor_a_letter_of_thanks(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, planned)
    assert {kind: case.who_gets(kind) for kind in AT_ONCE} == {
        "terms-of-reference": {"expert", "requester", "office", "authority"},
        **{kind: set() for kind in AT_ONCE[1:]},
    }


@pytest.mark.usefixtures("quick")
def test_experts_and_authorities_read_of_the_terms_what_the_invited_read(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, planned)
    for who, whole in (
        ("requester", True), ("office", True), ("expert", False), ("authority", False),
    ):  # fmt: skip
        page = case.ask(who, "terms-of-reference").get_data(as_text=True)
        assert case.request.title in page
        assert ("A laboratory in the capital." in page) == whole, who
        assert "<dt>Days needed</dt><dd>3</dd>" in page, who
        assert "The road to the north" not in page, who


@pytest.mark.usefixtures("quick")
def test_the_terms_are_those_that_were_agreed_for_the_mission(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, planned)
    with writing(app) as session:
        session.merge(case.request).tasks = "Something else by now."
    page = case.ask("requester", "terms-of-reference").get_data(as_text=True)
    assert "Something else by now." not in page
    assert case.request.tasks in page


@pytest.mark.usefixtures("quick")
def test_the_terms_of_a_mission_that_was_moved_have_the_agreed_days_beside_those_of_now(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, planned)
    assert "Days of the mission now" not in case.ask("requester", "terms-of-reference").text
    with writing(app) as session:
        mission = session.scalars(sa.select(Deployment)).one()
        mission.end += timedelta(days=1)
    page = case.ask("requester", "terms-of-reference").text
    assert "Days of the mission now" in page
    assert "Days agreed in version 1" in page


@pytest.mark.usefixtures("quick")
def test_the_authority_that_was_asked_gets_the_letter_that_asks_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        asked = factories.match(session, MatchState.RELEASE_ASKED)
        early = factories.match(session, MatchState.AVAILABLE)
        own, foreign = (factories.account(session, Role.NOMINATING_AUTHORITY) for _ in range(2))
        organisations = [factories.organisation(session) for _ in range(2)]
        own.organisation_id, foreign.organisation_id = (one.id for one in organisations)
        for match in (asked, early):
            factories.make_official(session, match.expert, organisations[0].id)
        office = factories.account(session, Role.COORDINATOR)
        name, requester = asked.expert.name, asked.request.requester
    official, other, coordinator = (visitor().come_in(who) for who in (own, foreign, office))
    address = f"/matches/{asked.id}/nomination-letter"
    letter = save(official, address).get_data(True)
    assert organisations[0].name in letter
    assert name in letter
    assert "asks you to release them" in letter
    assert address in asked_for_on(official.get(f"/releases/{asked.id}"))
    assert save(other, address).status_code == 404
    assert save(visitor().come_in(requester), address).status_code == 404
    assert save(official, f"/matches/{early.id}/nomination-letter").status_code == 404
    assert save(coordinator, address).status_code == 200
    assert save(coordinator, f"/matches/{early.id}/nomination-letter").status_code == 404
    assert address in asked_for_on(coordinator.get(f"/matches/{asked.id}"))


@pytest.mark.usefixtures("quick")
def test_an_authority_is_asked_for_the_days_of_the_mission_also_once_that_is_cancelled(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, planned)
    asked = days_of(case.request)
    month = timedelta(days=30)
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        session.add(
            ReleaseLetter(
                match_id=case.match.id, number="12", dated=times.today(), conditions="",
                written_at=times.now(), written_by=office.id,
            )
        )  # fmt: skip
        mission = session.merge(case.made)
        mission.match.release_asked_at = times.now()
        work = factories.work(session, office)
        start, end = mission.start + month, mission.end + month
        deployments.move(work, mission, start, end, seen_version=mission.version)
        # What the request says by now is no part of what was agreed for the mission.
        mission.match.request.tasks = "Something else by now."
        mission.match.request.tor_version += 1
        moved = days_of(mission)
    letters = {
        "authority": f"/releases/{case.match.id}", "office": f"/matches/{case.match.id}",
    }  # fmt: skip

    def told(who: str) -> str:
        address = f"/matches/{case.match.id}/nomination-letter"
        return str(save(case.pages[who], address).get_data(as_text=True))

    for who in letters:
        assert moved in told(who), who
        assert asked not in told(who), who
        assert "Something else by now." not in told(who), who
    assert moved in case.pages["authority"].get(letters["authority"]).text
    with writing(app) as session:
        requester = factories.work(session, session.merge(case.request.requester))
        match = session.get_one(Match, case.match.id)
        matches.take(requester, match, MatchStep.TAKE_BACK_SELECTION, Grounds(ReasonKind.MISTAKE))
    # The request has followed its only mission, and whoever is chosen again goes on its days.
    for who in letters:
        assert moved in told(who), who
        assert asked not in told(who), who
    page = case.pages["authority"].get(letters["authority"]).text
    assert moved in page


@pytest.mark.usefixtures("quick")
def test_a_letter_is_in_the_language_asked_for_and_counts_as_a_look_at_the_expert(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, lambda session: factories.returned_mission(session, clock))
    page = case.ask("office", "thanks-to-expert", "ru").get_data(as_text=True)
    assert '<html lang="ru">' in page
    assert "Благодар" in page
    assert '<html lang="en">' in case.ask("office", "thanks-to-expert", "xx").get_data(True)
    with reading(app) as session:
        shown = session.scalars(
            sa.select(AuditEvent.details).where(AuditEvent.action == Action.PROFILE_VIEWED)
        ).all()
    assert any(case.match.expert_id in details.get("experts", ()) for details in shown), shown


@pytest.mark.thorough
def test_no_page_of_a_letter_has_its_footnote_alone() -> None:
    """Where the signature is the last that fits, it goes to the next page with the footnote."""
    foot = (
        '<p class="regards">Regards</p><p class="signature">SEESAC</p><p class="footnote">Foot</p>'
    )
    pages = []
    for lines in range(38, 46):
        body = "<p>A line.</p>" * lines
        made = pdf.lay_out(
            f'<html lang="en"><title>Letter</title><h1>Letter</h1>{body}{foot}</html>'
        )
        pages.append(PdfReader(io.BytesIO(made)).pages)
    assert {len(one) for one in pages} >= {2}
    for one in pages:
        last = one[-1].extract_text()
        assert "Regards" in last
        assert "SEESAC" in last


def test_the_expert_gets_a_tagged_certificate(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, lambda session: factories.returned_mission(session, clock))
    answer = case.ask("expert", "certificate")
    assert answer.headers["Content-Disposition"].endswith(
        f'{case.request.reference}-certificate.pdf"'
    )
    text = text_of(answer.data)
    assert case.match.expert.name in text
    assert case.request.reference in text
