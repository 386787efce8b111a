"""Writes what a long history comes to at once: tens of thousands of steps would take an hour.

The rows are those that the steps would have left, but for the audit log, notices and mails, which
tell of steps. So a database made in this way is sound, and its requests have no story to read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.core.db import Base
from webapp.core.record.reasons import Reason, ReasonKind
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import folded
from webapp.demo_history import rows_of_reports
from webapp.demo_history.outcomes import Considered, Outcome
from webapp.demo_history.stories import Person
from webapp.deployments.models import Deployment
from webapp.expertise_requests.content import PLAIN
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    RequestTheme,
    RequiredLanguage,
    TermsOfReference,
)
from webapp.experts.contents import identity_of
from webapp.experts.joining import CONSENT_VERSION
from webapp.experts.models import Expert, ExpertState, ExpertTheme
from webapp.experts.revisions import touch_all
from webapp.matches import rules
from webapp.matches.models import BookedDay, FirstPlaces, Match
from webapp.mission_costs.models import MissionCost
from webapp.mission_reports.models import (
    FollowUp,
    Judgement,
    MissionReport,
    Participants,
    Point,
)

Row = dict[str, Any]
# Rows whose numbers are asked for: the time for more at once grows with their square.
AT_ONCE = 500


def write_roster(work: UnitOfWork, roster: Sequence[Person]) -> list[Expert]:
    """Put the experts of a world on the roster, and return them in their order."""
    others = work.session.scalar(sa.select(sa.func.count(Expert.id))) or 0
    experts = [
        Expert(
            state=ExpertState.ACTIVE,
            name=f"Fictional Person {number}",
            gender=person.gender,
            jurisdiction=person.jurisdiction,
            institution="Ministry of Interior",
            consent_version=CONSENT_VERSION,
            consented_at=work.now,
            last_confirmed_at=work.now,
            themes=[
                ExpertTheme(theme_code=code, priority=place)
                for place, code in enumerate(person.themes, 1)
            ],
        )
        for number, person in enumerate(roster, others)
    ]
    touch_all(work.session, experts)
    work.session.add_all(experts)
    work.session.flush()
    return experts


def write(
    work: UnitOfWork, outcomes: Sequence[Outcome], askers: Sequence[int],
    experts: Sequence[Expert], coordinator: int,
) -> list[int]:  # fmt: skip
    """Write the rows of all stories for these accounts, and return the numbers of the requests."""
    numbers = _insert(work, ExpertiseRequest, [_request(one, askers) for one in outcomes])
    told = list(zip(numbers, outcomes, strict=True))
    for table, parts in ((RequestTheme, _themes), (RequiredLanguage, _languages)):
        rows = [row for number, one in told for row in parts(number, one)]
        _insert_without_numbers(work, table, rows)
    _insert_without_numbers(work, TermsOfReference, [
        {"request_id": number, "version": 1, "accepted_at": one.accepted,
         "accepted_by": coordinator, "content": one.story.content.as_json()}
        for number, one in told if one.accepted
    ])  # fmt: skip
    _insert_without_numbers(work, FirstPlaces, [
        row for number, one in told for row in _first_places(number, one, experts)
    ])  # fmt: skip
    considered = [(number, one, c) for number, one in told for c in one.considered.values()]
    reasons = _Reasons(work, coordinator, experts)
    rows = [_match(number, c, reasons, experts, coordinator) for number, _, c in considered]
    reasons.write(rows, ("reason_id", "choice_reason_id"))
    matches = _insert(work, Match, rows)
    sent = list(zip(matches, considered, strict=True))
    _insert_without_numbers(work, BookedDay, [
        row for number, (_, one, c) in sent for row in _booked(number, one, c, experts)
    ])  # fmt: skip
    rows = [_mission(number, c, reasons) for number, (_, _, c) in sent if c.mission]
    reasons.write(rows, ("reason_id",))
    missions = iter(_insert(work, Deployment, rows))
    of_story = {
        number: {whom: next(missions) for whom, c in one.considered.items() if c.mission}
        for number, one in told
    }
    _write_what_followed(work, told, of_story, askers, coordinator)
    return numbers


def _write_what_followed(
    work: UnitOfWork, told: Sequence[tuple[int, Outcome]],
    missions: Mapping[int, Mapping[int, int]], askers: Sequence[int], coordinator: int,
) -> None:  # fmt: skip
    """Write costs, reports and answers of all stories; `missions` has, by the request, the numbers
    of its missions by who went."""
    _insert_without_numbers(work, MissionCost, [
        row for number, one in told for row in rows_of_reports.costs(one, missions[number])
    ])  # fmt: skip
    said: list[rows_of_reports.Said] = []
    answered: list[Row] = []
    for number, one in told:
        asker = askers[one.story.asker]
        said += rows_of_reports.reports(one, missions[number], number, asker, coordinator)
        answered += rows_of_reports.follow_up(one, missions[number], number, asker)
    numbers = _insert(work, MissionReport, [row for row, _ in said])
    written = list(zip(numbers, said, strict=True))
    for table, parts in (
        (Point, rows_of_reports.points),
        (Participants, rows_of_reports.participants),
    ):
        _insert_without_numbers(work, table, [
            row for number, (_, answers) in written for row in parts(number, answers)
        ])  # fmt: skip
    reports = {row["request_id"]: number for number, (row, _) in written}
    _insert_without_numbers(work, Judgement, [
        {**row, "report_id": reports[number]}
        for number, one in told if number in reports
        for row in rows_of_reports.judgements(one, missions[number])
    ])  # fmt: skip
    _insert_without_numbers(work, FollowUp, answered)


class _Reasons:
    """Reasons that rows wait for: each is written once, and its row gets the number."""

    def __init__(self, work: UnitOfWork, writer: int, experts: Sequence[Expert]) -> None:
        self._work, self._writer, self._experts = work, writer, experts

    def about(self, one: Considered, kind: ReasonKind | None, at: datetime) -> Row | None:
        """Return the reason of a kind that somebody gave about an expert."""
        if kind is None:
            return None
        return {
            "kind": kind, "text": "", "written_at": at, "written_by": self._writer,
            "person_table": Expert.__tablename__, "person_id": self._experts[one.place.expert].id,
        }  # fmt: skip

    def write(self, rows: Sequence[Row], columns: Sequence[str]) -> None:
        """Write the reasons that stand in these columns, and put their numbers there."""
        waiting = [(row, name) for row in rows for name in columns if row[name]]
        numbers = _insert(self._work, Reason, [row[name] for row, name in waiting])
        for (row, name), number in zip(waiting, numbers, strict=True):
            row[name] = number


def _insert(work: UnitOfWork, table: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert rows and return their numbers, in their order."""
    number = sa.inspect(table).primary_key[0]
    wanted = sa.insert(table).returning(number, sort_by_parameter_order=True)
    numbers: list[int] = []
    for first in range(0, len(rows), AT_ONCE):
        numbers.extend(work.session.scalars(wanted, rows[first : first + AT_ONCE]))
    return numbers


