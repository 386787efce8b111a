"""The queue: what is due first stands first, profiles among the tasks."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from flask import Flask

from tests import factories, html
from tests.databases import listening, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.db import db
from webapp.core.record.stored_words import pack
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState, Urgency
from webapp.experts.models import ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import MatchState
from webapp.matches.work_queue.groups import PER_PAGE, SHOWN
from webapp.matches.work_queue.worklist import worklist


def test_an_urgent_request_and_a_near_one_stand_before_older_ones(app: Flask) -> None:
    with writing(app) as session:
        old = factories.request(session, RequestState.SUBMITTED)
        old.state_since = clock.now() - timedelta(days=5)
        urgent = factories.request(session, RequestState.SUBMITTED, urgency=Urgency.URGENT)
        start = clock.today() + timedelta(days=9)
        near = factories.request(
            session, RequestState.SUBMITTED, start=start, end=start + timedelta(days=2)
        )
        far = factories.request(session, RequestState.SUBMITTED)
        reader = factories.actor(factories.account(session, Role.COORDINATOR))
        lines = worklist(session, reader).ours
        assert [line.request for line in lines] == [near, urgent, old, far]
        assert lines[0].days_left == 9
        assert [(line.due - clock.today()).days for line in lines] == [0, 1, 2, 7]


def test_what_began_yesterday_evening_waits_since_yesterday(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    """A task that was due yesterday does not wait since today: both go by the calendar."""
    midnight = datetime.combine(clock.today(), time(), UTC)
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED, urgency=Urgency.URGENT)
        request.state_since = midnight - timedelta(minutes=1)
        reader = factories.actor(factories.account(session, Role.COORDINATOR))
        (line,) = worklist(session, reader).ours
        assert line.days_waited == 1
        request.state_since = midnight
        (line,) = worklist(session, reader).ours
        assert line.days_waited == 0
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    since = page.tree.find(".//span[@class='task-since']")
    assert html.text_of(since) == "today"


def test_what_is_overdue_is_never_folded(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        late = [factories.request(session, RequestState.SUBMITTED) for _ in range(SHOWN + 1)]
        for one in late:
            one.state_since = clock.now() - timedelta(days=20)
        soon = factories.request(session, RequestState.SUBMITTED)
    coordinator = sign_in_as(Role.COORDINATOR)
    page = coordinator.get("/queue")
    folded = [html.text_of(one) for one in page.tree.findall(".//main//details[@class='tail']")]
    assert [soon.reference in text for text in folded] == [True]
    assert not any(one.reference in text for one in late for text in folded)
    assert "Requests (1)" in folded[0]
    chosen = coordinator.get("/queue?of=requests")
    assert not chosen.tree.findall(".//main//details[@class='tail']")
    assert soon.reference in chosen.text


def test_profiles_stand_among_the_tasks(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        nominated = factories.expert(session, signs_in=False, telephone="+387 33 1")
        nominated.state = ExpertState.NOMINATED
        ending = factories.expert(session)
        ending.approved_until = clock.today() + timedelta(days=10)
        later = factories.expert(session)
        later.approved_until = clock.today() + timedelta(days=40)
        request = factories.request(session, RequestState.SUBMITTED)
        reader = factories.actor(factories.account(session, Role.COORDINATOR))
        lines = worklist(session, reader).ours
        assert {line.expert for line in lines} == {None, nominated, ending}
        # Its renewal has been due for longer than the request.
        assert lines[0].expert is ending
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    text = page.text
    shown = next(
        one for one in page.tree.iter("li") if f"approval of {ending.name}" in html.text_of(one)
    )
    assert "active" not in html.text_of(shown)
    assert f"Begin to screen {nominated.name}" in text
    assert f"The approval of {ending.name} ends on" in text
    assert later.name not in text
    assert f"{request.reference} {request.title}" in text


def test_a_call_to_somebody_without_a_telephone_begins_with_finding_one(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        known = factories.expert(session, signs_in=False, telephone="+387 33 1")
        unknown = factories.expert(session, signs_in=False, telephone="")
        for expert in (known, unknown):
            words = {"what": pack("Please ring")}
            session.add(PhoneCall(expert_id=expert.id, since=clock.now(), words=words))
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    assert f"Call {known.name} (+387 33 1): Please ring" in page.text
    told = f"Find a telephone of {unknown.name}, whom nothing reaches here, and say: Please ring"
    assert page.links[told] == f"/roster/{unknown.id}#contact"


def test_what_belongs_to_one_request_stands_together(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        busy = factories.request(session, RequestState.MATCHING, experts_needed=2)
        first = factories.match(session, MatchState.SHORTLISTED, request=busy)
        other = factories.request(session, RequestState.SUBMITTED)
        second = factories.match(session, MatchState.SHORTLISTED, request=busy)
        names = {match.expert.name for match in (first, second)}
    page = sign_in_as(Role.COORDINATOR).get("/queue")
    groups = [
        html.text_of(group)
        for group in page.tree.findall(".//ol[@aria-label='Waits for SEESAC']/li")
    ]
    assert len(groups) == 2
    of_busy = next(text for text in groups if text.startswith(f"{busy.reference} {busy.title}"))
    assert all(f"Invite {name}" in of_busy for name in names)
    assert any(text.startswith(f"{other.reference} {other.title}") for text in groups)


def test_the_queue_is_narrowed_to_a_kind_of_work(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        shortlisted = factories.match(session, MatchState.SHORTLISTED)
        chosen = shortlisted.expert.name
        nominated = factories.expert(session)
        nominated.state = ExpertState.NOMINATED
        unread = factories.request(session, RequestState.SUBMITTED)
    pages = sign_in_as(Role.COORDINATOR)
    texts = {
        "requests": unread.reference,
        "experts": f"Invite {chosen}",
        "profiles": f"Begin to screen {nominated.name}",
    }
    everything = pages.get("/queue").text
    for kind, own in texts.items():
        assert own in everything
        text = pages.get("/queue", query={"of": kind}).text
        assert [other for other in texts.values() if other in text] == [own]
    assert "Nothing of this kind waits for you." in pages.get("/queue?of=missions").text
    assert all(own in pages.get("/queue?of=nothing").text for own in texts.values())


def test_a_long_queue_is_read_in_pages(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        asked = [factories.request(session, RequestState.SUBMITTED) for _ in range(PER_PAGE + 1)]
    pages = sign_in_as(Role.COORDINATOR)
    first, second = (pages.get("/queue", query={"page": number}).text for number in ("1", "2"))
    told = [(one.reference in first, one.reference in second) for one in asked]
    assert sorted(told) == [(False, True)] + PER_PAGE * [(True, False)]
    assert f"{PER_PAGE + 1} things wait for you" in second


def test_a_longer_queue_asks_the_database_no_more_often_and_for_no_reasons(app: Flask) -> None:
    counts = []
    for _ in range(2):
        with writing(app) as session:
            for state in (MatchState.INVITED, MatchState.RELEASED, MatchState.SELECTED):
                factories.match(session, state)
            reader = factories.actor(factories.account(session, Role.COORDINATOR))
        asked: list[str] = []
        with app.app_context():
            session = db.session
            with listening(session.get_bind(), "before_cursor_execute", _noting(asked)):
                assert worklist(session, reader).ours
            session.rollback()
        assert not [one for one in asked if "explanation" in one or "objectives" in one]
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _noting(into: list[str]) -> Callable[..., None]:
    return lambda *arguments: into.append(arguments[2])
