"""Joining two profiles lets nobody see to a request, or decide on rivals, for themselves."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.roster.test_roster_own_decisions import (
    C,
    considered,
    join,
    refuse,
    two_of_a_coordinator,
)
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.record import audit
from webapp.experts import operations as profiles
from webapp.experts.workflow import ExpertStep
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.ranking import choices as ranking_choices
from webapp.matches.workflow import MatchStep

pytestmark = [pytest.mark.both_databases, pytest.mark.thorough]


def end_rival(session: Session, by: Account, match: Match, rival: Match) -> None:
    operations.take(factories.work(session, by), rival, MatchStep.CANCEL, factories.grounds())


def suspend_rival(session: Session, by: Account, match: Match, rival: Match) -> None:
    work = factories.work(session, by)
    profiles.take(work, rival.expert, ExpertStep.SUSPEND, factories.grounds())


def weigh(session: Session, by: Account, match: Match, rival: Match) -> None:
    work = factories.work(session, by)
    ranking_choices.ignore_considerations(work, match.request, {"recency"}, seen=set())


@pytest.mark.parametrize("act", [end_rival, suspend_rival, weigh])
def test_nobody_decides_on_rivals_through_a_second_profile(
    session: Session, act: Callable[[Session, Account, Match, Match], None]
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    colleague = factories.account(session, C)
    match = considered(session, MatchState.INVITED, colleague)
    rival = factories.match(
        session, MatchState.APPROVED, request=match.request, coordinator=colleague
    )
    audit.seal(session)
    act(session, person, match, rival)
    refuse(session, own, match.expert, "nobody decides for themselves")
    ends = factories.grounds()
    operations.take(factories.work(session, colleague), match, MatchStep.CANCEL, ends)
    join(session, own, match.expert)


@pytest.mark.parametrize("keeps_the_known", [True, False])
def test_a_rival_is_the_same_one_after_being_joined_with_another_profile(
    session: Session, keeps_the_known: bool
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    colleague = factories.account(session, C)
    match = considered(session, MatchState.INVITED, colleague)
    rival = factories.match(
        session, MatchState.APPROVED, request=match.request, coordinator=colleague
    )
    decided_on = rival.expert
    audit.seal(session)
    suspend_rival(session, person, match, rival)
    reactivate = factories.work(session, colleague)
    profiles.take(reactivate, decided_on, ExpertStep.REACTIVATE, factories.grounds())
    other = factories.expert(session)
    join(session, *((decided_on, other) if keeps_the_known else (other, decided_on)))
    assert {rival.expert_id} == {(decided_on if keeps_the_known else other).id}
    refuse(session, own, match.expert, "nobody decides for themselves")


def test_what_was_decided_before_somebody_was_considered_stands_against_nothing(
    session: Session,
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    colleague = factories.account(session, C)
    rival = factories.match(session, MatchState.INVITED, coordinator=colleague)
    end_rival(session, person, rival, rival)
    audit.seal(session)
    match = considered(session, MatchState.INVITED, colleague, rival.request)
    join(session, own, match.expert)


@pytest.mark.parametrize("keeps_own", [True, False])
def test_who_becomes_considered_by_joining_sees_to_the_request_no_more(
    session: Session, keeps_own: bool
) -> None:
    person, own, _second = two_of_a_coordinator(session)
    match = considered(session, MatchState.SHORTLISTED, factories.account(session, C))
    match.request.handled_by = person.id
    session.flush()
    assert invariants.run(session) == []
    pair = (own, match.expert) if keeps_own else (match.expert, own)
    join(session, *pair)
    session.refresh(match)
    assert match.expert_id == pair[0].id
    assert match.request.handled_by is None
    match.request.handled_by = person.id
    session.flush()
    (told,) = invariants.run(session)
    assert f"request {match.request_id}" in told
