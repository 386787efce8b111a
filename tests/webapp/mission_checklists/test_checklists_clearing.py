"""A mission is cleared when all that is compulsory is there, or with a reason."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.mission_checklists.test_checklists_readers import Case
from webapp.accounts.models import Account
from webapp.amendments.queries import get_version
from webapp.core import invariants
from webapp.core.errors import ConflictError
from webapp.core.record import reasons
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.language import in_language
from webapp.core.words.translation import _
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.matches.models import ReleaseLetter
from webapp.mission_checklists import content, operations
from webapp.mission_checklists.content import RISK_TEXT, RISK_VERSION, RiskKnown, risk_to_read
from webapp.mission_checklists.models import Item, ItemState, NeedKind
from webapp.roster import merging

K = NeedKind
WHY = Grounds(ReasonKind.COMMENT, "The insurance is promised by telephone.")


def state(case: Case) -> DeploymentState:
    """Return where the mission stands."""
    with reading(case.app) as session:
        return session.get_one(Deployment, case.number).state


def settle(case: Case, *kinds: NeedKind) -> None:
    """Let these things, or all, be seen to."""
    with writing(case.app) as session:
        factories.settle(session, session.get_one(Deployment, case.number), *kinds)


@pytest.mark.both_databases
def test_a_mission_is_cleared_when_nothing_compulsory_is_open(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.mission(Role.COORDINATOR)
    assert (
        "Before the mission is cleared it needs: release letter, consent to the risk" in page.text
    )
    case.pages[Role.COORDINATOR].post(f"/deployments/{case.number}/clear", status=409)
    settle(case)
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    assert state(case) is DeploymentState.CLEARED
    with reading(app) as session:
        assert invariants.run(session) == []


def test_what_is_not_compulsory_holds_nobody_up(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor)
    settle(case, *set(NeedKind) - {K.INVITATION, K.HOST})
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    assert state(case) is DeploymentState.CLEARED


def test_a_mission_goes_without_something_with_a_reason_that_is_kept(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case, *set(NeedKind) - {K.INSURANCE})
    page = case.mission(Role.COORDINATOR)
    button = "Clear although something is missing"
    page.submit(button, {"Why the mission can go without it": ""}, status=400)
    page.submit(button, {"Why the mission can go without it": WHY.text})
    assert state(case) is DeploymentState.CLEARED
    with reading(app) as session:
        event = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "deployment: clear regardless")
        ).one()
        assert session.get_one(Reason, event.details["reason_id"]).text == WHY.text
    # Those who are sent and those who ask are not told what was missing.
    assert WHY.text not in case.mission(Role.REQUESTER).text


def test_nobody_is_sent_without_their_own_consent_whatever_the_reason(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case, *set(NeedKind) - {K.CONSENT})
    page = case.mission(Role.COORDINATOR)
    assert "Nobody is sent without: consent to the risk" in page.text
    assert "Clear although something is missing" not in page.text
    with writing(app) as session:
        work = factories.work(session, session.merge(case.office))
        mission = session.get_one(Deployment, case.number)
        with pytest.raises(ConflictError, match="Nobody is sent without"):
            missions.take(work, mission, DeploymentStep.CLEAR_REGARDLESS, WHY)
        with pytest.raises(ConflictError, match="never what an expert signs"):
            operations.leave_out(work, mission, K.CONSENT, WHY, seen_version=mission.version)


def test_the_expert_signs_a_text_in_its_version_at_a_time(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    assert all(str(line) in page.text for line in RISK_TEXT)
    refused = page.submit("Sign", status=400)
    assert "tick the box if you consent" in refused.errors["agree"]
    page.submit("Sign", {"agree": "y", "text_version": "of before"}, status=409)
    page.submit("Sign", {"agree": "y"})
    with reading(app) as session:
        item = session.query(Item).one()
        assert (item.kind, item.text_version) == (K.CONSENT, RISK_VERSION)
        assert item.changed_by == case.expert_account
        assert invariants.run(session) == []
    page = case.pages[Role.COORDINATOR].get(f"{case.address}/{K.CONSENT}")
    assert f"version {RISK_VERSION}" in page.text
    # Signed once is signed, from another window too.
    read = risk_to_read("en", RiskKnown())
    signed = {"text_version": read.version, "text_language": read.language, "digest": read.digest}
    case.post(Role.EXPERT, "consent/sign", status=409, agree="y", **signed)


def test_the_expert_reads_above_what_they_sign_what_is_said_of_security_there(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with reading(app) as session:
        mission = session.get_one(Deployment, case.number)
        agreed = mission.match.request.security
    for role in (Role.EXPERT, Role.COORDINATOR):
        page = case.pages[role].get(f"{case.address}/{K.CONSENT}")
        assert "What SEESAC says of the security there" in page.text
        assert agreed in page.text
        terms = page.follow("From the terms of reference, version 1.")
        assert terms.heading.startswith("Documents of the mission")
        assert ("The briefing is still to come." in page.text) == (role is Role.EXPERT)
        # An expert has no page of what is SEESAC's to do, before there is a file on it.
        assert ("Security briefing" in page.links) == (role is Role.COORDINATOR)
        assert "Security briefing" in page.text
    other = case.pages[Role.EXPERT].get(f"{case.address}/{K.VISA}")
    assert agreed not in other.text

    briefing = (io.BytesIO(b"%PDF-1.7 the roads at night"), "Security.pdf")
    case.post(Role.COORDINATOR, f"{K.BRIEFING}/done", file=briefing)
    page = case.pages[Role.EXPERT].get(f"{case.address}/{K.CONSENT}")
    assert "The briefing is still to come." not in page.text
    page.follow("Security.pdf")


def test_no_file_of_the_terms_is_offered_of_a_mission_that_is_cancelled(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        mission.reason = reasons.keep(work, WHY, mission.match.expert.tells_of)
        mission.state = DeploymentState.CANCELLED
    page = case.pages[Role.COORDINATOR].get(f"{case.address}/{K.CONSENT}")
    assert "From the terms of reference, version 1." in page.text
    assert "From the terms of reference, version 1." not in page.links


def test_terms_that_say_nothing_of_security_say_so_above_what_is_signed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        terms = get_version(mission.match.request, mission.tor_version)
        terms.content = {**terms.content, "security": ""}
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    assert "The terms of reference say nothing of it." in page.text
    assert "From the terms of reference" not in page.text


def test_the_text_is_kept_as_it_was_signed_whatever_it_says_afterwards(
    app: Flask, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(app, visitor)
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    page.submit("Sign", {"agree": "y", "text_language": "xx"}, status=409)
    page.submit("Sign", {"agree": "y"})
    lines = [str(line) for line in RISK_TEXT]
    with reading(app) as session:
        item = session.query(Item).one()
        assert (item.signed_language, item.signed_text) == ("en", "\n".join(lines))
    monkeypatch.setattr(content, "RISK_TEXT", (_("Another text."),))
    for role in (Role.EXPERT, Role.COORDINATOR):
        text = case.pages[role].get(f"{case.address}/{K.CONSENT}").text
        assert all(line in text for line in lines)
        assert "Another text." not in text
    case.post(Role.EXPERT, "consent/open")
    with reading(app) as session:
        item = session.query(Item).one()
        assert (item.signed_language, item.signed_text) == (None, None)


def test_who_signs_on_a_page_in_another_language_signs_what_they_read(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    with in_language("ru"):
        lines = [str(line) for line in RISK_TEXT]
    with writing(app) as session:
        session.get_one(Account, case.expert_account).language = "ru"
    # What is refused comes back in the reader's language, and a tick is for what is read then.
    refused = page.submit("Sign", status=400)
    assert all(line in refused.text for line in lines)
    refused.submit("Подписать", {"agree": "y"})
    with reading(app) as session:
        item = session.query(Item).one()
        assert (item.signed_language, item.signed_text) == ("ru", "\n".join(lines))


@pytest.mark.parametrize("slips", [{}, {"csrf_token": "old"}])
def test_a_text_that_was_changed_meanwhile_is_shown_and_asked_for_again(
    app: Flask, visitor: Callable[[], Pages], monkeypatch: pytest.MonkeyPatch, slips: dict[str, str]
) -> None:
    case = Case(app, visitor)
    page = case.mission(Role.EXPERT).follow("Read and sign: consent to the risk")
    # Of the same version: a word that was mended.
    monkeypatch.setattr(content, "RISK_TEXT", (_("Another text."),))
    refused = page.submit("Sign", {"agree": "y", **slips}, status=400 if slips else 409)
    assert "Another text." in refused.text
    assert ("The text was changed meanwhile" in refused.text) == (not slips)
    assert refused.form("Sign").values["agree"] == [], "the tick was below another text"
    with reading(app) as session:
        assert session.query(Item).all() == []
    refused.submit("Sign", {"agree": "y"})
    with reading(app) as session:
        assert session.query(Item).one().signed_text == "Another text."


def test_a_signature_of_before_is_told_by_its_version(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case, K.CONSENT)
    told = {RISK_VERSION: str(RISK_TEXT[0]), "2020-01-01": "was not kept with the signature"}
    for version, words in told.items():
        with writing(app) as session:
            item = session.query(Item).one()
            item.text_version, item.signed_text, item.signed_language = version, None, None
        assert words in case.pages[Role.COORDINATOR].get(f"{case.address}/{K.CONSENT}").text


def test_a_signature_of_somebody_else_is_found(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor)
    settle(case, K.CONSENT)
    with writing(app) as session:
        session.query(Item).one().changed_by = case.office.id
    with reading(app) as session:
        (fault,) = invariants.run(session)
        assert "was signed by somebody else than its expert" in fault


@pytest.mark.both_databases
def test_a_signature_stays_that_of_an_expert_whose_two_profiles_are_joined(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case, K.CONSENT)
    with writing(app) as session:
        gone = session.get_one(Deployment, case.number).match.expert
        kept = factories.expert(session)
        factories.make_official(session, kept, gone.authority_id)
        session.flush()
        assert kept.account_id != gone.account_id
        work = factories.work(session, session.merge(case.office))
        merging.join(work, kept, gone, [], seen=(kept.version, gone.version))
    with reading(app) as session:
        assert [one for one in invariants.run(session) if "consent" in one] == []
    with writing(app) as session:
        session.query(Item).one().changed_by = case.office.id
    with reading(app) as session:
        assert [one for one in invariants.run(session) if "consent" in one]


def test_seesac_leaves_a_thing_out_with_a_reason_that_it_alone_reads(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.pages[Role.COORDINATOR].get(f"{case.address}/{K.VISA}")
    page.submit("Not needed", {"Why the mission does not need it": ""}, status=400)
    said = "No visa between these two."
    page.submit("Not needed", {"Why the mission does not need it": said})
    assert said in case.pages[Role.COORDINATOR].get(f"{case.address}/{K.VISA}").text
    mine = case.pages[Role.EXPERT].get(f"{case.address}/{K.VISA}")
    assert "not needed" in mine.text
    assert said not in mine.text
    assert case.states() == {"visa": "not needed"}
    case.pages[Role.COORDINATOR].get(f"{case.address}/{K.VISA}").submit("Open it again")
    assert case.states() == {"visa": "open"}


def test_a_letter_of_release_is_there_already_until_the_days_change(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        mission = session.get_one(Deployment, case.number)
        session.add(
            ReleaseLetter(
                match_id=mission.match_id, number="5/31", dated=mission.start, conditions="",
                written_at=mission.state_since, written_by=case.authority.id,
            )
        )  # fmt: skip
    assert "release letter" not in case.mission(Role.COORDINATOR).text.split("it needs:")[1][:90]
    move(case)
    assert "it needs: release letter" in case.mission(Role.COORDINATOR).text


def move(case: Case) -> None:
    """Let the mission begin a day later."""
    with writing(case.app) as session:
        mission = session.get_one(Deployment, case.number)
        day = timedelta(days=1)
        missions.move(
            factories.work(session, session.merge(case.office)), mission,
            mission.start + day, mission.end + day, seen_version=mission.version,
        )  # fmt: skip


def test_other_days_open_again_what_was_for_the_former_ones(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case, K.CONSENT, K.INSURANCE, K.TICKETS, K.RELEASE)
    move(case)
    with reading(app) as session:
        rows = session.scalars(sa.select(Item)).all()
        states = {row.kind: (row.state, row.file is None) for row in rows}
    again = (ItemState.OPEN, True)
    assert states == dict.fromkeys((K.CONSENT, K.INSURANCE, K.TICKETS, K.RELEASE), again)


def test_nothing_is_opened_again_once_the_mission_is_cleared(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    settle(case)
    case.mission(Role.COORDINATOR).submit("Clear for departure")
    case.post(Role.COORDINATOR, f"{K.INSURANCE}/open", status=409)
    case.post(Role.EXPERT, f"{K.VISA}/open", status=409)
