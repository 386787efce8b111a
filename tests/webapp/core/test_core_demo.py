"""Who asks for help in the demo asks for the own government."""

import json
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from webapp.config import DATA
from webapp.demo_people import PEOPLE, load_focal_points, load_people
from webapp.organisations.models import Organisation


def rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / "demo" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_government_that_asks_in_the_demo_has_a_focal_point_of_its_own(
    session: Session,
) -> None:
    work = factories.work(session)
    people = load_people(work, {row["id"]: row for row in rows("experts.jsonl")})
    focal_points = load_focal_points(work, people)
    asking = {row["jurisdiction"] for row in rows("requests.jsonl")}
    assert asking <= focal_points.keys()
    for jurisdiction, account in focal_points.items():
        assert account.jurisdiction == jurisdiction
        home = session.get_one(Organisation, account.organisation_id)
        assert home.jurisdiction == jurisdiction
        assert account.email.endswith("@example.org")
    # Those who were made for this have no password that the demo would have to tell.
    assert len(people) == len(PEOPLE)


def test_who_signs_in_for_a_government_has_its_requests(session: Session) -> None:
    work = factories.work(session)
    people = load_people(work, {row["id"]: row for row in rows("experts.jsonl")})
    focal_points = load_focal_points(work, people)
    signing_in = {person["account"].email for person in people}
    kyrgyz, moldovan = focal_points["KGZ"], focal_points["MDA"]
    assert {kyrgyz.email, moldovan.email} <= signing_in
    assert kyrgyz.email == "requester.kgz@example.org"
