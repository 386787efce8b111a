"""In a real browser, the request of the Bishkek conference ends in an approved deployment.

The whole demo roster stands as rivals; an inspector of the women police network must come first.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser import bishkek, steps
from tests.browser.counting import Count
from tests.databases import reading
from webapp.core import invariants
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.messages import delivery

# The whole case by three people, with three sign-ins, a correction and a reason that was forgotten;
# each way through the menus counts, which was once taken by an address.
MOST_PRESSES = 52
pytestmark = [pytest.mark.browser, pytest.mark.both_databases, pytest.mark.long]


@pytest.fixture
def count() -> Count:
    """Return what the case takes, from the sign-in on."""
    return Count()


@pytest.fixture
def browser_of(
    app: Flask, chromium: Any, live_url: str, count: Count, request: pytest.FixtureRequest
) -> Callable[[Role], Any]:
    """Return a function that signs somebody in by role, each with a browser of their own."""
    addresses = bishkek.join(app)

    def sign_in(role: Role) -> Any:
        page = bishkek.come_in(chromium, live_url, addresses[role], count)
        request.addfinalizer(page.context.close)
        return page

    return sign_in


def test_the_conference_in_bishkek_gets_its_inspector(
    app: Flask,
    outbox: list[Any],
    browser_of: Callable[[Role], Any],
    count: Count,
    record_property: Callable[[str, object], None],
) -> None:
    steps.from_draft_to_deployment(
        *map(browser_of, (Role.REQUESTER, Role.COORDINATOR, Role.EXPERT))
    )
    sound_at_the_end(app, outbox)
    for name in ("presses", "loads", "seconds"):
        record_property(name, getattr(count, name))
    assert count.presses <= MOST_PRESSES


def sound_at_the_end(app: Flask, outbox: list[Any]) -> None:
    """Look behind the pages: one deployment, a sound database and log, and mails to those asked."""
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
        deployment = session.query(Deployment).one()
        assert (deployment.start, deployment.end) == (bishkek.START, bishkek.END)
        actions = [event.action for event in session.query(audit.AuditEvent)]
    for action in ("request: submit", "request: accept", "match: approve", "deployment: plan"):
        assert action in actions
    with app.app_context():
        delivery.deliver_due()
    subjects = " | ".join(mail.subject for mail in outbox)
    for words in (
        "Please look again",
        "is accepted",
        "an invitation waits",
        "are proposed",
        "selected",
    ):
        assert words in subjects
