"""Who sees what of a profile: its expert all, coordinators nearly all, a requester a summary."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.experts import operations, queries
from webapp.experts.models import (
    ClosedJurisdiction,
    Evidence,
    EvidenceKind,
    Expert,
    Gender,
    UnavailablePeriod,
)

SignIn = Callable[..., Pages]
ROSTER = ("/roster", "/roster/1")
PROFILE = (
    "/profile",
    "/profile/about",
    "/profile/themes",
    "/profile/languages",
    "/profile/unavailable",
    "/profile/closed-jurisdictions",
    "/profile/evidence/new",
    "/profile/evidence/1",
    "/profile/evidence/1/remove",
)
POSTS_OF_EXPERTS = (
    *PROFILE[1:],
    "/profile/confirm",
    "/profile/closed-jurisdictions/SYR/remove",
)


def test_an_expert_never_reaches_the_entries_of_another(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        one, other = factories.expert(session), factories.expert(session)
        operations.close_jurisdiction(
            factories.work(session, other.account), other, "SYR", seen_version=other.version
        )
        account = one.account
        evidence, training = other.evidence[0].id, other.trainings[0].id
        version = str(one.version)
    pages = visitor().come_in(account)
    values = {"version": version, "title": "Stolen", "kind": "mission"}
    for section, number in (("evidence", evidence), ("training", training)):
        for url in (f"/profile/{section}/{number}", f"/profile/{section}/{number}/remove"):
            pages.get(url, status=404)
        # Nothing is said but what is said of an entry that was removed meanwhile.
        pages.post(f"/profile/{section}/{number}/remove", values, status=302)
        assert "was removed already" in pages.get("/profile").text
        # What was typed is given back, as where an entry was removed meanwhile, and no more.
        foreign, gone = (
            pages.post(f"/profile/{section}/{which}", values, status=409).text
            for which in (number, 999)
        )
        assert foreign == gone
    pages.post("/profile/closed-jurisdictions/SYR/remove", values, status=404)
    for field in ("id", "expert_id", "account_id"):
        page = pages.get("/profile", query={field: str(other.id)})
        assert other.name not in page.text
    with reading(app) as session:
        kept = session.get_one(Expert, other.id)
        assert kept.evidence[0].title != "Stolen"
        assert len(kept.trainings) == len(kept.closed_jurisdictions) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_only_coordinators_reach_the_roster(app: Flask, sign_in_as: SignIn, role: Role) -> None:
    pages = sign_in_as(role)
    with writing(app) as session:
        expert = factories.expert(session)
    for url in ("/roster", f"/roster/{expert.id}"):
        assert expert.name not in pages.get(url, status=403).text
    pages.post(f"/roster/{expert.id}/step", {"step": "suspend", "reason": "x"}, status=403)


@pytest.mark.thorough
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.EXPERT}))
def test_only_experts_keep_profiles(sign_in_as: SignIn, role: Role) -> None:
    pages = sign_in_as(role)
    for url in PROFILE:
        pages.get(url, status=403)
    for url in POSTS_OF_EXPERTS:
        pages.post(url, {"version": "1"}, status=403)


def test_strangers_reach_nothing(app: Flask, pages: Pages) -> None:
    for url in (*ROSTER, *PROFILE):
        assert "/login" in pages.get(url, status=302).response.headers["Location"]
    for url in (*POSTS_OF_EXPERTS, "/roster/1/step"):
        pages.post(url, {"version": "1"}, status=401)


def test_what_is_disclosed_to_a_requester_holds_nothing_more(app: Flask) -> None:
    mission = Evidence(
        kind=EvidenceKind.MISSION,
        title="Mission in the north",
        description="canary-description",
        jurisdiction="KGZ",
        started=date(2018, 11, 1),
        ended=date(2019, 2, 1),
    )
    with writing(app) as session:
        expert = factories.expert(
            session,
            name="Ana Primer",
            institution="Fictional Gendarmerie",
            gender=Gender.OTHER,
            summary="canary-summary",
            notice_days=77,
            max_days=88,
            closed_jurisdictions=[ClosedJurisdiction(code="SYR")],
            unavailable=[UnavailablePeriod(start=date(2099, 1, 1), end=date(2099, 1, 1))],
            evidence=[mission],
        )
        assert expert.account is not None
        email = expert.account.email
    with app.test_request_context(), reading(app) as session:
        template = app.jinja_env.get_template("experts/_profile.html")
        summary = vars(template.module)["disclosed_summary"]
        shown = str(summary(queries.get(session, expert.id)))
    for words in (
        "Head of unit",
        "Chief inspector",
        "Fictional Gendarmerie",
        "Montenegro",
        "Marking, tracing",
        "Mission in the north",
        "Kyrgyzstan, 2018–2019",
        "English",
    ):
        assert words in shown
    for words in (email, "canary", "77", "88", "2099", "Syria", "other", "November"):
        assert words not in shown
