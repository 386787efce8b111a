"""Every file, at a server with two workers: it is given to those who are promised it and to nobody
else, and its name stands on no page of others."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.attack import files
from tests.attack.attackers import Attacker, gather
from tests.attack.files import Kept
from tests.databases import content, forget_limits, reading, writing
from tests.faults.crowd import is_sound, keep_job_workers_awake
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
REFUSED = {302, 403, 404}


def look(app: Flask, who: Attacker, kept: list[Kept], wrong: list[str]) -> int:
    """Let somebody ask for each file and for the pages that name it; return how many they got."""
    got = 0
    known = {one.word: one for one in kept}
    for one in kept:
        # There are more files than a person opens in a minute.
        forget_limits(app)
        answers = {address: who.visitor.get(address) for address in one.addresses}
        given = [address for address, answer in answers.items() if one.word in answer.body]
        got += bool(given)
        if bool(given) is not one.is_for(who):
            wrong.append(f"{who.name}: {one.word} is given at {given or 'no address'}")
        for address, answer in answers.items():
            if address not in given and answer.status not in REFUSED:
                wrong.append(f"{who.name} {address}: {answer.status}")
        for page in one.named_at:
            said = who.visitor.get(page).body
            told = [word for word, other in known.items() if word in said and not other.is_for(who)]
            if told:
                wrong.append(f"{who.name} reads {told} at {page}")
    return got


def test_a_file_is_given_to_those_who_are_promised_it_and_named_to_nobody_else(
    app: Flask, world: factories.World, live_url: str, instance: Path, database_url: str
) -> None:
    people = gather(app, world, live_url)
    keep_job_workers_awake(app, "former")
    with writing(app) as session:
        kept = files.plant(session)
        # SEESAC has begun to read all requests, so that no look is the first one.
        session.execute(sa.update(ExpertiseRequest).values(read_at=clock.now()))
    with reading(app) as session:
        first = {role: world.first(role).id for role in Role}
        assert files.missions_are_of_the_first(session, first)
    kinds = {one.word.split("-")[1] for one in kept}
    assert kinds == {"request", "letter", "item", "report", "curriculum"}
    before, wrong = content(app), list[str]()
    got = {}
    for who in people:
        got[who.name] = look(app, who, kept, wrong)
    assert not wrong, "\n".join(wrong)
    assert all(got[f"first {role}"] for role in Role if role is not Role.ADMINISTRATOR)
    after = content(app)
    assert [name for name in before if before[name] != after[name]] == []
    assert is_sound(instance, database_url)
