"""Approvals: who may give them, what a profile says of them, and what follows from their end."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.experts import approvals, joining, operations, standing_queries
from webapp.experts.approvals import Wanted
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import ExpertStep
from webapp.matches.models import MatchState
from webapp.messages.models import Notice
from webapp.organisations.models import Organisation
from webapp.upkeep import sweep as upkeep

N, C, E = Role.NOMINATING_AUTHORITY, Role.COORDINATOR, Role.EXPERT
G, W = ApprovalStep.GRANT, ApprovalStep.WITHDRAW
WHY = Grounds(ReasonKind.NEEDED_AT_HOME)


def in_days(number: int) -> date:
    """Return the day so many days from today."""
    return clock.today() + timedelta(days=number)


def authority(session: Session) -> Account:
    """Return somebody who acts for an authority of their own."""
    return factories.account(session, N, organisation_id=factories.organisation(session).id)


def test_the_last_day_of_approvals_without_a_gap_is_that_of_the_profile(session: Session) -> None:
    member = authority(session)
    expert = factories.expert(session, authority_id=member.organisation_id)
    work = factories.work(session, member)
    approvals.grant(work, expert, G, Wanted(in_days(-10), in_days(20)))
    assert expert.approved_until == in_days(20)
    approvals.grant(work, expert, G, Wanted(in_days(21 - 1), in_days(90), "Courses."))
    assert expert.approved_until == in_days(90)
    assert invariants.run(session) == []


@pytest.mark.both_databases
def test_an_approval_that_begins_later_counts_from_its_first_day_on(app: Flask) -> None:
    with writing(app) as session:
        member = authority(session)
        expert = factories.expert(session, authority_id=member.organisation_id)
        work = factories.work(session, member)
        first = approvals.grant(work, expert, G, Wanted(in_days(-10), in_days(20)))
        approvals.grant(work, expert, G, Wanted(in_days(20), in_days(90), "Courses."))
        approvals.withdraw(work, first, W, WHY)
        assert (expert.approved_until, expert.state) == (in_days(-1), ExpertState.EXPIRED)
        assert invariants.run(session) == []
    now = clock.now()
    for days, state, until in [
        (19, ExpertState.EXPIRED, in_days(-1)),
        (20, ExpertState.ACTIVE, in_days(90)),
        (91, ExpertState.EXPIRED, in_days(90)),
    ]:
        with time_machine.travel(now + timedelta(days=days), tick=False):
            with app.app_context():
                upkeep.run_due()
            with reading(app) as session:
                there = session.get_one(Expert, expert.id)
                assert (there.state, there.approved_until) == (state, until)
                assert invariants.run(session) == []


def test_an_approval_that_is_withdrawn_before_its_time_never_counts(session: Session) -> None:
    member = authority(session)
    expert = factories.expert(session, authority_id=member.organisation_id)
    work = factories.work(session, member)
    approvals.grant(work, expert, G, Wanted(in_days(0), in_days(20)))
    later = approvals.grant(work, expert, G, Wanted(in_days(10), in_days(90)))
    approvals.withdraw(work, later, W, WHY)
    assert (expert.approved_until, expert.state) == (in_days(20), ExpertState.ACTIVE)


@pytest.mark.both_databases
@pytest.mark.parametrize("before", ["of none", "of another authority"])
def test_another_authority_has_to_approve_an_official_anew(app: Flask, before: str) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, C)
        former, member = authority(session), authority(session)
        facts: dict[str, Any] = {
            "authority_id": former.organisation_id,
            "approved_until": date(2040, 1, 1),
        }
        expert = factories.expert(session, **(facts if before != "of none" else {}))
        match = factories.match(session, MatchState.SELECTED, expert=expert)
    with writing(app) as session:
        expert = session.get_one(Expert, expert.id)
        organisation = session.get_one(Organisation, member.organisation_id)
        work = factories.work(session, coordinator)
        joining.set_standing(work, expert, organisation, "", "", seen_version=expert.version)
        assert (expert.state, expert.approved_until) == (ExpertState.EXPIRED, None)
        unapproved = standing_queries.list_unapproved(session, factories.actor(member))
        assert unapproved == [expert]
    with reading(app) as session:
        assert session.get_one(type(match), match.id).state is MatchState.CANCELLED
        assert invariants.run(session) == []
    with writing(app) as session:
        expert = session.get_one(Expert, expert.id)
        work = factories.work(session, member)
        approvals.grant(work, expert, G, Wanted(in_days(0), in_days(30)))
        assert (expert.state, expert.approved_until) == (ExpertState.ACTIVE, in_days(30))


def test_who_is_no_authoritys_official_any_more_needs_no_approval(session: Session) -> None:
    coordinator, member = factories.account(session, C), authority(session)
    expert = factories.expert(
        session, authority_id=member.organisation_id, state=ExpertState.EXPIRED
    )
    work = factories.work(session, coordinator)
    joining.set_standing(work, expert, None, "", "", seen_version=expert.version)
    assert (expert.state, expert.approved_until) == (ExpertState.ACTIVE, None)
    assert invariants.run(session) == []


def test_who_was_active_without_an_approval_expires(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session, authority_id=authority(session).organisation_id)
    with app.app_context():
        upkeep.run_due()
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.EXPIRED


@pytest.mark.parametrize(
    ("first", "last"), [(5, 3), (-9, -1), (21, 60)], ids=["backwards", "past", "leaves a gap"]
)
def test_days_that_approve_nothing_or_leave_a_gap_are_refused(
    session: Session, first: int, last: int
) -> None:
    member = authority(session)
    expert = factories.expert(session, authority_id=member.organisation_id)
    work = factories.work(session, member)
    approvals.grant(work, expert, G, Wanted(in_days(0), in_days(20)))
    with pytest.raises(ConflictError):
        approvals.grant(work, expert, G, Wanted(in_days(first), in_days(last)))
    with pytest.raises(TwinError):
        approvals.grant(work, expert, G, Wanted(in_days(0), in_days(20)))


def test_nobody_approves_another_authoritys_official_or_themselves(session: Session) -> None:
    member, stranger = authority(session), authority(session)
    both = factories.account(session, N, E, organisation_id=member.organisation_id)
    own = factories.expert(session, person=both, authority_id=member.organisation_id)
    wanted = Wanted(in_days(0), in_days(20))
    for person in (stranger, both, factories.account(session, N)):
        with pytest.raises(ForbiddenError):
            approvals.grant(factories.work(session, person), own, G, wanted)
    row = approvals.grant(factories.work(session, member), own, G, wanted)
    for person in (stranger, both):
        with pytest.raises(ForbiddenError):
            approvals.withdraw(factories.work(session, person), row, W, WHY)
    assert own.approved_until == in_days(20)


def test_who_acts_for_an_authority_still_decides_as_an_expert_about_themselves(
    session: Session,
) -> None:
    organisation = factories.organisation(session)
    both = factories.account(session, N, E, organisation_id=organisation.id)
    own = factories.expert(session, person=both, authority_id=organisation.id)
    operations.take(factories.work(session, both), own, ExpertStep.LEAVE)
    assert own.state is ExpertState.WITHDRAWN


@pytest.mark.both_databases
def test_withdrawing_the_only_approval_ends_all_and_a_new_one_brings_back(app: Flask) -> None:
    with writing(app) as session:
        member = authority(session)
        coordinator = factories.account(session, C)
        expert = factories.expert(session, authority_id=member.organisation_id)
        approvals.grant(
            factories.work(session, member), expert, G, Wanted(in_days(0), date(2040, 1, 1))
        )
        match = factories.match(session, MatchState.SELECTED, expert=expert)
    with writing(app) as session:
        expert = session.get_one(Expert, expert.id)
        (row,) = standing_queries.list_approvals(session, expert.id)
        revision = expert.revision
        approvals.withdraw(factories.work(session, member), row, W, WHY)
        assert expert.state is ExpertState.EXPIRED
        assert expert.revision > revision
    with reading(app) as session:
        assert session.get_one(type(match), match.id).state is MatchState.CANCELLED
        assert invariants.run(session) == []
        told = set(session.scalars(sa.select(Notice.account_id)))
        assert {expert.account_id, coordinator.id} <= told
    with writing(app) as session:
        expert = session.get_one(Expert, expert.id)
        work = factories.work(session, member)
        approvals.grant(work, expert, G, Wanted(in_days(0), in_days(30)))
        assert (expert.state, expert.approved_until) == (ExpertState.ACTIVE, in_days(30))
    with reading(app) as session:
        assert invariants.run(session) == []


def test_an_official_becomes_active_only_when_approved_and_agreed(session: Session) -> None:
    member, coordinator = authority(session), factories.account(session, C)
    work = factories.work(session, coordinator)
    expert = factories.expert(
        session,
        state=ExpertState.SCREENING,
        authority_id=member.organisation_id,
        consent_version=None,
        consented_at=None,
    )
    with pytest.raises(ConflictError, match="agreed"):
        operations.take(work, expert, ExpertStep.ACTIVATE)
    expert.consent_version, expert.consented_at = "1", clock.now()
    with pytest.raises(ConflictError, match="approved"):
        operations.take(work, expert, ExpertStep.ACTIVATE)
    approvals.grant(work, expert, ApprovalStep.RECORD, Wanted(in_days(0), in_days(30), "", "No. 5"))
    operations.take(work, expert, ExpertStep.ACTIVATE)
    assert expert.state is ExpertState.ACTIVE


def test_nobody_lets_a_profile_lapse_expire_or_come_back_by_hand(session: Session) -> None:
    member, coordinator = authority(session), factories.account(session, C)
    for person in (member, coordinator):
        work = factories.work(session, person)
        for name, state in (
            (ExpertStep.LAPSE, ExpertState.ACTIVE),
            (ExpertStep.EXPIRE, ExpertState.ACTIVE),
            (ExpertStep.RENEW, ExpertState.EXPIRED),
        ):
            expert = factories.expert(session, state=state, authority_id=member.organisation_id)
            with pytest.raises(ForbiddenError):
                operations.take(work, expert, name)


def test_a_check_finds_an_end_that_no_approval_bears_out(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session, authority_id=authority(session).organisation_id)
    with writing(app) as session:
        session.execute(
            sa.update(Expert).where(Expert.id == expert.id).values(approved_until=in_days(9))
        )
    with reading(app) as session:
        (fault,) = invariants.run(session)
        assert "approval" in fault
