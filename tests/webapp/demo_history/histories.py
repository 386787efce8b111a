"""Histories in a test's database, made from the same stories that the test counts by itself."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tests import factories
from webapp.core import clock
from webapp.core.roles import Role
from webapp.demo_history import in_bulk, made_up, playing
from webapp.demo_history.a_year import tell
from webapp.demo_history.outcomes import Outcome, outcome_of
from webapp.demo_history.playing import Cast
from webapp.demo_history.stories import Story, World

SEED = 7


def told(size: int, seed: int = SEED) -> tuple[World, list[Story]]:
    """Return a world and the stories of so many requests."""
    world = made_up.world_of(size, seed)
    return world, tell(size, seed, clock.now(), world)


def written(session: Session, size: int, seed: int = SEED) -> tuple[World, list[Outcome]]:
    """Write a history at once, and return what its stories come to."""
    world, stories = told(size, seed)
    outcomes = [outcome_of(story) for story in stories]
    work = factories.work(session)
    experts = in_bulk.write_roster(work, world.roster)
    askers = [factories.account(session, Role.REQUESTER).id for _ in world.askers]
    coordinator = factories.account(session, Role.COORDINATOR).id
    in_bulk.write(work, outcomes, askers, experts, coordinator)
    return world, outcomes


def played(session: Session, world: World, stories: Sequence[Story]) -> None:
    """Let stories happen by the operations."""
    work = factories.work(session)
    experts = in_bulk.write_roster(work, world.roster)
    for expert, person in zip(experts, world.roster, strict=True):
        if person.answers:
            expert.account_id = factories.account(session, Role.EXPERT).id
    session.flush()
    cast = Cast(
        [factories.account(session, Role.REQUESTER).as_actor() for _ in world.askers],
        experts,
        [factories.account(session, Role.COORDINATOR).as_actor()],
        {},
    )
    playing.play(work, stories, cast)
