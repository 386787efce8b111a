"""What an expert changes or removes in the profile is gone from what matches have quoted, too."""

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
from webapp.matches.models import Match
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex

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
        placing = rankings.get_placing(RosterIndex(), session, request, expert.id)
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
    assert "changed or removed by its owner since" in page.text
    assert "Zvonimir" not in page.text


HARMLESS = "Trained the police of Vareni in tracing firearms."


def _match_quoting(app: Flask, **texts: Any) -> tuple[Expert, Match]:
    with writing(app) as session:
        expert = factories.expert(session, **texts)
        request = factories.request(session, RequestState.ACCEPTED)
        placing = rankings.get_placing(RosterIndex(), session, request, expert.id)
        match = factories.match(session, request=request, expert=expert, placing=placing)
        assert "Zvonimir" in json.dumps(match.explanation)
        return expert, match


def _evidence(description: str) -> list[Evidence]:
    return [Evidence(kind=EvidenceKind.MISSION, title="Tracing", description=description)]


@pytest.mark.parametrize(
    ("texts", "page", "label"),
    [
        ({"evidence": _evidence}, "/profile/evidence/{entry}", "Description"),
        ({"trainings": lambda text: [Training(title=text)]}, "/profile/training/{entry}", "Title"),
        ({"summary": str}, "/profile/about", "Summary"),
    ],
    ids=["evidence", "training", "summary"],
)
def test_no_copy_of_a_sentence_stays_that_its_owner_has_taken_out(
    app: Flask,
    pages: Pages,
    sign_in_as: Callable[..., Pages],
    texts: dict[str, Callable[[str], Any]],
    page: str,
    label: str,
) -> None:
    before = f"{SECRET}. {HARMLESS}"
    expert, match = _match_quoting(app, **{name: make(before) for name, make in texts.items()})
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        entries = [*(stored.evidence if "evidence" in texts else stored.trainings)]
        address = page.format(entry=entries[0].id if entries else 0)
        assert stored.account is not None
        email = stored.account.email
    own = pages.sign_in(email)
    own.get(address).submit("Save", {label: HARMLESS})
    assert not [name for name, held in rows(app).items() if "Zvonimir" in repr(held)]
    shown = sign_in_as(Role.COORDINATOR).get(f"/matches/{match.id}")
    assert "Zvonimir" not in shown.text


def test_a_sentence_that_still_stands_is_quoted_as_before(app: Flask, pages: Pages) -> None:
    expert, match = _match_quoting(app, evidence=_evidence(f"{HARMLESS} Zvonimir."))
    quoted = max(match.explanation["entries"], key=lambda entry: entry["contribution"])["sentence"]
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert stored.account is not None
        number, email = stored.evidence[0].id, stored.account.email
    form = pages.sign_in(email).get(f"/profile/evidence/{number}")
    form.submit("Save", {"Title": "Another title", "Description": f"{HARMLESS} More."})
    with reading(app) as session:
        kept = session.get_one(Match, match.id).explanation
    assert quoted in [entry["sentence"] for entry in kept["entries"]]
    assert "Zvonimir" not in json.dumps(kept)
    assert "Tracing" not in [entry["title"] for entry in kept["entries"]]
