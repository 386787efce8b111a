"""A document is made by the job worker, for whoever asked for it, and kept for a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_documents.saving import save
from tests.webapp.mission_documents.test_documents_files import planned, text_of
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.errors import NotFoundError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests import taking_over
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.mission_documents import operations, queries, rules, sweep
from webapp.mission_documents.models import DocumentKind, DocumentState, MissionDocument
from webapp.mission_reports import lessons
from webapp.mission_reports.content import LessonContent
from webapp.mission_reports.models import Side
from webapp.my_data import operations as my_data


def made(app: Flask) -> int:
    """Let the job worker do what waits."""
    with app.app_context():
        return sweep.run_due()


PACK = DocumentKind.BRIEFING


def address(mission: Deployment, kind: DocumentKind = PACK) -> str:
    """Return where a document of a mission is asked for."""
    return f"/deployments/{mission.id}/documents/{kind.value}"


def ask(session: Any, who: Account, mission: Deployment, language: str = "en") -> MissionDocument:
    """Let somebody ask for the briefing pack of a mission."""
    work = factories.work(session, session.merge(who))
    return operations.ask(work, PACK, mission.match_id, language)


def agreed(session: Any, mission: Deployment, **texts: str) -> None:
    """Write these texts into the terms that were accepted for a mission."""
    request = mission.match.request
    for name, text in texts.items():
        setattr(request, name, text)
    session.flush()
    request.terms[-1].content = get_content(request).as_json()


def test_a_document_is_asked_for_watched_and_saved(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        mission = planned(session)
        agreed(session, mission, existing="A laboratory.", focal_point="Aida Primerova, +996 312")
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        requester = mission.match.request.requester
    pages = visitor().come_in(expert)
    asking = pages.get(f"/deployments/{mission.id}").follow("Documents of the mission")
    waiting = asking.submit("English (Briefing pack)")
    assert "waits for its turn" in waiting.text
    assert "Save the document (PDF)" not in waiting.links
    pages.get(f"{waiting.url}.pdf", status=404)
    # Whoever presses once more is led to the one that is being made.
    again = {"language": "en", "csrf_token": pages.own_token()}
    assert pages.post(address(mission), again).url == waiting.url
    assert made(app) == 1
    assert made(app) == 0
    ready = pages.get(waiting.url)
    assert "Save the document (PDF)" in ready.links
    text = text_of(pages.client.get(f"{waiting.url}.pdf").data)
    for told in ("A laboratory.", "Aida Primerova", requester.email, "sent nobody there before"):
        assert told in text
    anew = ready.submit("Русский (Make it anew)")
    assert anew.url != waiting.url
    assert "waits for its turn" in anew.text
    assert "Save the document (PDF)" in pages.get(waiting.url).links


@pytest.mark.usefixtures("quick")
def test_a_pack_tells_of_earlier_missions_there_and_their_lessons_without_a_name(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        earlier = factories.returned_mission(session, clock)
        office = factories.account(session, Role.COORDINATOR)
        there = earlier.match.request.jurisdiction
        for text, place in (("Bring a second interpreter.", there), ("Elsewhere.", "USA")):
            lessons.add(factories.work(session, office), earlier, LessonContent(text, None, place))
        mission = planned(session)
        assert mission.match.request.jurisdiction == there
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        ask(session, expert, mission, "ru")
        named = (earlier.match.expert.name, earlier.match.request.title)
    made(app)
    with reading(app) as session:
        content = session.scalars(sa.select(MissionDocument.content)).one() or b""
    page = content.decode()
    assert '<html lang="ru">' in page
    assert "Bring a second interpreter." in page
    assert "Elsewhere." not in page
    assert named[0] not in page
    earlier_row = page.split("<tbody>")[1].split("</tbody>")[0]
    assert named[1] not in earlier_row


@pytest.mark.usefixtures("quick")
def test_a_document_is_saved_by_nobody_else(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        mission = planned(session)
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        office = [factories.account(session, Role.COORDINATOR) for _ in range(2)]
        requester = mission.match.request.requester
        stranger = factories.account(session, Role.EXPERT)
        page = f"/documents/{ask(session, office[0], mission).id}"
    made(app)
    people = {
        "asked": office[0], "colleague": office[1], "expert": expert,
        "requester": requester, "stranger": stranger,
    }  # fmt: skip
    found = {}
    for name, person in people.items():
        pages = visitor().come_in(person)
        found[name] = {pages.client.get(one).status_code for one in (page, f"{page}.pdf")}
    others = {name: {404} for name in people.keys() - {"asked"}}
    assert found == {"asked": {200}, **others}
    for person in (requester, stranger):
        assert save(visitor().come_in(person), address(mission)).status_code == 404


@pytest.mark.usefixtures("quick")
def test_whoever_is_given_a_document_no_more_does_not_save_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        mission = planned(session)
        office = factories.account(session, Role.COORDINATOR)
        page = f"/documents/{ask(session, office, mission).id}"
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        terms = operations.ask(
            factories.work(session, expert), DocumentKind.TERMS, mission.match_id, "en"
        )
        # As if they had been asked for by somebody who reads all of them.
        terms.whole = True
        of_all = f"/documents/{terms.id}.pdf"
    made(app)
    pages = visitor().come_in(office)
    assert pages.client.get(f"{page}.pdf").status_code == 200
    visitor().come_in(expert).get(of_all, status=404)
    with writing(app) as session:
        session.get_one(Deployment, mission.id).state = DeploymentState.RETURNED
    for gone in (page, f"{page}.pdf"):
        pages.get(gone, status=404)


@pytest.mark.usefixtures("quick")
def test_who_saves_a_document_is_recorded_as_having_read_whom_it_tells_of(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        mission = planned(session)
        office = factories.account(session, Role.COORDINATOR)
        page = f"/documents/{ask(session, office, mission).id}"
    made(app)

    def seen() -> list[Any]:
        with reading(app) as session:
            shown = sa.select(AuditEvent.details).where(
                AuditEvent.action == Action.PROFILE_VIEWED, AuditEvent.actor_id == office.id
            )
            return list(session.scalars(shown))

    assert seen() == []
    visitor().come_in(office).client.get(f"{page}.pdf")
    (details,) = seen()
    assert mission.match.expert_id in details["experts"]


@pytest.mark.both_databases
def test_a_document_is_deleted_after_a_day_and_with_anybody_who_is_erased(
    app: Flask, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "make_pdf", str.encode)
    with writing(app) as session:
        mission = planned(session)
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        ask(session, expert, mission)
    assert made(app) == 1

    def count() -> int:
        with reading(app) as session:
            assert invariants.run(session) == []
            return session.query(MissionDocument).count()

    def delete() -> None:
        with app.app_context():
            sweep.delete_due()

    clock.shift(rules.KEPT - timedelta(minutes=1))
    delete()
    assert count() == 1
    clock.shift(timedelta(minutes=2))
    delete()
    assert count() == 0
    with writing(app) as session:
        mission, expert = session.merge(mission), session.merge(expert)
        ask(session, expert, mission)
        somebody = factories.account(session, Role.REQUESTER)
        my_data.erase(factories.work(session, somebody), somebody)
    assert count() == 0


def test_a_pack_that_names_who_asked_before_is_made_anew_for_who_has_taken_over(
    app: Flask, quick: None
) -> None:
    with writing(app) as session:
        mission = planned(session)
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        ask(session, expert, mission)
        request = mission.match.request
        house = factories.organisation(session).id
        request.organisation_id = request.requester.organisation_id = house
        colleague = factories.account(session, Role.REQUESTER, organisation_id=house)
        number = request.id
    assert made(app) == 1
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, number)
        work = factories.work(session, session.get_one(Account, colleague.id))
        taking_over.take_over(work, request, factories.grounds(), seen_version=request.version)
    with reading(app) as session:
        assert session.query(MissionDocument).count() == 0


@pytest.mark.both_databases
def test_one_worker_makes_a_pack_and_another_goes_on_when_it_is_silent(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        mission = planned(session)
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        work = factories.work(session, expert)
        pack = ask(session, expert, mission)
        assert ask(session, expert, mission) is pack
        assert operations.take_up(work, pack)
        assert not operations.take_up(work, pack)
        assert queries.list_waiting(session, work.now) == []
        clock.shift(rules.STANDS_STILL)
        later = factories.work(session, expert)
        assert queries.list_waiting(session, later.now) == [pack.id]
        assert operations.take_up(later, pack)


@pytest.mark.both_databases
@pytest.mark.parametrize("fails", [False, True])
def test_what_was_made_for_somebody_is_kept_in_nobody_elses_pack(
    app: Flask, clock: Any, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    with writing(app) as session:
        missions = [planned(session) for _ in range(2)]
        first, second = (factories.missions.writer_of(one, Side.EXPERT) for one in missions)
        ask(session, first, missions[0])

    def slow(page: str) -> bytes:
        # Meanwhile a person is erased, and somebody else asks.
        with writing(app) as session:
            somebody = factories.account(session, Role.REQUESTER)
            my_data.erase(factories.work(session, somebody), somebody)
            pack = ask(session, second, session.merge(missions[1]))
            assert operations.take_up(factories.work(session, session.merge(second)), pack)
        if fails:
            raise RuntimeError("no Pango here")
        return page.encode()

    monkeypatch.setattr(sweep, "make_pdf", slow)
    assert made(app) == 1
    with reading(app) as session:
        (pack,) = session.query(MissionDocument)
        assert (pack.asked_by, pack.match_id) == (second.id, missions[1].match_id)
        assert (pack.state, pack.done, pack.content) == (DocumentState.AT_WORK, 0, None)


@pytest.mark.both_databases
def test_what_tells_of_somebody_who_was_erased_since_it_was_begun_is_not_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        mission = planned(session)
        coordinator = factories.account(session, Role.COORDINATOR)
        ask(session, coordinator, mission)

    def slow(page: str) -> bytes:
        # As after an erasure that has looked for documents before this one was asked for.
        with writing(app) as session:
            session.get_one(Expert, mission.match.expert_id).state = ExpertState.ERASED
        return page.encode()

    monkeypatch.setattr(sweep, "make_pdf", slow)
    assert made(app) == 1
    with reading(app) as session:
        assert session.query(MissionDocument).count() == 0


@pytest.mark.both_databases
def test_who_was_silent_for_long_makes_no_pack_that_another_has_made(
    app: Flask, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        mission = planned(session)
        ask(session, factories.missions.writer_of(mission, Side.EXPERT), mission)

    def overtaken(_page: str) -> bytes:
        clock.shift(rules.STANDS_STILL)
        monkeypatch.setattr(sweep, "make_pdf", lambda _page: b"of the other")
        with app.app_context():
            assert sweep.run_due() == 1
        return b"of the first"

    monkeypatch.setattr(sweep, "make_pdf", overtaken)
    assert made(app) == 1
    with reading(app) as session:
        (pack,) = session.query(MissionDocument)
        assert (pack.state, pack.content) == (DocumentState.READY, b"of the other")


def test_a_pack_that_cannot_be_made_says_so_and_can_be_asked_for_again(
    app: Flask, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_page: str) -> bytes:
        raise RuntimeError("no Pango here")

    monkeypatch.setattr(sweep, "make_pdf", broken)
    with writing(app) as session:
        mission = planned(session)
        expert = factories.missions.writer_of(mission, Side.EXPERT)
        number = ask(session, expert, mission).id
    made(app)
    page = visitor().come_in(expert).get(f"/documents/{number}")
    assert "could not make the document" in page.text
    page.submit("English (Make it anew)")
    with reading(app) as session:
        assert session.scalars(sa.select(MissionDocument.state)).all() == [DocumentState.WAITING]


def test_after_the_return_there_is_no_pack_any_more(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, clock)
        with pytest.raises(NotFoundError):
            ask(session, factories.missions.writer_of(mission, Side.EXPERT), mission)
