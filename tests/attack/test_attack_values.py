"""Hostile values in every form, at a server with two workers: an answer in words whatever is sent,
nothing changed by what is refused, and a sound database afterwards."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.attack import hostile
from tests.attack.hostile import Sender
from tests.databases import content
from tests.faults.crowd import is_sound, keep_job_workers_awake
from tests.structure.bad_values import BAD_VALUES
from tests.structure.walkers import WALKERS
from webapp.core.roles import Role

pytestmark = [pytest.mark.attack, pytest.mark.both_databases]
SOME = ("stranger", Role.REQUESTER)
EVERYBODY = tuple(walker.name for walker in WALKERS)
# Of each kind one: characters, lengths, numbers, days, and what another program would read.
FEW = (
    "NUL", "a lone surrogate", "right-to-left override", "emoji", "a word of 5,000 letters",
    "a number of 4,300 digits", "the first day of all", "a line break and a header", "a formula",
)  # fmt: skip
# More than this nobody waits for; a coordinator, who finds most forms, sends 7,700.
MOST = 10_000
# Of each role so much was refused, and seen to change no row; others find few forms. A stranger
# finds mostly forms with a password, after which rows count the tries: 203 are compared.
COMPARED = 500
COMPARED_OF_A_STRANGER = 150

Come = Callable[[Sequence[str]], list[Sender]]


@pytest.fixture
def come(app: Flask, world: factories.World, live_url: str) -> Come:
    """Return a function that lets some of those come who find forms; administrators, who end what
    others hold, are the last."""
    keep_job_workers_awake(app, "former")

    def let_in(names: Sequence[str]) -> list[Sender]:
        chosen = [walker for walker in WALKERS if walker.name in names]
        chosen.sort(key=lambda walker: walker.name == Role.ADMINISTRATOR)
        return [Sender(app, world, walker, live_url) for walker in chosen]

    return let_in


def try_all(senders: list[Sender], at_once: Sequence[str], each: int, *, whole: bool) -> None:
    """Let everybody send each of their forms with values that no page lets anybody type."""
    values = hostile.without_end()
    for sender in senders:
        for form in sender.forms:
            bad = [*hostile.all_at_once(form, at_once), *hostile.in_turn(form, values, each)]
            sender.try_values(form, bad)
            if whole:
                sender.try_values(form, hostile.with_others(form))
    report(senders)


def report(senders: list[Sender]) -> None:
    """Fail with all that was wrong."""
    wrong = [told for sender in senders for told in sender.wrong]
    assert not wrong, "\n".join(wrong)
    assert sum(sender.sent for sender in senders) < MOST


@pytest.mark.thorough
@pytest.mark.long_on_postgresql
def test_a_few_hostile_values_are_answered_in_words(
    come: Come, instance: Path, database_url: str
) -> None:
    senders = come(SOME)
    try_all(senders, FEW, 1, whole=False)
    assert sum(sender.sent for sender in senders) > 100
    assert is_sound(instance, database_url)


@pytest.mark.long
@pytest.mark.parametrize("name", EVERYBODY)
def test_hostile_values_in_every_form_are_answered_in_words(
    come: Come, instance: Path, database_url: str, name: str
) -> None:
    (sender,) = come([name])
    try_all([sender], list(BAD_VALUES), hostile.IN_TURN, whole=True)
    least = COMPARED_OF_A_STRANGER if name == "stranger" else COMPARED
    assert sender.walker.stays or sender.compared > least
    assert is_sound(instance, database_url)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(SOME, id="some", marks=pytest.mark.thorough),
        pytest.param(EVERYBODY, id="everybody", marks=pytest.mark.long),
    ],
)
def test_forms_that_come_from_no_page_of_ours_change_nothing(
    app: Flask, come: Come, instance: Path, database_url: str, names: Sequence[str]
) -> None:
    senders = come(names)
    tokens = [sender.token for sender in senders]
    before = content(app)

    def send(number: int) -> None:
        for form in senders[number].forms:
            hostile.from_no_page(senders[number], form, tokens[number - 1])

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(send, range(len(senders))))
    after = content(app)
    assert [name for name in before if before[name] != after[name]] == []
    report(senders)
    assert sum(sender.sent for sender in senders) > 40
    assert is_sound(instance, database_url)
