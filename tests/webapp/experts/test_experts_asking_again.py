"""Whom SEESAC keeps off the roster mends the profile and asks again, unless that is final."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from tests.webapp.experts.test_experts_joining import SignIn, notices, only_expert
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.db import db
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.experts import joining, operations, questions, standing_queries
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_workflow import QuestionStep
from webapp.experts.workflow import ExpertStep

ASK, CHANGED = "Ask to be looked at again", "What has changed since"
WHY = Grounds(ReasonKind.COMMENT, "The summary is there now.")
UNCONFIRMED = Grounds(ReasonKind.NOT_CONFIRMED)
FINAL = Grounds(ReasonKind.FINAL, "Nobody of this service can be sent.")


def keep_off(app: Flask, step: ExpertStep, why: Grounds, *, asked: bool = False) -> Account:
    """Let a coordinator decide against an official; return the official's account."""
    vetted = step is ExpertStep.REFUSE
    with writing(app) as session:
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        expert = factories.expert(
            session, state=ExpertState.SCREENING if vetted else ExpertState.ACTIVE
        )
        if asked:
            questions.ask(office, expert, "evidence", "Which courses?")
        operations.take(office, expert, step, why)
        account = expert.account
    assert account is not None
    return account


@pytest.mark.parametrize("step", [ExpertStep.REFUSE, ExpertStep.TAKE_OFF])
def test_an_expert_who_is_kept_off_asks_again_and_all_sides_are_told(
    app: Flask, visitor: Callable[[], Pages], step: ExpertStep
) -> None:
    account = keep_off(app, step, UNCONFIRMED)
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        authority = factories.organisation(session)
        expert = session.get_one(Expert, only_expert(app).id)
        factories.make_official(session, expert, authority.id)
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=authority.id)
    asking = visitor().come_in(account).get("/profile").follow(ASK)
    assert "The authority does not confirm it" in asking.text
    refused = asking.submit(ASK, {CHANGED: "  "}, status=400)
    told = refused.submit(ASK, {CHANGED: "I have led two courses."})
    assert ASK not in told.text
    # Until it is answered they read what they have asked, and about what.
    own = told.pages.get("/profile").text
    assert "You asked SEESAC to look at your profile again" in own
    assert "I have led two courses." in own
    assert "The authority does not confirm it" in own
    assert only_expert(app).state is ExpertState.SCREENING
    assert notices(app, coordinator.id) == ["An expert asks to be looked at again"]
    assert notices(app, member.id) == ["One of your officials asks to be looked at again"]
    queue = visitor().come_in(coordinator).get("/queue")
    assert "I have led two courses." in queue.follow(f"Decide about {expert.name}").text
    with reading(app) as session:
        assert invariants.run(session) == []


def test_who_asks_a_second_time_reads_what_they_wrote_now_and_what_was_said_to_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    account = keep_off(app, ExpertStep.REFUSE, UNCONFIRMED)
    words = ("First words.", "Second words.")
    with writing(app) as session:
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        own = factories.work(session, session.get_one(Account, account.id))
        expert = session.get_one(Expert, only_expert(app).id)
        joining.ask_again(own, expert, Grounds(ReasonKind.COMMENT, words[0]))
        operations.take(office, expert, ExpertStep.REFUSE, UNCONFIRMED)
        joining.ask_again(own, expert, Grounds(ReasonKind.COMMENT, words[1]))
    page = visitor().come_in(account).get("/profile").text
    assert [page.count(one) for one in words] == [0, 1]
    assert page.count("The authority does not confirm it") == 1
    assert page.count("What SEESAC had said on") == 1


