"""Every workflow's table is whole, and a step needs nothing but its line in it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.structure.test_access_matrix import MATRIX
from webapp.amendments.workflow import WAITS_FOR as AMENDMENTS_WAIT
from webapp.amendments.workflow import WORKFLOW as AMENDMENTS
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import COMMENT_ONLY, NEED_TEXT, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import Mail, Recipient, Step, StepName, Workflow
from webapp.deployments.models import DeploymentState
from webapp.deployments.workflow import WAITS_FOR as DEPLOYMENTS_WAIT
from webapp.deployments.workflow import WORKFLOW as DEPLOYMENTS
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.rules import ENDED as REQUESTS_ENDED
from webapp.expertise_requests.workflow import TAKE_OVER_REASONS, RequestStep
from webapp.expertise_requests.workflow import WAITS_FOR as REQUESTS_WAIT
from webapp.expertise_requests.workflow import WORKFLOW as REQUESTS
from webapp.experts.identity_workflow import IDENTITY_WAITS_FOR as IDENTITIES_WAIT
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW
from webapp.experts.models import ExpertState
from webapp.experts.standing_workflow import APPROVAL_WAITS_FOR as APPROVALS_WAIT
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, QUESTION_WORKFLOW
from webapp.experts.standing_workflow import QUESTION_WAITS_FOR as QUESTIONS_WAIT
from webapp.experts.workflow import WAITS_FOR as EXPERTS_WAIT
from webapp.experts.workflow import WORKFLOW as EXPERTS
from webapp.matches import operations as matches
from webapp.matches.answers import OUT_OF_TURN
from webapp.matches.models import Match, MatchState
from webapp.matches.rules import RANKABLE
from webapp.matches.views.by_link import ANSWERS
from webapp.matches.work_queue.waiting import INSTEAD, OF_MATCH, OF_REQUEST, Kind
from webapp.matches.work_queue.whose_turn import NEXT
from webapp.matches.work_queue.worklist import OVERDUE, WORDS
from webapp.matches.workflow import ENDED as MATCHES_ENDED
from webapp.matches.workflow import WAITS_FOR as MATCHES_WAIT
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
from webapp.membership.forms import REFUSALS
from webapp.messages.models import Notice, OutboxMessage
from webapp.roster.forms import PURPOSES

TABLES: dict[str, Workflow[Any, Any]] = {
    workflow.subject: workflow
    for workflow in (
        REQUESTS,
        MATCHES,
        EXPERTS,
        IDENTITY_WORKFLOW,
        APPROVAL_WORKFLOW,
        QUESTION_WORKFLOW,
        DEPLOYMENTS,
        AMENDMENTS,
    )
}
STEPS = [(name, step) for name, workflow in TABLES.items() for step in workflow]
# The address to which people of a role send the steps of each workflow.
ADDRESSES = {
    ("request", Role.REQUESTER): "expertise_requests.take_step",
    ("request", Role.COORDINATOR): "expertise_requests.take_step",
    ("amendment", Role.REQUESTER): "amendments.take_step",
    ("amendment", Role.COORDINATOR): "amendments.take_step",
    ("match", Role.COORDINATOR): "matches.take_step",
    ("match", Role.EXPERT): "matches.answer_invitation",
    ("match", Role.REQUESTER): "matches.choose",
    ("expert", Role.COORDINATOR): "experts.take_step",
    ("identity_change", Role.COORDINATOR): "experts.decide_identity",
    ("expert", Role.EXPERT): "experts.leave",
    ("expert", Role.NOMINATING_AUTHORITY): "authorities.take_step",
    ("match", Role.NOMINATING_AUTHORITY): "authorities.refuse_release",
    ("approval", Role.NOMINATING_AUTHORITY): "authorities.withdraw",
    ("approval", Role.COORDINATOR): "experts.record_withdrawal",
    ("deployment", Role.COORDINATOR): "deployments.take_step",
    ("profile_question", Role.EXPERT): "experts.answer_question",
    ("profile_question", Role.COORDINATOR): "experts.drop_question",
}

# Where a page can ask before a step is taken.
ASKING = {
    ("request", Role.REQUESTER),
    ("request", Role.COORDINATOR),
    ("match", Role.COORDINATOR),
    ("match", Role.EXPERT),
    ("match", Role.REQUESTER),
    ("expert", Role.EXPERT),
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
def test_every_step_that_needs_a_reason_has_a_list_that_ends_with_words(
    table: str, name: StepName
) -> None:
    step = TABLES[table][name]
    assert bool(step.reasons) == bool(step.needs_reason and (step.offered or step.has_page))
    assert len(set(step.reasons)) == len(step.reasons)
    in_words = [kind in NEED_TEXT for kind in step.reasons]
    assert in_words == sorted(in_words)
    assert not step.reasons or step.reasons[-1] in NEED_TEXT


def test_every_kind_of_reason_is_on_a_list_or_given_by_the_platform() -> None:
    listed = {kind for table, name in STEPS for kind in TABLES[table][name].reasons}
    given = {ReasonKind.FILLED, ReasonKind.LEFT_ROSTER}
    asked = {*TAKE_OVER_REASONS, *OUT_OF_TURN, *REFUSALS, *PURPOSES}
    assert listed | given | asked == set(ReasonKind)


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


WAITING: dict[str, Any] = {
    "request": REQUESTS_WAIT,
    "match": MATCHES_WAIT,
    "expert": EXPERTS_WAIT,
    "identity_change": IDENTITIES_WAIT,
    "approval": APPROVALS_WAIT,
    "profile_question": QUESTIONS_WAIT,
    "deployment": DEPLOYMENTS_WAIT,
    "amendment": AMENDMENTS_WAIT,
}
RECIPIENTS: dict[Role | None, Recipient] = {
    Role.REQUESTER: Recipient.REQUESTER,
    Role.EXPERT: Recipient.EXPERT,
    Role.COORDINATOR: Recipient.COORDINATORS,
    Role.NOMINATING_AUTHORITY: Recipient.AUTHORITY,
}
# Steps that the platform takes as a part of others, which tell of both.
PART_OF: dict[StepName, Step[Any]] = {
    RequestStep.CONFIRM: MATCHES[MatchStep.SELECT],
    RequestStep.REOPEN: MATCHES[MatchStep.TAKE_BACK],
    MatchStep.PROPOSE: REQUESTS[RequestStep.PROPOSE],
    DeploymentStep.PLAN: MATCHES[MatchStep.SELECT],
    DeploymentStep.PLAN_AGAIN: MATCHES[MatchStep.SELECT],
    DeploymentStep.CANCEL: MATCHES[MatchStep.TAKE_BACK],
    DeploymentStep.REPORTS_COME: DEPLOYMENTS[DeploymentStep.REPORT],
    DeploymentStep.ANSWERS_COME: DEPLOYMENTS[DeploymentStep.FOLLOW_UP],
    DeploymentStep.BREAK_OFF: MATCHES[MatchStep.TAKE_BACK],
}
# Where those whose thing has ended are told, and from where nobody has ever known of it.
ENDING: dict[str, tuple[Any, Role, set[Any]]] = {
    "request": (REQUESTS_ENDED, Role.REQUESTER, {RequestState.DRAFT}),
    "match": (MATCHES_ENDED, Role.EXPERT, {MatchState.SHORTLISTED}),
}


def told_from(step: Step[Any], recipient: Recipient) -> set[Any]:
    """Return the states from which a step tells this recipient."""
    mails = [mail for mail in step.tells if mail.to is recipient]
    return {state for state in step.sources for mail in mails if mail.is_sent_from(state)}


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_every_step_tells_somebody_or_says_why_not(table: str, name: StepName) -> None:
    step = TABLES[table][name]
    assert bool(step.tells) != bool(step.silent_because)


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_whoever_has_to_act_next_is_told(table: str, name: StepName) -> None:
    step = PART_OF.get(name, TABLES[table][name])
    role = WAITING[table].get(TABLES[table][name].target)
    # Whoever acts goes on by themselves.
    if role is not None and role is not step.by:
        assert told_from(step, RECIPIENTS[role]) == step.sources
        assert RECIPIENTS[role] in {mail.to for mail in step.tells}, "a step may have no sources"


@pytest.mark.parametrize("state", [DeploymentState.CLEARED, DeploymentState.DEPLOYED])
def test_an_authority_is_told_when_it_is_no_more_so_that_its_official_goes(
    state: DeploymentState,
) -> None:
    """It may have been asked for no release, and then knows of the mission alone."""
    gone = {DeploymentState.CLEARED, DeploymentState.DEPLOYED}
    steps = [DEPLOYMENTS[name] for name in DEPLOYMENTS]
    ending = [step for step in steps if state in step.sources and step.target not in gone]
    assert len(ending) >= 3
    for step in ending:
        assert state in told_from(step, Recipient.AUTHORITY), step.label


@pytest.mark.parametrize(("table", "name"), STEPS)
def test_whoever_a_thing_ends_for_is_told(table: str, name: StepName) -> None:
    step = TABLES[table][name]
    if table not in ENDING:
        return
    ended, owner, unknown = ENDING[table]
    if step.target in ended:
        role = Role.COORDINATOR if step.by is owner else owner
        assert told_from(step, RECIPIENTS[role]) >= step.sources - unknown


def test_every_task_has_words_for_all_who_read_of_it() -> None:
    assert NEXT.keys() == set(Kind)
    # Coordinators read of no draft.
    assert WORDS.keys() == set(Kind) - {Kind.WRITE}
    assert OVERDUE.keys() == {Kind.CORRECT, Kind.CHOOSE, Kind.ANSWER_CHANGE, *INSTEAD}


def test_whoever_is_awaited_has_something_to_do() -> None:
    asked = {state for state, role in MATCHES_WAIT.items() if role is not Role.REQUESTER}
    assert OF_MATCH.keys() == asked - {MatchState.SHORTLISTED}
    drafted = {state for state in REQUESTS_WAIT if state not in RANKABLE}
    assert OF_REQUEST.keys() == drafted


@pytest.mark.parametrize("table", ["request", "match", "expert", "deployment"])
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
        reasons=COMMENT_ONLY,
        question=_("Why it is paused"),
        tells=(Mail(recipient, _("A pause"), _("It is paused."), gives_reason=True),),
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


@pytest.mark.thorough
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
    assert "“Pause it” is not possible any more; the state is “" in again.text
    assert "Once more." in again.text
    with reading(app) as session:
        # It is audited, and the one whom the table names is told, with the reason.
        event = session.query(AuditEvent).filter_by(action=f"{kind}: pause for a while").one()
        assert (event.subject_id, event.reason) == (number, "comment")
        assert "A holiday." not in str(event.details)
        mails = session.query(OutboxMessage).order_by(OutboxMessage.id).all()[before:]
        assert [mail.account_id for mail in mails] == [told]
        assert mails[0].subject == "A pause"
        assert "A holiday." not in mails[0].body
        notice = session.query(Notice).order_by(Notice.id.desc()).limit(1).one()
        assert notice.reason is not None
        assert (notice.account_id, notice.reason.text) == (told, "A holiday.")
        assert audit.verify(session) == []
    # Its sentence stands in the story, and administrators read its label.
    assert "paused it for a while" in page.pages.get(story).text.lower()
    assert "Pause it" in sign_in_as(Role.ADMINISTRATOR).get("/audit").text


@pytest.mark.parametrize(("kind", "name"), STEPS)
def test_a_step_that_can_be_taken_again_asks_for_what_was_seen(kind: str, name: StepName) -> None:
    step = TABLES[kind][name]
    can_be_taken_again = step.offered and step.target in step.sources
    assert not can_be_taken_again or step.judges_text, "a second click would count"


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
            requests.take(
                work,
                session.get_one(ExpertiseRequest, request.id),
                pause,
                factories.grounds(REQUESTS[pause]),
            )
        with pytest.raises(ForbiddenError):
            matches.take(
                work, session.get_one(Match, match.id), pause, factories.grounds(REQUESTS[pause])
            )


@pytest.mark.parametrize(("kind", "name"), STEPS)
def test_a_step_that_insists_ends_something(kind: str, name: StepName) -> None:
    step = TABLES[kind][name]
    assert step.dangerous or not step.insists, "who goes on may be told to try again"


def test_no_answer_by_a_link_insists() -> None:
    """Its view locks the account of the link before the step, which a try anew would let go."""
    assert not any(MATCHES[name].insists for name in ANSWERS)
