"""Every address, by every method, for everybody, at a server with two workers: what the access
matrix says and nothing else, nobody's canary to whom it is not promised, and nothing changed by
what is refused."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.attack.attackers import Attacker, gather
from tests.attack.attempts import THE_FIRST, USUAL, Attempt, attempts
from tests.attack.canaries import Canaries, Sight, recorded
from tests.databases import content, forget_limits, writing
from tests.faults.crowd import is_sound, keep_job_workers_awake
from tests.live import Answer
from tests.structure.access_of_accounts import A
from webapp.core import clock
from webapp.expertise_requests.models import ExpertiseRequest

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
SOME = frozenset({"stranger", "second requester", "second coordinator"})


@dataclass
class Findings:
    """What was wrong, whom people have seen, and how much was tried."""

    wrong: list[str] = field(default_factory=list)
    seen: dict[Sight, str] = field(default_factory=dict)
    tried: int = 0


class Attack:
    """A platform that is attacked."""

    def __init__(self, app: Flask, world: factories.World, url: str) -> None:
        self.app, self.world = app, world
        self.people = gather(app, world, url)
        self.canaries = Canaries(app, world)
        self.found = Findings()
        keep_job_workers_awake(app, "former")
        with writing(app) as session:
            # SEESAC has begun to read all requests, so that no look is the first one.
            session.execute(sa.update(ExpertiseRequest).values(read_at=clock.now()))

    def run(self, who: Attacker, chosen: Iterable[Attempt]) -> None:
        """Let somebody try these things."""
        token, last = who.token(), ""
        for attempt in chosen:
            if attempt.endpoint != last:
                # There are more addresses than a person opens in a minute.
                forget_limits(self.app)
            last = attempt.endpoint
            self.look(who, attempt, _send(who, attempt, token))

    def look(self, who: Attacker, attempt: Attempt, answer: Answer) -> None:
        """Note what is wrong with an answer, and whom it tells of."""
        self.found.tried += 1
        if not _fits(attempt, answer):
            self.found.wrong.append(
                f"{who.name} {attempt}: {answer.status}, not {sorted(attempt.fitting)}"
            )
        if answer.missing:
            self.found.wrong.append(f"{who.name} {attempt}: without {answer.missing}")
        for canary in self.canaries.found_in(answer.body):
            told = f"{who.name} {attempt} tells {canary.word} ({', '.join(canary.columns)})"
            if not self.canaries.may_read(who, canary, attempt.endpoint):
                self.found.wrong.append(told)
            if canary.expert_id and who.account_id and canary.account_id != who.account_id:
                self.found.seen[who.account_id, attempt.path.split("?")[0], canary.expert_id] = told


def _send(who: Attacker, attempt: Attempt, token: str) -> Answer:
    if attempt.method in {"GET", "HEAD"}:
        return who.visitor.ask(attempt.method, attempt.path)
    if attempt.method == "POST":
        return who.visitor.post(attempt.path, {"csrf_token": token})
    return who.visitor.ask(attempt.method, attempt.path, {"X-CSRFToken": token})


def _fits(attempt: Attempt, answer: Answer) -> bool:
    """Tell whether the status fits; where only 302 does, it must lead to the sign-in."""
    if attempt.fitting == {302} and answer.status == 302:
        return answer.headers["Location"].startswith("/login?next=")
    return answer.status in attempt.fitting


@pytest.fixture
def attack(app: Flask, world: factories.World, live_url: str) -> Attack:
    """Return the platform with all who attack it."""
    return Attack(app, world, live_url)


def attacked(attack: Attack, chosen: Callable[[Attacker, Attempt], bool]) -> None:
    """Let everybody try what is chosen, first all that may change nothing."""
    people = attack.people
    tried = {
        who: [one for one in attempts(attack.app, attack.world, who) if chosen(who, one)]
        for who in people
    }
    before = content(attack.app)
    with ThreadPoolExecutor(4) as crowd:
        looks = [
            crowd.submit(attack.run, who, [one for one in asked if not one.may_change])
            for who, asked in tried.items()
        ]
    for one in looks:
        one.result()
    after = content(attack.app)
    assert [name for name in before if before[name] != after[name]] == []
    # One after the other, and administrators last: they end sessions of others.
    for who in sorted(people, key=lambda one: A in one.kinds):
        attack.run(who, [one for one in tried[who] if one.may_change])
    told = recorded(attack.app)
    unrecorded = [what for sight, what in attack.found.seen.items() if sight not in told]
    wrong = attack.found.wrong + unrecorded
    assert not wrong, "\n".join(wrong)


def is_plain(who: Attacker, attempt: Attempt) -> bool:
    """Choose some people, and what is the first ones'."""
    return who.name in SOME and attempt.of == THE_FIRST and attempt.method in USUAL


def test_some_who_try_every_address_are_answered_as_the_matrix_says(
    attack: Attack, instance: Path, database_url: str
) -> None:
    attacked(attack, is_plain)
    assert attack.found.tried > 500
    assert attack.found.seen
    assert is_sound(instance, database_url)


def test_whatever_is_asked_for_by_whomever_is_answered_as_the_matrix_says(
    attack: Attack, instance: Path, database_url: str
) -> None:
    attacked(attack, lambda _who, _attempt: True)
    assert len(attack.people) == 16
    assert attack.found.tried > 10_000
    assert is_sound(instance, database_url)
