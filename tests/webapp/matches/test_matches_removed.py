"""What an expert removes from the profile is gone from what matches have kept of it, too."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, rows, writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts import operations
from webapp.experts.models import Evidence, EvidenceKind, Expert, Training
from webapp.matches import ranking
from webapp.matches.models import Match
from webapp.matches.roster_index import RosterIndex

SECRET = "Traced firearms with the witness Zvonimir in Kumanovo"


@pytest.mark.both_databases
@pytest.mark.parametrize("section", ["evidence", "trainings"])
def test_no_copy_of_a_removed_entry_stays(
    app: Flask, sign_in_as: Callable[..., Pages], section: str
) -> None:
    if section == "evidence":
        kind = EvidenceKind.MISSION
        entry: dict[str, Any] = {
            "evidence": [Evidence(kind=kind, title="Tracing", description=f"{SECRET}.")]
        }
    else:
        entry = {"trainings": [Training(title=SECRET)]}
    with writing(app) as session:
        expert = factories.expert(session, **entry)
        request = factories.request(session, RequestState.ACCEPTED)
        placing = ranking.get_placing(RosterIndex(), session, request, expert.id)
        match = factories.match(session, request=request, expert=expert, placing=placing)
        assert "Zvonimir" in json.dumps(match.explanation)
        before = match.explanation
    with writing(app) as session:
        stored = session.get_one(Expert, expert.id)
        row = getattr(stored, section)[0]
        work = factories.work(session, stored.account)
        operations.remove_entry(work, stored, row, seen_version=stored.version)
    assert not [name for name, held in rows(app).items() if "Zvonimir" in repr(held)]
    with reading(app) as session:
        kept = session.get_one(Match, match.id).explanation
    shares = [entry["contribution"] for entry in before["entries"]]
    assert [entry["contribution"] for entry in kept["entries"]] == shares
    assert [term["concept"] for term in kept["terms"]] == [t["concept"] for t in before["terms"]]
    assert sum(bool(entry.get("removed")) for entry in kept["entries"]) == 1
    page = sign_in_as(Role.COORDINATOR).get(f"/matches/{match.id}")
    assert "removed by its owner" in page.text
    assert "Zvonimir" not in page.text
