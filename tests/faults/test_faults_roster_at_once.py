"""What is decided at one moment about a place on the roster is done once, and never a fault."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.faults.pressing import (
    MANY,
    Prepare,
    Sent,
    count,
    done_once,
    press_at_once,
    staff,
)
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.ciphers import hash_of
from webapp.core.record.actions import Action
from webapp.core.record.stored_words import pack
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import approvals, operations, queries, questions
from webapp.experts.approvals import Wanted
from webapp.experts.contents import About
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW, IdentityStep
from webapp.experts.models import ConfirmationState, EvidenceConfirmation, Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.standing_workflow import (
    APPROVAL_WORKFLOW,
    QUESTION_WORKFLOW,
    ApprovalStep,
    QuestionStep,
)
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.matches.models import MatchState, ReleaseLetter
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
from webapp.membership import operations as membership

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
# Ahead of every day on which this is read, and not by more years than an approval may last.
UNTIL = date(clock.today().year + 1, 12, 31)
TOKEN = "of-a-link-in-a-mail"


def office(session: Session) -> UnitOfWork:
    """Return the work of a coordinator."""
    return factories.work(session, factories.account(session, Role.COORDINATOR))


def owner(expert: Expert) -> Account:
    """Return whose profile it is."""
    assert expert.account is not None
    return expert.account


def without_account(session: Session, **values: Any) -> Expert:
    return factories.expert(session, signs_in=False, telephone="+382 20 000 000", **values)


def approval_recorded(session: Session) -> Sent:
    expert = factories.expert(session, authority_id=factories.organisation(session).id)
    days = {
        "approval-starts": f"{clock.today()}",
        "approval-until": f"{UNTIL}",
        "approval-letter": "05/2-118",
    }
    return f"/roster/{expert.id}/approvals", days


def contact_saved(session: Session) -> Sent:
    expert = without_account(session)
    values = {"contact-version": str(expert.version), "contact-telephone": "+382 20 000 001"}
    return f"/roster/{expert.id}/contact", values


def consent_noted(session: Session) -> Sent:
    expert = without_account(
        session, state=ExpertState.SCREENING, consented_at=None, consent_version=None
    )
    values = {"consent-kind": "in writing", "consent-reason": "A letter."}
    return f"/roster/{expert.id}/consent", values


def question_asked(session: Session) -> Sent:
    expert = factories.expert(session, state=ExpertState.SCREENING)
    values = {"question-section": "evidence", "question-comment": "Which courses?"}
    return f"/roster/{expert.id}/questions", values


def question_dropped(session: Session) -> Sent:
    expert = factories.expert(session, state=ExpertState.SCREENING)
    row = questions.ask(office(session), expert, "evidence", "Which courses?")
    return f"/roster/{expert.id}/questions/{row.id}/drop", {}


def call_noted(session: Session) -> Sent:
    call = PhoneCall(
        expert_id=without_account(session).id,
        since=clock.now(),
        words={"what": pack("Please ring")},
    )
    session.add(call)
    session.flush()
    return f"/calls/{call.id}/done", {}


def expert_added(_session: Session) -> Sent:
    values = {"name": "Nova Testova", "telephone": "+382 20 000 000", "jurisdiction": "MNE"}
    return "/experts/add", values


def expert_invited(session: Session) -> Sent:
    expert = without_account(session, contact_email="nova@example.org")
    return f"/roster/{expert.id}/invite", {}


def expert_let_in(session: Session) -> Sent:
    asked = factories.account_request(session, email="nova2@example.org", role=Role.EXPERT.value)
    return f"/accounts/requests/{asked.id}/grant", {"version": str(asked.id)}


def identity_confirmed(session: Session) -> Sent:
    expert = factories.expert(session)
    about = About(**{name: getattr(expert, name) for name in vars(About(""))})
    changed = About(**{**vars(about), "rank": "Colonel"})
    work = factories.work(session, expert.account)
    operations.save_about(work, expert, changed, seen_version=expert.version)
    change = queries.get_identity_change(session, expert.id)
    return f"/roster/{expert.id}/identity/confirm", {"version": str(change.version)}


def until_then() -> Wanted:
    return Wanted(clock.today(), UNTIL)


def approval_withdrawal_recorded(session: Session) -> Sent:
    expert = factories.expert(session, authority_id=factories.organisation(session).id)
    row = approvals.grant(
        office(session), expert, ApprovalStep.RECORD, Wanted(clock.today(), UNTIL)
    )
    why = {f"approval-{row.id}-kind": "in writing", f"approval-{row.id}-reason": "A letter."}
    return f"/roster/{expert.id}/approvals/{row.id}/record-the-withdrawal", why


def screening_begun(session: Session) -> Sent:
    expert = factories.expert(session, state=ExpertState.NOMINATED)
    return f"/roster/{expert.id}/start-screening", {}


BY_COORDINATORS: list[tuple[Prepare, str]] = [
    (approval_recorded, APPROVAL_WORKFLOW.action(ApprovalStep.RECORD)),
    (approval_withdrawal_recorded, APPROVAL_WORKFLOW.action(ApprovalStep.RECORD_WITHDRAWAL)),
    (contact_saved, Action.CONTACT_CHANGED),
    (consent_noted, Action.PROFILE_CONSENTED),
    (question_asked, QUESTION_WORKFLOW.action(QuestionStep.ASK)),
    (question_dropped, QUESTION_WORKFLOW.action(QuestionStep.DROP)),
    (call_noted, Action.CALL_DONE),
    (expert_added, Action.PROFILE_CREATED),
    (expert_invited, Action.ACCOUNT_INVITED),
    (expert_let_in, Action.ACCOUNT_INVITED),
    (identity_confirmed, IDENTITY_WORKFLOW.action(IdentityStep.CONFIRM)),
    (screening_begun, WORKFLOW.action(ExpertStep.START_SCREENING)),
]


@pytest.mark.parametrize(("prepare", "action"), BY_COORDINATORS)
def test_what_coordinators_decide_at_one_moment_is_done_once(
    app: Flask, prepare: Prepare, action: str
) -> None:
    done_once(app, staff(app, Role.COORDINATOR), prepare, action)


def test_what_one_coordinator_notes_eight_times_at_one_moment_stands_there_once(app: Flask) -> None:
    with writing(app) as session:
        account = factories.account(session, Role.COORDINATOR)
        number = factories.expert(session).id
    visitors = [Pages(app).sign_in(account) for _ in range(MANY)]
    words = {"note-text": "Prefers calls after four."}
    done_once(app, visitors, lambda _: (f"/roster/{number}/notes", words), Action.NOTE_WRITTEN)


def official(session: Session, authority: int, **values: Any) -> Expert:
    return factories.expert(session, authority_id=authority, **values)


def approved(session: Session, authority: int) -> Sent:
    expert = official(session, authority)
    days = {"approval-starts": f"{clock.today()}", "approval-until": f"{UNTIL}"}
    return f"/officials/{expert.id}/approvals", days


def approval_withdrawn(session: Session, authority: int) -> Sent:
    expert = official(session, authority)
    row = approvals.grant(
        office(session), expert, ApprovalStep.RECORD, Wanted(clock.today(), UNTIL)
    )
    why = {f"approval-{row.id}-kind": "mistake", f"approval-{row.id}-reason": ""}
    return f"/officials/{expert.id}/approvals/{row.id}/withdraw", why


def nominated(_session: Session, _authority: int) -> Sent:
    return "/officials/nominate", {"name": "Nova Testova", "telephone": "+382 20 000 000"}


def nominated_and_approved(_session: Session, _authority: int) -> Sent:
    more = {"telephone": "+382 20 000 000", "approved_until": f"{UNTIL}"}
    return "/officials/nominate", {"name": "Nova Testova", **more}


def nomination_taken_back(session: Session, authority: int) -> Sent:
    expert = official(session, authority, state=ExpertState.NOMINATED)
    why = dict.fromkeys(["take-the-nomination-back-reason"], "")
    return f"/officials/{expert.id}/take-the-nomination-back", {
        **why,
        "take-the-nomination-back-kind": "mistake",
    }


def asked(session: Session, authority: int) -> int:
    """Ask an authority to release an official, and return the number of the match."""
    return factories.match(
        session, MatchState.RELEASE_ASKED, expert=official(session, authority)
    ).id


def released(session: Session, authority: int) -> Sent:
    letter = {"letter-number": "05/2-118", "letter-dated": f"{clock.today()}"}
    return f"/releases/{asked(session, authority)}/release", letter


def release_refused(session: Session, authority: int) -> Sent:
    why = {"refuse-the-release-kind": "needed at home", "refuse-the-release-reason": ""}
    return f"/releases/{asked(session, authority)}/refuse-the-release", why


BY_AUTHORITIES: list[tuple[Callable[[Session, int], Sent], str]] = [
    (approved, APPROVAL_WORKFLOW.action(ApprovalStep.GRANT)),
    (approval_withdrawn, APPROVAL_WORKFLOW.action(ApprovalStep.WITHDRAW)),
    (nominated, Action.PROFILE_CREATED),
    (nominated_and_approved, APPROVAL_WORKFLOW.action(ApprovalStep.GRANT)),
    (nomination_taken_back, WORKFLOW.action(ExpertStep.TAKE_NOMINATION_BACK)),
    (released, MATCHES.action(MatchStep.RELEASE)),
    (release_refused, MATCHES.action(MatchStep.REFUSE_RELEASE)),
]


def members(app: Flask) -> tuple[int, list[Pages]]:
    """Return an authority and eight who act for it."""
    with writing(app) as session:
        authority = factories.organisation(session).id
        people = [
            factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=authority).email
            for _ in range(MANY)
        ]
    return authority, [Pages(app).sign_in(email) for email in people]


@pytest.mark.parametrize(("prepare", "action"), BY_AUTHORITIES)
def test_what_members_of_an_authority_decide_at_one_moment_is_done_once(
    app: Flask, prepare: Callable[[Session, int], Sent], action: str
) -> None:
    authority, visitors = members(app)
    done_once(app, visitors, lambda session: prepare(session, authority), action)


def test_a_release_that_is_given_and_refused_at_one_moment_is_one_of_the_two(app: Flask) -> None:
    authority, visitors = members(app)
    with writing(app) as session:
        number = asked(session, authority)
    letter = {"letter-number": "05/2-118", "letter-dated": f"{clock.today()}"}
    why = {"refuse-the-release-kind": "needed at home", "refuse-the-release-reason": ""}
    given = (f"/releases/{number}/release", letter)
    refused = (f"/releases/{number}/refuse-the-release", why)
    found = press_at_once(app, visitors, [given, refused] * (MANY // 2))
    assert set(found) <= {302, 409, 503}
    done = [
        count(app, MATCHES.action(name)) for name in (MatchStep.RELEASE, MatchStep.REFUSE_RELEASE)
    ]
    assert sorted(done) == [0, 1]
    with reading(app) as session:
        assert session.query(ReleaseLetter).count() == done[0]


def question_answered(session: Session, expert: Expert) -> Sent:
    expert.state = ExpertState.SCREENING
    row = questions.ask(office(session), expert, "evidence", "Which courses?")
    return f"/profile/questions/{row.id}/answer", {}


def left(_session: Session, _expert: Expert) -> Sent:
    return "/profile/leave", {}


def confirmed(_session: Session, expert: Expert) -> Sent:
    return "/profile/confirm", {"version": str(expert.version)}


def confirmation_asked(_session: Session, expert: Expert) -> Sent:
    values = {"name": "Aigul Demo", "organisation": "Academy", "email": "aigul@example.org"}
    number = expert.evidence[0].id
    return f"/profile/evidence/{number}/confirmation", {**values, "version": str(expert.version)}


def erased(_session: Session, _expert: Expert) -> Sent:
    return "/my-data/erase", {"understood": "y"}


BY_EXPERTS: list[tuple[Callable[[Session, Expert], Sent], str]] = [
    (question_answered, QUESTION_WORKFLOW.action(QuestionStep.ANSWER)),
    (left, WORKFLOW.action(ExpertStep.LEAVE)),
    (confirmed, Action.PROFILE_CONFIRMED),
    (confirmation_asked, Action.CONFIRMATION_ASKED),
    (erased, Action.PERSON_ERASED),
]


@pytest.mark.parametrize(("prepare", "action"), BY_EXPERTS)
def test_what_an_expert_sends_eight_times_at_one_moment_is_done_once(
    app: Flask, prepare: Callable[[Session, Expert], Sent], action: str
) -> None:
    with writing(app) as session:
        account = owner(factories.expert(session))
    visitors = [Pages(app).sign_in(account) for _ in range(MANY)]

    def sent(session: Session) -> Sent:
        (own,) = session.query(Expert).filter_by(account_id=account.id)
        return prepare(session, own)

    done_once(app, visitors, sent, action)


def test_of_eight_who_begin_one_profile_at_one_moment_one_does(app: Flask) -> None:
    with writing(app) as session:
        account = factories.account(session, Role.EXPERT)
    visitors = [Pages(app).sign_in(account) for _ in range(MANY)]
    sent = ("/profile/consent", {"consent": "y"})
    done_once(app, visitors, lambda _session: sent, Action.PROFILE_CREATED)


def test_of_eight_answers_by_one_link_at_one_moment_one_counts(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        expert.evidence[0].confirmation = EvidenceConfirmation(
            expert_id=expert.id, name="Aigul Demo", organisation="Academy",
            email="aigul@example.org", state=ConfirmationState.ASKED, state_since=clock.now(),
            token_hash=hash_of(TOKEN), expires_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
    strangers = [Pages(app) for _ in range(MANY)]
    link = f"/confirm-evidence/{TOKEN}"
    found = press_at_once(
        app, strangers, [(link, {"answer": answer}) for answer in ["yes", "no"] * (MANY // 2)]
    )
    assert set(found) <= {303, 410, 503}
    done = count(app, Action.EVIDENCE_CONFIRMED) + count(app, Action.EVIDENCE_REFUSED)
    assert done == found.count(303) == 1


def test_of_eight_who_say_by_one_link_that_a_profile_is_true_one_counts(app: Flask) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        # The question is younger than what its expert has said last.
        expert.asked_at = clock.now() + timedelta(seconds=1)
        account = owner(expert)
        token = membership.make_still_true_link(factories.work(session), account)
    strangers = [Pages(app) for _ in range(MANY)]
    sent = (f"/still-true/{token}", {"availability": "free"})
    done_once(app, strangers, lambda _session: sent, Action.PROFILE_CONFIRMED)
