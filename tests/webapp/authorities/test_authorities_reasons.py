"""A nominating authority reads its own reasons, and no later terms of a mission that it refused."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.mission_documents.saving import save
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.content import get_content
from webapp.matches import operations, releases
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

SAID = "My superior threatens me."
S = MatchState


class Case:
    """An official whose release is asked for, and the authority."""

    def __init__(self, app: Flask, state: MatchState) -> None:
        self.app = app
        with writing(app) as session:
            home = factories.organisation(session)
            self.authority = factories.account(
                session, Role.NOMINATING_AUTHORITY, organisation_id=home.id
            )
            self.office = factories.account(session, Role.COORDINATOR)
            expert = factories.expert(session, authority_id=home.id)
            self.match = factories.match(session, state, expert=expert, coordinator=self.office).id
            assert expert.account
            self.expert = expert.account

    def take(self, step: MatchStep, by: Account, why: Grounds) -> None:
        """Let somebody take a step."""
        with writing(self.app) as session:
            work = factories.work(session, session.merge(by))
            operations.take(work, session.get_one(Match, self.match), step, why)


def release_and_take_back(case: Case) -> None:
    """Let the authority release its official by a letter, who then can no longer go."""
    with writing(case.app) as session:
        authority = factories.work(session, session.merge(case.authority))
        letter = releases.LetterContent("5/31", clock.today())
        releases.release(authority, session.get_one(Match, case.match), letter)
    case.take(MatchStep.TAKE_BACK_YES, case.expert, Grounds(ReasonKind.PERSONAL, SAID))


def change_days(case: Case) -> None:
    """Let both sides agree on later days."""
    with writing(case.app) as session:
        request = session.get_one(Match, case.match).request
        later = dataclasses.replace(
            get_content(request),
            start=request.start and request.start + timedelta(days=90),
            end=request.end and request.end + timedelta(days=90),
        )
        asks = factories.work(session, request.requester)
        made = amendments.propose(
            asks, request, later, Grounds(ReasonKind.COMMENT, "Later."),
            seen_version=request.tor_version,
        )  # fmt: skip
        office = factories.work(session, session.merge(case.office))
        amendments.take(office, made, AmendmentStep.AGREE)


def test_the_authority_reads_no_reason_that_was_given_to_seesac(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, S.RELEASE_ASKED)
    release_and_take_back(case)
    page = visitor().come_in(case.authority).get(f"/releases/{case.match}")
    assert "5/31" in page.text
    assert SAID not in page.text


def test_who_is_considered_anew_is_nobodys_to_know_before_the_release_is_asked_for_anew(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, S.RELEASE_ASKED)
    release_and_take_back(case)
    case.take(MatchStep.RECONSIDER, case.office, Grounds(ReasonKind.OTHER, SAID))
    change_days(case)
    pages = visitor().come_in(case.authority)
    letter = f"/matches/{case.match}/nomination-letter"
    pages.get(f"/releases/{case.match}", status=404)
    assert save(pages, letter).status_code == 404
    case.take(MatchStep.CANCEL, case.office, Grounds(ReasonKind.OTHER, SAID))
    # What it has answered to is its own again, and what it was not asked for is not.
    page = pages.get(f"/releases/{case.match}")
    assert "5/31" in page.text
    assert letter not in {form.action for form in page.forms}
    assert save(pages, letter).status_code == 404


def test_the_authority_reads_its_own_refusal_and_no_letter_on_later_terms(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, S.RELEASE_ASKED)
    pages = visitor().come_in(case.authority)
    letter = f"/matches/{case.match}/nomination-letter"
    assert letter in {form.action for form in pages.get(f"/releases/{case.match}").forms}
    case.take(MatchStep.REFUSE_RELEASE, case.authority, Grounds(ReasonKind.NEEDED_AT_HOME, "Exam."))
    change_days(case)
    page = pages.get(f"/releases/{case.match}")
    assert "Exam." in page.text
    assert letter not in {form.action for form in page.forms}
    assert save(pages, letter).status_code == 404
