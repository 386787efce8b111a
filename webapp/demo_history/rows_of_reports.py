"""What was said after missions, and what they cost, as rows that are written at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.demo_history.afterwards import costs_of, said_of
from webapp.demo_history.outcomes import Mission, Outcome
from webapp.deployments.models import DeploymentState
from webapp.deployments.workflow import OVER
from webapp.mission_reports.content import NAMES, Answers
from webapp.mission_reports.models import Side

Row = dict[str, Any]
# The row of a report, and what it answers, which has rows of its own.
Said = tuple[Row, Answers]


def went(one: Outcome) -> dict[int, Mission]:
    """Return the missions of a story that were reported, by who of those considered went."""
    return {
        whom: considered.mission
        for whom, considered in one.considered.items()
        if considered.mission and considered.mission.reported
    }


def costs(one: Outcome, numbers: Mapping[int, int]) -> Iterator[Row]:
    """Yield what was written down of costs; `numbers` are those of missions, by who went."""
    for whom, mission in went(one).items():
        found = costs_of(one.story.content, whom, mission.start, mission.end)
        for item, cost in found.items():
            yield {"deployment_id": numbers[whom], "item": item, **vars(cost), "version": 1}


def reports(
    one: Outcome, numbers: Mapping[int, int], request: int, asker: int, office: int
) -> Iterator[Said]:
    """Yield the reports: SEESAC wrote down what experts said, for these sign in nowhere."""
    said, missions = said_of(one.story.content), went(one)
    if said is None or not missions:
        return
    for whom, mission in missions.items():
        answers = said.by_expert(whom)
        yield {
            **_row(answers, Side.EXPERT, numbers[whom], mission),
            "request_id": None, "written_by": office, "by_office": True,
        }, answers  # fmt: skip
    first = min(missions, key=lambda whom: (missions[whom].reported, whom))
    yield {
        **_row(said.by_requester, Side.REQUESTER, numbers[first], missions[first]),
        "request_id": request, "written_by": asker, "by_office": False,
    }, said.by_requester  # fmt: skip


def points(report: int, answers: Answers) -> Iterator[Row]:
    """Yield what was said of each task and output."""
    for one in answers.points:
        yield {"report_id": report, **vars(one)}


def participants(report: int, answers: Answers) -> Iterator[Row]:
    """Yield how many took part from each institution."""
    for one in answers.participants:
        yield {"report_id": report, **vars(one)}


def judgements(one: Outcome, numbers: Mapping[int, int]) -> Iterator[Row]:
    """Yield how useful the requester found the help of each who was back, without the report."""
    said = said_of(one.story.content)
    for whom, considered in one.considered.items():
        if said and considered.mission and considered.mission.state in OVER:
            rating, again = said.judgement(whom)
            yield {"deployment_id": numbers[whom], "rating": rating, "again": again}


def follow_up(one: Outcome, numbers: Mapping[int, int], request: int, asker: int) -> Iterator[Row]:
    """Yield what the requester said months later, if that was said."""
    said = said_of(one.story.content)
    followed = {
        whom: mission
        for whom, mission in went(one).items()
        if mission.state is DeploymentState.FOLLOWED_UP
    }
    if said and followed:
        first = min(followed)
        yield {
            "deployment_id": numbers[first], "request_id": request, "written_by": asker,
            "by_office": False, "answered_at": followed[first].since, **vars(said.months_after),
        }  # fmt: skip


def _row(answers: Answers, side: Side, number: int, mission: Mission) -> Row:
    return {
        **{name: getattr(answers, name) for name in NAMES},
        "deployment_id": number, "side": side, "version": 1,
        "saved_at": mission.reported, "sent_at": mission.reported,
    }  # fmt: skip
