"""Two profiles of one person become one: nothing is lost, doubled, or brought back unseen."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.db import Base
from webapp.core.errors import ConflictError
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.expertise_requests.models import RequestState
from webapp.experts import operations as profiles
from webapp.experts import queries as experts
from webapp.experts import viewers
from webapp.experts.models import (
    ClosedJurisdiction,
    ConfirmationState,
    Evidence,
    EvidenceConfirmation,
    EvidenceKind,
    Expert,
    ExpertState,
    ExpertTheme,
    Gender,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)
from webapp.experts.standing_tables import PhoneCall, ProfileMerge
from webapp.experts.workflow import ExpertStep
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.messages.models import Notice
from webapp.my_data import operations as my_data
from webapp.roster import merging
from webapp.roster.models import CoordinatorNote

SignIn = Callable[..., Pages]
pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]
NAME = "Jelena Zgled"


@pytest.fixture
def coordinator(sign_in_as: SignIn) -> Pages:
    return sign_in_as(Role.COORDINATOR, name="Cora Zgled")


def put(app: Flask, **values: Any) -> Expert:
    with writing(app) as session:
        person = {"name": NAME, "jurisdiction": "MNE", "gender": Gender.FEMALE} | values
        return factories.expert(session, **person)


def join(pages: Pages, kept: Expert, gone: Expert, *taken: str) -> Page:
    page = pages.get(f"/roster/{kept.id}/join/{gone.id}")
    values = {"sure": "y", "taken": list(taken)} if taken else {"sure": "y"}
    return page.submit("Join the two profiles", values)


def numbers(session: Session, table: type[Base]) -> set[int]:
    """Return to whom the rows of a table belong."""
    return set(session.scalars(sa.select(table.__table__.c.expert_id)))


def test_every_table_that_names_an_expert_says_what_a_merge_does_to_it() -> None:
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "expert"
    }
    known = {table.__tablename__ for table in merging.GO_OVER} | merging.STAY
    assert naming == known


def leave(app: Flask, expert: Expert) -> None:
    with writing(app) as session:
        leaving = session.get_one(Expert, expert.id)
        profiles.take(factories.work(session, leaving.account), leaving, ExpertStep.LEAVE)


def test_nobody_goes_on_to_be_active_who_took_the_consent_back_in_the_other_profile(
    app: Flask, coordinator: Pages
) -> None:
    kept = put(app, signs_in=False, consented_at=clock.now() - timedelta(days=365))
    gone = put(app)
    leave(app, gone)
    page = coordinator.get(f"/roster/{kept.id}/join/{gone.id}")
    assert "has taken the consent back since" in page.text
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        pair = session.get_one(Expert, kept.id), session.get_one(Expert, gone.id)
        with pytest.raises(ConflictError, match="taken the consent back"):
            merging.join(work, *pair, [], seen=(pair[0].version, pair[1].version))
        profiles.take(work, pair[0], ExpertStep.TAKE_OFF, Grounds(ReasonKind.OWN_WISH))
        merging.join(work, *pair, [], seen=(pair[0].version, pair[1].version))
        assert pair[0].consented_at is None
    with reading(app) as session:
        assert session.get_one(Expert, kept.id).state is ExpertState.WITHDRAWN
        assert invariants.run(session) == []


@pytest.mark.parametrize("left_first", [True, False])
def test_the_last_word_on_the_consent_counts_in_whichever_profile_it_was_said(
    app: Flask, left_first: bool
) -> None:
    kept = put(app)
    leave(app, kept)
    days = timedelta(days=1 if left_first else -700)
    gone = put(app, state=ExpertState.WITHDRAWN, consented_at=clock.now() + days)
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        one, other = session.get_one(Expert, kept.id), session.get_one(Expert, gone.id)
        merging.join(work, one, other, [], seen=(one.version, other.version))
        assert (one.consented_at is not None) is left_first
        profiles.take(work, one, ExpertStep.TAKE_UP)
        if not left_first:
            with pytest.raises(ConflictError, match="agreed"):
                profiles.take(work, one, ExpertStep.ACTIVATE)


def test_who_is_kept_is_found_by_what_has_gone_over(app: Flask, coordinator: Pages) -> None:
    told = Evidence(kind=EvidenceKind.MISSION, title="Mission", place="Labasa")
    join(coordinator, put(app), put(app, evidence=[told]))
    assert NAME in coordinator.get("/roster", query={"q": "Labasa"}).text


def test_all_that_belongs_to_either_stands_in_the_one_that_is_kept(
    app: Flask, coordinator: Pages
) -> None:
    kept = put(app, summary="Trains investigators.", telephone="")
    gone = put(
        app,
        state=ExpertState.NOMINATED,
        summary="Leads a unit.",
        telephone="+382 20 111 222",
        evidence=[
            Evidence(
                kind=EvidenceKind.MISSION, title="Mission to Bishkek", started=date(2018, 11, 5)
            )
        ],
        trainings=[
            Training(title="Instructor's certificate", expires=date(2030, 1, 1)),
            Training(title="Course on explosives"),
        ],
        themes=[
            ExpertTheme(theme_code="SALW-MTR", priority=1, years=12),
            ExpertTheme(theme_code="GEN-GBV", priority=2),
        ],
        languages=[
            LanguageSkill(language="en", level=CefrLevel.B2),
            LanguageSkill(language="ru", level=CefrLevel.C1),
        ],
        unavailable=[UnavailablePeriod(start=date(2032, 1, 1), end=date(2032, 1, 5))],
        closed_jurisdictions=[ClosedJurisdiction(code="SRB")],
    )
    with writing(app) as session:
        session.add(
            CoordinatorNote(
                expert_id=gone.id, text="Speaks well.", written_at=clock.now(), written_by=1
            )
        )
    page = join(coordinator, kept, gone, "summary")
    assert "The two profiles are one now." in page.text
    assert "Speaks well." in page.text
    assert "Trains investigators." in page.text  # What was not taken stays noted.
    with reading(app) as session:
        now = session.get_one(Expert, kept.id)
        assert (now.summary, now.telephone) == ("Leads a unit.", "+382 20 111 222")
        assert {row.title for row in now.evidence} >= {"Mission to Bishkek"}
        assert len(now.evidence) == 2
        titles = sorted(row.title for row in now.trainings)
        assert titles == ["Course on explosives", "Instructor's certificate"]
        assert {(row.theme_code, row.priority) for row in now.themes} == {
            ("SALW-MTR", 1), ("SALW-TRF", 2), ("GEN-GBV", 3),
        }  # fmt: skip
        assert {(row.language, row.level) for row in now.languages} == {
            ("en", CefrLevel.C1), ("cnr", CefrLevel.C2), ("ru", CefrLevel.C1),
        }  # fmt: skip
        assert [row.start for row in now.unavailable] == [date(2032, 1, 1)]
        assert [row.code for row in now.closed_jurisdictions] == ["SRB"]
        left = session.scalars(sa.select(ProfileMerge.left_behind)).one()
        assert left["summary"] == "Trains investigators."
        assert left["languages"] == ["en B2"]
        assert left["themes"] == ["SALW-MTR 12 "]
        ended = session.get_one(Expert, gone.id)
        assert (ended.state, ended.name, ended.telephone) == (
            ExpertState.ERASED, f"#{gone.id}", "",
        )  # fmt: skip
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "profiles joined"))
        assert event.one().details["gone"] == gone.id


def test_matches_missions_and_days_go_over_and_the_story_names_who_it_is(
    app: Flask, coordinator: Pages
) -> None:
    kept, gone = put(app), put(app)
    with writing(app) as session:
        match = factories.match(
            session, MatchState.SELECTED, expert=session.get_one(Expert, gone.id)
        )
        declined = factories.match(
            session, MatchState.DECLINED, expert=session.get_one(Expert, gone.id)
        )
        number = declined.reason_id
    join(coordinator, kept, gone)
    with reading(app) as session:
        assert numbers(session, Match) == {kept.id}
        assert numbers(session, BookedDay) == {kept.id}
        assert session.get_one(Reason, number).person_id == kept.id
        assert experts.get_names(session, [gone.id]) == {gone.id: NAME}
    assert NAME in coordinator.get(f"/requests/{match.request_id}").text
    assert f"#{gone.id}" not in coordinator.get(f"/requests/{match.request_id}").text
    with reading(app) as session:
        assert invariants.run(session) == []


def test_nobody_is_on_two_missions_after_a_merge(app: Flask, coordinator: Pages) -> None:
    kept, gone = put(app), put(app)
    with writing(app) as session:
        for expert in (kept, gone):
            factories.match(session, MatchState.APPROVED, expert=session.get_one(Expert, expert.id))
    page = coordinator.get(f"/roster/{kept.id}/join/{gone.id}")
    assert "Nobody can be at two places" in page.text
    assert "Join the two profiles" not in page.text
    answer = coordinator.client.post(
        f"/roster/{kept.id}/join/{gone.id}",
        data={"csrf_token": coordinator.own_token(), "sure": "y"},
    )
    assert answer.status_code == 409
    with reading(app) as session:
        assert numbers(session, BookedDay) == {kept.id, gone.id}


def test_one_request_that_considers_both_is_settled_first(app: Flask, coordinator: Pages) -> None:
    kept, gone = put(app), put(app)
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED)
        for expert in (kept, gone):
            factories.match(session, request=request, expert=session.get_one(Expert, expert.id))
    page = coordinator.get(f"/roster/{kept.id}/join/{gone.id}")
    assert f"Both profiles were considered for {request.reference}" in page.text
    assert "Join the two profiles" not in page.text


def test_a_suspension_or_a_standing_is_not_lost_by_keeping_the_other(
    app: Flask, coordinator: Pages
) -> None:
    active, suspended = put(app), put(app, state=ExpertState.SUSPENDED)
    page = coordinator.get(f"/roster/{active.id}/join/{suspended.id}")
    assert "Please keep the other one" in page.text
    join(coordinator, suspended, active)
    with reading(app) as session:
        assert session.get_one(Expert, suspended.id).state is ExpertState.SUSPENDED
        assert session.get_one(Expert, active.id).state is ExpertState.ERASED


def test_the_one_account_signs_in_and_of_two_the_other_is_closed(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    kept, gone = put(app, signs_in=False), put(app)
    join(coordinator, kept, gone)
    with reading(app) as session:
        assert session.get_one(Expert, kept.id).account_id == gone.account_id
        told = session.scalars(sa.select(Notice.path).where(Notice.account_id == gone.account_id))
        assert "/profile" in told.all()
    third = put(app)
    join(coordinator, kept, third)
    with reading(app) as session:
        now = session.get_one(Expert, kept.id)
        assert now.account_id == gone.account_id
        assert not session.get_one(Account, third.account_id).active
        told = session.scalars(sa.select(Notice.words).where(Notice.account_id == third.account_id))
        assert any("joined" in str(words) for words in told)


def test_who_has_no_account_is_told_by_telephone(app: Flask, coordinator: Pages) -> None:
    kept, gone = put(app, signs_in=False), put(app, signs_in=False)
    join(coordinator, kept, gone)
    with reading(app) as session:
        assert numbers(session, PhoneCall) == {kept.id}


def test_old_links_and_the_expert_find_what_happened_under_the_old_number(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    kept, gone = put(app), put(app, name="Another name")
    coordinator.get(f"/roster/{gone.id}")
    join(coordinator, kept, gone)
    assert NAME in coordinator.get(f"/roster/{gone.id}").heading
    with reading(app) as session:
        viewed = experts.list_views(session, kept.id, date(2000, 1, 1), clock.today())
        assert {event.details["path"] for event in viewed} >= {f"/roster/{gone.id}"}
        lines = viewers.list_viewers(session, session.get_one(Expert, kept.id), size=50)
        assert "experts.show" in {look.page for look in lines.items[0].looks}


def test_who_is_erased_afterwards_is_erased_under_both_numbers(
    app: Flask, coordinator: Pages
) -> None:
    kept, gone = put(app, telephone="+382 1"), put(app, telephone="+382 2")
    with writing(app) as session:
        old = factories.match(
            session, MatchState.CANCELLED, expert=session.get_one(Expert, gone.id)
        )
        factories.match(session, request=old.request, expert=session.get_one(Expert, kept.id))
        factories.match(session, expert=session.get_one(Expert, gone.id))
    join(coordinator, kept, gone)
    with writing(app) as session:
        person = session.get_one(Expert, kept.id)
        work = factories.work(session, None)
        copied = {s.rule.table.__tablename__: s.rows for s in my_data.copy(work, person)}
        assert copied["profile_merge"][0]["left_behind"]["telephone"] == "+382 2"
        assert len(copied["match"]) == 3
        my_data.erase(work, person)
        session.flush()
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)):
                assert NAME not in str(row), table.name
                assert "+382 2" not in str(row), table.name


def test_evidence_in_both_stands_once_and_confirmed_if_either_is(
    app: Flask, coordinator: Pages
) -> None:
    same = {"kind": EvidenceKind.PROJECT, "title": "Guide", "started": date(2020, 1, 1)}
    kept, gone = (put(app, evidence=[Evidence(**same)]) for _ in range(2))
    with writing(app) as session:
        row = session.get_one(Expert, gone.id).evidence[0]
        row.confirmation = EvidenceConfirmation(
            expert_id=gone.id, state=ConfirmationState.CONFIRMED, state_since=clock.now(),
            expires_at=clock.now(), name="A", organisation="B", email="a@example.org",
        )  # fmt: skip
    join(coordinator, kept, gone)
    with reading(app) as session:
        [row] = session.get_one(Expert, kept.id).evidence
        assert row.is_confirmed
        assert row.confirmation is not None
        assert row.confirmation.expert_id == kept.id


def test_a_stale_or_second_merge_changes_nothing(app: Flask, coordinator: Pages) -> None:
    kept, gone = put(app), put(app)
    page = coordinator.get(f"/roster/{kept.id}/join/{gone.id}")
    with writing(app) as session:
        session.get_one(Expert, gone.id).post = "Another post"
    stale = page.submit("Join the two profiles", {"sure": "y"}, status=409)
    assert "was changed since you compared them" in stale.text
    assert "Another post" in stale.text
    stale.submit("Join the two profiles", {"sure": "y"})
    page.submit("Join the two profiles", {"sure": "y"}, status=409)
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ProfileMerge)) == 1


def test_without_having_made_sure_nothing_is_joined(app: Flask, coordinator: Pages) -> None:
    kept, gone = put(app), put(app)
    page = coordinator.get(f"/roster/{kept.id}/join/{gone.id}")
    assert page.submit("Join the two profiles", {}, status=400).errors
    with reading(app) as session:
        assert session.get_one(Expert, gone.id).state is ExpertState.ACTIVE


def test_nobody_joins_their_own_profile_or_takes_the_step_alone(
    app: Flask, visitor: Callable[[], Pages], coordinator: Pages
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        own = factories.expert(session, person=person)
    other = put(app)
    pages = visitor().come_in(person)
    for one, two in ((own, other), (other, own)):
        answer = pages.client.post(
            f"/roster/{one.id}/join/{two.id}",
            data={"csrf_token": pages.own_token(), "sure": "y"},
        )
        assert answer.status_code == 403
    token = coordinator.own_token()
    answer = coordinator.client.post(
        f"/roster/{other.id}/join-with-another-profile", data={"csrf_token": token}
    )
    assert answer.status_code == 404
    with reading(app) as session:
        assert session.get_one(Expert, other.id).state is ExpertState.ACTIVE
