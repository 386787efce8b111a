"""A mission becomes a confirmed piece of evidence, once, and the ranking reads that it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts import operations as accounts
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.vocabularies import HelpKind
from webapp.deployments.models import Deployment
from webapp.experts import operations as experts
from webapp.experts.contents import EvidenceContent
from webapp.experts.models import Evidence, EvidenceKind
from webapp.matches.ranking.matcher_records import expert_record
from webapp.mission_reports import operations as reports
from webapp.mission_reports import profile_entries
from webapp.mission_reports.models import MissionEntry, Side

WORDS = EvidenceContent(
    EvidenceKind.PROJECT, "Trainer in tracing", "Trained two groups.", jurisdiction="USA"
)


def add(
    session: Any, made: Deployment, words: EvidenceContent | None = None, **changed: Any
) -> Evidence:
    """Let the expert of a mission put it into the profile, in its own words or in others."""
    work = factories.work(session, changed.get("by") or factories.missions.writer_of(made, EXPERT))
    known = profile_entries.draft(session, made)
    return profile_entries.add(work, made, words or known, seen_version=made.match.expert.version)


EXPERT = Side.EXPERT


def report_both(session: Any, made: Deployment, clock: Any) -> None:
    """Let the expert report first, so that the requester has read it."""
    for side in Side:
        factories.report(session, made, side)
        clock.shift(timedelta(minutes=1))


@pytest.mark.both_databases
def test_a_mission_stands_in_the_profile_once_as_the_requester_has_confirmed_it(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        with pytest.raises(ConflictError, match="has not reported yet"):
            add(session, made)
        report_both(session, made, clock)
        expert, request = made.match.expert, made.match.request
        before = expert.revision
        row = add(session, made)
        assert row.is_confirmed
        assert expert.revision > before, "every worker reads the profile anew"
        assert row.title == request.title
        assert factories.ANSWERS.done in row.description
        assert (row.kind, row.jurisdiction) == (EvidenceKind.MISSION, request.jurisdiction)
        assert (row.started, row.ended) == (made.start.replace(day=1), made.end.replace(day=1))
        assert [one.confirmed for one in expert_record(expert, []).experience][-1] is True
        with pytest.raises(TwinError, match="stands in the profile already"):
            add(session, made)
        other = factories.returned_mission(session, clock)
        factories.report(session, other, Side.REQUESTER)
        stranger = factories.account(session, Role.EXPERT)
        with pytest.raises(ForbiddenError):
            add(session, other, by=stranger)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Commanding general"}, {"role": "Head of forensics"}, {"description": "Led it."},
        {"ways": (HelpKind.MENTOR,)},
    ],
)  # fmt: skip
def test_words_that_the_requester_has_not_read_are_not_confirmed(
    app: Flask, clock: Any, changed: dict[str, Any]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        report_both(session, made, clock)
        known = profile_entries.draft(session, made)
        row = add(session, made, replace(known, **changed))
        assert not row.is_confirmed
        assert {name: getattr(row, name) for name in changed} == changed


@pytest.mark.parametrize("expert_reports", ["not", "as a draft", "after the requester", "anew"])
def test_a_report_that_the_requester_could_not_read_is_no_word_that_is_confirmed(
    app: Flask, clock: Any, expert_reports: str
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        if expert_reports == "anew":
            report_both(session, made, clock)
            office = factories.work(session, factories.account(session, Role.COORDINATOR))
            reports.give_back(office, made, EXPERT)
            clock.shift(timedelta(minutes=1))
            factories.report(session, made, EXPERT)
        else:
            factories.report(session, made, Side.REQUESTER)
            clock.shift(timedelta(minutes=1))
        if expert_reports in {"as a draft", "after the requester"}:
            sent = expert_reports == "after the requester"
            factories.report(session, made, EXPERT, sent=sent)
        row = add(session, made)
        assert row.is_confirmed
        assert row.description == ""


def test_changed_words_are_confirmed_no_more_and_a_removed_entry_can_be_put_in_again(
    app: Flask, clock: Any
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        factories.report(session, made, Side.REQUESTER)
        row, expert = add(session, made), made.match.expert
        own = factories.work(session, factories.missions.writer_of(made, EXPERT))
        experts.change_entry(own, expert, row, WORDS, seen_version=expert.version)
        assert not row.is_confirmed
        experts.remove_entry(own, expert, row, seen_version=expert.version)
        session.flush()
        session.expire_all()
        assert session.query(MissionEntry).count() == 0
        assert add(session, made).is_confirmed


def test_one_click_and_a_draft_lead_from_the_report_to_the_profile(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        report_both(session, made, clock)
        people = [factories.missions.writer_of(made, side) for side in Side]
        stranger = factories.account(session, Role.EXPERT)
        request = made.match.request.reference
    expert, requester = (visitor().come_in(person) for person in people)
    page = expert.get(f"/deployments/{made.id}/reports").follow("Put the mission into your profile")
    assert factories.ANSWERS.done in page.text
    page.submit("Put it into my profile", {"Title": ""}, status=400)
    profile = page.submit("Put it into my profile")
    assert f"{request}, " in profile.text
    assert "Put it into" not in expert.get(f"/deployments/{made.id}/reports").text
    page.submit("Put it into my profile", {"Title": "Trainer again"}, status=409)
    url = f"/deployments/{made.id}/reports/profile-entry"
    requester.get(url, status=403)
    visitor().come_in(stranger).get(url, status=404)
    with reading(app) as session:
        assert session.query(MissionEntry).count() == 1


def test_what_seesac_wrote_down_for_the_requester_confirms_no_words_of_the_expert(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        administrator = factories.account(session, Role.ADMINISTRATOR)
        accounts.disable(factories.work(session, administrator), made.match.request.requester)
        factories.report(session, made, EXPERT)
        clock.shift(timedelta(minutes=1))
        office = factories.account(session, Role.COORDINATOR)
        factories.report(session, made, Side.REQUESTER, by=office)
        assert profile_entries.draft(session, made).description == ""
        person = factories.missions.writer_of(made, EXPERT)
    page = visitor().come_in(person).get(f"/deployments/{made.id}/reports/profile-entry")
    assert "SEESAC wrote down" in page.text
    page.submit("Put it into my profile")
    with reading(app) as session:
        assert (
            not session.query(Evidence).filter_by(title=made.match.request.title).one().is_confirmed
        )


def test_seesac_puts_the_mission_of_an_expert_without_account_into_the_profile(
    app: Flask, clock: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        made = factories.returned_mission(session, clock)
        absent = made.match.expert
        absent.account_id = None
        office = factories.account(session, Role.COORDINATOR)
        factories.report(session, made, Side.REQUESTER)
        with_account = factories.returned_mission(session, clock)
        factories.report(session, with_account, Side.REQUESTER)
        with pytest.raises(ForbiddenError):
            add(session, with_account, by=office)
        name, title = absent.name, made.match.request.title
    pages = visitor().come_in(office)
    pages.get(f"/deployments/{with_account.id}/reports/profile-entry-for", status=404)
    page = pages.get(f"/deployments/{made.id}/reports").follow("Put the mission into the profile")
    assert name in page.text
    profile = page.submit("Put it into the profile")
    assert profile.url.startswith(f"/roster/{absent.id}")
    assert "stands in the profile, confirmed by the requester" in profile.text
    with reading(app) as session:
        entry = session.query(MissionEntry).one()
        assert (entry.evidence.title, entry.evidence.is_confirmed) == (title, True)
        told = session.query(AuditEvent).filter_by(action=Action.PROFILE_WRITTEN).one()
        assert (told.actor_id, told.subject_id) == (office.id, absent.id)
    assert (
        "Put the mission into the profile" not in pages.get(f"/deployments/{made.id}/reports").links
    )
