"""What the matcher reads in a profile of any state, and past requests without their parties."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import ExpertState
from webapp.matches.ranking import profile_reading
from webapp.matches.ranking.profile_reading import read_profile
from webapp.matches.ranking.roster_index import RosterIndex

READ_IN = (
    ExpertState.NOMINATED,
    ExpertState.SCREENING,
    ExpertState.ACTIVE,
    ExpertState.DORMANT,
    ExpertState.SUSPENDED,
)
SECRET = "Qarashaq border post"


def end(session: Session, number: int, parties: int, **changes: Any) -> None:
    """Add requests of some parties that have ended."""
    requesters = [factories.account(session, Role.REQUESTER) for _ in range(parties)]
    for at in range(number):
        factories.request(
            session, RequestState.UNFILLED, requester=requesters[at % parties], **changes
        )


@pytest.mark.both_databases
@pytest.mark.parametrize("state", READ_IN)
def test_a_profile_is_read_in_whatever_state_it_is(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages], state: ExpertState
) -> None:
    with writing(app) as session:
        factories.expert(session)
        expert = factories.expert(session, state=state, summary="Destroys surplus ammunition.")
    own = visitor().come_in(expert.account).get("/profile/preview")
    theirs = (
        sign_in_as(Role.COORDINATOR)
        .get(f"/roster/{expert.id}")
        .follow("What the matcher reads in it")
    )
    for page in (own, theirs):
        assert "surplus" in page.text
        assert "tracing" in page.text
        assert ("This is what would be read" in page.text) is (state is not ExpertState.ACTIVE)


def test_what_is_kept_out_is_not_read_and_ten_subjects_are_enough(session: Session) -> None:
    expert = factories.expert(
        session,
        summary="Marking, tracing, destruction, ammunition, gender analysis, community policing,"
        " forensics, ballistics, border police, customs, stockpile, brokering, undercover agents.",
    )
    expert.evidence[0].kept_out = True
    expert.evidence[0].title = "Bomb disposal"
    reading = read_profile(RosterIndex(), session, expert)
    assert max(len(entry.subjects) for entry in reading.entries) == profile_reading.SUBJECTS
    assert all(entry.title != "Bomb disposal" for entry in reading.entries)


def test_themes_without_evidence_are_named(session: Session) -> None:
    expert = factories.expert(session)
    expert.themes[1].theme_code = "GEN-GBV"
    session.flush()
    reading = read_profile(RosterIndex(), session, expert)
    assert [row.theme_code for row in reading.claimed] == ["GEN-GBV"]


def test_past_requests_are_told_where_they_name_nobody(session: Session) -> None:
    expert = factories.expert(session)
    end(session, 5, 3, tasks=f"Teach tracing and destruction of ammunition at {SECRET}.")
    past = read_profile(RosterIndex(), session, expert).past
    (group,) = past.groups
    assert (past.number, group.number, group.first, group.last) == (5, 5, 2031, 2031)
    assert group.theme is not None
    assert group.theme.code == "SALW-MTR"
    assert past.among_first == group.met == 5
    assert "ammunition disposal" in group.lacking


@pytest.mark.parametrize(("number", "parties"), [(4, 4), (9, 2), (5, 1)])
def test_past_requests_of_few_are_not_even_counted(
    session: Session, number: int, parties: int
) -> None:
    expert = factories.expert(session)
    end(session, number, parties)
    past = read_profile(RosterIndex(), session, expert).past
    assert (past.number, past.groups) == (None, [])


def test_what_one_party_alone_asked_for_is_not_told(session: Session) -> None:
    expert = factories.expert(session)
    end(session, 5, 3)
    end(session, 1, 1, tasks="Destruction of ammunition.")
    (group,) = read_profile(RosterIndex(), session, expert).past.groups
    assert (group.number, group.lacking) == (6, [])


def test_years_and_themes_of_few_are_put_together(session: Session) -> None:
    expert = factories.expert(session)
    end(session, 5, 3)
    for year in (2032, 2033):
        day = date(year, 3, 3)
        end(session, 3, 2, start=day, end=day)
        end(session, 2, 2, start=day, end=day, themes=("GEN-GBV",))
    end(session, 1, 1, themes=("AMMO",))
    groups = read_profile(RosterIndex(), session, expert).past.groups
    told = [(g.theme and g.theme.code, g.first, g.last, g.number) for g in groups]
    assert told == [("SALW-MTR", 2032, 2033, 6), ("SALW-MTR", 2031, 2031, 5), (None, 2031, 2033, 5)]


def test_neither_open_requests_nor_drafts_are_past(session: Session, clock: Any) -> None:
    expert = factories.expert(session)
    end(session, 4, 4)
    for state in (RequestState.DRAFT, RequestState.MATCHING, RequestState.DECLINED):
        factories.request(session, state)
    roster = RosterIndex()
    assert read_profile(roster, session, expert).past.number is None
    clock.move_to(datetime(2031, 6, 1, tzinfo=UTC))
    # That which was being matched is over with its days; the others never were agreed.
    assert read_profile(roster, session, expert).past.number == 5


def test_no_page_names_a_party_or_place_of_a_past_request(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        end(session, 6, 3, title=f"Course at {SECRET}", place=SECRET, focal_point=SECRET)
        end(session, 6, 3, background=f"{SECRET} has no armoury.", jurisdiction="UZB")
    own = visitor().come_in(expert.account).get("/profile/preview")
    for page in (own, sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}/reading")):
        assert "Past requests" in page.text
        for word in (*SECRET.split()[:1], "Uzbek", "Kyrgyz", "Bishkek"):
            assert word not in page.response.text
