"""The history of the demo: its stories are told of the demo's own roster, ranked as it ranks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.actor import Actor
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.demo_history import in_bulk, made_up, playing, preparing
from webapp.demo_history.a_year import tell
from webapp.demo_history.outcomes import outcome_of
from webapp.demo_history.stories import Asker, Person, Place, World
from webapp.expertise_requests.content import PLAIN, Content
from webapp.expertise_requests.models import ExpertiseRequest, RequestTheme, RequiredLanguage
from webapp.experts.models import Expert, ExpertState
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.platform_settings import queries as settings

REQUESTS, SEED = 60, 2016
# A long history is told in parts, each with experts of its own: who is free is asked of all experts
# for each request, so that the time for one part grows with the square.
AT_ONCE = 5_000
# A coordinator looks at so many of a ranking.
LOOKED_AT = 12


def load(
    work: UnitOfWork,
    askers: Sequence[tuple[Asker, Actor]],
    roster: Sequence[Expert],
    coordinators: Sequence[Actor],
    authorities: Mapping[int, Actor],
    index: RosterIndex,
    *,
    spared: Collection[int] = (),
) -> None:
    """Let a history of sixty requests happen among these people, but for experts to be `spared`.

    `authorities` has who answers for an authority by its organisation's number.
    """
    experts = [one for one in roster if one.state is ExpertState.ACTIVE and one.id not in spared]
    releasing = {
        number: authorities[one.authority_id]
        for number, one in enumerate(experts)
        if one.authority_id is not None and one.authority_id in authorities
    }
    people = [_person(one, number in releasing) for number, one in enumerate(experts)]
    world = World(
        [asker for asker, _ in askers], people, _Ranker(index, work.session, experts).rank
    )
    cast = playing.Cast([actor for _, actor in askers], experts, coordinators, releasing)
    playing.play(work, tell(REQUESTS, SEED, work.now, world), cast)
    preparing.prepare_coming(replace(work, actor=coordinators[0]))


def add_at_once(work: UnitOfWork, size: int) -> None:
    """Write a history of so many requests, with experts of its own, to measure with.

    Raises ForbiddenError where no demo is loaded.
    """
    if not settings.is_demonstration(work.session):
        raise ForbiddenError(_("A history is made up for the demo alone, and this is none."))
    for at in range(0, size, AT_ONCE):
        _add_part(work, min(AT_ONCE, size - at), SEED + at)


def _add_part(work: UnitOfWork, size: int, seed: int) -> None:
    """Write one part, with experts of its own."""
    world = made_up.world_of(size, seed)
    outcomes = [outcome_of(story) for story in tell(size, seed, work.now, world)]
    experts = in_bulk.write_roster(work, world.roster)
    known = sorted(accounts.list_ids(work.session, Role.REQUESTER))
    askers = [known[number % len(known)] for number in range(len(world.askers))]
    coordinator = min(accounts.list_ids(work.session, Role.COORDINATOR))
    in_bulk.write(work, outcomes, askers, experts, coordinator)


def _person(expert: Expert, is_released: bool) -> Person:
    themes = tuple(claim.theme_code for claim in expert.themes)
    answers = expert.account_id is not None
    return Person(expert.gender, expert.jurisdiction or "", themes, answers, is_released)


class _Ranker:
    """Ranks the roster for what nobody has stored yet."""

    def __init__(self, index: RosterIndex, session: Session, experts: Sequence[Expert]) -> None:
        self._session, self._index = session, index
        self._numbers = {expert.id: number for number, expert in enumerate(experts)}

    def rank(self, content: Content) -> list[Place]:
        request = _unstored(content)
        order = rankings.read_order(self._index, self._session, request)
        ids = [int(found.expert_id) for found in order.result.ranked[:LOOKED_AT]]
        return [
            Place(self._numbers[number], rankings.placing_in(order, self._session, request, number))
            for number in ids
            if number in self._numbers
        ]


def _unstored(content: Content) -> ExpertiseRequest:
    request = ExpertiseRequest(**{name: getattr(content, name) for name in PLAIN})
    request.themes = [RequestTheme(theme_code=code) for code in content.themes]
    request.languages = [RequiredLanguage.asked(*asked) for asked in content.languages]
    return request
