"""What missions cost: exact sums by mission, request and period, read by coordinators alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.core import clock as today_is
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, personal_data
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import Whose
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.money import Euros
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import Payer
from webapp.insights.kinds import Asked
from webapp.insights.queries import costs as of_periods
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import MatchStep
from webapp.mission_costs import operations, queries
from webapp.mission_costs.content import Cost, Sums
from webapp.mission_costs.models import CostItem, MissionCost
from webapp.mission_costs.personal_data import RULES

D = Decimal
TRAVEL = {"Planned (travel)": "1 250,50", "Actual (travel)": "0.10"}


class Case:
    """A mission for a request whose requester pays the rooms, and who may read of it."""

    def __init__(self, app: Flask, visitor: Callable[[], Pages]) -> None:
        self.app, self.visitor = app, visitor
        with writing(app) as session:
            self.office = factories.account(session, Role.COORDINATOR)
            match = factories.match(session, MatchState.SELECTED, coordinator=self.office)
            match.request.pays_accommodation = Payer.REQUESTER
            match.request.pays_travel = Payer.SEESAC
            mission = session.query(Deployment).one()
            self.number, self.request_id, self.start = mission.id, match.request_id, mission.start
            self.requester, self.expert = match.request.requester, match.expert.account
            self.expert_id = match.expert_id
        self.pages = visitor().come_in(self.office)
        self.address = f"/deployments/{self.number}/costs"

    def save(self, typed: dict[str, str], status: int | None = None) -> Page:
        return self.pages.get(self.address).submit("Save", typed, status=status)

    def costs(self) -> dict[CostItem, tuple[Decimal | None, Decimal | None, Payer]]:
        with reading(self.app) as session:
            rows = session.scalars(sa.select(MissionCost)).all()
            return {row.item: (row.planned, row.actual, row.payer) for row in rows}

    def sums(self) -> Sums:
        with reading(self.app) as session:
            return queries.sum_of_request(session, self.request_id)


@pytest.fixture
def case(app: Flask, visitor: Callable[[], Pages]) -> Case:
    return Case(app, visitor)


@pytest.mark.both_databases
def test_amounts_are_exact_and_summed_by_mission_request_and_period(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.save({**TRAVEL, "Planned (accommodation)": "0.20", "Actual (other costs)": "0.20"})
    assert "€1,250.70" in page.text
    assert "€0.30" in page.text
    assert case.costs() == {
        CostItem.TRAVEL: (D("1250.50"), D("0.10"), Payer.SEESAC),
        CostItem.ACCOMMODATION: (D("0.20"), None, Payer.REQUESTER),
        CostItem.OTHER: (None, D("0.20"), Payer.TO_BE_AGREED),
    }
    assert case.sums() == Sums(D("1250.70"), D("0.30"))
    assert "Planned €1,250.70, actual €0.30." in case.pages.get(f"/deployments/{case.number}").text
    with reading(app) as session:
        asked, before = Asked(case.start, case.start), Asked(date(2016, 1, 1), date(2016, 2, 1))
        assert of_periods.sum_by_item(session, asked)[CostItem.TRAVEL] == (D("1250.5"), D("0.1"))
        assert of_periods.sum_by_payer(session, asked)[Payer.REQUESTER] == (D("0.2"), D(0))
        assert of_periods.count_missions(session, asked) == 1
        assert of_periods.sum_by_item(session, before) == {}


def test_a_cancelled_mission_is_in_no_sum_of_its_request_or_period(case: Case) -> None:
    case.save(TRAVEL)
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        why = Grounds(ReasonKind.PERSONAL)
        matches.take(factories.work(session, case.office), match, MatchStep.TAKE_BACK, why)
    assert case.sums() == Sums()
    with reading(case.app) as session:
        assert of_periods.sum_by_item(session, Asked(case.start, case.start)) == {}


def test_a_cancelled_mission_asks_its_requester_for_no_money(case: Case) -> None:
    case.save({"Planned (accommodation)": "222.22"})
    requester = case.visitor().come_in(case.requester)
    assert "Planned for you to pay" in requester.get(f"/deployments/{case.number}").text
    with writing(case.app) as session:
        match = session.get_one(Deployment, case.number).match
        why = Grounds(ReasonKind.PERSONAL)
        matches.take(factories.work(session, case.office), match, MatchStep.TAKE_BACK, why)
    text = requester.get(f"/deployments/{case.number}").text
    assert "Planned for you to pay" not in text
    assert "222.22" not in text


def test_coordinators_alone_read_costs_and_the_requester_what_is_planned_for_them(
    case: Case,
) -> None:
    case.save({"Planned (travel)": "111.11", "Planned (accommodation)": "222.22",
               "Actual (accommodation)": "333.33"})  # fmt: skip
    requester = case.visitor().come_in(case.requester)
    text = requester.get(f"/deployments/{case.number}").text
    assert "222.22" in text
    assert "111.11" not in text
    assert "333.33" not in text
    expert = case.visitor().come_in(case.expert)
    assert ".22" not in expert.get(f"/deployments/{case.number}").text
    for pages in (requester, expert):
        pages.get(case.address, status=403)
    with writing(case.app) as session:
        both = factories.account(session, Role.COORDINATOR, Role.EXPERT)
        session.get_one(Deployment, case.number).match.expert.account_id = both.id
    case.visitor().come_in(both).get(case.address, status=404)


def test_nobody_writes_the_costs_of_their_own_mission(case: Case) -> None:
    cost = {CostItem.TRAVEL: Cost(D(1), None, Payer.SEESAC)}
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        for person in (case.requester, case.expert):
            assert person
            work = factories.work(session, session.merge(person), Role.COORDINATOR)
            with pytest.raises(ForbiddenError):
                operations.write(work, mission, cost, seen_version=0)
        audit.forget(session)


@pytest.mark.parametrize(
    "typed", ["-5", "1.234", "1,234", "1.234.50", "99 50", "12e3", "1000000", "a lot", "NaN", "١٢"]
)
def test_what_is_no_amount_is_refused_and_stays(case: Case, typed: str) -> None:
    page = case.save({"Planned (travel)": typed}, status=400)
    assert "amount in euros below a million" in page.errors["planned_travel"]
    assert f'value="{typed}"' in page.response.text
    assert case.costs() == {}


@pytest.mark.parametrize("typed", ["1.250,50", "1,250.50", "1 250,5", "1250.5"])
def test_cents_after_a_comma_or_a_point_are_read_with_any_sign_between_thousands(
    case: Case, typed: str
) -> None:
    case.save({"Planned (travel)": typed})
    assert case.costs()[CostItem.TRAVEL][0] == D("1250.50")


@pytest.mark.parametrize(("language", "shown"), [("en", "1250.50"), ("ru", "1250,50")])
def test_an_amount_stands_in_its_field_as_it_is_written_in_the_language_of_the_page(
    app: Flask, case: Case, language: str, shown: str
) -> None:
    case.save({"Planned (travel)": "1250.5"})
    with writing(app) as session:
        session.get_one(Account, case.office.id).language = language
    page = case.pages.get(case.address)
    assert f'value="{shown}"' in page.response.text
    form = next(form for form in page.forms if "planned_travel" in form.values)
    case.pages.post(case.address, form.values)
    assert case.costs()[CostItem.TRAVEL][0] == D("1250.50")


def test_a_stale_form_is_refused_and_a_change_is_logged_once(case: Case) -> None:
    stale = case.pages.get(case.address)
    case.save(TRAVEL)
    page = stale.submit("Save", {"Planned (travel)": "9"}, status=409)
    assert "€1,250.50" in page.text
    case.save({})
    with reading(case.app) as session:
        (event,) = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.COSTS_CHANGED)
        )
        assert event.details["changes"] == {
            "travel": {"before": None, "after": ["1250.50", "0.10", "SEESAC"]}
        }


@pytest.mark.postgres
def test_who_had_to_wait_for_a_change_of_costs_is_told_of_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    case.save(TRAVEL)

    def write(session: Session, amount: int, seen_version: int) -> None:
        work = factories.work(session, session.merge(case.office))
        cost = {CostItem.TRAVEL: Cost(D(amount), None, Payer.SEESAC)}
        mission = session.get_one(Deployment, case.number)
        operations.write(work, mission, cost, seen_version=seen_version)

    with reading(app) as session:
        # As a page does, before it gets its turn to write.
        shown = queries.list_costs(session, session.get_one(Deployment, case.number))
        seen = operations.version_of(shown)
        with writing(app) as other:
            write(other, 9, seen)
        with pytest.raises(ConflictError, match="were changed since"):
            write(session, 8, seen)
    assert case.costs()[CostItem.TRAVEL] == (D(9), None, Payer.SEESAC)


def test_insights_give_the_costs_of_a_period_as_a_chart_with_its_table(case: Case) -> None:
    case.save(TRAVEL)
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        mission.start = mission.end = day = today_is.today()
    days = f"first={day}&last={day}"
    page = case.pages.get(f"/insights/costs?{days}")
    assert "1,250.50" in page.text
    answer = case.pages.client.get(f"/insights/costs/cost-payers.csv?{days}")
    assert answer.get_data(as_text=True).splitlines()[1:] == ["SEESAC,1250.5,0.1"]


def test_the_copy_of_an_expert_holds_what_missions_cost(case: Case) -> None:
    case.save(TRAVEL)
    with reading(case.app) as session:
        copy = personal_data.sections(session, Whose(None, case.expert_id))
        (rows,) = (one.rows for one in copy if one.rule in RULES)
        (row,) = rows
    assert personal_data.plain(row["planned"]) == "1250.50"


def test_nothing_finer_than_a_cent_is_stored() -> None:
    with pytest.raises(ValueError, match="finer than a cent"):
        Euros().process_bind_param(D("0.001"), sa.create_engine("sqlite://").dialect)
