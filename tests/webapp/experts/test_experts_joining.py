"""Joining the roster: every way in, the vetting step by step, and the way out."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import content, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.experts import operations as experts
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall, ProfileQuestion, QuestionState
from webapp.experts.workflow import ExpertStep
from webapp.matches.models import Match, MatchState
from webapp.membership.models import AccountRequest
from webapp.messages.models import Notice
from webapp.platform_settings.queries import get_settings

SignIn = Callable[..., Pages]


def only_expert(app: Flask) -> Expert:
    """Return the one profile that there is."""
    with reading(app) as session:
        found = session.scalars(sa.select(Expert)).one()
        session.expunge(found)
    return found


def notices(app: Flask, account_id: int | None) -> list[str]:
    """Return what somebody was told on the platform, oldest first."""
    with reading(app) as session:
        rows = session.scalars(
            sa.select(Notice).where(Notice.account_id == account_id).order_by(Notice.id)
        )
        return [row.words["subject"]["text"] for row in rows]


def test_an_expert_begins_a_profile_is_vetted_and_told_at_each_step(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        account = factories.account(session, Role.EXPERT, name="Ana Primer")
    own, office = visitor().come_in(account), sign_in_as(Role.COORDINATOR)
    begin = own.get("/profile").follow("Begin my profile")
    begin.submit("Agree, and begin my profile", {}, status=400)
    begin.submit("Agree, and begin my profile", {"consent": True})
    expert = only_expert(app)
    assert (expert.state, expert.account_id) == (ExpertState.NOMINATED, account.id)
    assert expert.consented_at is not None
    queue = office.get("/queue")
    assert "Begin to screen Ana Primer" in queue.text
    page = queue.follow("Begin to screen Ana Primer").submit("Start screening")
    page = page.submit("Ask for more", {"Section": "evidence", "What is missing": "Which courses?"})
    assert "Which courses?" in page.text
    assert "was asked for more" in office.get("/queue").text
    with writing(app) as session:
        session.get_one(Account, account.id).active = False
    assert "Ask Ana Primer for what is still lacking" in office.get("/queue").text
    with writing(app) as session:
        session.get_one(Account, account.id).active = True
    asked = own.get("/profile")
    assert "Which courses?" in asked.text
    asked.submit("I have added it: Evidence of past work")
    assert "Which courses?" not in own.get("/profile").text
    assert "Decide about Ana Primer" in office.get("/queue").text
    office.get(f"/roster/{expert.id}").submit("Activate")
    assert only_expert(app).state is ExpertState.ACTIVE
    assert notices(app, account.id) == [
        "SEESAC looks at your profile",
        "SEESAC asks for more in your profile",
        "Your profile is active",
    ]
    with reading(app) as session:
        assert invariants.run(session) == []


def test_nobody_is_activated_who_has_not_agreed(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        expert = factories.expert(
            session, state=ExpertState.SCREENING, consent_version=None, consented_at=None
        )
    office = sign_in_as(Role.COORDINATOR)
    page = office.post(f"/roster/{expert.id}/activate", {}, status=409)
    assert "has not agreed" in page.text


def test_a_refusal_gives_its_reason_and_can_be_taken_back(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        expert = factories.expert(session, state=ExpertState.SCREENING)
        number, account_id = expert.id, expert.account_id
    office = sign_in_as(Role.COORDINATOR)
    url = f"/roster/{number}"
    office.post(f"{url}/refuse", {}, status=400)
    office.get(url).submit("Do not take on", {"refuse-kind": "subject"})
    assert only_expert(app).state is ExpertState.WITHDRAWN
    assert "You are not taken onto the roster" in notices(app, account_id)
    office.get(url).submit("Take up again")
    assert only_expert(app).state is ExpertState.SCREENING


def test_leaving_is_asked_first_ends_all_and_withdraws_the_consent(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        match = factories.match(session, MatchState.AVAILABLE, coordinator=coordinator)
        account, expert_id = match.expert.account, match.expert_id
    assert account is not None
    own = visitor().come_in(account)
    before = content(app)
    page = own.get("/profile").follow("Leave the roster")
    assert content(app) == before
    page.submit("Leave the roster")
    with reading(app) as session:
        expert = session.get_one(Expert, expert_id)
        assert (expert.state, expert.consented_at) == (ExpertState.WITHDRAWN, None)
        assert session.get_one(Match, match.id).state is MatchState.CANCELLED
        assert invariants.run(session) == []
    assert "A profile was withdrawn" in notices(app, coordinator.id)


def test_whose_account_is_closed_is_not_to_be_invited_to_another(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        factories.expert(session, state=ExpertState.NOMINATED, telephone="+382 67 1")
    office = sign_in_as(Role.COORDINATOR)
    assert "ask by telephone" not in office.get("/queue").text
    with writing(app) as session:
        person = session.scalars(sa.select(Expert)).one().account
        assert person is not None
        person.active = False
    assert "cannot sign in as an expert: ask by telephone (+382 67 1), or have" in (
        office.get("/queue").text
    )


def test_who_has_no_account_is_seesacs_task_by_telephone(app: Flask, sign_in_as: SignIn) -> None:
    office = sign_in_as(Role.COORDINATOR)
    page = office.get("/experts/add")
    page.submit("Add to the roster", {"Name": "Ana Primer"}, status=400)
    page = page.submit("Add to the roster", {"Name": "Ana Primer", "Telephone": "+382 67 1"})
    page.submit("Start screening")
    number = only_expert(app).id
    queue = office.get("/queue")
    assert "no account: ask by telephone (+382 67 1), or invite" in queue.text
    assert "SEESAC looks at your profile" in queue.text
    # That they were put on the roster was to be said before.
    for call in (1, 2):
        office.post(f"/calls/{call}/done", {}, status=302)
    with reading(app) as session:
        assert None not in session.scalars(sa.select(PhoneCall.done_by)).all()
    assert "SEESAC looks at your profile" not in office.get("/queue").text
    page = office.get(f"/roster/{number}")
    page.submit("Note the consent", {"consent-kind": "by telephone"})
    office.get(f"/roster/{number}").submit("Activate")
    assert only_expert(app).state is ExpertState.ACTIVE


def test_an_invitation_that_waits_for_somebody_without_an_account_is_seesacs_task(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, signs_in=False, telephone="+382 67 1")
        factories.match(session, MatchState.INVITED, expert=expert)
    text = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert f"{expert.name} has no open account: ask them (+382 67 1)" in text
    # The task says it; a call to say that there is an invitation would be a second one.
    assert "an invitation waits for you" not in text


def test_nobody_is_called_to_hear_what_they_have_said_themselves(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, signs_in=False, telephone="+382 67 1")
        number = factories.match(session, MatchState.INVITED, expert=expert).id
    pages = sign_in_as(Role.COORDINATOR)
    pages.get(f"/matches/{number}").submit(
        "Note a yes given elsewhere", {"note-the-yes-kind": "by telephone"}
    )
    with reading(app) as session:
        assert session.scalars(sa.select(PhoneCall)).all() == []


def test_a_coordinator_invites_who_was_added_to_keep_the_profile(
    app: Flask, sign_in_as: SignIn
) -> None:
    office = sign_in_as(Role.COORDINATOR)
    page = office.get("/experts/add").submit(
        "Add to the roster", {"Name": "Ana Primer", "E-mail address": "Ana@Example.org"}
    )
    page.submit("Invite to an account")
    with reading(app) as session:
        expert = session.scalars(sa.select(Expert)).one()
        assert expert.account is not None
        assert (expert.account.email, expert.contact_email) == ("ana@example.org", "")
        assert expert.account.kinds == {Role.EXPERT}
    number = only_expert(app).id
    office.post(f"/roster/{number}/invite", {}, status=409)


@pytest.mark.parametrize(("requesters", "experts"), [(False, True), (True, True)])
def test_strangers_ask_for_a_place_where_the_setting_allows(
    app: Flask, pages: Pages, sign_in_as: SignIn, requesters: bool, experts: bool
) -> None:
    pages.get("/ask-for-an-account", status=404)
    with writing(app) as session:
        stored = get_settings(session)
        stored.accounts_on_request, stored.experts_on_request = requesters, experts
    form = {
        "Your name": "Ana Primer",
        "Your e-mail address at work": "ana@example.org",
        "Institution": "Ministry",
        "Jurisdiction": "MNE",
        "reason": "Firearms tracing.",
    }
    if requesters:
        form["What would you like to do?"] = "expert"
    pages.get("/ask-for-an-account").submit("Send", form)
    with reading(app) as session:
        assert session.scalars(sa.select(AccountRequest.role)).one() == "expert"
    office = sign_in_as(Role.COORDINATOR)
    office.get("/accounts/requests").submit("Invite as an expert: Ana Primer")
    expert = only_expert(app)
    assert expert.state is ExpertState.NOMINATED
    with reading(app) as session:
        account = session.get_one(Account, expert.account_id)
        assert account.email == "ana@example.org"
        assert account.kinds == {Role.EXPERT}


def test_a_question_is_answered_by_its_expert_alone(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        mine = factories.expert(session, state=ExpertState.SCREENING)
        other = factories.expert(session)
        people = mine.account, other.account
        assert people[0] is not None
    office = sign_in_as(Role.COORDINATOR)
    page = office.get(f"/roster/{mine.id}")
    page.submit("Ask for more", {"Section": "themes", "What is missing": "More."})
    again = office.post(
        f"/roster/{mine.id}/questions",
        {"question-section": "themes", "question-comment": "More."},
        status=409,
    )
    assert "asked already" in again.text
    assert people[1] is not None
    stranger = visitor().come_in(people[1])
    stranger.post("/profile/questions/1/answer", {}, status=404)
    office.post(f"/roster/{other.id}/questions/1/drop", {}, status=404)
    office.get(f"/roster/{mine.id}").submit("Not needed any more: Themes")
    with reading(app) as session:
        assert session.scalars(sa.select(ProfileQuestion.state)).one() is QuestionState.DROPPED
    assert "SEESAC asks for something in your profile no more" in notices(app, people[0].id)
    told = visitor().come_in(people[0]).get("/notices")
    assert "is not needed any more" in told.text
    assert told.text.count("More.") == 2


def test_a_coordinator_says_whose_official_somebody_is(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        expert = factories.expert(session)
    office = sign_in_as(Role.COORDINATOR)
    page = office.get(f"/roster/{expert.id}")
    page.submit("Save", {"contact-authority": str(organisation.id), "contact-telephone": "+1 2"})
    assert (only_expert(app).authority_id, only_expert(app).telephone) == (organisation.id, "+1 2")
    stale = {"contact-authority": "", "contact-version": "1"}
    office.post(f"/roster/{expert.id}/contact", stale, status=409)
    assert only_expert(app).authority_id == organisation.id


@pytest.mark.parametrize("has_left", [False, True])
def test_nobody_invites_or_calls_officials_of_their_own_house_nor_invites_who_has_left(
    app: Flask, visitor: Callable[[], Pages], has_left: bool
) -> None:
    with writing(app) as session:
        house = factories.organisation(session).id
        person = factories.account(
            session, Role.COORDINATOR, Role.NOMINATING_AUTHORITY, organisation_id=house
        )
        expert = factories.expert(
            session, signs_in=False, contact_email="ana@example.org", authority_id=house
        )
        if has_left:
            person = factories.account(session, Role.COORDINATOR)
            by = factories.work(session, factories.account(session, Role.COORDINATOR))
            experts.take(by, expert, ExpertStep.TAKE_OFF, factories.grounds())
        call = PhoneCall(expert_id=expert.id, since=clock.now(), words={"what": "ring"})
        session.add(call)
        session.flush()
        number, calls = expert.id, call.id
    pages = visitor().come_in(person)
    pages.post(f"/roster/{number}/invite", {}, status=409 if has_left else 403)
    pages.post(f"/calls/{calls}/done", {}, status=302 if has_left else 403)
    with reading(app) as session:
        kept = session.get_one(Expert, number)
        assert (kept.account, kept.contact_email) == (None, "ana@example.org")
