"""The pages of a role in a real browser, and a world in which every text is one endless word."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from tests.factories.people import next_number
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Evidence, EvidenceKind, Expert, Training
from webapp.matches.models import MatchState
from webapp.matches.placing import Placing

WORD = "Unaussprechlichkeitsvermeidungsverordnungsentwurfsfassung" * 2
# What a visitor without an account sees; the last one is a page for an error.
PUBLIC = ["/", "/privacy", "/login", "/nothing-here"]


def addresses(world: factories.World) -> dict[Role, list[str]]:
    """Return at least one address of each page that a role has, in the states that differ most."""
    request = {state: one.id for state, one in world.requests.items()}
    match = {state: one.id for state, one in world.matches.items()}
    proposed = world.matches[MatchState.PROPOSED].request_id
    compared = "&".join(f"expert={one.id}" for one in world.experts[:2])
    return {
        Role.REQUESTER: [
            "/requests",
            "/requests/new",
            f"/requests/{request[RequestState.DRAFT]}",
            f"/requests/{request[RequestState.RETURNED]}/edit",
            f"/requests/{proposed}",
            f"/requests/{proposed}/proposed",
            "/deployments",
            f"/deployments/{world.deployment_id}",
            f"/deployments/{world.deployment_id}/reports",
            "/queue",
        ],
        Role.EXPERT: [
            "/invitations",
            f"/invitations/{match[MatchState.INVITED]}",
            "/profile",
            "/profile/preview",
            *(f"/profile/{name}" for name in ("about", "themes", "languages", "unavailable")),
            "/profile/closed-jurisdictions",
            "/profile/evidence/new",
            f"/profile/evidence/{world.evidence_id}/remove",
            f"/profile/training/{world.training_id}",
            f"/profile/evidence/{world.evidence_id}/confirmation",
            "/profile/entries",
            "/profile/curriculum",
            "/profile/leave",
            "/profile/views",
            "/my-data",
            "/my-data/erase",
            "/deployments",
            f"/deployments/{world.deployment_id}",
        ],
        Role.NOMINATING_AUTHORITY: [
            "/officials",
            "/officials/nominate",
            "/officials/nominate-list",
            f"/officials/{world.experts[0].id}",
            f"/officials/missions/{world.deployment_id}",
            f"/releases/{match[MatchState.RELEASE_ASKED]}",
        ],
        Role.COORDINATOR: [
            "/queue",
            "/requests/all",
            f"/requests/{request[RequestState.SUBMITTED]}",
            f"/requests/{request[RequestState.ACCEPTED]}/matches",
            f"/requests/{proposed}/matches",
            f"/requests/{request[RequestState.ACCEPTED]}/compare?{compared}",
            f"/matches/{match[MatchState.AVAILABLE]}",
            f"/matches/{match[MatchState.SELECTED]}",
            "/roster",
            "/roster?theme=nothing",
            "/roster/duplicates",
            f"/roster/{world.experts[0].id}/join/{world.experts[1].id}",
            f"/roster/{world.experts[0].id}",
            f"/roster/{world.experts[0].id}/reading",
            f"/roster/{world.experts[0].id}/notes/{world.note_id}",
            "/experts/add",
            "/roster/imports",
            f"/roster/imports/{world.import_id}",
            f"/roster/imports/{world.import_id}/columns",
            "/insights",
            *(f"/insights/{part}" for part in ("themes", "people", "times", "places", "choices")),
            "/deployments",
            f"/deployments/{world.deployment_id}",
            f"/deployments/{world.deployment_id}/days",
            f"/deployments/{world.deployment_id}/reports",
        ],
        Role.ADMINISTRATOR: ["/audit", "/audit?verify=1", "/accounts"],
    }


def sign_in(page: Any, email: str) -> None:
    """Sign somebody in through the real page."""
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.locator(".signed-in-as").wait_for(state="attached")


def endless_words(session: Session) -> dict[Role, tuple[Account, list[str]]]:
    """Fill all that people can type with one endless word; return who sees it, and where."""
    who = {
        role: factories.account(session, role, name=WORD, institution=WORD)
        for role in (Role.REQUESTER, Role.COORDINATOR, Role.EXPERT, Role.ADMINISTRATOR)
    }
    evidence = Evidence(
        kind=EvidenceKind.MISSION, title=WORD, description=WORD, started=date(2020, 1, 1)
    )
    expert = factories.expert(
        session,
        person=who[Role.EXPERT],
        **_words(),
        evidence=[evidence],
        # Three that have run out, so that there is something to warn of on each card.
        trainings=[
            Training(title=f"{number}{WORD}", expires=date(2019, 1, number)) for number in (1, 2, 3)
        ],
    )
    matches = {
        state: _match(session, state, number, expert, who)
        for number, state in enumerate(
            (MatchState.INVITED, MatchState.PROPOSED, MatchState.NOT_SELECTED, MatchState.SELECTED)
        )
    }
    draft = factories.request(session, requester=who[Role.REQUESTER], **_text())
    returned = factories.request(
        session,
        RequestState.RETURNED,
        requester=who[Role.REQUESTER],
        coordinator=who[Role.COORDINATOR],
        **_text(),
    )
    seen = {
        Role.REQUESTER: [
            "/requests",
            f"/requests/{draft.id}",
            f"/requests/{returned.id}/edit",
            *(f"/requests/{one.request_id}" for one in matches.values()),
            *(f"/requests/{one.request_id}/proposed" for one in matches.values()),
            "/deployments",
        ],
        Role.EXPERT: [
            "/invitations",
            f"/invitations/{matches[MatchState.NOT_SELECTED].id}",
            "/profile",
            "/profile/about",
            "/profile/preview",
            f"/profile/evidence/{evidence.id}",
            f"/profile/evidence/{evidence.id}/remove",
            "/deployments",
        ],
        Role.COORDINATOR: [
            "/queue",
            "/requests/all",
            *(f"/requests/{one.request_id}" for one in matches.values()),
            *(f"/requests/{one.request_id}/matches" for one in matches.values()),
            *(f"/matches/{one.id}" for one in matches.values()),
            "/roster",
            f"/roster/{expert.id}",
            "/deployments",
        ],
        Role.ADMINISTRATOR: ["/audit", "/accounts"],
    }
    return {role: (who[role], urls) for role, urls in seen.items()}


def _text() -> dict[str, Any]:
    short = dict.fromkeys(
        (
            "title",
            "place",
            "flexibility",
            "focal_point",
            "authorised_contact",
            "office",
            "rank_wanted",
        ),
        WORD,
    )
    names = ("objectives", "tasks", "outputs", "audience", "expert_background", "existing")
    # Nobody writes the same request twice, so one of its words ends in a number of its own.
    security = f"{WORD}{next_number()}"
    return {
        **short,
        **dict.fromkeys((*names, "costs", "security_office", "follow_up", "background"), WORD),
        "security": security,
    }


def _words() -> dict[str, Any]:
    """Return a profile's lines of text, each as long as they come."""
    return dict.fromkeys(("name", "post", "rank", "institution", "summary"), WORD[:100])


def _match(
    session: Session, state: MatchState, number: int, expert: Expert, who: dict[Role, Account]
) -> Any:
    start = date(2031, 3, 3) + timedelta(weeks=number)
    wanted = factories.request(
        session,
        RequestState.ACCEPTED,
        requester=who[Role.REQUESTER],
        coordinator=who[Role.COORDINATOR],
        start=start,
        end=start + timedelta(days=2),
        **_text(),
    )
    found = {"concept": "", "asked": WORD, "found": WORD + "en"}
    sentence = {"kind": "experience", "title": WORD[:60], "sentence": WORD, "highlights": [(0, 9)]}
    placing = Placing(
        score=0.5,
        rank=1,
        ranked_among=3,
        roster_revision=1,
        explanation={"terms": [found], "entries": [sentence], "lacking": [found]},
    )
    coordinator = who[Role.COORDINATOR]
    return factories.match(
        session, state, request=wanted, expert=expert, coordinator=coordinator, placing=placing
    )
