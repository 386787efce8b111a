"""Every workflow's table is whole, and a step needs nothing but its line in it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.structure.test_access_matrix import MATRIX
from webapp.core import audit
from webapp.core.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.translation import Message, _
from webapp.core.workflow import Mail, Recipient, Step, StepName, Workflow
from webapp.deployments.workflow import WORKFLOW as DEPLOYMENTS
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.experts.models import ExpertState
from webapp.experts.workflow import IDENTITY_WORKFLOW
from webapp.experts.workflow import WORKFLOW as EXPERTS
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.messages.models import OutboxMessage

TABLES: dict[str, Workflow[Any, Any]] = {
    workflow.subject: workflow
    for workflow in (REQUESTS, MATCHES, EXPERTS, IDENTITY_WORKFLOW, DEPLOYMENTS)
}
STEPS = [(name, step) for name, workflow in TABLES.items() for step in workflow]
# The address to which people of a role send the steps of each workflow.
ADDRESSES = {
    ("request", Role.REQUESTER): "expertise_requests.take_step",
    ("request", Role.COORDINATOR): "expertise_requests.take_step",
    ("match", Role.COORDINATOR): "matches.take_step",
    ("match", Role.EXPERT): "matches.answer_invitation",
    ("match", Role.REQUESTER): "matches.choose",
    ("expert", Role.COORDINATOR): "experts.take_step",
    ("identity_change", Role.COORDINATOR): "experts.decide_identity",
}

# Where a page can ask before a step is taken.
ASKING = {
    ("request", Role.REQUESTER),
    ("request", Role.COORDINATOR),
    ("match", Role.COORDINATOR),
    ("match", Role.EXPERT),
    ("match", Role.REQUESTER),
}


def test_every_workflow_of_the_application_is_walked_here(app: Flask) -> None:
    with app.app_context():
        known = {workflow.subject for workflow in app.extensions["workflows"]}
    assert known == set(TABLES)


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_every_step_is_worded(table: str, name: StepName) -> None:
    step = TABLES[table][name]
    for words in (step.label, step.story, step.question, step.hint):
        assert isinstance(words, Message)
        assert words.source.strip()
    assert step.done or not step.offered, "what people do is answered in words"
    assert all(mail.subject.source and mail.text.source for mail in step.tells)


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_reasons_and_questions_are_asked_only_where_a_step_can_be_taken(
    table: str, name: StepName
) -> None:
    step = TABLES[table][name]
    assert step.needs_reason <= step.sources
    assert step.asks_first <= step.sources
    for mail in step.tells:
        assert mail.only_from is None or mail.only_from & step.sources


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_every_step_that_is_offered_is_in_the_access_matrix_for_its_role(
    table: str, name: StepName
) -> None:
    step = TABLES[table][name]
    if step.offered:
        assert step.by in MATRIX[ADDRESSES[table, step.by]]["POST"]


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_every_step_that_asks_first_has_a_page_that_asks(table: str, name: StepName) -> None:
    step = TABLES[table][name]
    assert not step.asks_first or (table, step.by) in ASKING


@pytest.mark.parametrize("table", ["request", "match"])
def test_every_state_is_the_beginning_or_can_be_reached(table: str) -> None:
    steps = [TABLES[table][name] for name in TABLES[table]]
    states: Any = type(steps[0].target)
    reached = {next(iter(states))}  # The states are written in the order of the work.
    while more := {s.target for s in steps if s.sources & reached} - reached:
        reached |= more
    assert reached == set(states)


@pytest.mark.parametrize("table", TABLES)
def test_no_two_steps_have_one_address(table: str) -> None:
    slugs = [name.slug for name in TABLES[table]]
    assert len(slugs) == len(set(slugs))


class Added(StepName):
    """Steps that only this test knows."""

    PAUSE = "pause for a while"


def _pause(source: Any, target: Any, recipient: Recipient) -> Step[Any]:
    return Step(
        sources=frozenset({source}),
        target=target,
        by=Role.COORDINATOR,
        label=_("Pause it"),
        done=_("It is paused."),
        story=_("paused it for a while"),
        needs_reason=frozenset({source}),
        question=_("Why it is paused"),
        tells=(Mail(recipient, _("A pause: %(title)s"), _("It is paused."), gives_reason=True),),
        open_to_requester=True,
        reason_open=True,
    )


@pytest.fixture
def with_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add one line to each table of which pages offer steps, and nothing anywhere else."""
    request = _pause(RequestState.SUBMITTED, RequestState.RETURNED, Recipient.REQUESTER)
    match = _pause(MatchState.INVITED, MatchState.SHORTLISTED, Recipient.EXPERT)
    expert = _pause(ExpertState.ACTIVE, ExpertState.SCREENING, Recipient.EXPERT)
    for workflow, step in ((REQUESTS, request), (MATCHES, match), (EXPERTS, expert)):
        steps: Any = workflow._steps
        monkeypatch.setitem(steps, Added.PAUSE, step)


