"""A mission that was moved, for the authorities of those who are considered for it: what they hear
and read of it, and what they release somebody for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_documents.saving import save
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.deployments import operations as deployments
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.matches import amended, bookings, moved, operations, releases, reminders
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue import waiting
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import Notice
from webapp.mission_checklists import queries as checklists
from webapp.mission_checklists.models import NeedKind
from webapp.mission_documents import sweep

S = MatchState
AGREED = date(2031, 5, 5), date(2031, 5, 9)
LATER = date(2031, 6, 2), date(2031, 6, 4)
LATEST = date(2031, 7, 7), date(2031, 7, 9)
ANSWERS = {
    "Release for this mission": {"letter-number": "5/31", "letter-dated": "2026-11-20"},
    "Do not release": {"refuse-the-release-kind": "needed at home"},
    "Note the release": {
        "record-the-release-kind": "by telephone",
        "record-the-release-said_by": "Nada Izmišljena",
        "record-the-release-said_on": "2026-11-20",
    },
    "Note that release was refused": {"record-the-refusal-kind": "needed at home"},
}


class Case:
    """Officials of one authority, each considered for the same request."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            self.authority = factories.account(
                session,
                Role.NOMINATING_AUTHORITY,
                organisation_id=factories.organisation(session).id,
            )
            self.request = factories.request(
                session, RequestState.ACCEPTED, start=AGREED[0], end=AGREED[1], days_needed=2,
                coordinator=self.office, experts_needed=6,
            )  # fmt: skip
        with app.app_context(), app.test_request_context():
            self.agreed, self.later = period_name(*AGREED), period_name(*LATER)

    def consider(self, state: MatchState, *steps: MatchStep) -> Match:
        with writing(self.app) as session:
            match = factories.match(
                session,
                state,
                request=session.get_one(ExpertiseRequest, self.request.id),
                expert=factories.expert(
                    session,
                    authority_id=self.authority.organisation_id,
                    approved_until=factories.FOR_YEARS,
                ),
                coordinator=self.office,
            )
            for step in steps:
                operations.take(factories.work(session, self.office), match, step)
            assert match.expert.account
            return match

    def move(self, start: date = LATER[0], end: date = LATER[1]) -> None:
        with writing(self.app) as session:
            request = session.get_one(ExpertiseRequest, self.request.id)
            moved.follow(factories.work(session, self.office), request, start, end)

    def hears(self, person: Account | None) -> int:
        """Return how often somebody was told of other days of the mission."""
        assert person
        with reading(self.app) as session:
            notices = session.scalars(sa.select(Notice).where(Notice.account_id == person.id))
            texts = [str(one.words["subject"]["text"]) for one in notices]
        return sum("other days" in text for text in texts)

    def is_told(self, person: Account, subject: str) -> bool:
        """Tell whether somebody has had a notice with this in its subject."""
        with reading(self.app) as session:
            notices = session.scalars(sa.select(Notice).where(Notice.account_id == person.id))
            return any(subject in str(one.words["subject"]["text"]) for one in notices)

    def state(self, match: Match) -> MatchState:
        with reading(self.app) as session:
            return session.get_one(Match, match.id).state


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


@pytest.mark.parametrize(
    ("state", "steps", "expert", "authority"),
    [
        (S.SHORTLISTED, (), 0, 0),
        (S.INVITED, (), 1, 0),
        (S.RELEASE_ASKED, (), 1, 1),
        (S.RELEASED, (), 1, 1),
        (S.RELEASED, (MatchStep.APPROVE,), 1, 1),
        (S.APPROVED, (), 1, 0),
        (S.REFUSED, (), 0, 0),
    ],
)
def test_of_other_days_each_hears_who_was_asked_for_them(
    case: Case, state: MatchState, steps: tuple[MatchStep, ...], expert: int, authority: int
) -> None:
    match = case.consider(state, *steps)
    case.move()
    assert (case.hears(match.expert.account), case.hears(case.authority)) == (expert, authority)
    # Days that it has already are no news.
    case.move()
    assert (case.hears(match.expert.account), case.hears(case.authority)) == (expert, authority)


def test_an_authority_reads_of_no_move_after_its_official_has_fallen_out(
    case: Case, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "make_pdf", str.encode)
    gone, asked = case.consider(S.REFUSED), case.consider(S.RELEASE_ASKED)
    case.move()
    pages = visitor().come_in(case.authority)
    page = pages.get("/officials")
    (earlier,) = page.tree.iterfind(".//ul[@class='shortlist']/li")
    assert case.agreed in "".join(earlier.itertext())
    assert page.text.count(case.later) == 1
    for match, told, untold in (
        (gone, case.agreed, case.later),
        (asked, case.later, case.agreed),
    ):
        letter = save(pages, f"/matches/{match.id}/nomination-letter").get_data(True)
        assert told in letter
        assert untold not in letter
        # Whoever goes on a mission that was moved is needed on all of its days.
        assert ("Days needed" in letter) is (match is gone)


