"""Every worker ranks the newest committed roster, by what profiles prove and by nothing else."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.core import paging
from webapp.core.actor import SYSTEM
from webapp.core.errors import NotFoundError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import (
    Evidence,
    EvidenceKind,
    Expert,
    ExpertState,
    Gender,
    UnavailablePeriod,
)
from webapp.experts.revisions import touch
from webapp.matches import operations
from webapp.matches.models import MatchState
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.ranking.wording import each_once, in_own_words_first, in_passing
from webapp.matches.workflow import MatchStep

TRACING = "Seized pistols are traced to their last legal owner."
FARRIER: dict[str, Any] = {
    "summary": "Shoes horses.",
    "post": "Farrier",
    "themes": [],
    "evidence": [],
    "trainings": [],
}


def accepted(session: Any, **changes: Any) -> int:
    """Return the id of a request that can be matched."""
    return factories.request(session, RequestState.ACCEPTED, languages=(), **changes).id


@dataclass
class Seen:
    """A ranking as a page would show it."""

    names: list[str]
    relatives: list[float]
    ruled_out: list[tuple[str, dict[str, Any]]]
    nothing_to_go_on: list[tuple[str, str]]


def ranked(app: Flask, index: RosterIndex, request_id: int) -> Seen:
    """Return the ranking as the worker with this index sees it now."""
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, request_id)
        found = rankings.show(session, rankings.read_order(index, session, request), SYSTEM)
        return Seen(
            [candidate.expert.name for candidate in found.candidates],
            [candidate.relative for candidate in found.candidates],
            [(item.expert.name, item.reasons[0].to_dict()) for item in found.ruled_out.items],
            [(item.expert.name, item.why) for item in found.nothing_to_go_on.items],
        )


@pytest.mark.both_databases
def test_a_profile_edited_in_one_worker_ranks_in_another_at_its_next_request(
    make_app: Callable[..., Flask],
) -> None:
    here, there = make_app(), make_app()
    with writing(here) as session:
        request_id = accepted(session, title="Marking of weapons", themes=())
        expert = factories.expert(session, name="Newly Written", **FARRIER)
        expert_id = expert.id
    index = RosterIndex()
    assert ranked(there, index, request_id).names == []
    with writing(here) as session:
        expert = session.get_one(type(expert), expert_id)
        expert.evidence.append(
            Evidence(kind=EvidenceKind.PROJECT, title="Marking of weapons with a laser")
        )
        touch(session, expert)
    assert ranked(there, index, request_id).names == ["Newly Written"]


def test_a_change_that_is_rolled_back_is_never_ranked(app: Flask) -> None:
    with writing(app) as session:
        request_id = accepted(session, title="Marking of weapons", themes=())
    index = RosterIndex()
    with suppress(RuntimeError), writing(app) as session:
        factories.expert(session, name="Never There")
        raise RuntimeError("the request failed")
    assert ranked(app, index, request_id).names == []


@pytest.mark.parametrize("state", [state for state in ExpertState if state != "active"])
def test_only_active_experts_are_ranked(app: Flask, state: ExpertState) -> None:
    with writing(app) as session:
        request_id = accepted(session)
        expert = factories.expert(session, name="Going Away")
    index = RosterIndex()
    assert ranked(app, index, request_id).names == ["Going Away"]
    with writing(app) as session:
        gone = session.get_one(type(expert), expert.id)
        gone.state = state
        touch(session, gone)
    found = ranked(app, index, request_id)
    assert found == Seen([], [], [], [])


def test_an_approved_expert_is_ruled_out_for_overlapping_dates_and_free_when_the_match_ends(
    app: Flask,
) -> None:
    days: dict[str, Any] = {"start": date(2031, 5, 5), "end": date(2031, 5, 8)}
    with writing(app) as session:
        expert = factories.expert(session, name="Taken Already")
        first = factories.request(session, RequestState.ACCEPTED, **days)
        match = factories.match(session, MatchState.APPROVED, request=first, expert=expert)
        other_id = accepted(session, start=date(2031, 5, 8), end=date(2031, 5, 9))
    index = RosterIndex()
    found = ranked(app, index, other_id)
    assert found.names == []
    assert [reason["code"] for _, reason in found.ruled_out] == ["booked"]
    with writing(app) as session:
        operations.take(
            factories.work(session),
            session.get_one(type(match), match.id),
            MatchStep.CANCEL,
            factories.grounds(),
        )
    assert ranked(app, index, other_id).names == ["Taken Already"]


@pytest.mark.both_databases
def test_a_notice_that_is_too_short_rules_out_unless_the_days_can_move(
    app: Flask, clock: Any, sign_in_as: Any
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Needs A Month", notice_days=30)
        factories.expert(session, name="Comes At Once", notice_days=0)
        days: dict[str, Any] = {"start": date(2031, 5, 5), "end": date(2031, 5, 8)}
        fixed = accepted(session, **days)
        movable = accepted(session, flexibility="Two weeks later will do.", **days)
    index = RosterIndex()
    assert len(ranked(app, index, fixed).names) == 2
    clock.move_to(datetime(2031, 4, 26, tzinfo=UTC))
    found = ranked(app, index, fixed)
    assert found.names == ["Comes At Once"]
    ((_, reason),) = found.ruled_out
    assert reason == {
        "code": "notice", "detail": {"notice": 30, "days": 9, "start": "2031-05-05"}
    }  # fmt: skip
    assert len(ranked(app, index, movable).names) == 2
    pages = sign_in_as(Role.COORDINATOR)
    said = "Asks for notice of 30 days; the mission begins in 9 days."
    assert said in pages.get(f"/requests/{fixed}/matches").text.split("Ruled out")[1]
    assert said in pages.get(f"/requests/{movable}/matches").text.split("Ruled out")[0]
    clock.move_to(datetime(2031, 5, 6, tzinfo=UTC))
    assert len(ranked(app, index, fixed).names) == 2


def test_as_many_missions_as_wanted_rule_out_for_the_rest_of_that_year(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session, most_missions=1)
        first = factories.request(session, RequestState.ACCEPTED)
        factories.match(session, MatchState.APPROVED, request=first, expert=expert)
        autumn, next_year = (
            accepted(session, start=day, end=day) for day in (date(2031, 10, 1), date(2032, 1, 1))
        )
    index = RosterIndex()
    ((_, reason),) = ranked(app, index, autumn).ruled_out
    assert reason == {"code": "missions", "detail": {"most": 1, "booked": 1, "year": 2031}}
    assert len(ranked(app, index, next_year).names) == 1


def test_unavailable_days_rule_out_with_the_days(app: Flask) -> None:
    with writing(app) as session:
        request_id = accepted(session)
        factories.expert(
            session, unavailable=[UnavailablePeriod(start=date(2031, 5, 8), end=date(2031, 6, 1))]
        )
    ((_, reason),) = ranked(app, RosterIndex(), request_id).ruled_out
    assert reason == {
        "code": "dates",
        "detail": {"start": "2031-05-08", "end": "2031-06-01"},
    }


def test_an_expert_in_whose_profile_nothing_bears_on_the_request_stands_apart(app: Flask) -> None:
    with writing(app) as session:
        request_id = accepted(session, title="Marking of weapons", themes=())
        factories.expert(session, name="Of Horses", **FARRIER)
    found = ranked(app, RosterIndex(), request_id)
    assert found == Seen([], [], [], [("Of Horses", "no_shared_term")])


def test_what_exists_locally_costs_and_security_do_not_enter_the_ranking(app: Flask) -> None:
    with writing(app) as session:
        plain = accepted(session, title="Marking of weapons", themes=())
        chatty = accepted(
            session,
            title="Marking of weapons",
            themes=(),
            existing="A museum of horses and a farrier.",
            costs="Horses are paid by the host.",
            security="Horses may bite.",
        )
        factories.expert(session, name="Of Horses", **FARRIER)
        factories.expert(session, name="Of Marks")
    index = RosterIndex()
    assert ranked(app, index, chatty).names == ranked(app, index, plain).names == ["Of Marks"]


def test_name_gender_institution_and_rank_are_no_input_of_the_score(app: Flask) -> None:
    with writing(app) as session:
        request_id = accepted(session)
        factories.expert(session, name="Marking Tracing", gender=Gender.FEMALE,
                         institution="Ministry of Marking and Tracing", rank="Tracer",
                         jurisdiction="SRB")  # fmt: skip
        factories.expert(session, name="Other Name", gender=Gender.MALE, institution="Police")
    found = ranked(app, RosterIndex(), request_id)
    assert found.relatives == [1.0, 1.0]


def test_the_standing_of_an_expert_whom_the_ranking_does_not_know_is_refused(app: Flask) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, title="Marking", themes=())
        horses = factories.expert(session, **FARRIER, state=ExpertState.SUSPENDED)
        with pytest.raises(NotFoundError, match="not in the ranking"):
            rankings.get_placing(RosterIndex(), session, request, horses.id)


def test_a_match_keeps_the_ranking_as_it_was_seen(app: Flask) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, languages=())
        expert = factories.expert(session)
        seen = rankings.get_placing(RosterIndex(), session, request, expert.id)
    assert (seen.rank, seen.ranked_among) == (1, 1)
    assert seen.roster_revision > 0
    assert seen.explanation["entries"][0]["sentence"]
    assert seen.score == pytest.approx(
        sum(
            share["contribution"]
            for part in ("terms", "besides")
            for share in seen.explanation[part]
        ),
        abs=1e-9,
    )


def test_terms_that_differ_in_case_alone_are_told_once() -> None:
    terms: list[dict[str, Any]] = [
        {"concept": None, "asked": "Police"},
        {"concept": "Forensics", "asked": "forensic"},
        {"concept": None, "asked": "police"},
    ]
    assert each_once(terms) == terms[:2]


def test_what_both_say_in_the_same_words_is_told_without_the_name_of_a_subject() -> None:
    term = {"concept": "civilian arms trade", "asked": "hunters", "same_words": True}
    assert each_once([term]) == [{**term, "concept": None}]


def test_what_is_shared_in_passing_is_quoted_or_named_and_no_word_of_a_claimed_theme() -> None:
    terms: list[dict[str, Any]] = [
        {"concept": "police", "asked": "policija", "found": "Policija", "claimed": False},
        {"concept": None, "asked": "granica", "found": "border", "claimed": True},
        {"concept": "borders", "asked": "granice", "found": "border police", "claimed": True},
    ]
    assert in_passing(terms) == [("Policija", True), ("borders", False)]


def test_what_two_subjects_share_in_passing_is_told_once() -> None:
    network, fees = "women police officers' network", "membership fees"
    terms: list[dict[str, Any]] = [
        {"concept": name, "asked": name, "found": found, "claimed": False}
        for name, found in (
            ("a", network),
            ("b", fees),
            ("c", f"{network}, Membership fees, rules"),
        )
    ]
    assert in_passing(terms) == [(network, True), (fees, True), ("rules", True)]


@pytest.mark.parametrize(
    ("considered", "fit", "verdict", "near"),
    [(2, "nobody", "nobody", []), (2, "unsure", "unsure", [1.0]), (0, "nobody", "", [])],
)
def test_whether_anybody_fits_is_decided_once(
    considered: int, fit: str, verdict: str, near: list[float]
) -> None:
    import matcher

    people = [rankings.Candidate(Expert(), 1, score, {}, (), False) for score in (1.0, 0.1)]
    nobody: paging.Page[Any] = paging.Page([], 0, 1, 1)
    found = rankings.Ranking(
        candidates=people[:considered],
        ruled_out=nobody,
        nothing_to_go_on=nobody,
        considered=considered,
        with_much=considered,
        shown=considered,
        all_ruled_out=0,
        all_unrankable=0,
        page=1,
        pages=1,
        revision=1,
        unread=0,
        readings=(),
        passages=[],
        considerations=[],
        fit=matcher.Fit(fit),
    )
    assert found.verdict == verdict
    assert found.nobody_fits is (verdict == "nobody")
    assert [one.relative for one in found.near] == near
    assert len(found.near) + len(found.far) == considered


def test_entries_in_which_nothing_is_marked_are_told_only_where_there_are_no_others() -> None:
    marked = {"kind": "training", "highlights": [(0, 4)]}
    claimed = {"kind": "theme", "highlights": [(0, 4)]}
    removed = {"kind": "summary", "highlights": [], "removed": True}
    bare = {"kind": "summary", "highlights": []}
    assert in_own_words_first([claimed, bare, marked, removed]) == [marked, removed, claimed]
    assert in_own_words_first([bare]) == [bare]


def test_entries_in_which_no_reason_stands_are_told_only_where_there_are_no_others() -> None:
    bearing = {"kind": "summary", "highlights": [(0, 4)], "bears": True}
    passing = {"kind": "training", "highlights": [(0, 4)], "bears": False}
    assert in_own_words_first([passing, bearing]) == [bearing]
    assert in_own_words_first([passing]) == [passing]