@pytest.mark.usefixtures("with_a_pause")
@pytest.mark.parametrize("kind", ["request", "match", "expert"])
def test_a_step_added_to_a_table_appears_is_refused_told_and_audited(
    app: Flask, sign_in_as: Callable[..., Pages], kind: str
) -> None:
    with writing(app) as session:
        if kind == "request":
            made: Any = factories.request(session, RequestState.SUBMITTED)
            url, story, told = f"/requests/{made.id}", f"/requests/{made.id}", made.requester_id
        elif kind == "match":
            made = factories.match(session, MatchState.INVITED)
            url, told = f"/matches/{made.id}", made.expert.account_id
            story = f"/requests/{made.request_id}"
        else:
            made = factories.expert(session)
            url, story, told = f"/roster/{made.id}", f"/roster/{made.id}", made.account_id
        session.flush()
        before = session.query(OutboxMessage).count()
        number = made.id
    page = sign_in_as(Role.COORDINATOR).get(url)
    # It appears, asks for its reason, and keeps what was typed badly.
    refused = page.submit("Pause it", {"pause-for-a-while-reason": " "}, status=400)
    assert "pause-for-a-while-reason" in refused.errors
    page = refused.submit("Pause it", {"pause-for-a-while-reason": "A holiday."})
    assert "It is paused." in page.text
    # A second time it is refused in words.
    again = page.pages.post(
        f"{url}/pause-for-a-while", {"pause-for-a-while-reason": "Once more."}, status=409
    )
    assert "“Pause it” is possible only while" in again.text
    assert "Once more." in again.text
    with reading(app) as session:
        # It is audited, and the one whom the table names is told, with the reason.
        event = session.query(AuditEvent).filter_by(action=f"{kind}: pause for a while").one()
        assert (event.subject_id, event.reason) == (number, "A holiday.")
        mails = session.query(OutboxMessage).order_by(OutboxMessage.id).all()[before:]
        assert [mail.account_id for mail in mails] == [told]
        assert mails[0].subject.startswith("A pause:")
        assert "A holiday." in mails[0].body
        assert audit.verify(session) == []
    # Its sentence stands in the story, and administrators read its label.
    assert "paused it for a while" in page.pages.get(story).text.lower()
    assert "Pause it" in sign_in_as(Role.ADMINISTRATOR).get("/audit").text


@pytest.mark.usefixtures("with_a_pause")
@pytest.mark.parametrize("role", [Role.REQUESTER, Role.EXPERT])
def test_a_step_added_to_a_table_is_for_its_own_role_alone(app: Flask, role: Role) -> None:
    from webapp.core.errors import ForbiddenError

    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        match = factories.match(session, MatchState.INVITED)
        person = request.requester if role is Role.REQUESTER else match.expert.account
        work = factories.work(session, person, role)
        pause: Any = Added.PAUSE
        with pytest.raises(ForbiddenError):
            requests.take(work, session.get_one(ExpertiseRequest, request.id), pause, "Why.")
        with pytest.raises(ForbiddenError):
            matches.take(work, session.get_one(Match, match.id), pause, "Why.")