def test_a_final_decision_says_why_and_lets_nobody_ask(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    account = keep_off(app, ExpertStep.REFUSE, FINAL, asked=True)
    with writing(app) as session:
        expert = session.get_one(Expert, only_expert(app).id)
        expert.consented_at = expert.consent_version = None
    own = visitor().come_in(account)
    page = own.get("/profile")
    assert "Nobody of this service can be sent." in page.text
    assert "this is final" in page.text
    for asked in (
        ASK, "What is missing", "Is it still true?", "Agree to be on the roster", "asks for more",
        "Which courses?", "Read a curriculum vitae", "Several entries at once", "Have it confirmed",
    ):  # fmt: skip
        assert asked not in page.text
    own.get("/profile/ask-again", status=302)
    typed = own.post("/profile/ask-again", {"ask-again-reason": "It has changed."}, status=409)
    assert "It has changed." in typed.text
    assert only_expert(app).state is ExpertState.WITHDRAWN


@pytest.mark.parametrize("why", [UNCONFIRMED, FINAL])
def test_whoever_is_kept_off_has_nobody_confirm_anything_and_confirms_nothing(
    app: Flask, visitor: Callable[[], Pages], why: Grounds
) -> None:
    own = visitor().come_in(keep_off(app, ExpertStep.TAKE_OFF, why))
    with reading(app) as session:
        entry = session.get_one(Expert, only_expert(app).id).evidence[0].id
    page = own.get("/profile")
    assert "Is it still true?" not in page.text
    assert "Have it confirmed" not in page.text
    own.get(f"/profile/evidence/{entry}/confirmation", status=302)


def test_the_page_of_whoever_is_kept_off_reads_the_decision_once(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    own = visitor().come_in(keep_off(app, ExpertStep.TAKE_OFF, UNCONFIRMED))
    asked: list[object] = []

    def note(
        _connection: object, _cursor: object, said: str, parameters: object, *_: object
    ) -> None:
        if "FROM audit_event" in said and "take off the roster" in str(parameters):
            asked.append(parameters)

    with app.app_context():
        engine = db.engine
    with listening(engine, "before_cursor_execute", note):
        own.get("/profile")
    assert len(asked) == 1


def test_a_final_decision_needs_words(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        number = factories.expert(session, state=ExpertState.SCREENING).id
    office = sign_in_as(Role.COORDINATOR)
    page = office.get(f"/roster/{number}")
    page = page.submit("Do not take on", {"refuse-kind": "final"}, status=400)
    assert "Please say it in words" in page.text
    page.submit("Do not take on", {"refuse-kind": "final", "refuse-reason": "Left for good."})
    assert only_expert(app).state is ExpertState.WITHDRAWN


@pytest.mark.parametrize("left", [ExpertStep.LEAVE, ExpertStep.TAKE_NOMINATION_BACK])
def test_nobody_asks_seesac_about_a_decision_that_is_not_seesacs(
    app: Flask, visitor: Callable[[], Pages], left: ExpertStep
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, state=ExpertState.SCREENING)
        operations.take(factories.work(session), expert, left, UNCONFIRMED)
        account = expert.account
    assert account is not None
    own = visitor().come_in(account)
    assert ASK not in own.get("/profile").text
    own.post("/profile/ask-again", {"ask-again-reason": "It has changed."}, status=409)
    assert only_expert(app).state is ExpertState.WITHDRAWN


def test_nobody_asks_again_for_somebody_else(app: Flask) -> None:
    keep_off(app, ExpertStep.REFUSE, UNCONFIRMED)
    with writing(app) as session:
        expert = session.get_one(Expert, only_expert(app).id)
        for role in (Role.EXPERT, Role.COORDINATOR):
            other = factories.work(session, factories.account(session, role))
            with pytest.raises(ForbiddenError):
                joining.ask_again(other, expert, WHY)


def test_who_was_asked_for_more_adds_it_before_asking_again(app: Flask) -> None:
    account = keep_off(app, ExpertStep.REFUSE, UNCONFIRMED, asked=True)
    with writing(app) as session:
        own = factories.work(session, session.get_one(Account, account.id))
        expert = session.get_one(Expert, only_expert(app).id)
        with pytest.raises(ConflictError, match="asked you for more"):
            joining.ask_again(own, expert, WHY)
        (asked,) = standing_queries.list_open_questions(session, expert.id)
        questions.take(own, asked, QuestionStep.ANSWER)
        joining.ask_again(own, expert, WHY)
        assert expert.state is ExpertState.SCREENING


def test_who_has_asked_asks_no_second_time_and_loses_no_word(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    account = keep_off(app, ExpertStep.TAKE_OFF, UNCONFIRMED)
    own = visitor().come_in(account)
    first, second = own.get("/profile/ask-again"), own.get("/profile/ask-again")
    first.submit(ASK, {CHANGED: "I have led two courses."})
    page = second.submit(ASK, {CHANGED: "And a third one."}, status=409)
    assert "And a third one." in page.text
    assert "is not possible any more" in page.text
    assert "you are not on the roster" not in page.text
    assert "I have led two courses." not in page.text, "their own words are no reason of SEESAC's"
    assert "/profile/ask-again" not in {form.action for form in page.forms}
