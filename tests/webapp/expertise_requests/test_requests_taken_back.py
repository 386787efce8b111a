"""What was sent is taken back to a draft while nobody at SEESAC has read it, and not afterwards."""

import pytest

from tests.databases import reading
from webapp.expertise_requests.models import ExpertiseRequest, RequestState

BACK, SENT = "Take it back to draft", "Send to SEESAC"


@pytest.mark.both_databases
def test_what_nobody_has_read_is_taken_back_and_sent_again(requester, coordinator, database, app):
    number = requester.request(RequestState.SUBMITTED)
    coordinator.get("/queue")
    page = requester.get(f"/requests/{number}").submit(BACK)
    assert "is your draft again, and SEESAC does not see it" in page.text
    assert database.request(number).state is RequestState.DRAFT
    assert "Took the request back before SEESAC had read it" in page.text
    coordinator.get(f"/requests/{number}", status=404)
    assert "was taken back" in coordinator.get("/notices").text
    requester.get(f"/requests/{number}/edit/when").submit("Save as draft", {"Place": "Osh"})
    requester.get(f"/requests/{number}/submit").submit(SENT)
    assert database.request(number).state is RequestState.SUBMITTED
    assert "Osh" in coordinator.get(f"/requests/{number}").text


@pytest.mark.both_databases
@pytest.mark.parametrize("page", ["", "/accept"])
def test_what_somebody_has_read_is_refused_in_words(requester, coordinator, database, app, page):
    number = requester.request(RequestState.SUBMITTED)
    stale = requester.get(f"/requests/{number}")
    version = database.request(number).version
    coordinator.get(f"/requests/{number}{page}")
    assert database.request(number).version == version
    refused = stale.submit(BACK, status=409)
    assert "SEESAC began to read this request on" in refused.text
    assert BACK not in {form.button for form in refused.forms if hasattr(form, "button")}
    assert database.request(number).state is RequestState.SUBMITTED
    assert BACK not in requester.get(f"/requests/{number}").text


def test_neither_its_writer_nor_a_colleague_counts_as_a_reader(requester, app):
    number = requester.request(RequestState.SUBMITTED)
    requester.get(f"/requests/{number}")
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, number).read_at is None
