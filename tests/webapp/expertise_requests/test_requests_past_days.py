"""Days that are past are asked back when a request is sent and when it is accepted."""

from datetime import timedelta

import pytest

from tests.webapp.expertise_requests.conftest import Database, Person
from webapp.core import clock
from webapp.expertise_requests.models import RequestState

S = RequestState
QUESTION, TICK = "Is that meant?", "The days are right, although they are past"
EIGHT_MONTHS = 243
# The step, the state before it, its button, and the state after it.
STEPS = {
    "submit": (S.DRAFT, "Send to SEESAC", S.SUBMITTED),
    "accept": (S.SUBMITTED, "Accept the terms of reference", S.ACCEPTED),
}

pytestmark = pytest.mark.both_databases


def begun(requester: Person, state: RequestState, days_ago: int) -> int:
    """Write a request whose first day was so many days ago."""
    start = clock.today() - timedelta(days=days_ago)
    # Its last day is the first one's neighbour, so that the request is past as a whole.
    return requester.request(state, start=start, end=start + timedelta(days=1))


@pytest.mark.parametrize("step", STEPS)
def test_a_day_of_slack_asks_nothing(
    requester: Person, coordinator: Person, database: Database, step: str
) -> None:
    before, button, after = STEPS[step]
    request_id = begun(requester, before, 1)
    person = requester if step == "submit" else coordinator
    page = person.get(f"/requests/{request_id}/{step}")
    assert QUESTION not in page.text
    page.submit(button)
    assert database.request(request_id).state is after


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("days_ago", [2, EIGHT_MONTHS])
def test_older_days_are_refused_until_they_are_said_to_be_meant(
    requester: Person, coordinator: Person, database: Database, step: str, days_ago: int
) -> None:
    before, button, after = STEPS[step]
    person = requester if step == "submit" else coordinator
    if step == "submit":
        request_id = begun(requester, before, days_ago)
    else:
        # Sent while its days were to come, and read when they are past.
        request_id = begun(requester, S.DRAFT, days_ago)
        _send(requester, request_id)
    stored = database.request(request_id)
    page = person.get(f"/requests/{request_id}/{step}")
    assert QUESTION in page.text
    refused = page.submit(button, status=400)
    assert QUESTION in refused.text
    assert stored.title in refused.text
    assert stored.place in refused.text
    assert database.request(request_id) == stored
    refused.submit(button, {TICK: True})
    assert database.request(request_id).state is after


def _send(requester: Person, request_id: int) -> None:
    requester.get(f"/requests/{request_id}/submit").submit("Send to SEESAC", {TICK: True})
