"""The invariants of terms of reference, for what no single fault shows: how much they hold."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.amendments import invariants
from webapp.expertise_requests.models import ExpertiseRequest, RequestState


@pytest.mark.both_databases
def test_of_many_requests_few_are_held_at_a_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        for _request in range(4):
            factories.request(session, RequestState.ACCEPTED)
        session.execute(sa.update(ExpertiseRequest).values(place="Elsewhere"))
    monkeypatch.setattr(invariants, "AT_ONCE", 1)
    with reading(app) as session:
        held = []
        for _fault in invariants.requests_say_what_was_agreed(session):
            held.append(
                sum(isinstance(one, ExpertiseRequest) for one in session.identity_map.values())
            )
    assert len(held) == 4
    assert max(held) <= 2
