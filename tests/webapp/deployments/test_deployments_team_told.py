"""Whoever goes with others hears, with no name, that one of them moves, falls out, is replaced."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts.standing_tables import PhoneCall
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice

DAY = timedelta(days=1)
OTHER_DAYS = "somebody of your team has other days"
GOES_NOT = "somebody of your team does not go"
GOES_INSTEAD = "somebody else goes with you"


class Team:
    """Three experts who are to go together, and who moves them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.office = factories.account(session, Role.COORDINATOR)
        self.request = factories.request(session, RequestState.ACCEPTED, experts_needed=3)
        self.missions = [
            factories.missions.planned(session, request=self.request) for _number in range(3)
        ]

    def person(self, number: int) -> Account:
        """Return the account of one of the team."""
        found = self.missions[number].match.expert.account
        assert found
        return found

    def heard(self, number: int) -> list[str]:
        """Return what one of the team was told of the others."""
        self.session.flush()
        chosen = sa.select(Notice).where(Notice.account_id == self.person(number).id)
        subjects = [one.words["subject"]["text"] for one in self.session.scalars(chosen)]
        return [
            words
            for subject in subjects
            if (words := subject.partition(": ")[2]) in {OTHER_DAYS, GOES_NOT, GOES_INSTEAD}
        ]

    def fall_out(self, number: int, step: MatchStep = MatchStep.FALL_OUT) -> None:
        """Let one of the team go no more."""
        match = self.missions[number].match
        people = {Role.EXPERT: match.expert.account, Role.REQUESTER: self.request.requester}
        by = people.get(MATCHES[step].by, self.office)
        why = factories.grounds(MATCHES[step])
        matches.take(factories.work(self.session, by), match, step, why)


def test_the_others_hear_that_one_of_them_has_other_days(app: Flask) -> None:
    with writing(app) as session:
        team = Team(session)
        one = team.missions[0]
        work = factories.work(session, team.office)
        operations.move(work, one, one.start + DAY, one.end + DAY, seen_version=one.version)
        assert [team.heard(number) for number in range(3)] == [[], [OTHER_DAYS], [OTHER_DAYS]]
        told = session.scalars(
            sa.select(Notice).where(Notice.account_id == team.person(1).id)
        ).all()[-1]
        assert one.match.expert.name not in str(told.words)
        assert told.path == f"/deployments/{team.missions[1].id}"


@pytest.mark.parametrize("step", [MatchStep.FALL_OUT, MatchStep.TAKE_BACK_SELECTION])
def test_the_others_hear_that_one_of_them_does_not_go_and_that_somebody_else_does(
    app: Flask, step: MatchStep
) -> None:
    with writing(app) as session:
        team = Team(session)
        assert [team.heard(number) for number in range(3)] == [[], [], []]
        team.fall_out(0, step)
        assert [team.heard(number) for number in range(3)] == [[], [GOES_NOT], [GOES_NOT]]
        factories.missions.planned(session, request=team.request)
        both = [GOES_NOT, GOES_INSTEAD]
        assert [team.heard(number) for number in range(3)] == [[], both, both]


def test_who_does_not_go_any_more_stands_apart_from_who_else_goes(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        team = Team(session)
        team.fall_out(0)
        names = [one.match.expert.name for one in team.missions]
        address, office = f"/deployments/{team.missions[2].id}", team.office
    text = visitor().come_in(office).get(address).text
    going, _apart, gone = text.partition("Who was to go and does not")
    assert names[1] in going.partition("Who else goes")[2]
    assert names[0] not in going.partition("Who else goes")[2]
    assert names[0] in gone


def test_nobody_hears_of_others_where_the_request_has_ended(app: Flask) -> None:
    with writing(app) as session:
        team = Team(session)
        why = factories.grounds(REQUESTS[RequestStep.WITHDRAW])
        work = factories.work(session, team.request.requester)
        requests.take(work, team.request, RequestStep.WITHDRAW, why)
        assert {one.state for one in team.missions} == {DeploymentState.CANCELLED}
        assert [team.heard(number) for number in range(3)] == [[], [], []]


def test_whoever_is_back_hears_nothing_and_whoever_is_away_does(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        team = Team(session)
        factories.missions.go_and_return(session, clock, *team.missions[:2])
        team.missions[1].state = DeploymentState.DEPLOYED
        session.flush()
        team.fall_out(2)
        assert [team.heard(number) for number in range(3)] == [[], [GOES_NOT], []]


def test_the_others_hear_that_the_mission_of_one_of_them_has_ended_early(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        team = Team(session)
        factories.missions.go_and_return(session, clock, *team.missions[:2])
        for one in team.missions[:2]:
            one.state, one.end = DeploymentState.DEPLOYED, one.end + DAY
        session.flush()
        why = Grounds(ReasonKind.NEEDED_AT_HOME)
        work = factories.work(session, team.office)
        operations.take(work, team.missions[0], DeploymentStep.CURTAIL, why)
        session.flush()
        chosen = sa.select(Notice).where(Notice.account_id == team.person(1).id)
        subjects = [one.words["subject"]["text"] for one in session.scalars(chosen)]
        assert sum("somebody of your team has ended early" in subject for subject in subjects) == 1


def test_who_cannot_be_written_to_is_called(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[Any] = []
    monkeypatch.setattr(operations, "lock", lambda _session, *rows: locked.extend(rows))
    with writing(app) as session:
        team = Team(session)
        expert = team.missions[1].match.expert
        expert.account = None
        session.flush()
        team.fall_out(0)
        assert expert in locked, "what waits to be said is put together"
        calls = session.scalars(sa.select(PhoneCall).where(PhoneCall.expert_id == expert.id)).all()
        assert any(GOES_NOT in str(call.words) for call in calls)


def test_a_mission_of_one_tells_of_no_team(app: Flask) -> None:
    with writing(app) as session:
        found = factories.match(session, MatchState.SELECTED)
        made = session.scalars(sa.select(Deployment).where(Deployment.match_id == found.id)).one()
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        operations.move(work, made, made.start + DAY, made.end + DAY, seen_version=made.version)
        session.flush()
        subjects = [one.words["subject"]["text"] for one in session.scalars(sa.select(Notice))]
        assert not any("of your team" in subject for subject in subjects)
