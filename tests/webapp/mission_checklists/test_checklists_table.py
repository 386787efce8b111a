"""Which things a mission needs, by the kind of help and the place, and by when."""

from datetime import UTC, date, datetime

import pytest

from webapp.core.words.vocabularies import HelpKind
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches.models import Match
from webapp.mission_checklists import rules
from webapp.mission_checklists.content import BY_KIND, NEEDS
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry

K = NeedKind
AWAY = {K.RELEASE, K.CONSENT, K.INSURANCE, K.MEDICAL, K.TICKETS, K.BRIEFING, K.HOST}
ABROAD = AWAY | {K.INVITATION, K.VISA}
START = date(2031, 3, 10)


def mission(
    kind: HelpKind | None, place: str = "KGZ", planned: date = date(2031, 1, 6)
) -> Deployment:
    """Return a planned mission of an expert from Serbia, without a database."""
    match = Match(
        request=ExpertiseRequest(help_kind=kind, jurisdiction=place),
        expert=Expert(jurisdiction="SRB"),
    )
    since = datetime(planned.year, planned.month, planned.day, 9, tzinfo=UTC)
    return Deployment(
        match=match, start=START, end=START, state=DeploymentState.PLANNED, state_since=since
    )


@pytest.mark.parametrize(
    ("kind", "place", "needs"),
    [
        (None, "KGZ", ABROAD),
        (HelpKind.MENTOR, "KGZ", ABROAD),
        (HelpKind.TRAINER, "KGZ", ABROAD | {K.MATERIALS}),
        (HelpKind.SPEAKER, "SRB", AWAY | {K.MATERIALS}),
        (HelpKind.ADVISER, "KGZ", ABROAD | {K.ACCESS}),
        (HelpKind.ASSESSOR, "SRB", AWAY | {K.ACCESS}),
        (HelpKind.REMOTE, "KGZ", {K.RELEASE, K.CONNECTION}),
        (HelpKind.STUDY_VISIT, "KGZ", {K.RELEASE, K.CONNECTION}),
    ],
)
def test_what_a_mission_needs_follows_from_the_kind_of_help_and_the_place(
    kind: HelpKind | None, place: str, needs: set[NeedKind]
) -> None:
    assert {need.kind for need in rules.needs_of(mission(kind, place))} == needs


def test_each_thing_stands_in_the_table_once_and_what_comes_first_is_there() -> None:
    assert [need.kind for need in NEEDS] == list(NeedKind)
    for need in NEEDS:
        assert need.after is None or need.after in BY_KIND
        # What cannot be passed over is compulsory, and whose a file is reads it.
        assert need.compulsory or not need.firm
        assert not need.read_by or need.side in need.read_by


@pytest.mark.parametrize(
    ("planned", "due"),
    [
        (date(2031, 1, 6), date(2031, 2, 24)),  # Two weeks before.
        (date(2031, 3, 1), date(2031, 3, 4)),  # Three days after it was planned, late.
        (date(2031, 3, 9), START),  # And never after it has begun.
    ],
)
def test_a_thing_is_due_before_the_mission_and_never_at_once(planned: date, due: date) -> None:
    made = mission(None, planned=planned)
    entry = Entry(BY_KIND[NeedKind.INSURANCE], made, None, is_reached=True)
    assert entry.due == due
    assert not entry.is_overdue(due)
    assert entry.is_overdue(date(2031, 3, 11))


@pytest.mark.parametrize(
    ("state", "overdue"),
    [
        (DeploymentState.CLEARED, True),
        (DeploymentState.DEPLOYED, True),
        (DeploymentState.RETURNED, False),
        (DeploymentState.CANCELLED, False),
    ],
)
def test_nothing_is_overdue_of_a_mission_that_is_over(
    state: DeploymentState, overdue: bool
) -> None:
    made = mission(None)
    made.state = state
    entry = Entry(BY_KIND[NeedKind.HOST], made, None, is_reached=True)
    assert entry.is_overdue(START) is overdue
