"""What warns about an expert for a request: each kind at its boundaries, and all kinds at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import listening
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record import reasons
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import standing_queries
from webapp.experts.models import (
    Availability,
    Expert,
    JurisdictionNote,
    LanguageSkill,
    NoteKind,
    Training,
    UnavailablePeriod,
)
from webapp.experts.standing_tables import Approval, ApprovalState
from webapp.matches import commitments, queries, remarks
from webapp.matches.models import Match, MatchState
from webapp.matches.remarks import Mission, Remark, RemarkKind
from webapp.matches.wording import remark_sentence, remark_to_expert

MISSION = Mission(date(2028, 2, 26), date(2028, 3, 2))
FIRST, LAST = MISSION.start, MISSION.end
DAY = timedelta(days=1)


def kinds(found: Iterator[Remark]) -> list[RemarkKind]:
    """Return what remarks warn of."""
    return [remark.kind for remark in found]


@pytest.mark.parametrize(
    ("asked", "today", "warns"),
    [
        (14, date(2028, 2, 12), False),
        (14, date(2028, 2, 13), True),
        (90, FIRST - 4 * DAY, True),
        (0, FIRST, False),
        (0, FIRST + DAY, True),
        (None, FIRST, False),
    ],
)
def test_notice_is_short_from_one_day_too_few(asked: int | None, today: date, warns: bool) -> None:
    found = list(remarks.on_notice(Expert(notice_days=asked), MISSION, today))
    assert bool(found) is warns


def test_notice_counts_the_leap_day() -> None:
    mission = Mission(date(2028, 3, 10), date(2028, 3, 12))
    (found,) = remarks.on_notice(Expert(notice_days=20), mission, date(2028, 2, 28))
    assert found.facts["days"] == 11
    assert "the mission begins in 11 days" in str(remark_sentence(found))
    assert "Asks for notice of 20 days" in str(remark_sentence(found))


@pytest.mark.parametrize(
    ("kind", "code", "warns"),
    [
        (NoteKind.SENSITIVE, "KGZ", True),
        (NoteKind.SENSITIVE, "UKR", False),
        (NoteKind.KNOWN, "KGZ", False),
    ],
)
def test_a_jurisdiction_is_delicate_where_the_profile_says_so(
    kind: NoteKind, code: str, warns: bool
) -> None:
    expert = Expert(jurisdiction_notes=[JurisdictionNote(code="KGZ", kind=kind)])
    found = list(remarks.on_delicate_jurisdiction(expert, replace(MISSION, jurisdiction=code)))
    assert bool(found) is warns
    assert all("Kyrgyzstan" in str(remark_sentence(one)) for one in found)


@pytest.mark.parametrize(
    ("most", "booked", "warns"), [(2, 1, False), (2, 2, True), (None, 9, False)]
)
def test_one_mission_more_than_wanted_warns(most: int | None, booked: int, warns: bool) -> None:
    found = list(remarks.on_most_missions(Expert(most_missions=most), MISSION, booked))
    assert bool(found) is warns
    assert all("Booked in 2028: 2" in str(remark_sentence(one)) for one in found)


def test_missions_are_counted_in_the_year_in_which_they_begin(session: Session) -> None:
    expert = factories.expert(session, most_missions=1)
    days = [date(2031, 12, 30), date(2032, 3, 1), date(2032, 6, 1)]
    states = [MatchState.SELECTED, MatchState.APPROVED, MatchState.INVITED]
    for start, state in zip(days, states, strict=True):
        wanted = factories.request(session, RequestState.ACCEPTED, start=start, end=start + 4 * DAY)
        factories.match(session, state, request=wanted, expert=expert)
    other = factories.request(session, RequestState.ACCEPTED).id
    actor = factories.actor(factories.account(session, Role.COORDINATOR))
    counted = [
        commitments.count_missions(session, actor, [expert.id], year, besides=other)
        for year in (2031, 2032)
    ]
    assert counted == [{expert.id: 1}, {expert.id: 1}]
    assert commitments.count_missions(session, actor, [expert.id], 2033, besides=other) == {}


@pytest.mark.parametrize(
    ("expires", "warns"),
    [(None, False), (date(2019, 6, 1), True), (LAST - DAY, True), (LAST, False)],
)
def test_a_certificate_is_good_until_the_last_day(expires: date | None, warns: bool) -> None:
    expert = Expert(trainings=[Training(title="Diving", expires=expires)])
    assert bool(kinds(remarks.on_certificates(expert, MISSION))) is warns


def test_certificates_are_named_latest_first_and_not_if_they_were_renewed() -> None:
    expert = Expert(
        trainings=[
            Training(title="Explosives", expires=date(2019, 1, 1)),
            Training(title="Diving", expires=date(2020, 1, 1)),
            Training(title="Driving", expires=date(2018, 1, 1)),
            Training(title="driving", expires=date(2030, 1, 1)),
        ]
    )
    found = [str(remark_sentence(one)) for one in remarks.on_certificates(expert, MISSION)]
    assert found == [
        "Certificate valid only until 1 January 2020: Diving",
        "Certificate valid only until 1 January 2019: Explosives",
    ]


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (FIRST - 20 * DAY, FIRST - 8 * DAY, None),
        (FIRST - 20 * DAY, FIRST - 7 * DAY, RemarkKind.UNAVAILABLE_NEAR),
        (FIRST - 20 * DAY, FIRST - DAY, RemarkKind.UNAVAILABLE_NEAR),
        (FIRST - 20 * DAY, FIRST, RemarkKind.UNAVAILABLE),
        (date(2028, 2, 29), date(2028, 2, 29), RemarkKind.UNAVAILABLE),
        (LAST, LAST + 20 * DAY, RemarkKind.UNAVAILABLE),
        (LAST + DAY, LAST + 20 * DAY, RemarkKind.UNAVAILABLE_NEAR),
        (LAST + 7 * DAY, LAST + 20 * DAY, RemarkKind.UNAVAILABLE_NEAR),
        (LAST + 8 * DAY, LAST + 20 * DAY, None),
    ],
)
@pytest.mark.parametrize("booked", [False, True])
def test_a_week_around_the_mission_is_looked_at(
    start: date, end: date, kind: RemarkKind | None, booked: bool
) -> None:
    if not booked:
        expert = Expert(unavailable=[UnavailablePeriod(start=start, end=end)])
        assert kinds(remarks.on_unavailable_days(expert, MISSION)) == [kind] * bool(kind)
        return
    kind = {
        RemarkKind.UNAVAILABLE_NEAR: RemarkKind.BOOKED_NEAR,
        RemarkKind.UNAVAILABLE: RemarkKind.SAID_YES,
        None: None,
    }[kind]
    other = ExpertiseRequest(id=7, start=start, end=end)
    match = Match(state=MatchState.APPROVED, request=other)
    assert kinds(remarks.on_other_missions([match], MISSION, 7 * DAY)) == [kind] * bool(kind)


def test_a_yes_without_booked_days_warns_only_where_days_overlap() -> None:
    near = ExpertiseRequest(id=7, start=LAST + DAY, end=LAST + DAY)
    match = Match(state=MatchState.AVAILABLE, request=near)
    assert not kinds(remarks.on_other_missions([match], MISSION, 7 * DAY))


def test_no_rest_is_asked_for_where_administrators_ask_for_none() -> None:
    next_day = ExpertiseRequest(id=7, start=LAST + DAY, end=LAST + DAY)
    match = Match(state=MatchState.APPROVED, request=next_day)
    assert not kinds(remarks.on_other_missions([match], MISSION, 0 * DAY))
    assert kinds(remarks.on_other_missions([match], MISSION, DAY)) == [RemarkKind.BOOKED_NEAR]


@pytest.mark.parametrize(
    ("until", "warns"),
    [
        (None, False),
        (LAST, True),
        (LAST + 30 * DAY, True),
        (LAST + 31 * DAY, False),
        (LAST - DAY, True),
    ],
)
def test_an_approval_that_ends_within_thirty_days_warns(until: date | None, warns: bool) -> None:
    expert = Expert(approved_until=until)
    assert bool(kinds(remarks.on_approval(expert, MISSION))) is warns


@pytest.mark.parametrize(
    ("approvals", "said"),
    [
        ([], []),
        ([("", FIRST, LAST)], []),
        ([("Trainings", FIRST, LAST)], ["Trainings"]),
        ([("Trainings", FIRST - 9 * DAY, FIRST)], ["Trainings"]),
        ([("Trainings", FIRST - 9 * DAY, FIRST - DAY)], []),
        ([("Trainings", LAST + DAY, LAST + 9 * DAY)], []),
        ([("Trainings", FIRST, LAST), ("", FIRST, LAST)], []),
        ([("Trainings", FIRST, LAST), ("", FIRST + DAY, LAST)], ["Trainings"]),
        ([("Trainings", FIRST, LAST), ("Ohrid", FIRST, LAST)], ["Trainings", "Ohrid"]),
        ([("Trainings", FIRST, LAST), ("Trainings", LAST, LAST)], ["Trainings"]),
    ],
)
def test_an_approval_for_some_things_alone_warns_unless_another_one_is_for_everything(
    approvals: list[tuple[str, date, date]], said: list[str]
) -> None:
    rows = [Approval(scope=scope, starts=starts, until=until) for scope, starts, until in approvals]
    found = list(remarks.on_scope(rows, MISSION))
    assert [one.facts["scope"] for one in found] == said
    assert all(one.facts["scope"] in str(remark_sentence(one)) for one in found)


@pytest.mark.both_databases
def test_what_others_have_approved_or_was_withdrawn_limits_nothing(session: Session) -> None:
    request = _asked(session)
    theirs, others = (factories.organisation(session, jurisdiction="ALB").id for _ in range(2))
    expert = factories.expert(session, authority_id=theirs, approved_until=None)
    for scope, organisation_id, facts in (
        ("Trainings", theirs, {}),
        ("Of others", others, {}),
        ("Of nobody", None, {}),
        ("Taken back", theirs, {"state": ApprovalState.WITHDRAWN, "ended_on": clock.today()}),
    ):
        row = Approval(
            expert_id=expert.id, organisation_id=organisation_id, state_since=clock.now(),
            scope=scope, starts=clock.today(), until=request.end, **facts,
        )  # fmt: skip
        if row.state is ApprovalState.WITHDRAWN:
            row.reason = reasons.keep(factories.work(session), factories.grounds(), expert.tells_of)
        session.add(row)
    session.flush()
    found = remarks.list_remarks(session, SYSTEM, request, [expert], clock.now())[expert.id]
    said = [one.facts["scope"] for one in found if one.kind is RemarkKind.SCOPE]
    assert said == ["Trainings"]


@pytest.mark.parametrize(
    ("confirmed", "warns"),
    [
        (None, True),
        (datetime(2027, 3, 1, 9, tzinfo=UTC), False),
        (datetime(2027, 3, 1, 8, 59, tzinfo=UTC), True),
    ],
)
def test_a_profile_is_to_be_confirmed_each_year(confirmed: datetime | None, warns: bool) -> None:
    now = datetime(2028, 2, 29, 9, tzinfo=UTC)
    expert = Expert(last_confirmed_at=confirmed)
    assert bool(kinds(remarks.on_confirmation(expert, now, 12))) is warns


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ({}, "French at B2 would be useful; the profile has none."),
        ({"fr": "B1"}, "French at B2 would be useful; the profile has B1."),
        ({"fr": "B2"}, ""),
        ({"fr": "C1"}, ""),
    ],
)
def test_useful_languages_are_compared_by_their_levels(spoken: dict[str, str], said: str) -> None:
    rows = [LanguageSkill(language=code, level=CefrLevel(level)) for code, level in spoken.items()]
    mission = Mission(FIRST, LAST, [("fr", CefrLevel.B2)])
    found = list(remarks.on_languages(Expert(languages=rows), mission))
    assert [str(remark_sentence(one)) for one in found] == ([said] if said else [])


def test_a_language_accepted_for_another_is_no_lack() -> None:
    rows = [LanguageSkill(language="cnr", level=CefrLevel.C2)]
    mission = Mission(FIRST, LAST, [("sr", CefrLevel.B2)])
    assert not kinds(remarks.on_languages(Expert(languages=rows), mission))


def _warned(session: Session, request: ExpertiseRequest, **facts: Any) -> Expert:
    """Put an expert on the roster about whom each kind of remark is made."""
    assert request.start is not None
    assert request.end is not None
    start, end = request.start, request.end
    expert = factories.expert(
        session,
        notice_days=365,
        most_missions=1,
        jurisdiction_notes=[JurisdictionNote(code="KGZ", kind=NoteKind.SENSITIVE)],
        last_confirmed_at=clock.now() - timedelta(days=800),
        approved_until=end + 6 * DAY,
        availability=Availability.NOT_FREE,
        availability_at=clock.now(),
        trainings=[Training(title="Diving", expires=date(2019, 1, 1))],
        unavailable=[
            UnavailablePeriod(start=start, end=start),
            UnavailablePeriod(start=end + 3 * DAY, end=end + 4 * DAY),
        ],
        **facts,
    )
    (approval,) = standing_queries.list_approvals(session, expert.id)
    approval.scope = "Trainings"
    for state, days in ((MatchState.RELEASED, 0), (MatchState.APPROVED, 6)):
        other = factories.request(
            session,
            RequestState.ACCEPTED,
            start=end + days * DAY,
            end=end + days * DAY,
        )
        factories.match(session, state, request=other, expert=expert)
    return expert


def _asked(session: Session) -> ExpertiseRequest:
    start = clock.today() + timedelta(days=40)
    return factories.request(
        session,
        RequestState.ACCEPTED,
        start=start,
        end=start + 3 * DAY,
        languages=(("fr", CefrLevel.B2, LanguageNeed.USEFUL),),
        jurisdiction="KGZ",
    )


@pytest.mark.both_databases
def test_every_kind_is_found_in_its_order_and_has_its_words(session: Session) -> None:
    request = _asked(session)
    expert = _warned(session, request)
    found = remarks.list_remarks(session, SYSTEM, request, [expert], clock.now())[expert.id]
    assert [one.kind for one in found] == list(RemarkKind)
    assert all(str(remark_sentence(one)) for one in found)
    for one in found:
        if one.kind in remarks.FOR_EXPERT:
            assert "R-0" not in str(remark_to_expert(one))


@pytest.mark.parametrize("state", MatchState)
def test_only_a_yes_on_overlapping_days_counts(session: Session, state: MatchState) -> None:
    request, expert = _asked(session), factories.expert(session)
    other = factories.request(session, RequestState.ACCEPTED, start=request.end, end=request.end)
    factories.match(session, state, request=other, expert=expert)
    found = remarks.list_remarks(session, SYSTEM, request, [expert], clock.now())[expert.id]
    said_no = {
        MatchState.SHORTLISTED,
        MatchState.INVITED,
        MatchState.DECLINED,
        MatchState.REFUSED,
        MatchState.NOT_SELECTED,
        MatchState.CANCELLED,
    }
    assert (RemarkKind.SAID_YES in {one.kind for one in found}) is (state not in said_no)


def test_a_page_of_experts_takes_as_many_queries_as_one(session: Session) -> None:
    request = _asked(session)
    ids = [_warned(session, request).id for _ in range(3)]
    counts = []
    for some in (ids[:1], ids):
        session.flush()
        session.expire_all()
        run: list[str] = []

        def note(*arguments: Any, run: list[str] = run) -> None:
            run.append(arguments[2])

        with listening(session.get_bind(), "before_cursor_execute", note):
            people = queries.list_with_parts(session, some)
            found = remarks.list_remarks(session, SYSTEM, request, people, clock.now())
            assert len(found) == len(some)
        counts.append(len(run))
    assert counts[0] == counts[1] <= 16


def test_nothing_warns_of_a_mission_that_is_over(session: Session) -> None:
    request = _asked(session)
    expert = _warned(session, request)
    assert request.end is not None
    last = datetime(request.end.year, request.end.month, request.end.day, tzinfo=UTC)
    assert remarks.list_remarks(session, SYSTEM, request, [expert], last)
    assert not remarks.list_remarks(session, SYSTEM, request, [expert], last + DAY)