def _insert_without_numbers(work: UnitOfWork, table: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        work.session.execute(sa.insert(table), rows)


def _request(one: Outcome, askers: Sequence[int]) -> Row:
    content = one.story.content
    return {
        **{name: getattr(content, name) for name in PLAIN},
        "search_text": folded(f"{content.title}\n{content.place}"),
        "requester_id": askers[one.story.asker],
        "state": one.state, "state_since": one.since,
        "created_at": one.story.begun, "submitted_at": one.sent,
        "tor_version": 1 if one.accepted else 0, "version": 1,
    }  # fmt: skip


def _themes(number: int, one: Outcome) -> Iterator[Row]:
    for position, code in enumerate(one.story.content.themes, 1):
        yield {"request_id": number, "theme_code": code, "position": position}


def _languages(number: int, one: Outcome) -> Iterator[Row]:
    for language, level, need in one.story.content.languages:
        asked = {"request_id": number, "language": language, "level": level}
        yield asked | RequiredLanguage.columns_of(need)


def _first_places(number: int, one: Outcome, experts: Sequence[Expert]) -> Iterator[Row]:
    if one.shortlisted:
        counts = Counter(experts[first].gender for first in one.story.first_ten)
        for gender, count in counts.items():
            yield {"request_id": number, "gender": gender, "number": count}


def _match(
    number: int, one: Considered, reasons: _Reasons, experts: Sequence[Expert], coordinator: int
) -> Row:
    expert = experts[one.place.expert]
    return {
        **one.place.placing.evidence,
        "request_id": number, "expert_id": expert.id, "identity": vars(identity_of(expert)),
        "state": one.state, "state_since": one.since, "created_at": one.created,
        "invited_at": one.invited, "release_asked_at": one.asked, "proposed_at": one.proposed,
        "authority_id": expert.authority_id if one.asked or one.state in rules.BOOKED else None,
        "put_forward_by": coordinator, "version": 1,
        "reason_id": reasons.about(one, one.why, one.since),
        "choice_reason_id": reasons.about(one, one.choice, one.created),
    }  # fmt: skip


def _booked(
    number: int, one: Outcome, considered: Considered, experts: Sequence[Expert]
) -> Iterator[Row]:
    if considered.state in rules.BOOKED:
        start, end = one.days
        last = considered.mission.end if considered.mission else end
        for day in rules.days_between(start, last):
            expert = experts[considered.place.expert].id
            yield {"expert_id": expert, "day": day, "match_id": number}


def _mission(number: int, one: Considered, reasons: _Reasons) -> Row:
    mission = one.mission
    if mission is None:
        raise ValueError("somebody who was not selected has no mission")
    return {
        "match_id": number, "state": mission.state, "state_since": mission.since,
        "start": mission.start, "end": mission.end, "tor_version": 1, "version": 1,
        "reason_id": reasons.about(one, mission.why, mission.since),
    }  # fmt: skip