def test_the_days_of_an_official_who_is_moved_alone_are_their_own(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    match = case.consider(S.SELECTED)
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        found.authority_id, found.release_asked_at = case.authority.organisation_id, clock.now()
        work = factories.work(session, case.office)
        bookings.move(work, found, *LATER)
        assert not found.request.is_moved
    page = visitor().come_in(case.authority).get("/officials")
    (earlier,) = page.tree.iterfind(".//ul[@class='shortlist']/li")
    assert case.later in "".join(earlier.itertext())
    own = visitor().come_in(match.expert.account)
    asked = own.get(f"/invitations/{match.id}/{MatchStep.FALL_OUT.slug}").text
    assert case.later in asked
    assert case.agreed not in asked
    assert "2 days of these 5" not in asked


def test_of_a_mission_that_was_broken_off_the_days_that_were_served_are_told(case: Case) -> None:
    match = case.consider(S.SELECTED)
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        bookings.free_after(factories.work(session, case.office), found, AGREED[0])
        found.state = S.CANCELLED
        assert amended.days_told(found) == (AGREED[0], AGREED[0])
        found.booked_days.clear()
        assert amended.days_told(found) == AGREED
        found.state = S.SELECTED


@pytest.mark.parametrize("button", ["Release for this mission", "Do not release"])
def test_no_release_for_the_days_of_an_older_page_is_one_for_those_of_the_mission(
    case: Case, visitor: Callable[[], Pages], button: str
) -> None:
    match = case.consider(S.RELEASE_ASKED)
    older = visitor().come_in(case.authority).get(f"/releases/{match.id}")
    case.move()
    refused = older.submit(button, ANSWERS[button], status=409)
    assert "after you opened the page" in refused.text
    assert case.later in refused.text
    assert case.state(match) is S.RELEASE_ASKED


@pytest.mark.parametrize(
    "button",
    [
        "Release for this mission",
        "Do not release",
        "Note the release",
        "Note that release was refused",
    ],
)
def test_an_answer_is_one_for_the_days_that_were_read_also_of_who_is_moved_alone(
    case: Case, visitor: Callable[[], Pages], button: str
) -> None:
    match, mission = selected(case)
    move_alone(case, mission, LATER)
    noted = button.startswith("Note")
    pages = visitor().come_in(case.office if noted else case.authority)
    older = pages.get(f"/matches/{match.id}" if noted else f"/releases/{match.id}")
    move_alone(case, mission, LATEST)
    refused = older.submit(button, ANSWERS[button], status=409)
    assert "Please read them, and answer anew" in refused.text
    assert (case.state(match), released_for(case, match)) == (S.SELECTED, AGREED)
    refused.submit(button, ANSWERS[button])
    is_yes = button in {"Release for this mission", "Note the release"}
    state, days = (S.SELECTED, LATEST) if is_yes else (S.REFUSED, AGREED)
    assert (case.state(match), released_for(case, match)) == (state, days)


def test_coordinators_read_that_a_release_was_given_for_other_days(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    released = case.consider(S.RELEASED)
    held = case.consider(S.RELEASED, MatchStep.APPROVE)
    unasked = case.consider(S.APPROVED)
    told = "The release is for other days"
    pages = visitor().come_in(case.office)

    def who_is_remarked() -> list[Match]:
        matches = (released, held, unasked)
        return [one for one in matches if told in pages.get(f"/matches/{one.id}").text]

    assert who_is_remarked() == []
    case.move()
    assert who_is_remarked() == [released, held]
    # Moved back it has the days for which they were released.
    case.move(*AGREED)
    assert who_is_remarked() == []


def release(case: Case, match: Match) -> Match:
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        work = factories.work(session, session.get_one(Account, case.authority.id))
        letter = releases.LetterContent("05/2-7", clock.today())
        releases.release(work, found, letter)
    return match


def approved(case: Case, *, is_proposed: bool = False) -> Match:
    """Return somebody whom the authority has released, approved or proposed since."""
    match = release(case, case.consider(S.RELEASE_ASKED))
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        office = factories.work(session, case.office)
        operations.take(office, found, MatchStep.APPROVE)
        if is_proposed:
            operations.propose(office, found.request)
    return match


def selected(case: Case) -> tuple[Match, int]:
    """Return somebody whom the authority has released and the requester selected, and the number of
    the mission."""
    match = release(case, case.consider(S.RELEASE_ASKED))
    with writing(case.app) as session:
        work, found = factories.work(session, case.office), session.get_one(Match, match.id)
        operations.take(work, found, MatchStep.APPROVE)
        operations.propose(work, found.request)
        requester = factories.work(session, found.request.requester)
        operations.take(requester, found, MatchStep.SELECT)
        return match, session.query(Deployment).filter_by(match_id=match.id).one().id


def move_alone(case: Case, number: int, days: tuple[date, date]) -> None:
    """Move the mission of one of a team."""
    with writing(case.app) as session:
        mission = session.get_one(Deployment, number)
        deployments.change_days(factories.work(session, case.office), mission, *days)


def released_for(case: Case, match: Match) -> tuple[date | None, date | None]:
    with reading(case.app) as session:
        found = session.get_one(Match, match.id)
        return found.released_start, found.released_end


def asked_of(case: Case, match: Match) -> list[tuple[Kind, Side]]:
    """Return what is to be done about a match, and by which side."""
    with reading(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request.id)
        tasks = waiting.list_tasks(session, [request], clock.today())[request.id]
        return [(one.kind, one.side) for one in tasks if one.match and one.match.id == match.id]


@pytest.mark.parametrize("steps", [(), (MatchStep.APPROVE,)])
def test_a_release_for_other_days_waits_for_the_authority_again(
    case: Case, visitor: Callable[[], Pages], steps: tuple[MatchStep, ...]
) -> None:
    match = release(case, case.consider(S.RELEASE_ASKED))
    with writing(case.app) as session:
        for step in steps:
            found = session.get_one(Match, match.id)
            operations.take(factories.work(session, case.office), found, step)
    before = case.state(match)
    case.move()
    asked = [(Kind.RELEASE, Side.AUTHORITY)]
    assert (case.state(match), asked_of(case, match)) == (before, asked)
    with reading(case.app) as session:
        late = reminders.find_releases(session, clock.today() + timedelta(days=30))
        assert [one.account_id for one in late] == [case.authority.id]
    to_do = {S.RELEASED: (Kind.APPROVE, Side.OFFICE), S.APPROVED: (Kind.PROPOSE, Side.OFFICE)}
    page = visitor().come_in(case.authority).get(f"/releases/{match.id}")
    assert "and the mission has other days now" in page.text
    assert "covers all days of the mission" in page.text
    release(case, match)
    assert (case.state(match), asked_of(case, match)) == (before, [to_do[before]])
    # Fewer of the days for which somebody is released are within the release.
    case.move(LATER[0], LATER[0])
    assert asked_of(case, match) == [to_do[before]]


def test_nobody_is_approved_by_a_release_for_other_days(case: Case) -> None:
    match = release(case, case.consider(S.RELEASE_ASKED))
    case.move()
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        with pytest.raises(ConflictError, match="released for other days"):
            operations.take(factories.work(session, case.office), found, MatchStep.APPROVE)


@pytest.mark.parametrize(
    ("state", "next_step", "refused"),
    [
        (S.APPROVED, MatchStep.PROPOSE, "released for other days"),
        (S.PROPOSED, MatchStep.SELECT, "Cannot be selected yet"),
    ],
)
def test_nobody_is_proposed_or_selected_while_the_authority_is_asked_anew(
    case: Case, state: MatchState, next_step: MatchStep, refused: str
) -> None:
    match = approved(case, is_proposed=state is S.PROPOSED)
    case.move()
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        asking = found.request.requester
        acting = factories.work(session, asking if state is S.PROPOSED else case.office)
        with pytest.raises(ConflictError, match=refused):
            operations.take(acting, found, next_step)
        operations.note_released(found)
        operations.take(acting, found, next_step)


def test_who_is_not_released_for_the_other_days_does_not_go(case: Case) -> None:
    match, number = selected(case)
    with writing(case.app) as session:
        work, mission = factories.work(session, case.office), session.get_one(Deployment, number)
        deployments.move(work, mission, *LATER, seen_version=mission.version)
        assert mission.match.booked_days
    assert asked_of(case, match) == [(Kind.RELEASE, Side.AUTHORITY)]
    with reading(case.app) as session:
        entry = checklists.find_entry(session, session.query(Deployment).one(), NeedKind.RELEASE)
        assert entry.is_open
    with writing(case.app) as session:
        work = factories.work(session, session.get_one(Account, case.authority.id))
        found = session.get_one(Match, match.id)
        why = factories.grounds(WORKFLOW[MatchStep.REFUSE_RELEASE])
        operations.take(work, found, MatchStep.REFUSE_RELEASE, why)
        assert not found.booked_days
        requester = found.request.requester
        assert session.query(Deployment).one().state is DeploymentState.CANCELLED
    with reading(case.app) as session:
        assert invariants.run(session) == []
    assert case.is_told(requester, "an expert fell out")
